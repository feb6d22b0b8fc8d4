"""Which strips a trace has: everything it recorded that lives on the time axis."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from rnnviz.scene.strips_captions import Caption, Owner
from rnnviz.trace import Part, Trace

Family = Literal["tokens", "heat", "outputs", "loss", "norms"]
Range = Literal["signed", "unit", "free"]

_GATE_WORDS = {
    "i": "input gate", "f": "forget gate", "g": "candidate", "o": "output gate",
    "r": "reset gate", "z": "update gate", "n": "candidate",
    "m": "recurrent product",
}  # fmt: skip
_LAYER = re.compile(r"_(l\d+(_reverse)?)$")
_SELDOM = re.compile(r"dL_d(encoder_|decoder_)?x|dL_dlogits|step_norm_\w*W_(xh_\w+|hy)")
_SHARE = ("step's share, log", "share, log", "share")
_TOTAL = ("total, log", "total")


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip: `name` is the array behind it, `part` the columns it covers.

    `range` says how values become colours: `signed` is fixed [-1, 1], `unit` fixed [0, 1],
    `free` a symmetric range taken from the values and written beside the strip. `twin` is the
    same quantity of the other part, where encoder and decoder both have it.
    """

    name: str
    family: Family
    caption: Caption
    part: Part
    range: Range
    rows: int
    twin: str = ""

    @property
    def title(self) -> str:
        return self.caption.title

    @property
    def kindred(self) -> tuple[str, ...]:
        """The arrays that are drawn on one scale: this one and that of the other part."""
        return tuple(sorted((self.name, self.twin))) if self.twin else (self.name,)

    @property
    def starts_folded(self) -> bool:
        """Whether the strip is closed until it is opened: shares of the weight gradients."""
        return self.name.startswith("step_norm") or self.starts_hidden

    @property
    def starts_hidden(self) -> bool:
        """Whether not even the title is there until it is asked for: gradients at inputs and
        outputs, and the shares of the weights that do not carry the state."""
        return _SELDOM.fullmatch(self.name) is not None

    @property
    def is_input(self) -> bool:
        """Whether the strip shows what goes in, which no operation computes."""
        return self.name.removeprefix("encoder_") == "x" or self.family == "tokens"

    @property
    def layer(self) -> str:
        """``l0``, ``l1_reverse``, …; empty for what belongs to no layer."""
        match = _LAYER.search(self.name)
        return match[1] if match else ""


def catalog(trace: Trace) -> tuple[Strip, ...]:
    """The strips of a trace, most telling first."""
    out = trace.output_part
    strips: list[Strip] = []
    for part in trace.parts:
        strips.append(_of_input(trace, part, f"{part.prefix}input"))
        x = trace.get(f"{part.prefix}x")
        read = trace.spec.input_kind != "one-hot" and part.prefix != "decoder_"
        if read and x is not None and x.ndim == 3 and len(x) == part.steps:
            words = Caption("input vector", ("x_t",), "x", Owner(part.prefix))
            rows = int(x.shape[2])
            strips.append(Strip(f"{part.prefix}x", "heat", words, part, "free", rows))
    strips += [strip for part in trace.parts for strip in _of_states(trace, part, "h")]
    outputs = "probs" if "probs" in trace else "logits"
    if outputs in trace:
        rows = int(trace[outputs].shape[2])
        about = ("softmax p", "p") if outputs == "probs" else ("ŷ",)
        scale: Range = "unit" if outputs == "probs" else "free"
        words = Caption("output", about, "output")
        strips.append(Strip(outputs, "outputs", words, out, scale, rows))
        if _has_targets_all_along(trace):
            words = Caption("target", ("y*",), "target")
            strips.append(Strip("targets", "heat", words, out, "free", rows))
    if "attention" in trace:
        rows = int(trace["attention"].shape[2])
        words = Caption("attention", ("over input",), "attention")
        strips.append(Strip("attention", "heat", words, out, "unit", rows))
    strips += [strip for part in trace.parts for strip in _of_norms(trace, part, "dL_d", "h")]
    if "loss" in trace:
        unit = "nats" if trace.spec.loss == "cross-entropy" else "½ squared"
        strips.append(_bars("loss", Caption("loss", (unit,), "loss"), out))
    strips += [strip for part in trace.parts for strip in _of_states(trace, part, "c")]
    strips += [strip for part in trace.parts for strip in _of_norms(trace, part, "dL_d", "c")]
    for part in trace.parts:
        for gate in (*trace.spec.gates, "m"):
            strips += _of_states(trace, part, gate)
    for part in trace.parts:
        for weight in ("W_hh", "W_yh", "W_xh"):
            strips += _of_norms(trace, part, "step_norm_", weight)
    if "step_norm_W_hy" in trace:
        strips.append(_bars("step_norm_W_hy", _gradient("W_hy", Owner(), _SHARE), out))
    if "dL_dlogits" in trace:
        strips.append(_bars("dL_dlogits", _gradient("y", Owner(out.prefix)), out))
    for part in trace.parts:
        name = f"dL_d{part.prefix}x"
        if name in trace:
            strips.append(_bars(name, _gradient("x", Owner(part.prefix)), part))
    return _paired(strips)


def _paired(strips: list[Strip]) -> tuple[Strip, ...]:
    """Each with the name of the same quantity of the other part."""

    def quantity(strip: Strip) -> tuple[str, int]:
        prefix = strip.part.prefix
        return strip.name.replace(prefix, "", 1) if prefix else strip.name, strip.rows

    names: dict[tuple[str, int], list[str]] = {}
    for strip in strips:
        names.setdefault(quantity(strip), []).append(strip.name)
    return tuple(
        replace(strip, twin="".join(n for n in names[quantity(strip)] if n != strip.name))
        for strip in strips
    )


def _of_input(trace: Trace, part: Part, name: str) -> Strip:
    """The words that go in, or the pictures where each step has one: those take a second row."""
    frames = trace.shape("pictures")[0] if "pictures" in trace else 0
    seen = frames == part.steps and part == trace.parts[0]
    # Parts behind the first read words, whatever the first one reads.
    is_read = part == trace.parts[0] and trace.spec.input_kind == "vector"
    about = "pictures" if seen else "vectors" if is_read else "tokens"
    words = Caption("input", (about,), "input", Owner(part.prefix))
    return Strip(name, "tokens", words, part, "unit", 2 if seen else 1)


def _has_targets_all_along(trace: Trace) -> bool:
    """Whether every step of a regression should say something, so that both can be compared."""
    targets, mask = trace.get("targets"), trace.get("loss_mask")
    if targets is None or targets.ndim != 3 or targets.shape != trace["logits"].shape:
        return False
    return mask is None or bool((mask > 0).mean() > 0.5)


def _owner(trace: Trace, part: Part, layer: str) -> Owner:
    """Part, layer and direction, each where there are several."""
    number = int(layer[1:].split("_")[0]) + 1 if trace.spec.layers > 1 else 0
    return Owner(part.prefix, number, layer.endswith("_reverse"))


def _of_states(trace: Trace, part: Part, base: str) -> list[Strip]:
    strips = []
    for layer in trace.spec.layer_names(part.prefix):
        name = f"{part.prefix}{base}_{layer}"
        if name not in trace:
            continue
        kind: Range = "signed"
        about: tuple[str, ...] = (base,)
        if base == "h":
            title, does = "hidden state", trace.spec.activation
            if not trace.spec.gates:
                about = (f"h, {does} units", f"h, {does}", "h")
            # Residual sums are on the way up only: h itself keeps the bounds of its cell.
            kind = "signed" if trace.spec.bounded_states else "free"
        elif base == "c":
            title, kind = "cell state", "free"
        else:
            title = _GATE_WORDS[base]
            kind = "signed" if base in "gn" else "free" if base == "m" else "unit"
        words = Caption(title, about, f"{base}{{}}", _owner(trace, part, layer))
        rows = int(trace[name].shape[2])
        strips.append(Strip(name, "heat", words, part, kind, rows))
    return strips


def _of_norms(trace: Trace, part: Part, kind: str, base: str) -> list[Strip]:
    strips = []
    for layer in trace.spec.layer_names(part.prefix):
        name = f"{kind}{part.prefix}{base}_{layer}"
        if name in trace:
            about = _TOTAL if kind == "dL_d" else _SHARE
            strips.append(_bars(name, _gradient(base, _owner(trace, part, layer), about), part))
    return strips


def _gradient(of: str, owner: Owner, about: tuple[str, ...] = _TOTAL) -> Caption:
    return Caption(f"‖∂L/∂{of}‖", about, f"‖∂L/∂{of}{{}}‖", owner, f"∂{of}{{}}")


def _bars(name: str, words: Caption, part: Part) -> Strip:
    return Strip(name, "loss" if name == "loss" else "norms", words, part, "free", 1)
