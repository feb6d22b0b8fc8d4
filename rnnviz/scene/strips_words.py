"""What the strips show, in a sentence or two, for those who listen instead of look."""

from __future__ import annotations

from rnnviz.scene.captions import local_step, pass_words
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_place import Placed


def strips_summary(
    state: ViewState, shown: tuple[Placed, ...], left_out: tuple[str, ...] = ()
) -> str:
    """Which strips are in sight, what they say at the cursor, and what a figure has left out."""
    column = state.cursor.column
    names = ", ".join(
        each.strip.caption.name + (" (folded)" if each.collapsed else "") for each in shown
    )
    facts = []
    # While passes stream by, nobody could listen to their numbers.
    for each in () if state.live else shown:
        strip = each.strip
        if strip.family in ("loss", "norms") and strip.part.start <= column < strip.part.stop:
            if each.collapsed:
                continue
            value = _at(state, each, column - strip.part.start)
            facts.append(f"{strip.caption.name} {short(value, 3)}")
    whose = pass_words(state.trace)
    at = f"At step {local_step(state.trace, column)}"
    return (
        f"Strips over {state.trace.columns} steps: {names}."
        + (f" {at}: {', '.join(facts)}." if facts else "")
        + (f" {whose.capitalize()}." if whose else "")
        + (f" No room for {', '.join(left_out)}." if left_out else "")
    )


def _at(state: ViewState, placed: Placed, step: int) -> float:
    """One number of a bar strip, without computing those of the other steps."""
    strip = placed.strip
    array = state.trace[strip.name]
    if array.ndim == 1:
        return float(array[step])
    one = array[step : step + 1]
    if strip.family == "loss":
        return float(one[0, min(state.row, array.shape[1] - 1)])
    short_trace = one[:, min(state.row, array.shape[1] - 1)]
    return float((short_trace.astype("float64") ** 2).sum() ** 0.5)
