"""The rolled graph, one cell with a loop, and every picture on its way to the unrolled one."""

from rnnviz.scene.rolled.picture import rolled_picture

__all__ = ["rolled_picture"]
