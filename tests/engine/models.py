"""Random small models and batches that fit them, drawn by hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from rnnviz.engine import Batch
from rnnviz.trace import ModelSpec


@dataclass(frozen=True)
class Case:
    """A model, a batch for it and a seed; ``batch(dtype)`` makes the batch anew.

    ``masked``: a mask of its own says which steps count, padded ones among them."""

    spec: ModelSpec
    steps: int
    size: int
    ragged: bool
    seed: int
    masked: bool = False

    def batch(self, dtype: type = np.float64, seed: int | None = None) -> Batch:
        spec = self.spec
        rng = np.random.default_rng(self.seed if seed is None else seed)
        shape = (self.steps, self.size)
        parts: dict[str, Any] = {}
        if spec.input_kind == "vector":
            parts["x"] = rng.normal(size=(*shape, spec.input_size)).astype(dtype)
        else:
            parts["tokens"] = rng.integers(0, spec.input_size, shape)
        if self.ragged:
            parts["lengths"] = rng.integers(1, self.steps + 1, self.size)
        out = shape
        if spec.kind == "many-to-many":
            out = (max(1, self.steps - 1), self.size)
            parts["decoder_tokens"] = rng.integers(0, spec.output_size, out)
        if spec.loss == "cross-entropy":
            targets = rng.integers(0, spec.output_size, out)
            if spec.kind in ("aligned", "one-to-many", "many-to-many"):
                targets[0, -1] = -1
            parts["targets"] = targets
        else:
            parts["targets"] = rng.normal(size=(*out, spec.output_size))
        if self.masked:
            parts["mask"] = np.random.default_rng([self.seed, 1]).integers(0, 2, out)
        if spec.context_size:
            parts["context"] = rng.normal(size=(self.size, spec.context_size)).astype(dtype)
        return Batch(**parts)


@st.composite
def cases(draw: st.DrawFn, **fixed: Any) -> Case:
    """Any possible combination; ``fixed`` pins fields of the spec."""

    def pick(name: str, *values: Any) -> Any:
        return fixed[name] if name in fixed else draw(st.sampled_from(values))

    cells = ["rnn", "lstm", "gru"]
    if not {"kind", "bidirectional", "layers"} & fixed.keys():
        cells.append("jordan")  # one layer, one direction
    cell = pick("cell", *cells)
    plain = cell == "jordan"
    kinds = ["aligned", "many-to-one", "one-to-many"]
    kind = pick("kind", *(kinds if plain else [*kinds, "many-to-many"]))
    both = not plain and kind != "one-to-many" and pick("bidirectional", False, True)
    heads = ["step"]
    if kind == "many-to-one":
        heads += ["last"] if plain else ["last", "mean", "max"]
    input_kind = pick("input_kind", "one-hot", "vector", "embedding")
    norm = not plain and pick("layer_norm", False, True)
    spec = ModelSpec(
        input_size=draw(st.integers(2, 4)),
        # Of one or two numbers a norm leaves only signs: its derivative is all cancellation.
        hidden_size=draw(st.integers(3 if norm else 1, 4)),
        output_size=draw(st.integers(2, 4)),
        kind=kind,
        cell=cell,
        activation=pick("activation", "tanh", "relu", "linear")
        if cell in ("rnn", "jordan")
        else "tanh",
        input_kind=input_kind,
        embedding_size=draw(st.integers(1, 3)) if input_kind == "embedding" else 0,
        layers=1 if plain else pick("layers", 1, 2),
        bidirectional=both,
        residual=not plain and pick("residual", False, True),
        layer_norm=norm,
        peepholes=cell == "lstm" and not norm and pick("peepholes", False, True),
        learned_state=pick("learned_state", False, True),
        dropout=0.0 if plain else pick("dropout", 0.0, 0.4),
        head=draw(st.sampled_from(heads)),
        loss=pick("loss", "cross-entropy", "squared-error"),
        context_size=2 if kind == "one-to-many" and not plain and draw(st.booleans()) else 0,
        attention=pick("attention", "none", "dot", "general", "additive")
        if kind == "many-to-many"
        else "none",
    )
    return Case(
        spec,
        steps=draw(st.integers(1, 5)),
        size=draw(st.integers(1, 3)),
        ragged=draw(st.booleans()),
        seed=draw(st.integers(0, 2**16)),
        # Heads with one answer a sequence have nothing to choose from.
        masked=spec.head == "step" and draw(st.booleans()),
    )
