"""How much memory a model will take, told before any of it is asked for."""

from __future__ import annotations

import math
import os

from rnnviz.engine.shapes import parameter_shapes
from rnnviz.trace import ModelSpec, UserError

NO_ROOM = "not enough memory: use a smaller model, batch or window"

_VECTORS = 6
"""Parameters, gradients, two averages of an optimiser, a snapshot and a copy in a trace."""

_STATES_PER_UNIT = 14
"""Numbers kept for each unit, step and sequence: gates, states and gradients, for two passes."""

_SHARE = 0.7
"""Of the machine's memory that one run may take."""


def parameter_count(spec: ModelSpec) -> int:
    """How many numbers the model learns."""
    return sum(math.prod(shape.sizes) for shape in parameter_shapes(spec).values())


def footprint_bytes(spec: ModelSpec, batch_size: int, steps: int, itemsize: int) -> int:
    """About how many bytes a training run of ``steps`` steps and B sequences takes."""
    directions = 2 if spec.bidirectional else 1
    units = spec.hidden_size * spec.layers * directions * max(1, len(spec.gates))
    width = units * _STATES_PER_UNIT + 6 * spec.output_size + 2 * spec.input_size
    return itemsize * (parameter_count(spec) * _VECTORS + steps * batch_size * width)


def check_footprint(spec: ModelSpec, batch_size: int, steps: int, itemsize: int) -> None:
    """Refuse what the machine cannot hold.

    Raises:
        UserError: saying how much is needed and how much there is.
    """
    needed = footprint_bytes(spec, batch_size, steps, itemsize)
    there = memory_bytes()
    if needed > _SHARE * there:
        # Rounded apart, so that the one never looks as if it fitted into the other.
        least, most = math.ceil(needed * 10 / 2**30), math.floor(_SHARE * there * 10 / 2**30)
        raise UserError(
            f"this model and batch need about {least / 10:,.1f} GB of memory, a run may take "
            f"{most / 10:,.1f} of the {there / 2**30:,.1f} GB that this machine has: "
            "choose a smaller hidden size, batch or window"
        )


def memory_bytes() -> int:
    """The machine's memory, or 8 GB where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 << 30
