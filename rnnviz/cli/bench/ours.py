"""A training iteration of this program's engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.cli.bench.workloads import Workload
from rnnviz.engine.network import Network
from rnnviz.engine.optimizers import make_optimizer
from rnnviz.engine.recorder import TraceRecorder
from rnnviz.trace.record import Trace


def iteration(workload: Workload) -> Callable[[], None]:
    """Forward, loss, backward, update."""
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()

    def iterate() -> None:
        net.loss_and_gradients(batch)
        optimizer.step(net.grads)

    return iterate


def update(workload: Workload) -> Callable[[], None]:
    """The optimiser's part of an iteration alone."""
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    net.loss_and_gradients(workload.data())

    def iterate() -> None:
        optimizer.step(net.grads)

    return iterate


def traced_iteration(workload: Workload, *, handed: bool = False) -> Callable[[], None]:
    """The same with every intermediate of every iteration kept on the recorder's tape.

    ``handed``: and handed out as a Trace, as when somebody looks at every iteration.
    """
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()
    recorder = TraceRecorder(net)
    looked_at: Trace | None = None

    def iterate() -> None:
        nonlocal looked_at
        recorder.capture(batch)
        if handed:
            looked_at = recorder.trace(copy=False)
        optimizer.step(net.grads)

    return iterate


def shown_iteration(workload: Workload, every: int) -> Callable[[], None]:
    """Training of which one pass in ``every`` is handed out and looked at until the next."""
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()
    recorder = TraceRecorder(net)
    count, looked_at = 0, None

    def iterate() -> None:
        nonlocal count, looked_at
        count += 1
        if count % every:
            net.loss_and_gradients(batch)
        else:
            recorder.capture(batch)
            looked_at = recorder.trace(copy=False)
        optimizer.step(net.grads)

    return iterate
