"""Every letter of the equations has its line in the list of symbols."""

import re

from rnnviz.scene.equations_models import every_known_part
from rnnviz.scene.symbol_list import SYMBOLS

_NOT_SYMBOLS = {r"\frac", r"\leq", r"\text{enc}", r"\text{dec}", *"()[]+-/,;="}
"""What joins symbols, and words that say themselves what they are."""
_HEADS = re.compile(
    r"\\(?:text|mathrm)\{[^}]*\}|\\hat\{[a-z]\}|\\[a-zA-Z]+|[A-Za-z](?:_\{[^}]*\})?|[^\s\\{}\w^]"
)


def heads(part: str) -> set[str]:
    """The letters of a piece of LaTeX without their indices."""
    found = {match.partition("_")[0] for match in _HEADS.findall(part)}
    return {head for head in found if not head.startswith(r"\text") or head == r"\text{context}"}


def test_every_symbol_of_the_equations_is_explained() -> None:
    used = set().union(*map(heads, every_known_part())) - _NOT_SYMBOLS
    explained = {head for group in SYMBOLS.values() for each in group for head in each.heads}
    assert used == explained


def test_the_letters_of_the_figures_are_explained_too_in_one_line_each() -> None:
    signs = " ".join(each.sign for group in SYMBOLS.values() for each in group)
    for sign in ("W<sub>xh</sub>", "W<sub>hh</sub>", "W<sub>hy</sub>", "y*", "ρ", "σ₁", "‖·‖", "⊙"):
        assert sign in signs
    assert all(len(each.words) < 80 for group in SYMBOLS.values() for each in group)
