import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.session import Run, RunConfig, TrainingDiverged
from rnnviz.session.config import ModelOptions, TrainingOptions
from rnnviz.session.files import load_run
from rnnviz.tasks import get_task
from rnnviz.trace import UserError
from tests.session.runs import fingerprint, hello, same, text_run


def test_hello_is_learned() -> None:
    run = hello().train()
    assert run.iteration == run.limit == 300
    assert run.evaluate().value == 1.0
    assert run.sampled_text(run.sample("h", 4, temperature=0)) == "ello"


def test_ten_runs_of_one_seed_are_the_same_to_the_bit(tmp_path: Path) -> None:
    first = text_run(tmp_path).train(20)
    assert all(same(first, text_run(tmp_path).train(20)) for _ in range(9))
    assert fingerprint(text_run(tmp_path, seed=1).train(20)) != fingerprint(first)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_tracing_and_looking_never_change_training(tmp_path: Path, dropout: float) -> None:
    plain = text_run(tmp_path, dropout=dropout).train(30)
    traced = text_run(tmp_path, dropout=dropout)
    for iteration in range(30):
        if iteration % 3 == 0:
            traced.trace()
            traced.trace("the dog")
            traced.sample("t", 5)
            traced.evaluate()
        if iteration % 2:
            traced.traced_step()
        else:
            traced.step()
    assert same(plain, traced)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_trace_shows_the_pass_that_the_next_step_makes(tmp_path: Path, dropout: float) -> None:
    run = text_run(tmp_path, dropout=dropout).train(5)
    shown = run.trace()
    made = run.traced_step()
    assert shown.iteration == 5
    assert made.iteration == 6
    assert made.update is not None
    assert made.update.grad_norm == run.history.last.grad_norm  # type: ignore[union-attr]  # there is one
    for name in shown:
        np.testing.assert_array_equal(shown[name], made[name])


def test_a_traced_step_records_what_the_optimiser_did() -> None:
    run = hello()
    before = run.net.params.flat.copy()
    update = run.traced_step().update
    assert update is not None
    assert update.optimizer == "adagrad"
    assert update.clip == 5.0
    assert math.isclose(update.param_norm, float(np.linalg.norm(before)), rel_tol=1e-6)
    change = float(np.linalg.norm(run.net.params.flat - before))
    assert math.isclose(update.update_norm, change, rel_tol=1e-6)


def test_the_generator_yields_one_iteration_for_every_next() -> None:
    rows = hello().iterate()
    assert [next(rows).iteration for _ in range(3)] == [1, 2, 3]
    assert [row.iteration for row in hello().iterate(4)] == [1, 2, 3, 4]


def test_the_smoothed_loss_starts_at_the_first_loss() -> None:
    row = next(hello().iterate())
    assert math.isclose(row.smoothed_loss, row.loss)


def test_the_learning_rate_can_be_changed_while_it_trains() -> None:
    run = hello().train(10)
    run.set_learning_rate(0.5)
    run.train(10)
    rates = run.history.column("learning_rate")
    assert (rates[:10] == 0.1).all()
    assert (rates[10:] == 0.5).all()


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf])
def test_an_absurd_learning_rate_is_refused(rate: float) -> None:
    with pytest.raises(UserError, match="learning rate"):
        hello().set_learning_rate(rate)


def test_a_schedule_scales_the_learning_rate(tmp_path: Path) -> None:
    run = text_run(tmp_path).train(100)
    rates = run.history.column("learning_rate")
    np.testing.assert_allclose(rates[:5], 0.01 * np.arange(1, 6) / 5)
    assert rates[-1] < 1e-4


def past_its_schedule() -> Run:
    run = hello(learning_rate=0.1, schedule="linear", iterations=20).train()
    run.set_learning_rate(0.05)
    return run.train(10)


def test_a_rate_set_after_the_schedule_has_come_to_zero_holds_as_it_is(tmp_path: Path) -> None:
    run = past_its_schedule()
    rates = run.history.column("learning_rate")
    assert rates[19] < 0.01
    assert (rates[20:] == 0.05).all()
    assert not run.idleness
    run.save(tmp_path / "past.rnnviz")
    assert same(load_run(tmp_path / "past.rnnviz").train(5), past_its_schedule().train(5))
    assert same(run.branch().train(5), past_its_schedule().train(5))


def test_on_the_way_back_through_the_end_of_a_schedule_every_rate_is_what_it_was() -> None:
    run = past_its_schedule()
    weights = run.net.params.flat.copy()
    run.travel(10)
    assert run.worth(None) == 10
    run.travel(30)
    assert np.array_equal(run.net.params.flat, weights)
    run.reset()
    assert same(run.train(20), hello(learning_rate=0.1, schedule="linear", iterations=20).train())
    assert "iteration 20" in run.idleness


def test_reset_goes_back_to_the_same_beginning() -> None:
    run = hello().train(40)
    run.set_learning_rate(0.7)
    run.reset()
    assert run.iteration == run.furthest == len(run.history) == 0
    assert same(run.train(40), hello().train(40))


def test_reset_with_another_seed_is_another_run() -> None:
    run = hello().train(10)
    run.reset(seed=3)
    assert same(run.train(10), hello(seed=3).train(10))


def diverging() -> Run:
    settings = TrainingOptions(optimizer="adam", learning_rate=1e20, clip_norm=0.0)
    return Run.create(RunConfig(training=settings))


def test_a_run_that_diverges_keeps_its_last_good_step() -> None:
    run = diverging()
    with pytest.raises(TrainingDiverged, match="lower learning rate") as caught:
        run.train(1000)
    at = run.iteration
    assert at > 0
    assert caught.value.iteration == at + 1
    assert run.furthest == len(run.history) == at
    before = fingerprint(run)
    with pytest.raises(TrainingDiverged):
        run.step()
    with pytest.raises(TrainingDiverged):
        run.traced_step()
    assert fingerprint(run) == before


def test_the_pass_that_diverged_can_be_looked_at_and_left() -> None:
    run = diverging()
    with pytest.raises(TrainingDiverged):
        run.train(1000)
    assert not np.isfinite(run.trace()["dL_dW_hh_l0"]).all() or not np.isfinite(
        run.trace()["loss_total"]
    )
    run.travel(0)
    run.set_learning_rate(0.1)
    run.train(50)
    assert run.iteration == 50
    assert np.isfinite(run.history.column("loss")).all()


def test_sampling_draws_by_its_own_seed() -> None:
    run = hello()
    texts = {run.sampled_text(run.sample("h", 30, seed=seed)) for seed in (0, 0, 1)}
    assert len(texts) == 2


def test_a_sample_is_a_trace_of_the_model_feeding_itself() -> None:
    run = hello().train()
    trace = run.sample("he", 6, temperature=0.5)
    assert trace.mode == "sample"
    assert not trace.has_gradients
    assert trace["tokens"].shape == trace["sampled"].shape == (7, 1)
    assert trace["sampled"][0, 0] == -1
    np.testing.assert_array_equal(trace["sampled"][1:-1], trace["tokens"][2:])
    assert trace.labels.inputs[0][:2] == ("h", "e")
    assert trace.labels.targets[0][0] == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("h", 0, 1.0), "length"),
        (("h", 5, 1.0, -1), "seed"),
        (("h", 5, -1.0), "temperature"),
        (("h", 5, math.nan), "temperature"),
        (("z", 5, 1.0), "'z'"),
    ],
)
def test_an_impossible_sample_is_refused(arguments: tuple[str, int, float], words: str) -> None:
    with pytest.raises(UserError, match=words):
        hello().sample(*arguments)


def test_beam_search_finds_what_greedy_decoding_finds_or_better() -> None:
    run = hello().train()
    assert run.sampled_text(run.sample("h", 4, beam=3)) == "ello"
    assert run.sampled_text(run.sample("h", 4, top_k=1, seed=5)) == "ello"
    with pytest.raises(UserError, match="beam"):
        run.sample("h", 4, beam=0)
    with pytest.raises(UserError, match="top-k"):
        run.sample("h", 4, top_k=0)


@pytest.mark.parametrize(
    "task", ["hello", "copy", "adding", "parity", "brackets", "sine", "sentiment", "translation"]
)
def test_every_kind_of_task_samples_or_says_why_not(task: str) -> None:
    run = Run.create(RunConfig(task=task, model=ModelOptions(hidden_size=4)))
    try:
        assert run.sample("", 3).mode == "sample"
    except UserError as error:
        said = str(error)
        assert "cannot go on by itself" in said
        # A decoder does read what it writes: only not of its own accord.
        assert ("does not read" in said) is (task != "translation")
    example = run.task.examples("train")[0]
    assert isinstance(run.answer(example), str)
    assert run.trace(example).batch_size == 1


def test_the_same_model_in_double_precision_gives_nearly_the_same_pass() -> None:
    run = hello().train(20)
    double = run.in_precision("float64")
    assert double.trace()["h_l0"].dtype == np.float64
    np.testing.assert_allclose(double.trace()["h_l0"], run.trace()["h_l0"], atol=1e-6)


@pytest.mark.parametrize(("task", "bidirectional"), [("sentiment", True), ("translation", False)])
def test_a_window_that_this_model_cannot_be_cut_by_is_refused_when_the_run_is_made(
    task: str, bidirectional: bool
) -> None:
    def run(window: int) -> Run:
        model = ModelOptions(hidden_size=3, bidirectional=bidirectional)
        training = TrainingOptions(window=window, batch_size=1)
        return Run.create(RunConfig(task=task, model=model, training=training))

    longest = get_task(task).stream(1, 1, 0).longest
    with pytest.raises(UserError, match="one part and one direction"):
        run(longest - 1)
    assert run(longest).step().iteration == 1


def test_a_window_longer_than_the_text_is_refused_when_the_run_is_made() -> None:
    with pytest.raises(UserError, match=r"a window of 5 needs 6: .* a window of at most 4"):
        Run.create(RunConfig(training=TrainingOptions(window=5)))
    assert Run.create(RunConfig(training=TrainingOptions(window=4))).step().iteration == 1


def test_looking_at_the_data_for_a_chosen_window_changes_nothing_of_the_run() -> None:
    chosen = Run.create(RunConfig(training=TrainingOptions(window=4)))
    assert chosen.trainer.snapshot().facts == hello().trainer.snapshot().facts


@pytest.mark.parametrize("wrong", [0, 2.5, np.zeros((4, 1)), b"hello"])
def test_what_is_no_example_is_refused_in_a_sentence(wrong: Any) -> None:
    run = Run.create(RunConfig(task="hello"))
    with pytest.raises(UserError, match=r"one of run\.task\.examples\('train'\), a Batch or a"):
        run.trace(wrong)
    assert run.trace(run.task.examples("train")[0])["h_l0"].shape == (4, 1, 3)
