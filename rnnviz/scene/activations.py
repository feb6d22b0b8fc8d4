"""What the function of a cell without gates is called on screen, and its slope."""

from __future__ import annotations

import math

from rnnviz.trace.spec import Activation

_NAMES: dict[Activation, str] = {"tanh": "tanh", "relu": "ReLU", "linear": "linear"}
_SLOPES: dict[Activation, str] = {"tanh": "(1 − h²)", "relu": "[a > 0]", "linear": "1"}


def function_name(activation: Activation) -> str:
    """``tanh``, ``ReLU``; ``linear`` where the state is the sum itself."""
    return _NAMES[activation]


def applied(activation: Activation, inside: str) -> str:
    """``tanh(…)``, ``ReLU(…)``; of a linear cell what stands inside, for there is no function."""
    return inside if activation == "linear" else f"{_NAMES[activation]}({inside})"


def function_value(name: str, value: float) -> float:
    """What a function that a cell may have, by its name on screen, makes of a number."""
    if name == "σ":
        return 0.5 * math.tanh(0.5 * value) + 0.5
    if name == "ReLU":
        return max(value, 0.0)
    return math.tanh(value) if name == "tanh" else value


def slope_words(activation: Activation) -> str:
    """The slope of the function, as the factor on the way back."""
    return _SLOPES[activation]
