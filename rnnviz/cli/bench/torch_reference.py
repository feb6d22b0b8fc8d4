"""The same training iteration in PyTorch eager, on one thread: the yardstick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnviz.cli.bench.workloads import Workload

VARIANTS: dict[str, dict[str, bool]] = {
    "single": {"foreach": False},
    "foreach": {"foreach": True},
    "fused": {"fused": True},
}


def iterations(workload: Workload) -> dict[str, Callable[[], None]]:
    """One iteration for each way PyTorch has to run the optimiser; empty without PyTorch.

    The one-hot inputs are written out beforehand, outside the measured time.
    """
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    found = {}
    for name, options in VARIANTS.items():
        try:
            found[name] = _iteration(torch, workload, options)
        except (RuntimeError, TypeError, ValueError):
            # This optimiser has no such variant in this version.
            continue
    return found


def _iteration(torch: Any, workload: Workload, options: dict[str, bool]) -> Callable[[], None]:
    torch.manual_seed(0)
    layer = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[workload.cell]
    recurrent = layer(workload.classes, workload.hidden, workload.layers)
    linear = torch.nn.Linear(workload.hidden, workload.classes)
    params = [*recurrent.parameters(), *linear.parameters()]
    rule = {"adam": torch.optim.Adam, "adagrad": torch.optim.Adagrad}[workload.optimizer]
    optimizer = rule(params, lr=workload.learning_rate, **options)
    batch = workload.data()
    eye = np.eye(workload.classes, dtype=np.float32)
    x = torch.from_numpy(eye[batch.tokens])
    targets = torch.from_numpy(np.asarray(batch.targets).reshape(-1))
    cross_entropy = torch.nn.functional.cross_entropy

    def iterate() -> None:
        optimizer.zero_grad(set_to_none=True)
        h, _ = recurrent(x)
        logits = linear(h).view(-1, workload.classes)
        loss = cross_entropy(logits, targets, reduction="sum") / workload.batch
        loss.backward()
        optimizer.step()

    iterate()
    return iterate
