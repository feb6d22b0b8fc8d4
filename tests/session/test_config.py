import dataclasses
from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnnviz.session import Run, load
from rnnviz.session.config import InitOptions, ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.config_file import merge, parse_config, read_config
from rnnviz.session.setup import plan, resolved
from rnnviz.trace import UserError


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"tsk": "hello"}, ["'tsk'", "did you mean task?"]),
        ({"model": {"hiden_size": 3}}, ["'hiden_size' in [model]", "did you mean hidden_size?"]),
        ({"hidden_size": 3}, ["'hidden_size'", "it belongs in [model]"]),
        ({"model": {"learning_rate": 3.0}}, ["it belongs in [training]"]),
        ({"model": {"seed": 3}}, ["unknown setting 'seed' in [model]"]),
        ({"model": {"cell": "lsmt"}}, ["model.cell is 'lsmt'", "did you mean lstm?"]),
        ({"model": {"layers": 0}}, ["model.layers is 0", "a whole number >= 1"]),
        ({"model": {"layers": 2.5}}, ["model.layers is 2.5", "a whole number"]),
        ({"model": {"dropout": 1.0}}, ["model.dropout is 1.0"]),
        ({"model": 3}, ["model is 3", "a table"]),
        ({"training": {"learning_rate": 0.0}}, ["training.learning_rate is 0.0"]),
        ({"training": {"learning_rate": float("nan")}}, ["training.learning_rate is nan"]),
        ({"training": {"learning_rate": float("inf")}}, ["training.learning_rate is inf"]),
        ({"training": {"iterations": 0}}, ["training.iterations is 0"]),
        ({"training": {"learning_rate": 1e39}}, ["training.learning_rate is 1e+39", "<= 1e+38"]),
        ({"model": {"hidden_size": True}}, ["model.hidden_size is true: expected a whole number"]),
        ({"seed": -1}, ["seed is -1"]),
        ({"dtype": "float16"}, ["dtype is 'float16'", "float32, float64"]),
    ],
)
def test_a_mistake_is_named_in_one_sentence(values: dict[str, object], words: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        parse_config(values)
    for word in words:
        assert word in str(caught.value)
    assert "`" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (RunConfig(task="nowhere"), "nowhere"),
        (RunConfig(model=ModelOptions(cell="gru", peepholes=True)), "peepholes"),
        (RunConfig(model=ModelOptions(attention="dot")), "attention"),
        (RunConfig(training=TrainingOptions(momentum=0.5)), "it belongs to momentum, nesterov"),
        (RunConfig(training=TrainingOptions(schedule_final=0.5)), "schedule"),
        (RunConfig(training=TrainingOptions(window=5)), "window"),
        (RunConfig(model=ModelOptions(embedding_size=3)), "set input_kind to embedding"),
        (RunConfig(init=InitOptions(std=0.3)), "no matrix starts from a normal distribution"),
        (
            RunConfig(
                model=ModelOptions(hidden_size=8192, layers=16),
                training=TrainingOptions(batch_size=65536),
            ),
            "GB of memory",
        ),
    ],
)
def test_an_impossible_combination_is_refused_before_anything_is_made(
    config: RunConfig, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        plan(config).task.stream(plan(config).training.batch_size, plan(config).training.window, 0)


def test_a_toml_and_a_json_file_say_the_same(tmp_path: Path) -> None:
    toml, text = tmp_path / "run.toml", tmp_path / "run.json"
    toml.write_text(
        'task = "hello"\nseed = 3\n[model]\ncell = "gru"\nhidden_size = 5\n'
        "[training]\nlearning_rate = 0.01\niterations = 7\n"
    )
    config = read_config(toml)
    text.write_text(config.to_json())
    assert read_config(text) == config
    assert plan(config).spec.cell == "gru"
    assert plan(config).training.iterations == 7


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"task: hello", ".toml or a .json"),
        ("a.toml", b"task = ", "a.toml"),
        ("a.json", b"[1, 2]", "table of settings"),
        ("a.json", b"\xff\xfe", "not UTF-8"),
        ("a.json", b"[" * 100_000, "a.json"),
        ("a.toml", b"[model]\nlayer = 2\n", "did you mean layers?"),
    ],
)
def test_a_file_that_is_no_configuration_is_named(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_config(path)
    assert words in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no such file"):
        read_config(tmp_path / "none.toml")


def test_changes_on_top_are_merged_key_by_key() -> None:
    config = parse_config({"model": {"cell": "gru", "hidden_size": 5}})
    merged = merge(config, {"model": {"hidden_size": 9}, "seed": 4})
    assert merged.model == ModelOptions(cell="gru", hidden_size=9)
    assert merged.seed == 4
    with pytest.raises(UserError, match="hidden_sise"):
        merge(config, {"model": {"hidden_sise": 9}})


def test_a_resolved_configuration_plans_the_same_run() -> None:
    made = plan(RunConfig(model=ModelOptions(cell="lstm")))
    again = plan(parse_config(msgspec.to_builtins(resolved(made))))
    assert again.spec == made.spec
    assert dataclasses.replace(again.training, cut=None) == made.training


def test_another_optimiser_brings_its_own_usual_learning_rate() -> None:
    made = plan(RunConfig(training=TrainingOptions(optimizer="adam")))
    assert plan(RunConfig()).training.learning_rate == 0.1
    assert made.training.learning_rate == 0.001


def test_clipping_follows_the_task_unless_it_is_switched_off() -> None:
    assert plan(RunConfig()).training.clip_norm == 5.0
    assert plan(RunConfig(training=TrainingOptions(clip_norm=0.0))).training.clip_norm is None


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (RunConfig(seed=-1), "seed is -1"),
        (RunConfig(dtype="float16"), "did you mean float64?"),  # type: ignore[arg-type]  # wrong on purpose
        (RunConfig(model=ModelOptions(hidden_size="5")), "got text"),  # type: ignore[arg-type]  # wrong on purpose
        (RunConfig(model=ModelOptions(bidirectional="no")), "true or false"),  # type: ignore[arg-type]  # wrong on purpose
        (RunConfig(training=TrainingOptions(batch_size=0)), "batch_size is 0"),
        (RunConfig(training=TrainingOptions(clip_norm=float("nan"))), "finite"),
        (RunConfig(training=TrainingOptions(optimizer="x")), "use one of sgd"),  # type: ignore[arg-type]  # wrong on purpose
        (RunConfig(task=object()), "could not stand in a file"),  # type: ignore[arg-type]  # wrong on purpose
    ],
)
def test_a_configuration_made_in_python_obeys_the_same_rules(config: RunConfig, words: str) -> None:
    with pytest.raises(UserError) as caught:
        plan(config)
    assert words in str(caught.value)


def test_paths_and_numpys_numbers_are_taken_for_what_they_say(tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_text("a small book that is read again and again. " * 3)
    model = ModelOptions(hidden_size=np.int64(7))  # type: ignore[arg-type]  # as it comes out of an array
    made = plan(RunConfig(task=book, model=model, dtype=np.float64))  # type: ignore[arg-type]  # likewise
    assert (made.spec.hidden_size, made.config.dtype) == (7, "float64")
    assert made.config.task == str(book)


def test_a_task_that_suggests_an_embedding_can_be_read_one_hot_saved_and_opened(
    tmp_path: Path,
) -> None:
    config = RunConfig(task="sentiment", model=ModelOptions(input_kind="one-hot", hidden_size=3))
    Run.create(config).save(tmp_path / "run.rnnviz")
    opened = load(tmp_path / "run.rnnviz")
    assert opened.data_problem is None
    assert (opened.spec.input_kind, opened.spec.embedding_size) == ("one-hot", 0)


def test_a_residual_sum_that_one_layer_has_no_place_for_is_refused_for_a_new_run() -> None:
    with pytest.raises(UserError, match="set layers to 2 or more"):
        Run.create(RunConfig(model=ModelOptions(residual=True)))
    assert Run.create(RunConfig(model=ModelOptions(residual=True, layers=2))).spec.residual


@pytest.mark.parametrize("sized", ["spectral_radius", "singular_value"])
def test_a_gain_that_a_chosen_size_takes_back_is_refused_for_a_new_run(sized: str) -> None:
    size = {sized: 1.1}
    with pytest.raises(UserError, match=f"gain is 2.0, but init.{sized}"):
        Run.create(RunConfig(init=InitOptions(gain=2.0, **size)))
    Run.create(RunConfig(init=InitOptions(gain=1.0, **size)))
    Run.create(RunConfig(init=InitOptions(gain=2.0)))


def test_a_run_that_was_saved_with_an_idle_residual_sum_still_opens(tmp_path: Path) -> None:
    Run(plan(RunConfig(model=ModelOptions(residual=True)))).save(tmp_path / "run.rnnviz")
    opened = load(tmp_path / "run.rnnviz")
    assert opened.data_problem is None
    assert opened.train(2).iteration == 2
