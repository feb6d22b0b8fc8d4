"""The losses of `torch_model`, and which of them count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch
from rnnviz.trace import ModelSpec

torch = pytest.importorskip("torch")


def losses_and_mask(spec: ModelSpec, batch: Batch, logits: Any, lengths: Any) -> tuple[Any, Any]:
    """The unmasked loss of every step, (T, B), and its weight in L: 1/B where it counts."""
    targets = torch.as_tensor(np.array(batch.targets))
    if spec.loss == "cross-entropy":
        known = targets.clamp(min=0)[..., None]
        chances = torch.log_softmax(logits, -1).gather(-1, known)[..., 0]
        losses = torch.where(targets < 0, 0.0, -chances)
    else:
        losses = 0.5 * ((logits - targets) ** 2).sum(-1)
    steps = torch.arange(len(logits))[:, None]
    counted = torch.ones(losses.shape, dtype=torch.bool)
    if batch.mask is not None:
        counted = torch.as_tensor(np.array(batch.mask)) > 0
    elif spec.kind in ("many-to-one", "one-to-one"):
        counted = steps == lengths - 1
    if spec.kind != "many-to-many":
        counted = counted & (steps < lengths)
    if spec.loss == "cross-entropy":
        counted = counted & (targets >= 0)
    return losses, counted.double() / batch.batch_size
