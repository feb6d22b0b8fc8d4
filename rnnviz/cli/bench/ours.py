"""A training iteration of this program's engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.cli.bench.workloads import Workload
from rnnviz.engine.network import Network
from rnnviz.engine.optimizers import make_optimizer
from rnnviz.engine.recorder import TraceRecorder


def iteration(workload: Workload) -> Callable[[], None]:
    """Forward, loss, backward, update."""
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()

    def iterate() -> None:
        net.loss_and_gradients(batch)
        optimizer.step(net.grads)

    return iterate


def traced_iteration(workload: Workload, *, copied: bool = False) -> Callable[[], None]:
    """The same with every intermediate of every iteration kept on the recorder's tape.

    ``copied``: and a Trace of its own made of it, as when somebody looks at every iteration.
    """
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()
    recorder = TraceRecorder(net)

    def iterate() -> None:
        recorder.capture(batch)
        if copied:
            recorder.trace()
        optimizer.step(net.grads)

    return iterate


def shown_iteration(workload: Workload, every: int) -> Callable[[], None]:
    """Training of which somebody sees the pass of one iteration in ``every``, as its own Trace."""
    net = Network.create(workload.spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer(workload.optimizer, net.params, workload.learning_rate)
    batch = workload.data()
    recorder = TraceRecorder(net)
    count = 0

    def iterate() -> None:
        nonlocal count
        count += 1
        if count % every:
            net.loss_and_gradients(batch)
        else:
            recorder.capture(batch)
            recorder.trace()
        optimizer.step(net.grads)

    return iterate
