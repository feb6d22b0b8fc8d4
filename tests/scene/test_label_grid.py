"""No word overlaps another or leaves its box: over models, lengths, scripts, sizes and phases.

The whole grid has tens of thousands of pictures; a fixed sample of it, drawn so that every value
of every side occurs many times, is looked at here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.levels import Level, level_picture
from rnnviz.scene.product_data import product_names
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import StripsPicture, strips_picture
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_gutter import LEFT
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Labels, ModelSpec, Trace, UserError
from tests.scene.label_boxes import faults, labels_in_sight
from tests.scene.shaped import WORDS, shaped_trace

GUTTER, MARGIN = 118.0, 76.0
KINDS: dict[str, dict[str, Any]] = {
    "aligned": {},
    "one-to-one": {"kind": "one-to-one"},
    "one-to-many": {"kind": "one-to-many", "context_size": 6},
    "many-to-one": {"kind": "many-to-one", "head": "last"},
    "many-to-many": {"kind": "many-to-many", "attention": "dot"},
    "vectors": {"input_kind": "vector", "loss": "squared-error", "output_size": 1},
    "embedding": {"input_kind": "embedding", "embedding_size": 24},
}
CELLS: dict[str, dict[str, Any]] = {
    "rnn": {}, "relu": {"activation": "relu"}, "linear": {"activation": "linear"},
    "jordan": {"cell": "jordan"},
    "lstm": {"cell": "lstm"}, "peepholes": {"cell": "lstm", "peepholes": True},
    "normalised": {"cell": "lstm", "layer_norm": True}, "gru": {"cell": "gru"},
}  # fmt: skip
SIZES = [(560.0, 226.0), (710.0, 250.0), (990.0, 430.0), (1600.0, 1000.0), (3600.0, 1900.0)]
PHASES = (0.0, 0.3, 0.49, 0.75, 0.985, 1.0)


@dataclass(frozen=True)
class Case:
    kind: str
    cell: str
    layers: int
    both: bool
    hidden: int
    classes: int
    steps: int
    words: str
    size: tuple[float, float]

    def spec(self) -> ModelSpec | None:
        """The model, or None where there is no such model."""
        given = {
            "input_size": self.classes, "output_size": self.classes, "hidden_size": self.hidden,
            "layers": self.layers, "bidirectional": self.both, **KINDS[self.kind],
            **CELLS[self.cell],
        }  # fmt: skip
        try:
            return ModelSpec(**given)
        except UserError:
            return None


def cases(seed: int, count: int, hidden: tuple[int, ...], steps: tuple[int, ...]) -> list[Case]:
    """A sample of the grid, the same for the same seed."""
    rng, found = random.Random(seed), []
    while len(found) < count:
        case = Case(
            rng.choice(list(KINDS)), rng.choice(list(CELLS)), rng.randint(1, 4),
            rng.random() < 0.3, rng.choice(hidden), rng.choice((4, 5, 65)), rng.choice(steps),
            rng.choice(list(WORDS)), rng.choice(SIZES),
        )  # fmt: skip
        if case.kind == "one-to-one":
            case = replace(case, steps=1)
        if case.spec() is not None:
            found.append(case)
    return found


def states(trace: Trace, width: float, zooms: tuple[float, ...] = (1.0,)) -> Iterator[ViewState]:
    """The trace before, in and after every phase of its pass, the axis fitted and zoomed in."""
    timeline = Timeline(trace)
    for share in PHASES:
        cursor = cursor_at(timeline, share * len(timeline))
        for zoom in zooms:
            axis = TimeAxis.fitted(trace.columns, GUTTER, width - GUTTER - MARGIN)
            axis = axis.zoomed(zoom, GUTTER).showing(cursor.column)
            yield ViewState(trace, timeline, cursor, axis, LIGHT)


def worded(trace: Trace, words: str) -> Trace:
    """The pass with other words on its steps."""
    pool, count = WORDS[words], trace.columns
    row = tuple(pool[i % len(pool)] for i in range(count))
    return replace(trace, labels=Labels((row,), (row,), (row,), pool, pool))


def engine_pass(case: Case) -> Trace:
    """A pass with weights and every gradient."""
    spec = case.spec()
    assert spec is not None
    rng = np.random.default_rng(0)
    net = Network.create(spec, rng=rng)
    steps = case.steps
    tokens = rng.integers(0, case.classes, (steps, 1))
    given: dict[str, Any] = {"tokens": tokens, "targets": tokens}
    if spec.input_kind == "vector":
        given = {"x": rng.uniform(-1, 1, (steps, 1, case.classes)),
                 "targets": rng.uniform(-1, 1, (steps, 1, spec.output_size))}  # fmt: skip
    if spec.kind == "many-to-many":
        given["decoder_tokens"] = tokens
    if spec.context_size:
        given["context"] = rng.uniform(-1, 1, (1, spec.context_size))
    return worded(net.trace(Batch(**given)), case.words)


def wrong(case: Case, what: str, state: ViewState, picture: Picture) -> list[str]:
    at = f"{what} at {state.cursor.operation.phase} {state.cursor.node} ({state.axis.pitch:.0f})"
    return [f"{case}: {at}: {fault}" for fault in faults(picture, WORDS[case.words])]


def everything_turned(trace: Trace) -> StripLayout:
    """Every strip that is open at first folded, every other one open."""
    return StripLayout().toggled(*(strip.name for strip in catalog(trace)))


def sequence_faults(case: Case) -> list[str]:
    """Graph, rolled graph and strips of one case."""
    spec, found = case.spec(), []
    assert spec is not None
    width, height = case.size
    trace = shaped_trace(spec, case.steps, words=case.words, pictures=case.kind == "one-to-many")
    zooms = (1.0, 30.0) if case.steps >= 1000 else (1.0,)
    for state in states(trace, width, zooms):
        found += wrong(case, "graph", state, graph_picture(state, width, height))
        found += wrong(case, "rolled", state, rolled_picture(state, width, height))
        for high in (height * 0.8, 275.0, 3000.0):
            for layout in (StripLayout(), everything_turned(trace)):
                shown = strips_picture(state, width, high, layout)
                found += wrong(case, "strips", state, shown)
                told = captions(shown)
                found += [f"{case}: {words} twice" for words in told if told.count(words) > 1]
                found += [f"{case}: a strip says nothing" for words in told if not words]
    return found


def captions(picture: StripsPicture) -> list[tuple[str, ...]]:
    """What stands beside each strip that can be seen whole, line by line."""
    found = []
    labels = [label for label in labels_in_sight(picture) if label.rect.x == LEFT]
    for placed in picture.placed:
        top, bottom = placed.rect.y - 0.5, placed.rect.bottom + 0.5
        if not placed.beside and top >= 0 and bottom <= picture.height:
            found.append(tuple(x.text for x in labels if top <= x.rect.y < bottom))
    return found


def inner_faults(case: Case) -> list[str]:
    """Cell, products and inspector of one case, at the first and the last step."""
    trace, found = engine_pass(case), []
    width, height = case.size
    layer = trace.spec.layer_names(trace.spec.prefixes[-1])[-1]
    cell = f"{trace.spec.prefixes[-1]}h_{layer}"
    names = product_names(trace.spec)
    levels = [Level(cell), Level(cell, names[0]), Level(cell, names[-1], 1), Level("logits", "hy")]
    for number, state in enumerate(states(trace, width)):
        for level in (levels[0], levels[1 + number % 3]):
            shown = level_picture(state, width, height, level)
            found += wrong(case, str(level), state, shown)
        for node in (f"{cell}@{state.cursor.column}", state.cursor.node):
            shown = inspector_picture(replace(state, selected=node), 300.0, max(height, 400.0))
            found += wrong(case, f"inspector of {node}", state, shown)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_words_keep_apart_in_the_views_of_a_sequence(seed: int) -> None:
    found = []
    for case in cases(seed, 8, hidden=(1, 3, 8, 128, 512), steps=(1, 4, 25, 100, 1000)):
        found += sequence_faults(case)
    assert found == []


@pytest.mark.parametrize("seed", range(6))
def test_words_keep_apart_inside_a_cell(seed: int) -> None:
    found = []
    for case in cases(100 + seed, 6, hidden=(1, 3, 8, 128), steps=(1, 4, 25)):
        found += inner_faults(case)
    assert found == []


def test_the_name_of_a_context_keeps_away_from_the_letters_of_the_input() -> None:
    assert sequence_faults(Case("one-to-many", "gru", 3, False, 1, 4, 100, "marks", SIZES[3])) == []


def test_four_digits_of_a_step_have_room_everywhere() -> None:
    for cell in ("rnn", "lstm", "gru"):
        case = Case("aligned", cell, 2, False, 3, 5, 1100, "plain", (710.0, 250.0))
        assert inner_faults(case) == []


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_the_largest_cells_are_as_legible_as_the_smallest(cell: str) -> None:
    for words, size in (("long", SIZES[1]), ("arabic", SIZES[-1])):
        assert inner_faults(Case("aligned", cell, 1, False, 512, 65, 3, words, size)) == []
