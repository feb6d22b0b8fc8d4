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


class ShownIteration:
    """Training of which one pass in ``every`` is handed out and looked at until the next."""

    def __init__(self, workload: Workload, every: int) -> None:
        self.every = every
        self._net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
        rule, rate = workload.optimizer, workload.learning_rate
        self._optimizer = make_optimizer(rule, self._net.params, rate)
        self._batch = workload.data()
        self._recorder = TraceRecorder(self._net)
        self._count = 0
        self._looked_at: Trace | None = None

    def __call__(self) -> None:
        self._count += 1
        if self._count % self.every:
            self._net.loss_and_gradients(self._batch)
        else:
            self._recorder.capture(self._batch)
            self._looked_at = self._recorder.trace(copy=False)
        self._optimizer.step(self._net.grads)
