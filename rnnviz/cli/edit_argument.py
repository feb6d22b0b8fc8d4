"""A what-if edit in one word of the command line: ``h_l0[5]@3=0.7``."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnviz.analysis import Edit
    from rnnviz.analysis.replay.edits import Action

FORM = "NAME[UNIT]@STEP=VALUE"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_EDIT = re.compile(
    r"(?P<name>[A-Za-z]\w*)(?:\[(?P<index>\d+(?:,\d+)?)\])?(?:@(?P<step>\d+))?"
    rf"(?P<how>\+=|\*=|=)(?P<value>{_NUMBER}|off|{_NUMBER}\.\.{_NUMBER})"
)

_ACTIONS: dict[str, Action] = {"=": "set", "+=": "add", "*=": "scale"}


def compared_argument(text: str) -> tuple[str, tuple[Edit, ...]]:
    """A set of edits by a name: ``silent: h_l0[5]=off; h_l0[6]=off``; without one, by its edits.

    Raises:
        ArgumentTypeError: if there is no edit in it, or one does not read like an edit.
    """
    name, colon, rest = text.partition(":")
    edits = tuple(
        edit_argument(each) for each in (rest if colon else text).split(";") if each.strip()
    )
    if not edits or (colon and not name.strip()):
        raise ArgumentTypeError(f"{text!r}: write NAME: EDIT; EDIT, for example off: h_l0[5]=off")
    return (name if colon else text).strip(), edits


def edit_argument(text: str) -> Edit:
    """An edit from its short form; units and steps count from 1, as on screen.

    ``=0.7`` sets, ``+=0.1`` adds, ``*=2`` scales, ``=-0.5..0.5`` clamps, ``=off`` ablates. Without
    ``@STEP`` it holds at every step, without ``[UNIT]`` for every unit; a matrix entry is
    ``W_hh_l0[1,2]``, a token ``tokens@2=3``, by its number from 0.

    Raises:
        ArgumentTypeError: if it does not read like that.
    """
    found = _EDIT.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ArgumentTypeError(
            f"{text!r} is no edit: write {FORM}, for example h_l0[5]@3=0.7, h_l0[5]=off, "
            "f_l0[2]=0.2..0.8 or W_hh_l0[1,2]*=2"
        )
    from rnnviz.analysis import Edit
    from rnnviz.trace.errors import UserError

    counted = [int(part) for part in (found["index"] or "").split(",") if part]
    step = None if found["step"] is None else int(found["step"])
    if 0 in counted or step == 0:
        raise ArgumentTypeError(f"{text!r}: units and steps are counted from 1")
    place: dict[str, Any] = {
        "name": found["name"],
        "index": tuple(part - 1 for part in counted),
        "step": None if step is None else step - 1,
    }
    how, value = found["how"], found["value"]
    if how != "=" and not re.fullmatch(_NUMBER, value):
        raise ArgumentTypeError(f"{text!r}: write NAME=off or NAME=LOW..HIGH")
    try:
        if value == "off":
            return Edit(action="ablate", **place)
        if ".." in value:
            low, _, high = value.partition("..")
            return Edit(action="clamp", value=float(low), high=float(high), **place)
        return Edit(action=_ACTIONS[how], value=float(value), **place)
    except UserError as error:
        raise ArgumentTypeError(str(error)) from None
