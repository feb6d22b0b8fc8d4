"""A loss walks back through the graph, and the figure that says who caused it points at states."""

from collections.abc import Callable
from time import monotonic

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.analysis import contributions, walk_back
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.shell import Shell
from rnnviz.scene.lab.causes import Causes, MatrixPicture
from rnnviz.session.config import RunConfig
from rnnviz.trace import Trace, UserError
from tests.app.lab.cards import click, texts
from tests.app.lab.stage import shown

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def test_a_loss_is_clicked_walked_back_and_selected_on_the_stage(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes))
    np.testing.assert_array_equal(card.result.log10, contributions(shown(shell)).log10_norm)
    click(card, "loss@3")
    assert shell.model.state is not None
    assert shell.model.state.selected == "loss@3"
    until(lambda: "walks back" in texts(card))
    click(card, "state@1")
    assert shell.model.state.selected == "h_l0@1"
    until(lambda: "What reaches h₂" in texts(card))


def test_a_loss_walks_back_through_the_graph_and_the_figures_stay_with_the_whole_pass(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    base = shown(shell)
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes))
    click(card, "loss@2")
    until(lambda: shown(shell) is not base)
    expected = walk_back(base, 2)
    np.testing.assert_allclose(shown(shell)["dL_dh_l0"][:, 0], expected.vectors, atol=1e-6)
    assert shell.player.playing
    assert "loss of step 3 alone" in shell.window.banner.text.text()
    until(lambda: not shell.lab.busy)
    np.testing.assert_array_equal(card.result.log10, contributions(base).log10_norm)
    click(card, "loss@0")
    until(lambda: float(shown(shell)["loss_total"]) == pytest.approx(float(base["loss"][0, 0])))
    click(card, "loss@0")
    until(lambda: not shell.held and shown(shell)["h_l0"].dtype == base["h_l0"].dtype)
    np.testing.assert_array_equal(shown(shell)["dL_dh_l0"], base["dL_dh_l0"])


def test_a_loss_of_the_graph_walks_back_while_who_caused_it_is_open_and_escape_ends_it(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    base = shown(shell)
    graph = shell.window.stage.graph

    def click_graph(node: str) -> None:
        picture = graph.picture
        assert picture is not None
        x, y = next(hit.rect for hit in picture.hits if hit.node == node).center
        QTest.mouseClick(graph, LEFT, pos=QPoint(round(x), round(y)))

    click_graph("loss@1")
    end = monotonic() + 0.2
    until(lambda: monotonic() > end)
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes) and not shell.lab.busy)
    assert shown(shell) is base  # selected before anybody listened
    click_graph("loss@3")
    until(lambda: shown(shell) is not base)
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: not shell.held and shown(shell)["h_l0"].dtype == np.float32)
    until(lambda: shell.lab.pointing.loss is None)
    click_graph("h_l0@1")
    until(lambda: "What reaches h₂" in texts(card))
    assert shown(shell)["h_l0"].dtype == np.float32


def test_a_cell_of_the_matrix_selects_its_state(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("causes")
    until(lambda: isinstance(card.view.picture, MatrixPicture))
    picture = card.view.picture
    assert isinstance(picture, MatrixPicture)
    assert picture.matrix is not None
    m = picture.matrix
    QTest.mouseClick(card.view, LEFT, pos=QPoint(round(m.x + m.w * 0.6), round(m.y + m.h * 0.9)))
    assert shell.model.state is not None
    assert shell.model.state.selected == "h_l0@2"


def test_a_loss_that_cannot_walk_is_told_once(
    shell: Shell, card: FigureCard, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def refuse(trace: Trace, loss: int, row: int) -> Trace:
        asked.append(loss)
        raise UserError("this pass cannot be walked through")

    monkeypatch.setattr("rnnviz.app.lab.walker.single_loss", refuse)
    card.choose("causes")
    until(lambda: isinstance(card.view.picture, MatrixPicture))
    click(card, "loss@2")
    until(lambda: "cannot be walked" in shell.window.banner.text.text())
    QTest.qWait(200)
    assert asked == [2]


def test_what_was_pointed_at_is_forgotten_with_its_network(
    shell: Shell, card: FigureCard, until: Until
) -> None:
    card.choose("causes")
    until(lambda: isinstance(card.result, Causes))
    click(card, "state@2")
    pointing = shell.lab.pointing
    assert shell.model.state is not None
    assert pointing.marks(shell.model.state, "l0").state == 2
    assert shell.desk is not None
    shell.desk.build(lambda: RunConfig(task="brackets"), "brackets")
    until(lambda: shown(shell).columns > 4)
    until(lambda: pointing.marks(shell.model.state, "l0").state is None)  # type: ignore[arg-type]  # there is a pass
