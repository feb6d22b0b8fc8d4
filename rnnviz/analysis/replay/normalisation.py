"""Layer normalisation on the tape (Ba, Kiros & Hinton, arXiv 1607.06450)."""

from __future__ import annotations

from rnnviz.analysis.replay.tape import Var, concatenate
from rnnviz.trace import ModelSpec

EPSILON = 1e-5
"""The engine's ε under the root."""


def normalised(v: Var, gain: Var, widths: tuple[int, ...]) -> Var:
    """gain ⊙ (v − mean(v)) / √(var(v) + ε), each run of ``widths`` components by itself."""
    parts = []
    start = 0
    for width in widths:
        part = v.block(start, start + width)
        centred = part - part.last_axis_sum() * (1.0 / width)
        variance = (centred * centred).last_axis_sum() * (1.0 / width)
        parts.append(centred * (variance + EPSILON).inverse_root())
        start += width
    return (parts[0] if len(parts) == 1 else concatenate(parts)) * gain


def normed_widths(spec: ModelSpec) -> tuple[int, ...]:
    """What is normalised together: all gates; in the GRU r and z, and n by itself."""
    H = spec.hidden_size
    return (2 * H, H) if spec.cell == "gru" else (H * max(1, len(spec.gates)),)
