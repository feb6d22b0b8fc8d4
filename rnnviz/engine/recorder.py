"""Recording passes: every intermediate stays in buffers of the recorder, nothing is allocated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.batch import Batch
from rnnviz.engine.decoding import log_softmax
from rnnviz.engine.passes import Pass, Passes
from rnnviz.engine.state import State
from rnnviz.trace.record import Array, Labels, Trace

if TYPE_CHECKING:
    from rnnviz.engine.network import Network


class TraceRecorder:
    """Runs passes of ``net`` on buffers of its own, which keep them until the next one.

    ``capture`` does what ``net.loss_and_gradients`` does, to the bit: the tape *is* the
    buffers of the pass, so that recording costs a copy of the weights and of their gradients.
    ``trace`` then makes a Trace of it when somebody looks, and only then computes what follows
    from the tape (pre-activations, the gradients at each state and at the input, norms).
    """

    def __init__(self, net: Network) -> None:
        self._net = net
        self._passes = Passes(net.spec, net.params, net.grads)
        self._params = net.params.like()
        self._grads = net.grads.like()
        self._run: Pass | None = None
        self._batch: Batch | None = None
        self._cuts: list[int] = []
        self._backward = False

    def capture(
        self,
        batch: Batch,
        state: State | None = None,
        rng: np.random.Generator | None = None,
        window: int | None = None,
    ) -> float | None:
        """One recorded pass; returns L, or None for a batch without targets (forward only)."""
        net = self._net
        net.check(batch, state)
        run = self._run = self._passes.of(batch)
        self._batch = batch
        self._backward = batch.targets is not None
        np.copyto(self._params.flat, net.params.flat)
        if not self._backward:
            net.go(run, batch, state, rng, None, backward=False)
            return None
        cuts = net.cuts(run.steps, window)
        loss = net.go(run, batch, state, rng, cuts, backward=True)
        np.copyto(self._grads.flat, net.grads.flat)
        self._cuts = [*([0] if state else []), *cuts]
        return loss

    def trace(
        self,
        labels: Labels | None = None,
        *,
        iteration: int = 0,
        title: str = "",
        copy: bool = True,
    ) -> Trace:
        """The last captured pass. Without ``copy`` it shows the buffers, until the next capture."""
        arrays = self._arrays()
        if copy:
            arrays = {name: np.array(array, order="C") for name, array in arrays.items()}
        return Trace(
            spec=self._net.spec,
            arrays=arrays,
            labels=labels if labels is not None else Labels(),
            iteration=iteration,
            title=title,
        )

    @contextmanager
    def _captured_weights(self) -> Iterator[None]:
        """The weights as they were when the tape was made."""
        live = self._net.params.flat
        now = live.copy()
        np.copyto(live, self._params.flat)
        try:
            yield
        finally:
            np.copyto(live, now)

    def _arrays(self) -> dict[str, Array]:
        run, batch = self._run, self._batch
        if run is None or batch is None:
            raise ValueError("nothing was captured yet")
        with self._captured_weights():
            arrays = run.record()
            if self._backward:
                arrays |= run.record_gradients()
        if self._backward:
            arrays |= {f"dL_d{name}": view for name, view in self._grads.items()}
            arrays["cuts"] = np.asarray(self._cuts, dtype=np.int64)
        elif self._net.spec.loss == "cross-entropy":
            # Where nothing is compared, nobody has computed them yet.
            logits = arrays["logits"]
            arrays["probs"] = np.exp(log_softmax(logits)).astype(logits.dtype)
        arrays |= dict(self._params)
        for name in ("targets", "lengths", "context"):
            value: Array | None = getattr(batch, name)
            if value is not None:
                # As the pass read them: numbers of a batch may come in another precision.
                counts = value.dtype.kind in "iu"
                arrays[name] = value if counts else value.astype(self._net.dtype, copy=False)
        return arrays
