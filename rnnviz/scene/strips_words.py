"""What the strips show, in a sentence or two, for those who listen instead of look."""

from __future__ import annotations

from rnnviz.scene.captions import local_step, pass_words
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_told import told
from rnnviz.trace.many import many


def strips_summary(
    state: ViewState, shown: tuple[Placed, ...], left_out: tuple[str, ...], memo: StripsMemo
) -> str:
    """Which strips are in sight, what they say at the cursor, and what a figure has left out."""
    column = state.cursor.column
    names = ", ".join(
        each.strip.caption.name + (" (folded)" if each.collapsed else "") for each in shown
    )
    # While passes stream by, nobody could listen to their numbers.
    open_ones = [] if state.live else [each.strip for each in shown if not each.collapsed]
    facts = [words for strip in open_ones if (words := told(state, strip, column, memo))]
    whose = pass_words(state.trace)
    at = f"At step {local_step(state.trace, column)}"
    return (
        f"Strips over {many(state.trace.columns, 'step')}: {names}."
        + (f" {at}: {'; '.join(facts)}." if facts else "")
        + (f" {whose.capitalize()}." if whose else "")
        + (f" No room for {', '.join(left_out)}." if left_out else "")
    )
