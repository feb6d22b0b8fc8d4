"""Every setting of a configuration arrives where it is used, or is refused in a sentence."""

from typing import Any

import pytest

from rnnviz.engine.schedules import Schedule
from rnnviz.session import Run
from rnnviz.session.config import InitOptions, ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.setup import OPTIMIZER_OPTIONS, plan, resolved
from rnnviz.tasks import get_task
from rnnviz.trace import UserError


def config(task: str = "hello", model: dict[str, Any] | None = None, **training: Any) -> RunConfig:
    return RunConfig(
        task=task, model=ModelOptions(**(model or {})), training=TrainingOptions(**training)
    )


def test_every_setting_of_the_training_is_the_one_it_trains_with() -> None:
    made = plan(
        config(
            optimizer="momentum", learning_rate=0.25, clip_norm=3.0, clip_value=0.5, batch_size=2,
            window=3, iterations=70, teacher_forcing=0.75, scheduled_sampling=True,
        )
    ).training  # fmt: skip
    assert (made.optimizer, made.learning_rate, made.iterations) == ("momentum", 0.25, 70)
    assert (made.clip_norm, made.clip_value) == (3.0, 0.5)
    assert (made.batch_size, made.window, made.cut) == (2, 3, 3)
    assert (made.teacher_forcing, made.scheduled_sampling) == (0.75, True)


@pytest.mark.parametrize("task", ["hello", "captioning"])
def test_what_nobody_has_set_is_what_the_task_suggests(task: str) -> None:
    made, suggested = plan(config(task)).training, get_task(task).defaults
    for name in ("optimizer", "learning_rate", "batch_size", "window", "iterations"):
        assert getattr(made, name) == getattr(suggested, name), name
    assert made.clip_norm == (suggested.clip_norm or None)
    assert made.schedule == Schedule(kind=suggested.schedule, iterations=suggested.iterations)
    assert (made.clip_value, made.cut, made.optimizer_options) == (None, None, {})
    assert (made.teacher_forcing, made.scheduled_sampling) == (1.0, False)
    assert plan(config(task, clip_value=0.0)).training.clip_value is None


def test_every_option_of_every_optimiser_arrives_and_no_other_is_taken() -> None:
    every = {name for names in OPTIMIZER_OPTIONS.values() for name in names}
    for optimizer, names in OPTIMIZER_OPTIONS.items():
        given: dict[str, Any] = {name: 0.5 + i / 16 for i, name in enumerate(names)}
        made = plan(config(optimizer=optimizer, **given)).training
        assert made.optimizer_options == given
        for name in every - set(names):
            with pytest.raises(UserError, match=f"{name} is not a setting of the optimiser"):
                plan(config(optimizer=optimizer, **{name: 0.5}))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"schedule": "step", "schedule_every": 7, "schedule_factor": 0.25},
            Schedule(kind="step", every=7, factor=0.25, iterations=100),
        ),
        (
            {"schedule": "exponential", "warmup": 3, "schedule_every": 7},
            Schedule(kind="exponential", warmup=3, every=7, iterations=97),
        ),
        (
            {"schedule": "cosine", "schedule_final": 0.125, "warmup": 20},
            Schedule(kind="cosine", final=0.125, warmup=20, iterations=80),
        ),
        (
            {"schedule": "linear", "schedule_final": 0.5, "warmup": 300},
            Schedule(kind="linear", final=0.5, warmup=300, iterations=1),
        ),
        ({"schedule": "inverse-sqrt"}, Schedule(kind="inverse-sqrt", iterations=100)),
    ],
)
def test_a_schedule_falls_from_the_end_of_its_warm_up_to_the_last_iteration(
    given: dict[str, Any], expected: Schedule
) -> None:
    assert plan(config(iterations=100, **given)).training.schedule == expected


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("schedule_every", "step or exponential"),
        ("schedule_factor", "step or exponential"),
        ("schedule_final", "cosine or linear"),
    ],
)
def test_a_setting_that_a_schedule_does_not_use_is_refused(name: str, kinds: str) -> None:
    for kind in ("constant", "step", "exponential", "cosine", "linear", "inverse-sqrt"):
        given = config(schedule=kind, **{name: 1})
        if kind in kinds:
            plan(given)
            continue
        with pytest.raises(UserError, match=f"{name} needs the schedule {kinds}; it is {kind}"):
            plan(given)


def test_a_resolved_configuration_has_every_suggestion_of_the_task_in_it() -> None:
    made = plan(RunConfig(task="captioning"))
    written, training = resolved(made), made.training
    assert written.task == "captioning"
    assert written.options == dict(made.task.options)
    for name in written.model.__struct_fields__:
        assert getattr(written.model, name) == getattr(made.spec, name), name
    for name in ("optimizer", "learning_rate", "batch_size", "window", "iterations"):
        assert getattr(written.training, name) == getattr(training, name), name
    assert written.training.schedule == training.schedule.kind
    assert written.training.clip_norm == (training.clip_norm or 0.0)
    off = resolved(plan(config(clip_norm=0.0)))
    assert off.training.clip_norm == 0.0
    assert plan(off).training.clip_norm is None


def test_an_embedding_belongs_to_what_reads_one() -> None:
    made = plan(config("translation", {"hidden_size": 8, "embedding_size": 5}))
    assert made.spec.embedding_size == 5
    one_hot = {"hidden_size": 8, "input_kind": "one-hot", "embedding_size": 5}
    assert plan(config("translation", one_hot)).spec.embedding_size == 5  # its decoder reads one
    with pytest.raises(UserError, match="embedding_size is 5, but the input is one-hot"):
        plan(config("sentiment", one_hot))


@pytest.mark.parametrize("init", [{"scheme": "normal"}, {"inputs": "normal"}])
def test_a_spread_is_taken_where_something_is_drawn_with_it(init: dict[str, Any]) -> None:
    made = plan(RunConfig(init=InitOptions(std=0.25, **init)))
    assert made.init.std == 0.25
    weights = made.new_network().params
    name = "W_hh_l0" if "scheme" in init else "W_hy"
    assert 0.05 < weights[name].std() < 0.6


@pytest.mark.parametrize(
    ("task", "model"),
    [
        ("hello", {}),
        ("hello", {"input_kind": "embedding", "embedding_size": 3}),
        ("translation", {"hidden_size": 8}),
        ("translation", {"hidden_size": 8, "bidirectional": True}),
    ],
)
def test_a_model_that_reads_what_it_writes_can_be_fed_its_own_words(
    task: str, model: dict[str, Any]
) -> None:
    made = plan(config(task, model, teacher_forcing=0.5, scheduled_sampling=True))
    assert made.training.teacher_forcing == 0.5
    assert made.training.scheduled_sampling
    assert plan(config(task, model, teacher_forcing=0.0)).training.teacher_forcing == 0.0


@pytest.mark.parametrize("task", ["sentiment", "copy", "adding", "sine", "digits"])
def test_one_that_reads_something_else_cannot(task: str) -> None:
    with pytest.raises(UserError, match=f"the model of {task} does not read what it writes"):
        plan(config(task, {"hidden_size": 8, "bidirectional": False}, teacher_forcing=0.5))
    plan(config(task, {"hidden_size": 8}, teacher_forcing=1.0))


def test_as_many_answers_as_inputs_do_not_make_an_answer_an_input() -> None:
    fed = config("parity", teacher_forcing=0.5)
    with pytest.raises(UserError, match="the model of parity does not read what it writes"):
        Run.create(fed)
    Run(plan(fed))  # as it stands in a file from before that was noticed
    assert Run.create(config("brackets", teacher_forcing=0.5)).train(2).iteration == 2


def test_one_that_needs_its_whole_input_beforehand_cannot_either() -> None:
    with pytest.raises(UserError, match="bidirectional model needs its whole input beforehand"):
        plan(config("hello", {"bidirectional": True}, teacher_forcing=0.5))


@pytest.mark.parametrize("share", [None, 1.0])
def test_there_is_nothing_to_draw_where_every_word_is_given(share: float | None) -> None:
    with pytest.raises(UserError, match="scheduled_sampling needs a teacher_forcing below 1"):
        plan(config(teacher_forcing=share, scheduled_sampling=True))
    plan(config(teacher_forcing=share, scheduled_sampling=False))
