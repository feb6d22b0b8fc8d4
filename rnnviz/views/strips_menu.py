"""The menu of one strip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from rnnviz.scene.strips import StripsPicture
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_layout import Sorting, StripLayout
from rnnviz.scene.strips_place import Placed, hidden

if TYPE_CHECKING:
    from rnnviz.views.strips_view import StripsView

_SORTINGS: tuple[tuple[Sorting, str], ...] = (
    ("index", "Units by &number"),
    ("activity", "Units by &activity"),
    ("similarity", "Units by &similarity"),
)


def strip_menu(view: StripsView, placed: Placed, unit: int | None = None) -> QMenu:
    """What can be done with one strip: fold, move, sort its units, pin the `unit` pointed at."""
    name = placed.strip.name
    shown = view.picture
    menu = QMenu(view)

    def add(text: str, layout: StripLayout, enabled: bool = True) -> None:
        action = menu.addAction(text)
        action.setEnabled(enabled)
        action.triggered.connect(lambda: view.set_strip_layout(layout))

    now = view.strip_layout
    add("&Open" if placed.collapsed else "&Fold", now.toggled(*placed.names))
    if isinstance(shown, StripsPicture):
        row = placed.beside or name
        for rows, text in ((-1, "up"), (1, "down")):
            then = shown.moved(now, row, rows)
            add(f"Move &{text}", then, then != now)
    add("Fit &height", now.fitted(name), now.height_of(name) is not None)
    if placed.strip.family == "heat" and placed.strip.rows > 1:
        menu.addSeparator()
        for sorting, text in _SORTINGS:
            add(text, now.sorted_by(name, sorting), now.sorting_of(name) != sorting)
        if unit is not None:
            is_pinned = unit in now.pins_of(name)
            text = f"Un&pin unit {unit + 1}" if is_pinned else f"&Pin unit {unit + 1} on top"
            add(text, now.pinned(name, unit))
            units = shown.units(placed) if isinstance(shown, StripsPicture) else ()
            place = units.index(unit)
            for to, text in ((place - 1, "up"), (place + 1, "down")):
                moved = now.with_unit_at(name, units, place, to)
                add(f"Unit {unit + 1} a row {text}", moved, 0 <= to < len(units))
    menu.addSeparator()
    for way, text in (("copy", "&Copy these numbers"), ("save", "&Save these numbers as CSV…")):
        menu.addAction(text).triggered.connect(partial(view.numbers_wanted.emit, name, way))
    if view.state is not None:
        more = menu.addMenu("&More strips")
        for strip in catalog(view.state.trace):
            if strip.starts_hidden:
                action = more.addAction(strip.caption.full)
                action.setCheckable(True)
                action.setChecked(not hidden(strip, now))
                opened = now.toggled(strip.name)
                action.triggered.connect(lambda _=False, to=opened: view.set_strip_layout(to))
        more.setEnabled(not more.isEmpty())
    menu.addSeparator()
    add("&Reset all strips", StripLayout(), now != StripLayout())
    return menu
