"""The parameters of a pass on the tape, by the trace's names."""

from __future__ import annotations

from rnnviz.analysis.replay.tape import Var
from rnnviz.trace.errors import MissingArray


class NamedWeights(dict[str, Var]):
    """One that the trace lacks, as a trace from elsewhere may, is told in a sentence."""

    def __missing__(self, name: str) -> Var:
        raise MissingArray(name)
