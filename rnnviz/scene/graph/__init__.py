"""The unrolled computational graph: the same network at every step, forward and backward."""

from rnnviz.scene.graph.picture import graph_picture

__all__ = ["graph_picture"]
