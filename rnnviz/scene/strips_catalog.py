"""Which strips a trace has: everything it recorded that lives on the time axis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rnnviz.trace import Part, Trace

Family = Literal["tokens", "heat", "outputs", "loss", "norms"]
Range = Literal["signed", "unit", "free"]

_GATE_WORDS = {
    "i": "input gate", "f": "forget gate", "g": "candidate", "o": "output gate",
    "r": "reset gate", "z": "update gate", "n": "candidate",
}  # fmt: skip
_LAYER = re.compile(r"_(l\d+(_reverse)?)$")
_SELDOM = re.compile(r"dL_d(encoder_|decoder_)?x|dL_dlogits|step_norm_\w*W_(xh_\w+|hy)")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PART_WORDS = {"encoder_": "encoder", "decoder_": "decoder", "": ""}


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip: `name` is the array behind it, `part` the columns it covers.

    `range` says how values become colours: `signed` is fixed [-1, 1], `unit` fixed [0, 1],
    `free` a symmetric range taken from the values and written beside the strip.
    """

    name: str
    family: Family
    title: str
    subtitle: str
    part: Part
    range: Range
    rows: int

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
        name = f"{part.prefix}input"
        strips.append(_of_input(trace, part, name))
        x = trace.get(f"{part.prefix}x")
        read = trace.spec.input_kind != "one-hot" and part.prefix != "decoder_"
        if read and x is not None and x.ndim == 3 and len(x) == part.steps:
            about = _where("x_t", part)
            rows = int(x.shape[2])
            name = f"{part.prefix}x"
            strips.append(Strip(name, "heat", "input vector", about, part, "free", rows))
    strips += [strip for part in trace.parts for strip in _of_states(trace, part, "h")]
    outputs = "probs" if "probs" in trace else "logits"
    if outputs in trace:
        rows = int(trace[outputs].shape[2])
        words = ("output", "softmax p") if outputs == "probs" else ("output", "ŷ")
        scale: Range = "unit" if outputs == "probs" else "free"
        strips.append(Strip(outputs, "outputs", *words, out, scale, rows))
        if _has_targets_all_along(trace):
            strips.append(Strip("targets", "heat", "target", "y*", out, "free", rows))
    if "attention" in trace:
        rows = int(trace["attention"].shape[2])
        strips.append(Strip("attention", "heat", "attention", "over input", out, "unit", rows))
    strips += [
        strip for part in trace.parts for strip in _of_norms(trace, part, "dL_dh", "‖∂L/∂h{}‖")
    ]
    if "loss" in trace:
        unit = "nats" if trace.spec.loss == "cross-entropy" else "½ squared"
        strips.append(Strip("loss", "loss", "loss", unit, out, "free", 1))
    strips += [strip for part in trace.parts for strip in _of_states(trace, part, "c")]
    strips += [
        strip for part in trace.parts for strip in _of_norms(trace, part, "dL_dc", "‖∂L/∂c{}‖")
    ]
    for part in trace.parts:
        for gate in trace.spec.gates:
            strips += _of_states(trace, part, gate)
    for part in trace.parts:
        for weight in ("W_hh", "W_yh", "W_xh"):
            strips += _of_norms(trace, part, f"step_norm_{weight}", f"‖∂L/∂{weight}{{}}‖")
    if "step_norm_W_hy" in trace:
        share = "step's share, log"
        strips.append(Strip("step_norm_W_hy", "norms", "‖∂L/∂W_hy‖", share, out, "free", 1))
    if "dL_dlogits" in trace:
        about = _where("total, log", out).replace("coder", "c.")
        strips.append(Strip("dL_dlogits", "norms", "‖∂L/∂y‖", about, out, "free", 1))
    for part in trace.parts:
        name = f"dL_d{part.prefix}x"
        if name in trace:
            about = _where("total, log", part).replace("coder", "c.")
            strips.append(Strip(name, "norms", "‖∂L/∂x‖", about, part, "free", 1))
    return tuple(strips)


def _of_input(trace: Trace, part: Part, name: str) -> Strip:
    """The words that go in, or the pictures where each step has one: those take a second row."""
    pictures = trace.get("pictures")
    seen = pictures is not None and len(pictures) == part.steps and part == trace.parts[0]
    about = "pictures" if seen else "tokens"
    return Strip(name, "tokens", "input", _where(about, part), part, "unit", 2 if seen else 1)


def _has_targets_all_along(trace: Trace) -> bool:
    """Whether every step of a regression should say something, so that both can be compared."""
    targets, mask = trace.get("targets"), trace.get("loss_mask")
    if targets is None or targets.ndim != 3 or targets.shape != trace["logits"].shape:
        return False
    return mask is None or bool((mask > 0).mean() > 0.5)


def _where(words: str, part: Part) -> str:
    return f"{_PART_WORDS[part.prefix]} {words}".strip()


def _layer_words(trace: Trace, layer: str) -> str:
    words = []
    if trace.spec.layers > 1:
        words.append(f"layer {int(layer[1:].split('_')[0]) + 1}")
    if layer.endswith("_reverse"):
        words.append("reverse")
    return " ".join(words)


def _layer_mark(trace: Trace, layer: str) -> str:
    """``⁽²⁾←``: the layer and its direction above a symbol, where there are several."""
    number = str(int(layer[1:].split("_")[0]) + 1).translate(_SUPERSCRIPTS)
    mark = f"⁽{number}⁾" if trace.spec.layers > 1 else ""
    return mark + ("←" if layer.endswith("_reverse") else "")


def _of_states(trace: Trace, part: Part, base: str) -> list[Strip]:
    strips = []
    for layer in trace.spec.layer_names(part.prefix):
        name = f"{part.prefix}{base}_{layer}"
        if name not in trace:
            continue
        kind: Range = "signed"
        if base == "h":
            title, gated = "hidden state", bool(trace.spec.gates)
            about = "h" if gated else f"h, {trace.spec.activation} units"
            is_free = trace.spec.residual or not trace.spec.bounded_states
            kind = "free" if is_free else "signed"
        elif base == "c":
            title, about, kind = "cell state", "c", "free"
        else:
            title, about = _GATE_WORDS[base], base
            kind = "signed" if base in "gn" else "unit"
        extra = _layer_words(trace, layer)
        subtitle = f"{about}, {extra}" if extra else about
        rows = int(trace[name].shape[2])
        strips.append(Strip(name, "heat", title, _where(subtitle, part), part, kind, rows))
    return strips


def _of_norms(trace: Trace, part: Part, base: str, title: str) -> list[Strip]:
    strips = []
    for layer in trace.spec.layer_names(part.prefix):
        bare = f"{part.prefix}{base.removeprefix('dL_d').removeprefix('step_norm_')}_{layer}"
        name = f"dL_d{bare}" if base.startswith("dL_d") else f"step_norm_{bare}"
        if name not in trace:
            continue
        about = "total, log" if base.startswith("dL_d") else "step's share, log"
        symbol = title.format(_layer_mark(trace, layer))
        strips.append(
            Strip(
                name, "norms", symbol, _where(about, part).replace("coder", "c."), part, "free", 1
            )
        )
    return strips
