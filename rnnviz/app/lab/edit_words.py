"""An edit in words as the screen counts, and as the command line writes it."""

from __future__ import annotations

from rnnviz.analysis import Edit
from rnnviz.scene.array_words import array_words
from rnnviz.scene.numbers import short
from rnnviz.trace import ModelSpec


def edit_words(edit: Edit, spec: ModelSpec) -> str:
    """``h unit 1 = 0.65 at step 2``, or the name that the user gave it."""
    if edit.label:
        return edit.label
    name, place = array_words(spec, edit.name), ""
    between = "," if "," in name else ""
    if edit.name == "attention" and edit.index:
        place = f" to input {edit.index[0] + 1}"
    elif len(edit.index) == 1:
        place = f"{between} unit {edit.index[0] + 1}"
    elif len(edit.index) == 2:
        place = f"{between and ' '}[{edit.index[0] + 1}, {edit.index[1] + 1}]"
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
    return f"{name}{place} {what}{when}"


def edit_command(edit: Edit) -> str:
    """``h_l0[1]@2=0.65``: the edit as ``rnnviz analyze --what what-if --edit`` takes it.

    There arrays have the names of a trace, whose layers are counted from 0.
    """
    index = ",".join(str(part + 1) for part in edit.index)
    place = f"[{index}]" if index else ""
    when = f"@{edit.step + 1}" if edit.step is not None else ""
    what = {
        "set": f"={edit.value:.9g}",
        "add": f"+={edit.value:.9g}",
        "scale": f"*={edit.value:.9g}",
        "clamp": f"={edit.value:.9g}..{edit.high:.9g}",
        "ablate": "=off",
    }[edit.action]
    return f"{edit.name}{place}{when}{what}"
