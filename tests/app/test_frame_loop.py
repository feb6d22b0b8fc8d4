"""Flat out, pictures come at even intervals however long each takes to build."""

from time import perf_counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject

from rnnviz.app.frame_loop import FrameLoop
from rnnviz.app.governor import FrameGovernor
from rnnviz.app.shell import Shell
from rnnviz.app.ticker import Pace, Ticker
from rnnviz.session.gate import Gate
from rnnviz.views.unhurried import UnhurriedWidget


class View(UnhurriedWidget):
    """Says when it is asked for and painted."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self._said = said

    def build(self) -> None:
        self._said.append("built")
        self.picture_changed()

    def flush(self) -> None:
        super().flush()
        self._said.append("painted")


class Loop(FrameLoop):
    """Every frame builds one view; what else a frame does is left out."""

    def __init__(self, desk: Any, view: View, said: list[str]) -> None:
        self.rooms = SimpleNamespace(
            busy=False, hurries=False, answer=lambda: said.append("answer")
        )
        governor = SimpleNamespace(interval=0.05)
        super().__init__(
            cast(Shell, SimpleNamespace(desk=desk, rooms=self.rooms, governor=governor))
        )
        self._view, self._said = view, said

    def _paint(self) -> None:
        """There is no window."""

    def _frame(self, seconds: float) -> bool:
        self._said.append("frame")
        if self._shell.desk is not None and self._shell.desk.flat_out:
            self._show(self._view, self._view.build)
        return True


def test_a_frame_paints_what_the_one_before_built_and_lets_the_trainer_go_on(qapp: object) -> None:
    said: list[str] = []
    gate = Gate()
    desk = SimpleNamespace(flat_out=True, host=SimpleNamespace(gate=gate))
    loop = Loop(desk, View(said), said)
    assert loop.tick(0.0) == "slice"
    assert gate.is_closed
    assert loop.tick(0.0) == "frame"
    assert not gate.is_closed
    assert said == ["frame", "built"]
    loop.tick(0.016)
    loop.tick(0.0)
    assert said == ["frame", "built", "painted", "frame", "built"]
    desk.flat_out = False
    loop.tick(0.016)
    assert said[5:] == ["painted", "frame"], "a pause leaves nothing unpainted"


def test_between_two_frames_an_answer_that_somebody_waits_for_is_looked_for(qapp: object) -> None:
    said: list[str] = []
    desk = SimpleNamespace(flat_out=True, host=SimpleNamespace(gate=Gate()))
    loop = Loop(desk, View(said), said)
    loop.tick(0.06)
    loop.rooms.hurries = True
    assert loop.tick(0.0) == "poll", "the frame is done, but somebody waits"
    for _ in range(3):
        assert loop.tick(0.01) == "poll"
    assert said == ["frame", "built", "answer", "answer", "answer"]
    loop.tick(0.03)
    assert said[5:] == ["painted", "frame"], "the frames go on at their own pace"


def test_at_rest_an_answer_is_looked_for_between_two_frames_too(qapp: object) -> None:
    said: list[str] = []
    desk = SimpleNamespace(flat_out=False, host=SimpleNamespace(gate=Gate()))
    loop = Loop(desk, View(said), said)
    loop.rooms.hurries = True
    assert [loop.tick(0.02) for _ in range(4)] == ["poll"] * 4
    assert said == ["answer", "answer", "frame", "answer"]
    assert not desk.host.gate.is_closed


def test_looking_for_an_answer_does_not_count_as_a_cheap_frame(qapp: object) -> None:
    governor = FrameGovernor(60.0, 0.25)
    paces: list[Pace] = []

    def frame(seconds: float) -> Pace:
        paces.append("frame" if len(paces) % 4 == 3 else "poll")
        end = perf_counter() + (0.02 if paces[-2:-1] == ["frame"] else 0.0)
        while perf_counter() < end:
            pass
        return paces[-1]

    ticker = Ticker(frame, governor, cast(QObject, qapp))
    for _ in range(80):
        ticker._tick()
    assert governor.interval > 0.07


def test_a_page_that_takes_longer_than_its_turn_leaves_the_others_theirs(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def note(view: object, prepare: object) -> None:
        shown.append(getattr(view, "name", "side"))

    page = UnhurriedWidget()
    inspector = SimpleNamespace(page=page)
    views = [SimpleNamespace(name="graph"), SimpleNamespace(name="strips")]
    stage = SimpleNamespace(behind=list(views))
    window = SimpleNamespace(
        side=SimpleNamespace(currentWidget=lambda: inspector),
        inspector=inspector,
        steps=None,
        stage=stage,
        curve=SimpleNamespace(name="curve"),
    )
    shell = SimpleNamespace(
        model=SimpleNamespace(state=object(), live=True),
        window=window,
        display=SimpleNamespace(is_behind=True, catch_up=None),
        show_side=None,
    )
    loop = FrameLoop(cast(Shell, shell))
    monkeypatch.setattr(loop, "_show", note)
    for _ in range(8):
        stage.behind = stage.behind or list(views)
        loop._since_side = 60.0
        loop._take_turns()
    assert shown[:4] == ["side", "curve", "graph", "side"]
    assert shown[4:] == ["curve", "strips", "side", "curve"]
