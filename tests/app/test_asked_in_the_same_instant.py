"""Of wishes that follow one another before the worker has obeyed, the last counts; none is lost."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnnviz.session.config import RunConfig
from rnnviz.session.files import load_run
from rnnviz.session.run import Run
from tests.app.in_turns import InTurns
from tests.session.runs import fingerprint


def test_a_model_chosen_after_weights_were_applied_wins_and_undo_leads_back_over_them(
    turns: InTurns,
) -> None:
    first = turns.run
    turns.set_weight(0.75)
    turns.desk.change("hidden_size", 5)
    turns.builder()
    turns.window()
    turns.all()
    assert turns.run.spec.hidden_size == 5
    assert turns.changes == ["hidden size 5", "a weight"]
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.weight == 0.75
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first


def test_weights_applied_while_another_model_is_made_are_asked_for_last(turns: InTurns) -> None:
    first = turns.run
    turns.desk.change("hidden_size", 5)
    turns.set_weight(0.75)
    turns.all()
    assert (turns.weight, turns.run.spec.hidden_size) == (0.75, 3)
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first


def test_weights_applied_when_another_model_is_on_its_way_are_those_of_the_one_that_was_seen(
    turns: InTurns,
) -> None:
    first = turns.run
    turns.desk.change("seed", 5)
    turns.builder()
    turns.window()
    turns.set_weight(0.75)
    turns.all()
    assert turns.weight == 0.75
    assert turns.run.config.seed == 0
    assert turns.changes == ["a weight", "seed 5"]
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run.config.seed == 5
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first


def test_weights_taken_back_before_the_worker_set_them_are_set_when_made_again(
    turns: InTurns,
) -> None:
    first, before = turns.run, turns.weight
    turns.set_weight(0.75)
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is first
    assert turns.weight == before
    turns.desk.undo_stack.redo()
    turns.all()
    assert turns.weight == 0.75


def test_training_and_a_rate_asked_for_after_weights_are_of_the_run_with_those_weights(
    turns: InTurns,
) -> None:
    first, untouched = turns.run, fingerprint(turns.run)
    turns.desk.change("learning_rate", 0.2)
    turns.set_weight(0.75)
    turns.desk.change("learning_rate", 0.3)
    turns.desk.once()
    turns.all()
    row = turns.run.history.at(1)
    assert row is not None
    assert row.learning_rate == 0.3
    assert turns.changes == ["learning rate 0.3", "a weight", "learning rate 0.2"]
    for rate, run in ((0.2, turns.run), (0.2, first), (0.1, first)):
        turns.desk.undo_stack.undo()
        turns.all()
        assert turns.run is run
        assert turns.run.learning_rate == turns.desk.learning_rate == rate
    assert fingerprint(first) == untouched


def test_weights_that_do_not_fit_are_refused_at_once_and_leave_nothing_to_undo(
    turns: InTurns,
) -> None:
    turns.set_weight(np.inf)
    turns.all()
    assert turns.said == ["a new number of W_hh_l0 is not finite"]
    assert not turns.changes


def test_a_rate_asked_for_after_a_reset_is_that_of_the_run_at_its_beginning(
    turns: InTurns,
) -> None:
    turns.desk.start()
    turns.worker()
    turns.all()
    trained = turns.run
    turns.desk.reset()
    turns.desk.change("learning_rate", 0.2)
    turns.all()
    assert (turns.run.iteration, turns.run.learning_rate) == (0, 0.2)
    turns.desk.reset()
    turns.desk.change("learning_rate", 0.1)
    turns.all()
    assert (turns.run.iteration, turns.run.learning_rate) == (0, 0.1)
    while turns.changes:
        turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is trained


def test_after_a_reset_a_setting_that_goes_back_is_no_reason_to_stay(turns: InTurns) -> None:
    turns.desk.start()
    turns.worker()
    turns.all()
    turns.desk.reset()
    turns.desk.change("hidden_size", 5)
    turns.desk.change("hidden_size", 3)
    turns.all()
    assert turns.run.iteration == 0


def test_a_setting_changed_right_after_undo_is_of_the_run_that_undo_brings_back(
    turns: InTurns,
) -> None:
    turns.desk.change("learning_rate", 0.2)
    turns.desk.change("hidden_size", 5)
    turns.all()
    turns.desk.change("seed", 9)
    turns.all()
    turns.desk.undo_stack.undo()
    turns.desk.undo_stack.undo()
    turns.desk.change("seed", 7)
    turns.all()
    assert (turns.run.spec.hidden_size, turns.run.config.seed) == (3, 7)
    assert turns.run.learning_rate == 0.2


def test_a_rate_asked_for_as_another_run_arrives_is_undone_to_the_rate_of_that_run(
    turns: InTurns, tmp_path: Path
) -> None:
    turns.desk.change("learning_rate", 0.2)
    turns.all()
    Run.create(RunConfig(task="hello", seed=4)).save(tmp_path / "run.rnnviz")
    turns.desk.open_run(tmp_path / "run.rnnviz", load_run)
    turns.builder()
    turns.window()
    turns.desk.change("learning_rate", 0.3)
    turns.all()
    assert (turns.run.config.seed, turns.run.learning_rate) == (4, 0.3)
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run.learning_rate == turns.desk.learning_rate == 0.1


def test_a_rate_changed_in_the_past_right_before_another_model_is_what_undo_comes_back_to(
    turns: InTurns,
) -> None:
    turns.desk.start(9)
    turns.all()
    trained = turns.run
    turns.desk.travel(4)
    turns.all()
    turns.desk.change("learning_rate", 0.2)
    turns.desk.change("seed", 5)
    turns.builder()
    turns.window()
    turns.all()
    turns.desk.undo_stack.undo()
    turns.all()
    assert (turns.run.iteration, turns.run.learning_rate) == (4, 0.2)
    turns.desk.undo_stack.undo()
    turns.all()
    assert turns.run is trained
    assert trained.furthest == 9


def test_a_pass_of_the_past_is_shown_though_a_branch_has_begun_meanwhile(turns: InTurns) -> None:
    turns.desk.start(9)
    turns.all()
    turns.desk.travel(4)
    turns.desk.change("learning_rate", 0.2)
    turns.worker()
    turns.worker()
    turns.window()
    assert turns.shown[-1].iteration == 4


def test_a_file_opened_and_changed_at_once_is_opened(turns: InTurns, tmp_path: Path) -> None:
    text = tmp_path / "words.txt"
    text.write_text("again and again. " * 20)
    opened: list[str] = []
    turns.desk.opened.connect(opened.append)
    config = RunConfig(task=str(text))
    turns.desk.build(lambda: config, "open words.txt", str(text))
    turns.desk.change("hidden_size", 6)
    turns.all()
    assert turns.run.spec.hidden_size == 6
    assert opened == [str(text)]


WISHES: dict[str, Callable[[InTurns, int], object]] = {
    "train": lambda t, n: t.desk.start(None if n % 2 else n % 7),
    "pause": lambda t, _: t.desk.toggle(),
    "once": lambda t, _: t.desk.once(),
    "travel": lambda t, n: t.desk.travel(n % (t.run.furthest + 1)),
    "reset": lambda t, _: t.desk.reset(),
    "undo": lambda t, _: t.desk.undo_stack.undo(),
    "redo": lambda t, _: t.desk.undo_stack.redo(),
    "rate": lambda t, n: t.desk.change("learning_rate", round(0.05 + n / 10_000, 4)),
    "units": lambda t, n: t.desk.change("hidden_size", 2 + n % 4),
    "cell": lambda t, n: t.desk.change("cell", ("rnn", "lstm", "gru")[n % 3]),
    "seed": lambda t, n: t.desk.change("seed", n),
    "weights": lambda t, n: t.set_weight(n / 1000, f"weight {n}"),
    "stay": lambda t, _: t.desk.stay(),
    "evaluate": lambda t, _: t.desk.evaluate(),
    "sample": lambda t, _: t.desk.sample("he", 4, 1.0),
}
OUTCOMES: dict[str, Callable[[InTurns, int], bool]] = {
    "rate": lambda t, n: t.run.learning_rate == round(0.05 + n / 10_000, 4),
    "units": lambda t, n: t.run.spec.hidden_size == 2 + n % 4,
    "cell": lambda t, n: t.run.spec.cell == ("rnn", "lstm", "gru")[n % 3],
    "seed": lambda t, n: t.run.config.seed == n,
    "weights": lambda t, n: bool(np.isclose(t.weight, n / 1000)),
    "reset": lambda t, _: t.run.iteration == 0,
}
NEUTRAL = {"evaluate", "sample"}


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_all_go_on_the_last_wish_counts_and_undo_and_redo_lead_there_and_back(
    turns: InTurns, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    others = (turns.worker, turns.builder, turns.window)
    names, number = list(WISHES), 100
    for _ in range(5):
        last: tuple[str, int] | None = None
        for name in rng.choice(names, int(rng.integers(1, 7))).tolist():
            number += 1
            WISHES[name](turns, number)
            last = last if name in NEUTRAL else (name, number)
            for other in rng.integers(0, 3, int(rng.integers(0, 4))).tolist():
                others[other]()
        turns.all()
        comes_to_rest(turns)
        if last is not None and last[0] in OUTCOMES:
            assert OUTCOMES[last[0]](turns, last[1]), last
    there_and_back(turns)


def comes_to_rest(turns: InTurns) -> None:
    """What the window believes is what the worker has; changes lie in the order of the wishes."""
    desk, run = turns.desk, turns.run
    assert run is turns.loop.run is desk.put
    assert desk.learning_rate == run.learning_rate
    assert turns.shown[-1].spec == run.spec
    assert turns.shown[-1].iteration == run.iteration
    assert not [said for said in turns.said if not said.startswith("iteration")], "not been there"
    numbered = [text for text in turns.changes if text.startswith(("weight", "seed"))]
    order = [int(text.split()[-1]) for text in numbered]
    assert order == sorted(order, reverse=True)


def there_and_back(turns: InTurns) -> None:
    stack, seen = turns.desk.undo_stack, [fingerprint(turns.run)]
    while stack.canUndo():
        stack.undo()
        turns.all()
        comes_to_rest(turns)
        seen.append(fingerprint(turns.run))
    for before in reversed(seen[:-1]):
        stack.redo()
        turns.all()
        assert fingerprint(turns.run) == before
