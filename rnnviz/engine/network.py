"""A network: a spec plus numbers, and what can be asked of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.engine.batch import Batch
from rnnviz.engine.counting import check_batch, loss_mask
from rnnviz.engine.initializers import Init, initialize
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.sequence_pass import SequencePass
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.engine.state import State
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array, Labels, Trace
from rnnviz.trace.spec import ModelSpec

_KEPT_PASSES = 8
"""Shapes of pass whose buffers are kept; with ragged data the least recently used one goes."""


class Network:
    """A model of ``spec`` with parameters ``params`` and, after a pass, gradients ``grads``.

    Both are one flat vector each with named views (names in ``docs/trace.md``). Buffers are
    made once for each (T, B) and reused. Works in float32, float64 and, for checking
    gradients by the complex step, in complex128.
    """

    def __init__(self, spec: ModelSpec, params: Parameters) -> None:
        self.spec = spec
        self.params = params
        self.grads = params.like()
        self.final_state = State({})
        self._passes: OrderedDict[tuple[int, int, bool], SequencePass] = OrderedDict()

    @classmethod
    def create(
        cls,
        spec: ModelSpec,
        *,
        init: Init | None = None,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> Network:
        """A network with fresh parameters, drawn from ``rng`` in float64 whatever the dtype."""
        params = Parameters(parameter_shapes(spec), dtype)
        initialize(params, spec, init if init is not None else Init(), rng)
        return cls(spec, params)

    @property
    def dtype(self) -> np.dtype[np.generic]:
        return self.params.dtype

    def loss_and_gradients(
        self,
        batch: Batch,
        state: State | None = None,
        rng: np.random.Generator | None = None,
        window: int | None = None,
    ) -> float:
        """One pass forward and back; returns L and leaves the gradients in ``grads``.

        Args:
            state: initial state; zero (or the learned one) if None. See ``final_state``.
            rng: draws the dropout masks; None switches dropout off.
            window: truncated backpropagation: cut the gradient every ``window`` steps.
        """
        return self._run(self._pass(batch, state, record=False), batch, state, rng, window)

    def loss(
        self, batch: Batch, state: State | None = None, rng: np.random.Generator | None = None
    ) -> float:
        """L of one forward pass."""
        run = self._pass(batch, state, record=False)
        run.forward(batch, self._checked(state, batch.batch_size), rng)
        total = run.losses(*self._targets(batch))
        self.final_state = State(run.final_state())
        return _scalar(total)

    def outputs(self, batch: Batch, state: State | None = None) -> Array:
        """Logits (T, B, V) of one forward pass; no targets needed."""
        run = self._pass(batch, state, record=False)
        run.forward(batch, self._checked(state, batch.batch_size), None)
        self.final_state = State(run.final_state())
        return run.logits().copy()

    def trace(
        self,
        batch: Batch,
        labels: Labels | None = None,
        state: State | None = None,
        rng: np.random.Generator | None = None,
        window: int | None = None,
        *,
        iteration: int = 0,
        title: str = "",
    ) -> Trace:
        """The same pass as ``loss_and_gradients``, to the bit, with every intermediate copied.

        A batch without targets is traced forward only.
        """
        run = self._pass(batch, state, record=True)
        if batch.targets is None:
            run.forward(batch, self._checked(state, batch.batch_size), rng)
            self.final_state = State(run.final_state())
            arrays = run.record()
        else:
            self._run(run, batch, state, rng, window)
            arrays = run.record() | run.record_gradients()
            arrays |= {f"dL_d{name}": view for name, view in self.grads.items()}
            arrays["cuts"] = np.asarray(self._all_cuts(run.steps, state, window), dtype=np.int64)
        arrays |= dict(self.params)
        for name in ("targets", "lengths", "context"):
            value = getattr(batch, name)
            if value is not None:
                arrays[name] = value
        copied = {name: np.array(array, order="C") for name, array in arrays.items()}
        return Trace(
            spec=self.spec,
            arrays=copied,
            labels=labels if labels is not None else Labels(),
            iteration=iteration,
            title=title,
        )

    def step(self, inputs: Array, state: State | None = None) -> tuple[Array, State]:
        """One step for every sequence: ``inputs`` ids (B,) or vectors (B, D).

        Returns the logits (B, V) and the state to carry into the next step.
        """
        if self.spec.bidirectional or self.spec.head in ("mean", "max"):
            raise UserError("this model needs the whole sequence before it answers: use outputs")
        one = np.asarray(inputs)[None]
        batch = Batch(x=one) if self.spec.input_kind == "vector" else Batch(tokens=one)
        logits = self.outputs(batch, state)
        return logits[0], self.final_state

    def _run(
        self,
        run: SequencePass,
        batch: Batch,
        state: State | None,
        rng: np.random.Generator | None,
        window: int | None,
    ) -> float:
        run.forward(batch, self._checked(state, batch.batch_size), rng)
        total = run.losses(*self._targets(batch))
        run.backward(self._cuts(run.steps, window))
        self.final_state = State(run.final_state())
        return _scalar(total)

    def _targets(self, batch: Batch) -> tuple[Array, Array]:
        mask = loss_mask(self.spec, batch)
        assert batch.targets is not None
        return batch.targets, mask

    def _pass(self, batch: Batch, state: State | None, record: bool) -> SequencePass:
        check_batch(self.spec, batch)
        if self.spec.context_size and batch.context is None and not state:
            raise UserError("the model starts from a context: give one, or a state to go on from")
        key = (batch.steps, batch.batch_size, record)
        run = self._passes.get(key)
        if run is None:
            run = SequencePass(self.spec, self.params, self.grads, *key)
            self._passes[key] = run
            if len(self._passes) > _KEPT_PASSES:
                self._passes.popitem(last=False)
        else:
            self._passes.move_to_end(key)
        return run

    def _checked(self, state: State | None, batch: int) -> Mapping[str, Array]:
        if state is None or not len(state):
            return {}
        if state.batch_size != batch:
            raise UserError(
                f"the state belongs to {state.batch_size} sequences, the batch has {batch}"
            )
        return state

    def _cuts(self, steps: int, window: int | None) -> tuple[int, ...]:
        if window is None or window >= steps:
            return ()
        if window < 1:
            raise UserError(f"the window is {window} steps; use at least 1")
        if self.spec.bidirectional:
            raise UserError("truncated backpropagation needs one direction: leave the window out")
        return tuple(range(window, steps, window))

    def _all_cuts(self, steps: int, state: State | None, window: int | None) -> list[int]:
        carried = state is not None and len(state) > 0
        return [*([0] if carried else []), *self._cuts(steps, window)]


def _scalar(value: Array) -> float:
    number = value.item()
    return number  # type: ignore[no-any-return]  # complex in the complex-step check
