"""The window of the neighbouring tests, with the laboratory in sight."""

from collections.abc import Callable

import pytest

from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from tests.app.conftest import bare_shell, settings, shell, until

__all__ = ["bare_shell", "settings", "shell", "until"]


@pytest.fixture
def card(shell: Shell, until: Callable[[Callable[[], bool]], None]) -> FigureCard:
    """The card in the window's own laboratory, with its first figure computed."""
    shell.window.show_lab()
    card = shell.window.lab.card
    until(lambda: card.result is not None)
    return card


@pytest.fixture
def controls(card: FigureCard, until: Callable[[Callable[[], bool]], None]) -> WhatIfControls:
    """The form of what-if on an untrained "hello"."""
    card.choose("what-if")
    until(lambda: card.result is not None)
    assert isinstance(card.controls, WhatIfControls)
    return card.controls
