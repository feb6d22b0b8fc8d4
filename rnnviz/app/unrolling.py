"""Rolling the graph up and unrolling it: a share that moves between 0 and 1."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Slot

_MILLISECONDS = 1100


class Unrolling(QObject):
    """Calls `show` with every share on the way; can be turned round at any moment."""

    def __init__(self, show: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self.share = 1.0
        self.target = 1.0
        self._clock = QVariantAnimation(self)
        self._clock.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._clock.valueChanged.connect(self._advance)

    @property
    def is_rolled(self) -> bool:
        """Whether the graph is rolled up, or on its way there."""
        return self.target < 0.5

    def turn(self, *, still: bool) -> None:
        """To the other form: at once where motion is not wanted."""
        self.target = 1.0 if self.is_rolled else 0.0
        self._clock.stop()
        if still:
            self._advance(self.target)
            return
        way = self.target - self.share
        # New ends move a clock that has run out to its end, which nobody is to see.
        self._clock.blockSignals(True)
        self._clock.setStartValue(self.share)
        self._clock.setEndValue(self.target)
        self._clock.setDuration(max(round(_MILLISECONDS * abs(way)), 1))
        self._clock.blockSignals(False)
        self._clock.start()

    def finish(self) -> None:
        """What is under way ends at once."""
        if self._clock.state() == QVariantAnimation.State.Running:
            self._clock.stop()
            self._advance(self.target)

    @Slot(object)
    def _advance(self, share: float) -> None:
        self.share = float(share)
        self._show()
