"""Formulas as a line of plain text, for those who listen to them: ``h_3 = tanh(W_hh h_2 + b_h)``.

Only the LaTeX that the program itself writes is understood; what is not stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_typeset import SEPARATOR

_SIGNS = {
    r"\partial": "∂", r"\odot": "⊙", r"\top": "ᵀ", r"\sigma": "σ", r"\Sigma": "Σ", r"\delta": "δ",
    r"\leftarrow": "←", r"\rightarrow": "→", r"\cdot": "·", r"\,": " ", r"\;": " ", r"\ ": " ",
    r"\quad": " ", r"\left": "", r"\right": "", r"\|": "‖", r"\eta": "η", r"\beta": "β",
    r"\epsilon": "ε", r"\varepsilon": "ε", r"\lambda": "λ", r"\alpha": "α", r"\Delta": "Δ",
    r"\theta": "θ", r"\leq": "≤", r"\le": "≤", r"\in": "∈", r"\times": "×", r"\sum": "Σ",
    r"\mathrm": "", r"\text": "", r"\mathbf": "", r"\texttt": "",
    r"\Vert": "‖", r"\rho": "ρ", r"\gamma": "γ", r"\mu": "μ", r"\langle": "⟨", r"\rangle": "⟩",
}  # fmt: skip
_MARKS = {r"\hat": "̂", r"\widehat": "̂", r"\tilde": "̃", r"\widetilde": "̃", r"\bar": "̄"}
_NUMBER, _PLACE = re.compile(r"[0-9]+"), "\ue000"
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


def spoken(formulas: tuple[Formula, ...]) -> str:
    """Formulas one after the other, each as one sentence."""
    return ". ".join(_with_its_numbers(" ".join(each)) for each in formulas)


def _with_its_numbers(tex: str) -> str:
    """Steps change with every move of the cursor, what stands around them does not: it is read
    once, and the numbers are put back in their order."""
    around = _plain(_NUMBER.sub(_PLACE, tex)).split(_PLACE)
    numbers = (*_NUMBER.findall(tex), "")
    return "".join(f"{text}{number}" for text, number in zip(around, numbers, strict=True))


@lru_cache(maxsize=1024)
def _plain(tex: str) -> str:
    text, _ = _read(_TOKEN.findall(tex.replace(SEPARATOR, " ")), 0)
    text = re.sub(r"\s*⊙\s*", " ⊙ ", re.sub(r"\s+", " ", text))
    return re.sub(r"\s+(?=[,)^])|(?<=[(∂])\s+", "", text).strip()


def _read(tokens: list[str], at: int) -> tuple[str, int]:
    """The text up to the end, or to the brace that closes what was open; and where that is."""
    said = ""
    while at < len(tokens) and tokens[at] != "}":
        token = tokens[at]
        at += 1
        if token == "{":
            inner, at = _read(tokens, at)
            said, at = said + inner, at + 1
        elif token in (r"\frac", r"\dfrac"):
            above, at = _argument(tokens, at)
            below, at = _argument(tokens, at)
            said += f" {above}/{below} "
        elif token in _MARKS:
            inner, at = _argument(tokens, at)
            said += f"{inner[:1]}{_MARKS[token]}{inner[1:]}"
        elif token in ("_", "^"):
            inner, at = _argument(tokens, at)
            said += _index(token, inner.replace(" ", ""))
        else:
            said += _SIGNS.get(token, token.removeprefix("\\"))
    return said, at


def _index(sign: str, inner: str) -> str:
    """A subscript or superscript; layers and directions as they are, ᵀ close to its matrix."""
    if not inner or inner in ("ᵀ", "*"):
        return inner
    return (
        f"{sign}{inner}"
        if inner[0] == "(" or inner.replace(_PLACE, "0").isalnum()
        else f"{sign}({inner})"
    )


def _argument(tokens: list[str], at: int) -> tuple[str, int]:
    """A group in braces, or one token, and where the next begins."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at < len(tokens) and tokens[at] == "{":
        inner, at = _read(tokens, at + 1)
        return inner, at + 1
    if at >= len(tokens):
        return "", at
    return _SIGNS.get(tokens[at], tokens[at].removeprefix("\\")), at + 1
