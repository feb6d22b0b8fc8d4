"""A training iteration of this program's engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.cli.bench.workloads import Workload
from rnnviz.engine.network import Network
from rnnviz.engine.optimizers import make_optimizer


def iteration(workload: Workload) -> Callable[[], None]:
    """Forward, loss, backward, update."""
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()

    def iterate() -> None:
        net.loss_and_gradients(batch)
        optimizer.step(net.grads)

    return iterate


def traced_iteration(workload: Workload) -> Callable[[], None]:
    """The same, recording every intermediate of every iteration."""
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()

    def iterate() -> None:
        net.trace(batch)
        optimizer.step(net.grads)

    return iterate
