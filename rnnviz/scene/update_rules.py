"""What the optimiser does with a gradient: the rule in words and typeset, from one table.

g is the gradient as it is used: ∂L/∂W, clipped where a bound was reached. The rules are those of
`rnnviz.engine.optimizers`: weight decay λ is added to g, in AdamW it shrinks W itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.numbers import short
from rnnviz.trace import Update


@dataclass(frozen=True, slots=True)
class Rule:
    """One optimiser: its `name`, the step that W takes in words and in LaTeX, and what it
    remembers between iterations, in LaTeX."""

    name: str
    words: str
    tex: str
    memory: str = ""


_ADAM = (r"m \leftarrow \beta m + (1-\beta)\,g", r"\eta\,\hat{m}\,/\,(\hat{v}^{1/2}+\varepsilon)")
RULES = {
    "sgd": Rule("SGD", "η g", r"\eta\,g"),
    "momentum": Rule("momentum", "η v", r"\eta\,v", r"v \leftarrow \mu v + g"),
    "nesterov": Rule("Nesterov", "η (g + μ v)", r"\eta\,(g + \mu v)", r"v \leftarrow \mu v + g"),
    "adagrad": Rule(
        "Adagrad",
        "η g / (√G + ε)",
        r"\eta\,g\,/\,(G^{1/2}+\varepsilon)",
        r"G \leftarrow G + g\odot g",
    ),
    "rmsprop": Rule(
        "RMSprop",
        "η g / (√v + ε)",
        r"\eta\,g\,/\,(v^{1/2}+\varepsilon)",
        r"v \leftarrow \rho v + (1-\rho)\,g\odot g",
    ),
    "adam": Rule("Adam", "η m̂ / (√v̂ + ε)", _ADAM[1], _ADAM[0]),
    "adamw": Rule("AdamW", "η m̂ / (√v̂ + ε)", _ADAM[1], _ADAM[0]),
}
UNKNOWN = "W ← W + ΔW"
"""Of an optimiser, or an update, that nothing is known of."""
_DECAY = r"g \leftarrow g + \lambda W"
_SHRUNK = r"(1-\eta\lambda)\,W"


def rule_name(optimizer: str) -> str:
    """The optimiser's name as it is usually written."""
    rule = RULES.get(optimizer.lower())
    return optimizer if rule is None else rule.name


def _shrinks(optimizer: str, weight_decay: float) -> bool:
    return optimizer.lower() == "adamw" and weight_decay > 0.0


def update_words(update: Update) -> str:
    """The step that W takes, in one line: ``W ← W − η g / (√G + ε)``."""
    rule = RULES.get(update.optimizer.lower())
    if rule is None:
        return UNKNOWN
    kept = "(1 − ηλ) W" if _shrinks(update.optimizer, update.weight_decay) else "W"
    return f"W ← {kept} − {rule.words}"


def update_figures(update: Update) -> tuple[tuple[str, str], ...]:
    """What went into the step as (symbol, number), the gradient with what clipping made of it."""
    gradient = short(update.grad_norm)
    if is_clipped(update):
        gradient += f", clipped to {short(update.clipped_norm)}"
    decay = (("λ", short(update.weight_decay)),) if update.weight_decay > 0.0 else ()
    return (("η", short(update.learning_rate)), *decay, ("‖∂L/∂W‖", gradient))


def is_clipped(update: Update) -> bool:
    """Whether clipping made the gradient shorter."""
    return update.clipped_norm < update.grad_norm * (1 - 1e-9)


def update_formula(optimizer: str, weight_decay: float = 0.0) -> tuple[Formula, ...]:
    """The same rule typeset: what becomes of g = ∂L/∂W after clipping."""
    rule = RULES.get(optimizer.lower())
    if rule is None:
        return ((r"W \leftarrow W + \Delta W",),)
    shrinks = _shrinks(optimizer, weight_decay)
    first = ((_DECAY,),) if weight_decay > 0.0 and not shrinks else ()
    memory = ((rule.memory,),) if rule.memory else ()
    return (*first, *memory, (rf"W \leftarrow {_SHRUNK if shrinks else 'W'} - {rule.tex}",))
