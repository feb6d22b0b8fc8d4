"""Steps and plays the pass on the stage; asks for the newest trace when it has nothing to lose."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from rnnviz.app.stage_model import StageModel
from rnnviz.scene.playback import Playback
from rnnviz.scene.timeline import Unit
from rnnviz.trace import Trace

_LONG = 100
"""Steps from which on nobody watches one after the other."""


class Player(QObject):
    """Joins the playback (position, speed, play and pause) with the stage's state."""

    playing_changed = Signal(bool)

    def __init__(self, model: StageModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._playback: Playback | None = None
        self._unit: Unit = "operation"
        self._speed = 2.0
        self._was_playing = False

    @property
    def playing(self) -> bool:
        return self._playback is not None and self._playback.playing

    def show_trace(self, trace: Trace) -> None:
        """Put a pass on the stage; the position stays where the passes have the same shape."""
        self._model.show_trace(trace)
        state = self._model.state
        assert state is not None
        if self._playback is None:
            self._playback = Playback(state.timeline, self._speed)
            self._playback.unit = self._unit
        self._playback.replace(state.timeline, self._model.position)

    def present(self, trace: Trace, *, backward: bool = False) -> None:
        """Play a pass from its beginning, or its way `backward` alone; a long one is shown done,
        and can be played by hand."""
        self.show_trace(trace)
        state = self._model.state
        if trace.columns > _LONG or state is None:
            self.to_end()
        else:
            self.seek(float(state.timeline.backward_start) if backward else 0.0)
            self.play(1)

    def set_unit(self, unit: Unit) -> None:
        self._unit = unit
        if self._playback is not None:
            self._playback.unit = unit

    def set_speed(self, operations_per_second: float) -> None:
        self._speed = operations_per_second
        if self._playback is not None:
            self._playback.speed = operations_per_second

    def toggle(self) -> None:
        self._act(Playback.toggle)

    def play(self, direction: int) -> None:
        """Run; asked again in the same direction while running, twice as fast."""

        def run(playback: Playback) -> None:
            if playback.direction == direction:
                playback.speed *= 2.0
            else:
                playback.speed = self._speed
                playback.play(direction)

        self._act(run)

    def stop(self) -> None:
        self._act(Playback.pause)

    def step(self, count: int) -> None:
        self._act(lambda playback: playback.step(count))

    def seek(self, position: float) -> None:
        def go(playback: Playback) -> None:
            playback.pause()
            playback.seek(position)

        self._act(go)

    def to_end(self) -> None:
        self.seek(float(self._model.timeline_length))

    def tick(self, seconds: float, *, inside: bool = False) -> None:
        """Let time go by; `inside` says that the stage shows the inside of a cell."""
        if self.playing:
            self._act(lambda playback: playback.tick(seconds, inside=inside))

    def _act(self, move: Callable[[Playback], object]) -> None:
        """Move from where the stage stands (somebody may have dragged the cursor) and tell it."""
        playback = self._playback
        if playback is None:
            return
        playback.position = min(self._model.position, float(playback.length))
        move(playback)
        if not playback.playing:
            # However it came to rest: the next time the speed is that of the slider.
            playback.speed = self._speed
        if playback.position != self._model.position:
            self._model.seek(playback.position)
        if playback.playing != self._was_playing:
            self._was_playing = playback.playing
            self.playing_changed.emit(self._was_playing)
