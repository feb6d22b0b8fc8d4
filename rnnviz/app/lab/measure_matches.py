"""Match search: units that are on in a brushed range, and where else they are on together, in the
batch in view or in the examples of the task."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis import find_matches, layer_named, select_units
from rnnviz.analysis.layers import LayerName, parameter_names
from rnnviz.analysis.matches import Match
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.saturation import counted_steps
from rnnviz.app.lab.copies import begun_in
from rnnviz.app.lab.request import Request
from rnnviz.engine import Network
from rnnviz.scene.lab.matches import MatchSearch, Place, context_words, units_on
from rnnviz.session.config import RunConfig
from rnnviz.tasks import Task, get_task
from rnnviz.trace import Trace, UserError

MOST_EXAMPLES, MOST_STEPS = 400, 20_000
"""Of a task's examples so many are looked through, or so many steps of them."""
_MOST_PLACES = 20


class MatchKeeper:
    """Measures; it remembers the task, whose data take a while to be made."""

    def __init__(self) -> None:
        self._task: tuple[object, Task] | None = None

    def measure(self, request: Request, progress: Progress) -> MatchSearch:
        """The units of the range, and the best other places with the same units.

        Raises:
            UserError: if the examples are asked for and the pass is of no task at hand.
            Cancelled: if ``progress`` says so.
        """
        trace, row = request.trace, request.row
        name = layer_named(trace, request.layer)
        states, n = np.asarray(trace[name.array("h")]), request.steps
        start = min(int(request.options.get("start", 1)), n) - 1
        stop = min(max(int(request.options.get("stop", 3)), start + 1), n)
        threshold = float(request.options.get("threshold", 0.3))
        wide = request.options.get("where") == "examples"
        units = select_units(states[:n, row], start, stop, threshold=threshold)
        places: tuple[Place, ...] = ()
        searched = trace.batch_size
        if units and wide:
            places, searched = self._in_examples(request, name, units, threshold, progress)
        elif units:
            places = _in_batch(trace, name, units, threshold, (row, start, stop))
        return MatchSearch(
            layer=request.layer,
            start=start,
            stop=stop,
            threshold=threshold,
            units=units,
            count=units_on(states[:n, row], units, threshold),
            words=request.words(),
            places=places,
            searched=searched,
            wide=wide,
        )

    def _in_examples(
        self, request: Request, name: LayerName, units: tuple[int, ...], threshold: float,
        progress: Progress,
    ) -> tuple[tuple[Place, ...], int]:  # fmt: skip
        task = self._task_of(request.config)
        examples = task.examples("train")[:MOST_EXAMPLES]
        trace = request.trace
        net = Network.create(trace.spec, rng=np.random.default_rng(0), dtype=trace["logits"].dtype)
        net.params.assign({each: trace[each] for each in parameter_names(trace)})
        # As whoever opens an example sees it: that, too, is read where training stands.
        state = begun_in(trace, request.row)
        found: list[Place] = []
        seen = steps = 0
        for example in examples:
            report(progress, seen, len(examples))
            batch = task.example_batch(example)
            with np.errstate(all="ignore"):
                # Forward only: nobody asks for gradients here.
                other = net.trace(replace(batch, targets=None), task.labels(batch), state)
            found += _in_batch(other, name, units, threshold, None, row=example.index)
            seen, steps = seen + 1, steps + other.columns
            if steps >= MOST_STEPS:
                break
        # The sort is stable: among equals the order of the examples stays.
        found.sort(key=lambda place: (-place.shared, place.start - place.stop))
        return tuple(found[:_MOST_PLACES]), seen

    def _task_of(self, config: RunConfig | None) -> Task:
        if config is None:
            raise UserError("this pass is of no task at hand: look in its batch")
        key = config.task, tuple(sorted(config.options.items()))
        if self._task is None or self._task[0] != key:
            self._task = key, get_task(config.task, **config.options)
        return self._task[1]


def _in_batch(
    trace: Trace,
    name: LayerName,
    units: tuple[int, ...],
    threshold: float,
    exclude: tuple[int, int, int] | None,
    row: int | None = None,
) -> tuple[Place, ...]:
    """The places in a batch; of one sequence that is an example by itself, under its own number."""
    lengths = counted_steps(trace, name.prefix).sum(axis=0)
    found = find_matches(
        np.asarray(trace[name.array("h")]), units, lengths=lengths, threshold=threshold,
        exclude=exclude, limit=_MOST_PLACES,
    )  # fmt: skip
    return tuple(_place(trace, name, lengths, match, row) for match in found)


def _place(
    trace: Trace, name: LayerName, lengths: NDArray[np.int_], match: Match, row: int | None
) -> Place:
    labels = trace.labels
    rows = labels.decoder_inputs if name.prefix == "decoder_" else labels.inputs
    words = tuple(rows[match.row]) if match.row < len(rows) else ()
    words = words or tuple(str(t + 1) for t in range(int(lengths[match.row])))
    before, inside, after = context_words(words, match.start, match.stop)
    number = match.row if row is None else row
    return Place(number, match.start, match.stop, match.shared, before, inside, after)
