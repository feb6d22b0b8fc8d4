"""Between the panel's fields and a run's configuration: one edit, one new configuration."""

from __future__ import annotations

from typing import Any

import msgspec

from rnnviz.session.config import ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.setup import Plan, resolved

_MODEL = frozenset(ModelOptions.__struct_fields__)
_TRAINING = frozenset(TrainingOptions.__struct_fields__)


def edited(config: RunConfig, field: str, value: Any) -> RunConfig:
    """The configuration with one field of the panel changed.

    A cell brings its own rules: what only another cell has (peepholes, relu) falls back to the
    task's choice, and so does what only a stack of layers has (residual). Raises
    KeyError for a field that no configuration has.
    """
    if field == "seed":
        return msgspec.structs.replace(config, seed=value)
    if field in _MODEL:
        changes = {field: value}
        if field == "cell":
            changes |= {"peepholes": None, "activation": None}
        if field == "cell" and value == "jordan":
            changes |= {"layers": 1, "bidirectional": False}
        if changes.get("layers") == 1:
            changes["residual"] = None
        return msgspec.structs.replace(
            config, model=msgspec.structs.replace(config.model, **changes)
        )
    if field in _TRAINING:
        training = msgspec.structs.replace(config.training, **{field: value})
        return msgspec.structs.replace(config, training=training)
    raise KeyError(field)


def with_rate(plan: Plan, rate: float) -> RunConfig:
    """The configuration of a run that learns at that rate by now: one that was changed on the way
    is a choice like any other."""
    if rate == plan.training.learning_rate:
        return plan.config
    return edited(plan.config, "learning_rate", rate)


def for_task(
    task: str, options: dict[str, Any], like: RunConfig, *, keep_choices: bool = False
) -> RunConfig:
    """Another task with its own defaults, the seed kept; with `keep_choices` also what was chosen
    of model and training, which suits only a task of the same sort."""
    if keep_choices:
        return msgspec.structs.replace(like, task=task, options=options)
    return RunConfig(task=task, options=options, seed=like.seed)


def is_same(one: Plan, other: Plan, learning_rate: float) -> bool:
    """Whether a plan makes the run that another one made and that learns at that rate by now,
    however much of either was only suggested."""
    now = edited(resolved(other), "learning_rate", learning_rate)
    return resolved(one) == now and one.training.cut == other.training.cut
