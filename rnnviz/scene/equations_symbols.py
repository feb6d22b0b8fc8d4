"""The letters of the course notes, with their indices, as LaTeX.

Steps are counted from 1, as in the lecture. With several layers the layer stands above in
parentheses beside an arrow for the direction, encoder and decoder as words; subscripts come first.
"""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.equations_typeset import SEPARATOR
from rnnviz.trace import ModelSpec


def atom(symbol: str) -> str:
    """A symbol marked as a part that is typeset for itself, whatever stands beside it."""
    return f"{SEPARATOR}{symbol}{SEPARATOR}"


def bare(symbol: str) -> str:
    """The symbol without the marks of `atom`, to stand inside another."""
    return symbol.replace(SEPARATOR, "")


@dataclass(frozen=True, slots=True)
class LayerSymbols:
    """The symbols of one layer of one part (``name`` is ``l0``, ``l1_reverse``, …)."""

    spec: ModelSpec
    prefix: str
    name: str

    @property
    def number(self) -> int:
        """The layer counted from 0."""
        return int(self.name[1:].split("_")[0])

    @property
    def reverse(self) -> bool:
        return self.name.endswith("_reverse")

    def _above(self, number: int) -> str:
        part = {"encoder_": r"\text{enc}", "decoder_": r"\text{dec}", "": ""}[self.prefix]
        layer = f"({number + 1})" if self.spec.layers > 1 else ""
        both = r"\,".join(piece for piece in (part, layer) if piece)
        return f"^{{{both}}}" if both else ""

    def at(self, letter: str, step: int) -> str:
        """A quantity of this layer at a step: ``h_{3}^{(2)}``."""
        mark = self._mark()
        return atom(f"{letter}_{{{step}}}^{{{mark}}}" if mark else f"{letter}_{{{step}}}")

    def weight(self, letter: str, below: str) -> str:
        """A weight of this layer: ``W_{hh}^{(2)}``; `below` is its subscript."""
        mark = self._mark()
        return atom(f"{letter}_{{{below}}}^{{{mark}}}" if mark else f"{letter}_{{{below}}}")

    def _mark(self) -> str:
        """Part, layer and direction, as they stand above a letter."""
        both = len(self.spec.directions(self.prefix)) == 2
        arrow = (r"\leftarrow" if self.reverse else r"\rightarrow") if both else ""
        above = self._above(self.number)[2:-1]
        return r"\,".join(piece for piece in (above, arrow) if piece)

    def transposed(self, letter: str, below: str) -> str:
        """The transpose of a weight."""
        return atom(rf"{letter}_{{{below}}}^{{{self._mark()}\top}}")

    def source(self, step: int) -> str:
        """What the layer reads at a step: the input, or what the layer below hands up."""
        if self.number == 0:
            part = {"encoder_": r"^{\text{enc}}", "decoder_": r"^{\text{dec}}"}
            return atom(f"x_{{{step}}}{part.get(self.prefix, '')}")
        return LayerSymbols(self.spec, self.prefix, f"l{self.number - 1}").handed_up(step)

    @property
    def hands_up_more(self) -> bool:
        """Whether what goes upwards is not the state itself: u = dropout(h) + u of the layer
        below, with residual sums."""
        return self.spec.dropout > 0.0 or (self.spec.residual and self.number > 0)

    def handed_up(self, step: int) -> str:
        """What goes from this layer to the next, or to the output: of both directions."""
        letter = "u" if self.hands_up_more else "h"
        return atom(f"{letter}_{{{step}}}{self._above(self.number)}")

    def before(self, step: int) -> int:
        """The step whose state this layer carries on at `step`, in its own direction."""
        return step + 1 if self.reverse else step - 1

    def after(self, step: int) -> int:
        return step - 1 if self.reverse else step + 1


def gradient(symbol: str) -> str:
    """∂L/∂symbol as a fraction."""
    return atom(rf"\frac{{\partial L}}{{\partial {bare(symbol)}}}")
