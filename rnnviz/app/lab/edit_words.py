"""An edit in words as the screen counts: units and steps from 1."""

from __future__ import annotations

from rnnviz.analysis import Edit
from rnnviz.scene.numbers import short


def edit_words(edit: Edit) -> str:
    """``h_l0 unit 1 = 0.65 at step 2``, or the name that the user gave it."""
    if edit.label:
        return edit.label
    place = ""
    if edit.name == "attention" and edit.index:
        place = f" to input {edit.index[0] + 1}"
    elif len(edit.index) == 1:
        place = f" unit {edit.index[0] + 1}"
    elif len(edit.index) == 2:
        place = f"[{edit.index[0] + 1}, {edit.index[1] + 1}]"
    is_token = edit.name.endswith("tokens")
    value = f"{edit.value:.0f}" if is_token else short(edit.value, 4)
    what = {
        "set": f"= {value}",
        "add": f"+ {value}",
        "scale": f"× {value}",
        "clamp": f"kept in [{value}, {short(edit.high, 4)}]",
        "ablate": "ablated",
    }[edit.action]
    when = f" at step {edit.step + 1}" if edit.step is not None else ""
    return f"{edit.name}{place} {what}{when}"
