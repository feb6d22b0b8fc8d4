"""Recording passes: every intermediate stays in buffers of the recorder, nothing is allocated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.batch import Batch
from rnnviz.engine.decoding import log_softmax
from rnnviz.engine.tape import RecordedPass
from rnnviz.trace.arrays import Array, Arrays, Later, Tape
from rnnviz.trace.record import Labels, Trace

if TYPE_CHECKING:
    from rnnviz.engine.network import Network

_SMALL_BYTES = 1 << 20
"""Up to this size a copy costs less than to lend."""
_SPARE = 2
"""Tapes that wait for the next pass; what one looks at, and what one will look at next."""


class TraceRecorder:
    """Runs passes of ``net`` on buffers of its own, which keep them until the next one.

    ``capture`` does what ``net.loss_and_gradients`` does, to the bit: the tape *is* the
    buffers of the pass, so that recording costs a copy of the weights and of their gradients.
    ``trace`` then makes a Trace of it when somebody looks. A pass that is lent to a Trace is
    not touched before the Trace and all its arrays are gone: the next pass takes other buffers.
    """

    def __init__(self, net: Network) -> None:
        self._net = net
        self._tapes: list[RecordedPass] = []
        self._tape: RecordedPass | None = None

    def __reduce__(self) -> tuple[type[TraceRecorder], tuple[Network]]:
        """Copied in depth and pickled without what it has recorded; see ``Network``."""
        return type(self), (self._net,)

    def capture(
        self,
        batch: Batch,
        state: Mapping[str, Array] | None = None,
        rng: np.random.Generator | None = None,
        window: int | None = None,
    ) -> float | None:
        """One recorded pass; returns L, or None for a batch without targets (forward only).

        Arguments and L are those of ``Network.loss_and_gradients``, whose ``grads`` it fills, too.

        Raises:
            UserError: if batch, state or window do not fit the model; the last pass is kept then.
        """
        net = self._net
        state = net.check(batch, state)
        # Whatever is refused is refused before a tape is taken: the last one stays what it is.
        cuts = () if batch.targets is None else net.cuts(batch.output_steps, window)
        tape = self._tape = self._free()
        run = tape.run = tape.passes.of(batch)
        tape.batch = batch
        tape.backward = batch.targets is not None
        tape.params.flat[...] = net.params.flat
        if not tape.backward:
            net.go(run, batch, state, rng, None, backward=False)
            return None
        loss = net.go(run, batch, state, rng, cuts, backward=True)
        net.grads.flat[...] = tape.grads.flat
        tape.cuts = [*([0] if state else []), *cuts]
        return loss

    def trace(
        self,
        labels: Labels | None = None,
        *,
        iteration: int = 0,
        title: str = "",
        copy: bool = True,
    ) -> Trace:
        """The last captured pass.

        Without ``copy`` a large one shows the buffers themselves, and what follows from them
        alone (pre-activations, one-hot vectors, the gradient at the input) is computed when
        somebody asks for it.

        Raises:
            ValueError: if there is none yet.
        """
        tape = self._tape
        if tape is None:
            raise ValueError("nothing was captured yet")
        found = _everything(tape, self._net)
        if copy or _size(found) <= _SMALL_BYTES:
            with tape.making:
                arrays = Arrays({name: _copied(value) for name, value in found.items()})
        else:
            arrays = Arrays(tape.lend(found), tape.making)
        return Trace(
            spec=self._net.spec,
            arrays=arrays,
            labels=labels if labels is not None else Labels(),
            iteration=iteration,
            title=title,
        )

    def _free(self) -> RecordedPass:
        """A tape that nobody looks at, the last one if possible; others wait or are dropped."""
        free = [tape for tape in self._tapes if not tape.is_lent]
        if len(free) > _SPARE:
            self._tapes = [tape for tape in self._tapes if tape not in free[_SPARE:]]
        if self._tape is not None and self._tape in free:
            return self._tape
        if free:
            return free[0]
        made = RecordedPass(self._net.spec, self._net.params)
        self._tapes.append(made)
        return made


def _everything(tape: RecordedPass, net: Network) -> Tape:
    run, batch = tape.run, tape.batch
    assert run is not None
    assert batch is not None
    arrays = run.record()
    if tape.backward:
        arrays |= run.record_gradients()
        arrays |= {f"dL_d{name}": view for name, view in tape.grads.items()}
        arrays["cuts"] = np.asarray(tape.cuts, dtype=np.int64)
    elif net.spec.loss == "cross-entropy":
        # Where nothing is compared, nobody has computed them yet.
        logits = arrays["logits"]
        assert isinstance(logits, np.ndarray)
        arrays["probs"] = np.exp(log_softmax(logits)).astype(logits.dtype)
    arrays |= dict(tape.params)
    for name in ("targets", "lengths", "context"):
        value: Array | None = getattr(batch, name)
        if value is not None:
            # As the pass read them, in memory of their own: numbers of a batch may come in another
            # precision, and whoever made it may write into it again.
            counts = value.dtype.kind in "iu"
            arrays[name] = value.astype(value.dtype if counts else net.dtype)
    return arrays


def _size(arrays: Tape) -> int:
    return sum(value.nbytes for value in arrays.values() if isinstance(value, np.ndarray))


def _copied(value: Array | Later) -> Array:
    return np.array(value.make() if isinstance(value, Later) else value, order="C")
