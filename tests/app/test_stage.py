"""The stage before there is anything to show."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from rnnviz.app.stage import Stage
from rnnviz.app.stage_model import StageModel
from rnnviz.scene.theme import LIGHT
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run


@pytest.fixture
def parent() -> QObject:
    return QObject()


def test_panels_that_stay_empty_say_that_the_first_pass_is_on_its_way(
    qtbot: QtBot, parent: QObject
) -> None:
    model = StageModel(LIGHT, 100.0, 400.0, parent)
    stage = Stage(model)
    qtbot.addWidget(stage)
    stage.resize(900, 700)
    stage.show()
    qtbot.waitExposed(stage)
    assert not stage.bar.isVisible()

    def colors() -> set[int]:
        image = stage.graph.grab().toImage()
        middle = image.height() // 2
        rows = range(middle - 12, middle + 12)
        return {QColor(image.pixel(x, y)).rgb() for y in rows for x in range(image.width())}

    stage.wait(0.5)
    assert len(colors()) == 1, "most passes come sooner than one can read"
    stage.wait(0.5)
    assert stage.graph.waiting
    assert len(colors()) > 1
    model.show_trace(Run.create(RunConfig(task="hello")).trace())
    assert stage.graph.picture is not None
