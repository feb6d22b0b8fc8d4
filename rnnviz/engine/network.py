"""A network: a spec plus numbers, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.engine.batch import Batch
from rnnviz.engine.counting import check_batch
from rnnviz.engine.decoder_step import DecoderSteps
from rnnviz.engine.initializers import Init, initialize
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.passes import Pass, Passes
from rnnviz.engine.recorder import TraceRecorder
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.engine.state import State, as_state
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array, Labels, Trace
from rnnviz.trace.spec import ModelSpec
from rnnviz.trace.whole import whole

DTYPES = (np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.complex128))
"""Complex numbers are for checking gradients by the complex step."""


class Network:
    """A model of ``spec`` with parameters ``params`` and, after a pass, gradients ``grads``.

    Both are one flat vector each with named views (names in ``docs/trace.md``). Buffers are
    made once for each shape of batch and reused. Works in float32, float64 and, for checking
    gradients by the complex step, in complex128: ``dtype``.

    Raises:
        UserError: if the parameters have another type of number.
    """

    def __init__(self, spec: ModelSpec, params: Parameters) -> None:
        _check_dtype(params.dtype)
        self.spec = spec
        self.params = params
        self.grads = params.like()
        self.dtype = params.dtype
        self._passes = Passes(spec, params, self.grads)
        self._last: Pass | None = None
        self._recorder: TraceRecorder | None = None
        self._decoder_steps: DecoderSteps | None = None
        self.interrupt: Callable[[], None] | None = None
        """Called before each pass that is not for training, and each step of a decoder; what it
        raises ends what is being computed, between two passes."""

    @classmethod
    def create(
        cls,
        spec: ModelSpec,
        *,
        init: Init | None = None,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> Network:
        """A network with fresh parameters: the same generator gives the same in either dtype.

        Raises:
            UserError: if the recipe does not suit the model, or the dtype is another one.
        """
        _check_dtype(np.dtype(dtype))
        params = Parameters(parameter_shapes(spec), dtype)
        initialize(params, spec, init if init is not None else Init(), rng)
        return cls(spec, params)

    def __reduce__(self) -> tuple[type[Network], tuple[object, ...], Array]:
        """Copied in depth and pickled as a spec and two vectors, without the buffers of its passes:
        they are full of views of one another, and ``final_state`` is empty again."""
        return type(self), (self.spec, self.params), self.grads.flat

    def __setstate__(self, gradients: Array) -> None:
        self.grads.flat[...] = gradients

    @property
    def final_state(self) -> State:
        """What the last pass leaves to carry into the next window, copied (none before it)."""
        if self._last is None:
            return State({})
        one_part = self.spec.kind != "many-to-many"  # a decoder's end is no encoder's beginning
        return State(self._last.final_state(), self.spec if one_part else None)

    def loss_and_gradients(
        self,
        batch: Batch,
        state: Mapping[str, Array] | None = None,
        rng: np.random.Generator | None = None,
        window: int | None = None,
    ) -> float:
        """One pass forward and back; returns L and leaves the gradients in ``grads``.

        L is the sum over the steps that count of their losses, averaged over sequences: in nats
        for cross-entropy, in squared units of the targets for squared error.

        Args:
            state: initial state, (B, H) by name; the learned one or zero if None. See
                ``final_state``.
            rng: draws the dropout masks; None switches dropout off.
            window: truncated backpropagation: cut the gradient every ``window`` steps.

        Raises:
            UserError: if batch, state or window do not fit the model, or there are no targets.
        """
        state = self.check(batch, state)
        run = self._passes.of(batch)
        return self.go(run, batch, state, rng, self.cuts(run.steps, window), backward=True)

    def loss(
        self,
        batch: Batch,
        state: Mapping[str, Array] | None = None,
        rng: np.random.Generator | None = None,
    ) -> float:
        """L of one forward pass, as in ``loss_and_gradients``; the gradients stay as they are.

        Raises:
            UserError: if batch or state do not fit the model, or there are no targets.
        """
        self._breathe()
        state = self.check(batch, state)
        run = self._passes.of(batch)
        self.go(run, batch, state, rng, None, backward=False)
        return _scalar(run.losses(*self._targets(batch)))

    def outputs(self, batch: Batch, state: Mapping[str, Array] | None = None) -> Array:
        """Logits (T, B, V) of one forward pass without dropout, copied; no targets needed.

        Raises:
            UserError: if batch or state do not fit the model.
        """
        self._breathe()
        state = self.check(batch, state)
        run = self._passes.of(batch)
        self.go(run, batch, state, None, None, backward=False)
        return run.logits().copy()

    def trace(
        self,
        batch: Batch,
        labels: Labels | None = None,
        state: Mapping[str, Array] | None = None,
        rng: np.random.Generator | None = None,
        window: int | None = None,
        *,
        iteration: int = 0,
        title: str = "",
        copy: bool = True,
    ) -> Trace:
        """The same pass as ``loss_and_gradients``, to the bit, with every intermediate.

        A batch without targets is traced forward only. Without ``copy`` a large pass is lent:
        see ``TraceRecorder.trace``.

        Raises:
            UserError: if batch, state or window do not fit the model.
        """
        if self._recorder is None:
            self._recorder = TraceRecorder(self)
        self._recorder.capture(batch, state, rng, window)
        return self._recorder.trace(labels, iteration=iteration, title=title, copy=copy)

    def start(self, batch: Batch, state: Mapping[str, Array] | None = None) -> State:
        """The state before the first step of ``batch``, (B, H) by name, to ``step`` from.

        Raises:
            UserError: if batch or state do not fit the model.
        """
        state = self.check(batch, state)
        if state:
            return state
        return State(self._passes.of(batch).initial_state(batch))

    def encode(self, batch: Batch, state: Mapping[str, Array] | None = None) -> State:
        """Read an input; the state from which ``step`` writes. For encoder–decoders.

        It holds the decoder's first states (B, H) by name and, with attention, ``memory``
        (B, T_in, E) and ``memory_mask`` (B, T_in), in memory of its own.

        Raises:
            UserError: if the model has no encoder, or batch or state do not fit it.
        """
        if self.spec.kind != "many-to-many":
            raise UserError("only a many-to-many model encodes: use outputs or step")
        if isinstance(batch, Batch) and batch.decoder_tokens is None:
            nothing = np.zeros((1, batch.batch_size), dtype=np.intp)
            batch = Batch(batch.tokens, batch.x, None, batch.lengths, decoder_tokens=nothing)
        state = self.check(batch, state)
        handed = self._passes.of(batch).encode(batch, state or {}, None)
        # What the decoder looks at stands in the buffers of the pass: the next one fills them.
        return State({name: array.copy() for name, array in handed.items()})

    def step(self, inputs: Array, state: Mapping[str, Array] | None = None) -> tuple[Array, State]:
        """One step for every sequence: ``inputs`` ids (B,) or vectors (B, D).

        Returns the logits (B, V) and the state to carry into the next step. In an
        encoder–decoder this is a step of the decoder, from what ``encode`` gave.

        Raises:
            UserError: if the model needs the whole sequence first, or inputs or state do not fit.
        """
        spec = self.spec
        one = np.asarray(inputs)[None]
        if spec.kind == "many-to-many":
            if self._decoder_steps is None:
                self._decoder_steps = DecoderSteps(spec, self.params, self.grads)
            self._breathe()
            return self._decoder_steps.step(one, as_state(state))
        if spec.bidirectional or spec.head in ("mean", "max"):
            raise UserError("this model needs the whole sequence before it answers: use outputs")
        batch = Batch(x=one) if spec.input_kind == "vector" else Batch(tokens=one)
        logits = self.outputs(batch, state)
        return logits[0], self.final_state

    def _breathe(self) -> None:
        if self.interrupt is not None:
            self.interrupt()

    def check(self, batch: Batch, state: Mapping[str, Array] | None) -> State | None:
        """Whether this model can read ``batch`` from ``state``, which is returned as a `State`.

        Raises:
            UserError: if not; it says which part does not fit and what the model needs.
        """
        check_batch(self.spec, batch, self.dtype)
        state = None if state is None else as_state(state)
        if state:
            state.check(self.spec, batch.batch_size, self.dtype)
        elif self.spec.context_size and batch.context is None:
            raise UserError("the model starts from a context: give one, or a state to go on from")
        return state

    @property
    def can_be_cut(self) -> bool:
        """Whether a gradient can be cut between two steps: one part and one direction."""
        return not self.spec.bidirectional and self.spec.kind != "many-to-many"

    def cuts(self, steps: int, window: int | None) -> tuple[int, ...]:
        """Steps whose gradient does not reach the step before, for windows of that length.

        Raises:
            UserError: if the window is shorter than a step, or the model cannot be cut.
        """
        if window is None:
            return ()
        whole("window", window, 1)
        if window >= steps:
            return ()
        if not self.can_be_cut:
            raise UserError(
                "a window of truncated backpropagation needs one part and one direction: "
                "leave it out for a bidirectional or many-to-many model"
            )
        return tuple(range(window, steps, window))

    def go(
        self,
        run: Pass,
        batch: Batch,
        state: Mapping[str, Array] | None,
        rng: np.random.Generator | None,
        cuts: tuple[int, ...] | None,
        *,
        backward: bool,
    ) -> float:
        """One checked pass on the buffers of ``run``; returns L, or 0 for forward only."""
        self._last = run
        given: Mapping[str, Array] = state if state else {}
        run.forward(batch, given, rng)
        if not backward:
            return 0.0
        total = run.losses(*self._targets(batch))
        run.backward(cuts or ())
        return _scalar(total)

    def _targets(self, batch: Batch) -> tuple[Array, Array]:
        if batch.targets is None or batch.loss_mask is None:
            raise UserError("the batch has no targets: there is no loss to compute")
        return batch.targets, batch.loss_mask


def _check_dtype(dtype: np.dtype[np.generic]) -> None:
    if dtype not in DTYPES:
        known = ", ".join(d.name for d in DTYPES[:2])
        raise UserError(f"a network cannot work in {dtype}; use one of {known}")


def _scalar(value: Array) -> float:
    number = value.item()
    return number  # type: ignore[no-any-return]  # complex in the complex-step check
