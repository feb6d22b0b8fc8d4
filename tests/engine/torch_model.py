"""Every model of the engine once more, written out step by step in PyTorch, in float64.

Nothing here is shared with the engine but the names: loops over time, masks by ``where``, and
all gradients by autograd. Slow and plain on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network

torch = pytest.importorskip("torch")
from tests.engine.torch_attention import attention_shares  # noqa: E402  # needs PyTorch
from tests.engine.torch_loss import losses_and_mask  # noqa: E402  # needs PyTorch

Tensor = Any
FUNCTIONS = {"tanh": torch.tanh, "relu": torch.relu, "linear": lambda a: a}


class TorchModel:
    """One pass over ``batch``; ``seen`` maps documented names to a list of pieces per time step.

    ``params`` are leaves; after ``loss.backward()`` they and all that was seen have gradients.
    """

    def __init__(
        self,
        net: Network,
        batch: Batch,
        state: Mapping[str, np.ndarray] | None = None,
        cuts: tuple[int, ...] = (),
    ) -> None:
        self.spec, self.batch, self.cuts = net.spec, batch, cuts
        self.params = {name: leaf(self.changed(name, value)) for name, value in net.params.items()}
        self.state = {name: leaf(value) for name, value in (state or {}).items()}
        self.seen: dict[str, list[list[Tensor]]] = {}
        self.wholes: dict[str, Tensor] = {}
        self.loss = self.run()

    def edited(self, name: str, step: int, value: Tensor) -> Tensor:
        """What is made of a value (B, ·) before anything reads it: here nothing."""
        return value

    def changed(self, name: str, value: Any) -> Any:
        """The same for a parameter."""
        return value

    def read(self, name: str, x: Tensor) -> Tensor:
        """What is read (T, B, ·), every step as edited."""
        return torch.stack([self.edited(name, step, row) for step, row in enumerate(x)])

    def see(self, name: str, step: int, *pieces: Tensor) -> Tensor:
        """Remember the parts (B, ·) of array ``name`` at ``step``; returns the first, as edited."""
        if len(pieces) == 1:
            pieces = (self.edited(name, step, pieces[0]),)
        return self.remember(name, step, *pieces)

    def remember(self, name: str, step: int, *pieces: Tensor) -> Tensor:
        """The same for parts that nothing is made of any more."""
        for piece in pieces:
            if piece.requires_grad:
                piece.retain_grad()
        steps = self.seen.setdefault(name, [])
        steps.extend([[]] * (step + 1 - len(steps)))
        steps[step] = list(pieces)
        return pieces[0]

    def values(self, name: str, gradient: bool = False) -> np.ndarray:
        """The array of that name, (T, B, ·), or the gradient at it."""
        rows = [torch.cat([of(p, gradient) for p in pieces], -1) for pieces in self.seen[name]]
        result: np.ndarray = torch.stack(rows).numpy()
        return result

    # --- the pass --------------------------------------------------------------------------------

    def run(self) -> Tensor:
        spec, batch = self.spec, self.batch
        prefix = spec.prefixes[0]
        if spec.input_kind == "vector":
            self.wholes["x"] = x = leaf(batch.x)
        else:
            self.wholes["x"] = x = self.embedded(prefix, batch.tokens, spec.input_size)
        x = self.read(f"{prefix}x", x)
        if spec.context_size:
            self.wholes["context"] = context = leaf(batch.context)
            if not self.state:
                made = torch.tanh(context @ self.params["W_ch"].T + self.params["b_ch"])
                self.state = {"h_l0": made}
        self.lengths = torch.as_tensor(
            np.full(batch.batch_size, batch.steps) if batch.lengths is None else batch.lengths
        )
        if spec.cell == "jordan":
            logits = self.jordan(x)
        elif spec.kind == "many-to-many":
            logits = self.translated(x)
        else:
            top, _ = self.stack("", x, self.lengths, self.state, spec.directions())
            logits = self.read("logits", self.outputs(self.pooled(top)))
        logits.retain_grad()
        self.wholes["logits"] = logits
        self.wholes["loss"], self.mask = losses_and_mask(self.spec, batch, logits, self.lengths)
        return (self.mask * self.wholes["loss"]).sum()

    def embedded(self, prefix: str, tokens: Any, words: int) -> Tensor:
        ids = torch.as_tensor(np.array(tokens))
        if f"{prefix}embedding" in self.params:
            rows = self.params[f"{prefix}embedding"][ids]
        else:
            rows = torch.nn.functional.one_hot(ids, words).double().requires_grad_()
        rows.retain_grad()
        return rows

    def stack(
        self, prefix: str, x: Tensor, lengths: Tensor, state: Mapping[str, Tensor], ways: Any
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The top (T, B, F) and the last states."""
        finals: dict[str, Tensor] = {}
        for layer in range(self.spec.layers):
            sides = [
                self.strand(prefix, f"l{layer}{way}", x, lengths, state, finals) for way in ways
            ]
            top = torch.cat(sides, -1)
            x = top + x if self.spec.residual and layer else top
        return x, finals

    def strand(
        self,
        prefix: str,
        name: str,
        x: Tensor,
        lengths: Tensor,
        state: Mapping[str, Tensor],
        finals: dict[str, Tensor],
    ) -> Tensor:
        spec = self.spec
        kinds = ("h", "c") if spec.has_cell_state else ("h",)
        start = [self.first(prefix, kind, name, state, x.shape[1]) for kind in kinds]
        carried, outs = start, [None] * len(x)
        steps = range(len(x))
        for step in reversed(steps) if name.endswith("_reverse") else steps:
            if step in self.cuts:
                carried = [part.detach() for part in carried]
            on = (step < lengths)[:, None]
            after = self.cell(prefix, name, step, x[step], carried, on)
            after[0] = self.edited(f"{prefix}h_{name}", step, after[0])
            for kind, part in zip(kinds, after, strict=True):
                self.remember(f"{prefix}{kind}_{name}", step, part)
            carried = [torch.where(on, new, old) for new, old in zip(after, carried, strict=True)]
            outs[step] = after[0]
        finals |= {f"{kind}_{name}": part for kind, part in zip(kinds, carried, strict=True)}
        return torch.stack(outs)

    def first(
        self, prefix: str, kind: str, name: str, state: Mapping[str, Tensor], size: int
    ) -> Tensor:
        given = state.get(f"{prefix}{kind}_{name}")
        if given is not None:
            return given
        learned = self.params.get(f"{prefix}{kind}_init_{name}")
        if learned is not None:
            return learned.expand(size, -1)
        return torch.zeros(size, self.spec.hidden_size, dtype=torch.float64)

    # --- one step --------------------------------------------------------------------------------

    def cell(
        self, prefix: str, name: str, step: int, x: Tensor, carried: list[Tensor], on: Tensor
    ) -> list[Tensor]:
        """The states after one step, 0 where the sequence has ended."""

        def weight(base: str) -> Tensor:
            return self.params[f"{prefix}{base}_{name}"]

        def see(base: str, *pieces: Tensor) -> Tensor:
            return self.see(f"{prefix}{base}_{name}", step, *pieces)

        spec, h = self.spec, carried[0]
        inward, around = x @ weight("W_xh").T, h @ weight("W_hh").T
        if spec.layer_norm:
            inward = self.normalised(inward, weight("gain_x"))
            around = self.normalised(around, weight("gain_h"))
        if spec.cell == "gru":
            r_x, z_x, n_x = (inward + weight("b_h")).chunk(3, -1)
            r_h, z_h, n_h = around.chunk(3, -1)
            a_r, a_z, m = r_x + r_h, z_x + z_h, see("m", n_h + weight("b_hn"))
            r, z = see("r", torch.sigmoid(a_r)), see("z", torch.sigmoid(a_z))
            a_n = n_x + r * m
            n = see("n", torch.tanh(a_n))
            see("a", a_r, a_z, a_n)
            return [masked((1 - z) * n + z * h, on)]
        if spec.cell == "rnn":
            a = see("a", inward + around + weight("b_h"))
            return [masked(FUNCTIONS[spec.activation](a), on)]
        c = carried[1]
        a_i, a_f, a_g, a_o = (inward + around + weight("b_h")).chunk(4, -1)
        if spec.peepholes:
            a_i, a_f = a_i + weight("w_ci") * c, a_f + weight("w_cf") * c
        i, f = see("i", torch.sigmoid(a_i)), see("f", torch.sigmoid(a_f))
        g = see("g", torch.tanh(a_g))
        c = self.edited(f"{prefix}c_{name}", step, masked(f * c + i * g, on))
        if spec.peepholes:
            a_o = a_o + weight("w_co") * c
        o = see("o", torch.sigmoid(a_o))
        see("a", a_i, a_f, a_g, a_o)
        shown = c
        if spec.layer_norm:
            shown = self.normalised(c, weight("gain_c")) + weight("b_c")
        return [masked(o * torch.tanh(shown), on), c]

    def normalised(self, a: Tensor, gain: Tensor) -> Tensor:
        """Layer normalisation; a GRU's new gate has one of its own."""
        split = 2 * self.spec.hidden_size
        parts = [slice(0, split), slice(split, None)] if self.spec.cell == "gru" else [slice(None)]
        return torch.cat(
            [
                torch.nn.functional.layer_norm(a[..., part], a[..., part].shape[-1:]) * gain[part]
                for part in parts
            ],
            -1,
        )

    def jordan(self, x: Tensor) -> Tensor:
        weight, spec = self.params, self.spec
        learned = weight.get("y_init_l0", torch.zeros(spec.output_size, dtype=torch.float64))
        y = self.state.get("y_l0", learned.expand(x.shape[1], -1))
        outs = []
        for step in range(len(x)):
            before = y.detach() if step in self.cuts else y
            a = x[step] @ weight["W_xh_l0"].T + before @ weight["W_yh_l0"].T + weight["b_h_l0"]
            a = self.see("a_l0", step, a)
            h = FUNCTIONS[spec.activation](a)
            h = self.see("h_l0", step, masked(h, (step < self.lengths)[:, None]))
            y = self.edited("logits", step, self.outputs(h))
            outs.append(y)
        return torch.stack(outs)

    # --- the output side -------------------------------------------------------------------------

    def outputs(self, features: Tensor) -> Tensor:
        return features @ self.params["W_hy"].T + self.params["b_y"]

    def pooled(self, top: Tensor) -> Tensor:
        spec, hidden = self.spec, self.spec.hidden_size
        if spec.head == "mean":
            return top.cumsum(0) / torch.arange(1, len(top) + 1).double()[:, None, None]
        if spec.head == "max":
            return top.cummax(0).values
        if spec.head == "last" and spec.bidirectional:
            whole = top[:1, :, hidden:].expand(len(top), -1, -1)
            return torch.cat([top[..., :hidden], whole], -1)
        return top

    def translated(self, x: Tensor) -> Tensor:
        """The logits of an encoder–decoder."""
        spec, weight, tokens = self.spec, self.params, self.batch.decoder_tokens
        memory, finals = self.stack(
            "encoder_", x, self.lengths, self.state, spec.directions("encoder_")
        )
        first: dict[str, Tensor] = {}
        for name, forward in finals.items():
            if name.endswith("_reverse"):
                continue
            if spec.bidirectional:
                both = torch.cat([forward, finals[f"{name}_reverse"]], -1)
                forward = both @ weight[f"W_bridge_{name}"].T
            first[f"decoder_{name}"] = forward
        read = self.read("decoder_x", self.embedded("decoder_", tokens, spec.output_size))
        whole = torch.full((read.shape[1],), len(read))
        query, _ = self.stack("decoder_", read, whole, first, ("",))
        if spec.attention == "none":
            return self.read("logits", self.outputs(query))
        query, memory = query.transpose(0, 1), memory.transpose(0, 1)
        shares = attention_shares(spec.attention, weight, query, memory, self.lengths)
        shares = self.read("attention", shares.transpose(0, 1)).transpose(0, 1)
        joined = torch.cat([query, shares @ memory], -1)
        attended = torch.tanh(joined @ weight["W_c"].T)
        self.wholes["attention"] = shares.transpose(0, 1)
        return self.read("logits", self.outputs(attended.transpose(0, 1)))


def leaf(value: Any) -> Tensor:
    """A tensor of its own that takes a gradient."""
    return torch.tensor(np.array(value, np.float64), requires_grad=True)


def of(tensor: Tensor, gradient: bool) -> Tensor:
    """The numbers, or the gradient at them: 0 where nothing depends on them."""
    if not gradient:
        return tensor.detach()
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def masked(state: Tensor, on: Tensor) -> Tensor:
    """0 after the end of a sequence."""
    return torch.where(on, state, 0.0)
