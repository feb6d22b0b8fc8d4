"""What lies under the mouse in the strips: found by arithmetic, however many cells there are."""

from __future__ import annotations

from rnnviz.scene.numbers import fixed, grouped, short
from rnnviz.scene.shapes import Hit, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_heat import order_of
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import (
    TOP,
    class_word,
    shows_top_five,
    target_classes,
    top_classes,
)
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_tokens import input_tokens, visible_token
from rnnviz.scene.strips_values import strip_values


def title_hits(shown: tuple[Placed, ...]) -> tuple[Hit, ...]:
    """The titles: a click folds a strip or opens it (node ``strip:h_l0``)."""
    return tuple(
        Hit(
            Rect(0.0, each.rect.y, max(each.rect.x - 6.0, 1.0), min(each.rect.h, 34.0)),
            f"strip:{each.strip.name}",
            f"{each.strip.title} ({each.strip.subtitle}): click to "
            f"{'open' if each.collapsed else 'fold'}",
        )
        for each in shown
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
        node, words = _words(state, strip, layout, memo, column, share)
        return Hit(place, node, f"{words} · {_step_words(state, strip, column)}")
    return None


def _words(
    state: ViewState, strip: Strip, layout: StripLayout, memo: StripsMemo, column: int, share: float
) -> tuple[str, str]:
    step = column - strip.part.start
    if strip.family == "tokens":
        return f"{strip.part.prefix}x@{column}", "input"
    if strip.family == "outputs":
        return f"logits@{column}", _output_words(state, strip, step, share)
    values = (
        strip_values(state, strip)
        if strip.family == "heat"
        else memo.get(("bars", strip.name, state.row), lambda: strip_values(state, strip))
    )
    if strip.family == "heat":
        order = order_of(state, strip, layout, memo)
        unit = int(order[min(int(share * len(order)), len(order) - 1)])
        value = fixed(float(values[step, unit]), 3)
        if strip.name == "attention":
            source = input_tokens(state, "encoder_")
            word = f" “{visible_token(source[unit])}”" if unit < len(source) else ""
            return f"logits@{column}", f"attention to input {unit + 1}{word} = {value}"
        symbol = strip.name.removeprefix(strip.part.prefix).partition("_l")[0]
        return f"{strip.name}@{column}", f"{symbol}[{unit + 1}] = {value}"
    value = short(float(values[step]), 3)
    if strip.family == "loss":
        mask = state.trace.get("loss_mask")
        counted = mask is None or mask[step, min(state.row, mask.shape[1] - 1)] > 0
        return f"loss@{column}", f"loss = {value}{'' if counted else ', not counted'}"
    exact = " exactly" if float(values[step]) == 0.0 else ""
    state_name = strip.name.removeprefix("dL_d").removeprefix("step_norm_").replace("W_hh", "h")
    return f"{state_name.replace('c_l', 'h_l')}@{column}", f"{strip.title} = {value}{exact}"


def _output_words(state: ViewState, strip: Strip, step: int, share: float) -> str:
    row = strip_values(state, strip)[step]
    if shows_top_five(state, strip):
        slot = min(int(share * (TOP + 1)), TOP)
        target = int(target_classes(state, strip.part.steps)[step])
        if slot == TOP and target < 0:
            return "no target"
        index = (
            target if slot == TOP else int(top_classes(row[None], TOP)[0, min(slot, len(row) - 1)])
        )
    else:
        index = min(int(share * len(row)), len(row) - 1)
    symbol = "p" if strip.range == "unit" else "ŷ"
    target = int(target_classes(state, strip.part.steps)[step])
    mark = ", the target" if index == target else ""
    return f"{symbol}(“{class_word(state, index)}”) = {fixed(float(row[index]), 3)}{mark}"


def _step_words(state: ViewState, strip: Strip, column: int) -> str:
    step = column - strip.part.start
    tokens = input_tokens(state, strip.part.prefix)
    word = f" “{visible_token(tokens[step])}”" if step < len(tokens) else ""
    return f"step {grouped(step + 1)}{word}"
