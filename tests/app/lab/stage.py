"""What the tests of what-if see on the stage, and how they take a number there."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from rnnviz.analysis import Edit
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import Trace
from rnnviz.views.picture_view import PictureView

Until = Callable[[Callable[[], bool]], None]
LEFT = Qt.MouseButton.LeftButton


def shown(shell: Shell) -> Trace:
    assert shell.model.state is not None
    return shell.model.state.trace


def place_of(view: PictureView, node: str) -> QPoint:
    """Where on a view the number of that node stands."""
    assert view.picture is not None
    whole = node.partition("[")[0]
    for hit in view.picture.hits:
        if hit.node.partition("@")[2] != whole.partition("@")[2]:
            continue
        for x in np.arange(hit.rect.x + 1.5, hit.rect.right, 3.0):
            for y in np.arange(hit.rect.y + 1.5, hit.rect.bottom, 3.0):
                if view.number_at(QPointF(x, y)) == node:
                    return QPoint(round(x), round(y))
    raise AssertionError(f"{node} is nowhere on this view")


def drag(view: PictureView, node: str, up: int) -> None:
    """Take hold of a number and pull it up by so many pixels, with real events."""
    drag_from(view, place_of(view, node), up)


def drag_from(view: PictureView, at: QPoint, up: int) -> None:
    """The same with the number that stands there."""
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(view, LEFT, control, at)
    for dy in (up // 3, 2 * up // 3, up):
        QTest.mouseMove(view, at - QPoint(0, dy))
    QTest.mouseRelease(view, LEFT, control, at - QPoint(0, up))


def the_edit(shell: Shell) -> Edit:
    controls = shell.window.lab.card.controls
    assert isinstance(controls, WhatIfControls)
    (edit,) = controls.history.edits
    return edit


def lstm(shell: Shell, until: Until, **options: Any) -> Trace:
    assert shell.desk is not None
    model = ModelOptions(cell="lstm", hidden_size=4, **options)
    shell.desk._put_run(Run.create(RunConfig(task="hello", model=model)))
    until(lambda: shown(shell).spec.cell == "lstm")
    return shown(shell)
