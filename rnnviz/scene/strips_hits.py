"""What lies under the mouse in the strips: found by arithmetic, however many cells there are."""

from __future__ import annotations

from rnnviz.scene.numbers import exactly, grouped, short
from rnnviz.scene.sampled import WANTED_TEXT, drawn_classes, mark_word
from rnnviz.scene.shapes import Hit, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_far import is_far, target_classes
from rnnviz.scene.strips_heat import order_of
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import TOP, class_word, shows_top_five, top_classes
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_pooled import pooled_bars, pooled_heat
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.strips_silence import is_unasked, padded_columns
from rnnviz.scene.strips_tokens import input_tokens, visible_token
from rnnviz.scene.strips_values import color_scale, strip_values


def title_hits(shown: tuple[Placed, ...]) -> tuple[Hit, ...]:
    """The titles: a click folds a strip or opens it (node ``strip:h_l0``)."""
    return tuple(
        Hit(
            Rect(0.0, each.rect.y, max(each.rect.x - 6.0, 1.0), min(each.rect.h, 34.0)),
            f"strip:{each.strip.name}",
            f"{each.strip.caption.full}{', and of the other part' * bool(each.guest)}: click to "
            f"{'open' if each.collapsed else 'fold'}, drag to move",
        )
        for each in shown
        if not each.beside
    )


def data_hit(
    state: ViewState,
    shown: tuple[Placed, ...],
    layout: StripLayout,
    memo: StripsMemo,
    x: float,
    y: float,
) -> Hit | None:
    """The value at a point: its node, and value, unit, step and token in words."""
    axis = state.axis
    if not axis.left <= x < axis.left + axis.width or x >= axis.left_of(axis.columns):
        return None
    column = axis.column_at(x)
    for placed in shown:
        strip, rect = placed.strip, placed.rect
        inside = strip.part.start <= column < strip.part.stop
        if placed.collapsed or not inside or not rect.y <= y < rect.bottom:
            continue
        place = Rect(axis.left_of(column), rect.y, axis.pitch, rect.h)
        share = (y - rect.y) / rect.h
        if column in padded_columns(state, strip):
            return Hit(place, "", f"padding: this sequence is over · step {column + 1}")
        node, words = _words(state, strip, layout, memo, column, share)
        said = [words, _step_words(state, strip, column)]
        if strip.family in ("loss", "norms"):
            said.append(pooled_bars(state, strip, rect, memo, x))
            said.append(_cut_words(state, strip, column))
        elif strip.family == "heat" or (
            strip.family == "outputs" and not shows_top_five(state, strip)
        ):
            said.append(pooled_heat(state, strip, rect, layout, memo, x, y))
        return Hit(place, node, " · ".join(each for each in said if each))
    return None


def _words(
    state: ViewState, strip: Strip, layout: StripLayout, memo: StripsMemo, column: int, share: float
) -> tuple[str, str]:
    step = column - strip.part.start
    if strip.family == "tokens":
        return f"{strip.part.prefix}x@{column}", "input"
    if strip.family == "outputs":
        pale = ", if it were asked here" if is_unasked(state, column) else ""
        return f"logits@{column}", _output_words(state, strip, step, share) + pale
    values = (
        strip_values(state, strip)
        if strip.family == "heat"
        else memo.get(("bars", strip.name, state.row), lambda: strip_values(state, strip))
    )
    if strip.family == "heat":
        order = order_of(state, strip, layout, memo)
        unit = int(order[min(int(share * len(order)), len(order) - 1)])
        number = float(values[step, unit])
        scale = color_scale(state, strip, memo)
        beyond = number > scale.high * 1.001 or number < scale.low * 1.001 - 1e-6
        # A fixed scale is not stretched for a few values; that they lie outside must be said.
        value = exactly(number) + (" (beyond the colours)" if beyond else "")
        if strip.name == "attention":
            source = input_tokens(state, "encoder_")
            word = f" “{visible_token(source[unit])}”" if unit < len(source) else ""
            return f"logits@{column}", f"attention to input {unit + 1}{word} = {value}"
        if strip.name == "targets":
            return f"logits@{column}", f"y*[{unit + 1}] = {value}"
        symbol = strip.name.removeprefix(strip.part.prefix).partition("_l")[0]
        return f"{strip.name}@{column}", f"{symbol}[{unit + 1}] = {value}"
    value = short(float(values[step]), 3)
    if strip.family == "loss":
        mask = state.trace.get("loss_mask")
        counted = mask is None or mask[step, min(state.row, mask.shape[1] - 1)] > 0
        if not counted and float(values[step]) == 0.0:
            return f"loss@{column}", "no loss: nothing is asked here"
        return f"loss@{column}", f"loss = {value}{'' if counted else ', not counted'}"
    exact = " exactly" if float(values[step]) == 0.0 else ""
    return f"{_node_of_norm(strip.name)}@{column}", f"{strip.caption.sign} = {value}{exact}"


def _node_of_norm(name: str) -> str:
    """Where a gradient or a share of one belongs: to its state, output or input."""
    bare = name.removeprefix("dL_d").removeprefix("step_norm_")
    if bare == "W_hy":
        return "logits"
    for weight in ("W_hh", "W_yh", "W_xh", "c"):
        bare = bare.replace(f"{weight}_l", "h_l")
    return bare


def _output_words(state: ViewState, strip: Strip, step: int, share: float) -> str:
    row = strip_values(state, strip)[step]
    targets = target_classes(state, strip.part.steps)
    word = mark_word(state)
    if state.trace.mode == "sample":
        targets = drawn_classes(state, strip.part)
    target = int(targets[step])
    index = _class_at(state, strip, row, target, share)
    if index < 0:
        return f"no {word}" if word == WANTED_TEXT else "nothing drawn"
    if is_far(state, strip):
        said = "likeliest" if share < 0.5 else word
        return f"{said}: p(“{class_word(state, index)}”) = {exactly(float(row[index]))}"
    symbol = "p" if strip.range == "unit" else "ŷ"
    mark = f", {'the target' if word == WANTED_TEXT else word}" if index == target else ""
    name = f"[{class_word(state, index)}]" if symbol == "ŷ" else f"(“{class_word(state, index)}”)"
    return f"{symbol}{name} = {exactly(float(row[index]))}{mark}"


def output_at(state: ViewState, strip: Strip, step: int, share: float) -> int | None:
    """The class whose output stands at a share of the output strip's height at a step."""
    targets = target_classes(state, strip.part.steps)
    if state.trace.mode == "sample":
        targets = drawn_classes(state, strip.part)
    index = _class_at(state, strip, strip_values(state, strip)[step], int(targets[step]), share)
    return index if index >= 0 else None


def _class_at(state: ViewState, strip: Strip, row: Values, target: int, share: float) -> int:
    """The same in a row of outputs (V,); −1 where a target would stand and there is none."""
    if is_far(state, strip):
        return int(row.argmax()) if share < 0.5 else target
    if shows_top_five(state, strip):
        slot = min(int(share * (TOP + 1)), TOP)
        best = top_classes(row[None], TOP)[0]
        return target if slot == TOP else int(best[min(slot, len(row) - 1)])
    return min(int(share * len(row)), len(row) - 1)


def _cut_words(state: ViewState, strip: Strip, column: int) -> str:
    """What the red line before a step means."""
    cuts = state.trace.get("cuts")
    if cuts is None or strip.family != "norms" or column - strip.part.start not in cuts.tolist():
        return ""
    return "truncated: no gradient goes back to the step before"


def _step_words(state: ViewState, strip: Strip, column: int) -> str:
    step = column - strip.part.start
    tokens = input_tokens(state, strip.part.prefix)
    word = f" “{visible_token(tokens[step])}”" if step < len(tokens) else ""
    return f"step {grouped(step + 1)}{word}"
