"""Run files (``.rnnviz``): save, load and go on as if nothing had happened."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, cast

import msgspec
import numpy as np

from rnnviz.engine import Batch
from rnnviz.session.checkpoints import Snapshot
from rnnviz.session.config import LARGEST, RunConfig
from rnnviz.session.config_file import parse_config
from rnnviz.session.data_identity import fingerprint
from rnnviz.session.data_place import data_name, folder_of, places
from rnnviz.session.footprint import parameter_count
from rnnviz.session.held_out import HeldOut
from rnnviz.session.kept_task import KeptTask, batch_arrays
from rnnviz.session.learner import GivenRate
from rnnviz.session.mistakes import in_words
from rnnviz.session.run import Run
from rnnviz.session.setup import plan, resolved
from rnnviz.tasks import Task, TaskInfo, Vocabulary, get_task
from rnnviz.tasks.base import JsonValue, Score
from rnnviz.trace import Labels, ModelSpec, UserError
from rnnviz.trace.archive import Archive, read_archive, write_archive
from rnnviz.trace.history import COLUMNS, History

FORMAT = "rnnviz run"
VERSION = 1
_Kind = TypeVar("_Kind")
MOST_SNAPSHOTS = 16
"""Snapshots in a file besides the first and the last; they make travelling in time quick."""
MOST_SNAPSHOT_BYTES = 32 << 20


class _SnapshotFacts(msgspec.Struct, forbid_unknown_fields=True):
    iteration: int
    facts: dict[str, Any]


class _Meta(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON part of a run file; ``snapshots`` are in order, the last is the present."""

    format: str
    version: int
    title: str
    config: dict[str, Any]
    cut: Annotated[int, msgspec.Meta(ge=1)] | None
    spec: ModelSpec
    layout: list[tuple[str, list[int], bool]]
    snapshots: list[_SnapshotFacts]
    interval: int
    rates: list[tuple[int, Annotated[float, msgspec.Meta(gt=0, le=LARGEST)]]]
    task: dict[str, Any]
    data: dict[str, str]
    symbols: list[str] | None
    words: bool
    labels: Labels
    folder: str = ""  # that a relative path of the user's data starts from
    kept: list[dict[str, Any]] = []  # sets of what-if edits
    scheduled: list[int] = []  # the iterations of those rates that the schedule holds to its end
    score: Score | None = None  # the last on held-out data; files of before it was kept have none


def save_run(run: Run, path: str | os.PathLike[str]) -> None:
    """Write a run as it stands; what lies after its present iteration is left out.

    Raises:
        UserError: if the place cannot be written to (an old file is then intact).
    """
    present = run.trainer.snapshot()
    snapshots = [*_chosen_snapshots(run, present), present]
    batch = run.trainer.upcoming_batch()
    vocabulary = getattr(run.task, "vocabulary", None)
    vocabulary = vocabulary if isinstance(vocabulary, Vocabulary) else None
    rates = {at: given for at, given in sorted(run.rates.items()) if at <= run.iteration}
    meta = _Meta(
        format=FORMAT,
        version=VERSION,
        title=run.task.info.title,
        config=msgspec.to_builtins(resolved(run.plan)),
        cut=run.plan.training.cut,
        spec=run.spec,
        layout=_layout(run),
        snapshots=[_SnapshotFacts(s.iteration, s.facts) for s in snapshots],
        interval=run.checkpoints.interval,
        rates=[(at, rates[at].rate) for at in rates],
        scheduled=[at for at in rates if rates[at].scheduled],
        task=dataclasses.asdict(run.task.info),
        data=run.data_identity(),
        symbols=None if vocabulary is None else list(vocabulary.symbols),
        words=vocabulary is not None and vocabulary.words,
        labels=run.task.labels(batch),
        folder=folder_of(run.config),
        kept=msgspec.to_builtins(run.kept_sets),
        score=run.held_out.score,
    )
    arrays: dict[str, Any] = dict(run.net.params)
    for number, snapshot in enumerate(snapshots):
        arrays |= {f"snapshot{number}/{name}": a for name, a in snapshot.arrays.items()}
    arrays |= {f"batch/{name}": array for name, array in batch_arrays(batch).items()}
    history = run.history.to_array()
    rows, stands = np.hsplit(history[history[:, 0] <= run.iteration], [len(COLUMNS)])
    arrays["history"] = rows
    if (stands[:, 1] != 1).any():
        arrays["history_stands"] = stands
    arrays["held_out"] = run.held_out.to_array(run.iteration)
    write_archive(path, arrays, msgspec.to_builtins(meta))


def load_run(path: str | os.PathLike[str]) -> Run:
    """Open a run file. Where its data are missing or have changed, ``run.data_problem`` says so
    and the run can be looked at and sampled from, but not trained on.

    Raises:
        UserError: if the file is no run, is damaged or comes from another version.
    """
    shown = os.fspath(path)
    archive = read_archive(path)
    if archive.meta.get("format") != FORMAT:
        raise UserError(f"cannot open {shown!r}: it is not a run; save one with `rnnviz train`")
    if archive.meta.get("version") != VERSION:
        raise UserError(
            f"cannot open {shown!r}: it is a run of version {archive.meta.get('version')!r} and "
            f"this program reads version {VERSION}; open it with the rnnviz that saved it, or a "
            "newer one"
        )
    try:
        meta = _checked(archive.meta, _Meta)
        return _load(archive, meta, [meta.folder, os.path.dirname(os.path.abspath(shown))])
    except (UserError, MemoryError) as error:
        cause = str(error) or "it does not fit into memory"
        raise UserError(f"cannot open {shown!r}: {cause}") from None
    except KeyError as error:
        raise UserError(f"cannot open {shown!r}: it is damaged: it lacks {error}") from error
    except Exception as error:
        raise UserError(f"cannot open {shown!r}: it is damaged ({error})") from error


def _checked(values: Any, kind: type[_Kind], where: str = "") -> _Kind:
    """What the description of a run says, as that type.

    Raises:
        UserError: if somebody, or something, has changed it.
    """
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise UserError(
            f"its description was changed outside the program: "
            f"{where}{in_words(str(error), values, kind)}; take an unchanged copy of the file"
        ) from None


def _load(archive: Archive, meta: _Meta, folders: list[str]) -> Run:
    config, task, problem = _task(archive, meta, parse_config(meta.config), folders)
    made = plan(config, task)
    made = dataclasses.replace(made, training=dataclasses.replace(made.training, cut=meta.cut))
    arrays = archive.arrays
    if not meta.snapshots or parameter_count(meta.spec) != arrays["snapshot0/parameters"].size:
        raise UserError("its numbers do not fit its model")
    snapshots = [
        Snapshot(
            facts.iteration,
            {
                name.removeprefix(f"snapshot{number}/"): array
                for name, array in arrays.items()
                if name.startswith(f"snapshot{number}/")
            },
            facts.facts,
        )
        for number, facts in enumerate(meta.snapshots)
    ]
    run = Run(made, fresh=False)
    if _layout(run) != meta.layout:
        raise UserError(
            "it was saved by a version of the engine that laid its numbers out otherwise"
        )
    run.resume(
        snapshots=snapshots,
        interval=meta.interval,
        rates={at: GivenRate(rate, at in meta.scheduled) for at, rate in meta.rates},
        history=_history(arrays),
        held_out=HeldOut.from_array(arrays.get("held_out", np.empty((0, 3))), meta.score),
        data=meta.data,
        problem=problem,
    )
    _check_weights(run, arrays)
    if meta.kept:
        # Few runs have any, and to know what an edit is takes a while.
        from rnnviz.session.kept_sets import MOST_SETS, KeptTable

        run.kept_sets = _checked({"kept": meta.kept}, KeptTable).kept[-MOST_SETS:]
    return run


def _history(arrays: Mapping[str, Any]) -> History:
    """The history; its rows stand for themselves alone where nothing says that it was thinned.

    Raises:
        ValueError: if it is none.
    """
    rows, stands = arrays["history"], arrays.get("history_stands")
    if stands is None:
        return History.from_array(rows)
    if rows.ndim != stands.ndim or rows.shape[:1] != stands.shape[:1]:
        raise ValueError("its history does not fit what its rows stand for")
    return History.from_array(np.hstack([rows, stands]))


def _check_weights(run: Run, arrays: Mapping[str, Any]) -> None:
    """Whether the weights under their own names, for whoever opens the file elsewhere, are still
    those of the last snapshot: a change to them there would have no effect here.

    Raises:
        UserError: if not.
    """
    for name, value in run.net.params.items():
        given = arrays.get(name)
        if given is None or not np.array_equal(given, value, equal_nan=True):
            raise UserError(
                f"its {name} is not that of its last snapshot: it was changed outside the program"
            )


def _chosen_snapshots(run: Run, present: Snapshot) -> list[Snapshot]:
    before = [at for at in run.checkpoints.iterations if at < present.iteration]
    first, rest = before[:1], before[1:]
    fit = min(MOST_SNAPSHOTS, int(MOST_SNAPSHOT_BYTES // present.size))
    if len(rest) > fit:
        spread = np.linspace(0, len(rest) - 1, fit).round().astype(int)
        rest = [rest[place] for place in spread]
    return [run.checkpoints.before(at) for at in first + rest]


def _layout(run: Run) -> list[tuple[str, list[int], bool]]:
    shapes = run.net.params.shapes
    return [(name, list(shape.sizes), shape.by_column) for name, shape in shapes.items()]


def _task(
    archive: Archive, meta: _Meta, config: RunConfig, folders: list[str]
) -> tuple[RunConfig, Task, str | None]:
    """The task of a run, or what was kept of it together with the reason; and the configuration
    that says where its data were found."""
    problem = ""
    for candidate in places(config, folders):
        try:
            task = get_task(candidate.task, **candidate.options)
            made = plan(candidate, task)
            if made.spec == meta.spec and fingerprint(made) == meta.data:
                return candidate, task, None
            cause = (
                f"the data of {data_name(candidate)} have changed since this run was saved; "
                "put the old ones back, or train anew on those that are there"
            )
        except UserError as error:
            cause = str(error)
        problem = problem or cause
    problem = f"this run can be looked at but not trained on: {problem}"
    start = "batch/"
    arrays = {
        name.removeprefix(start): array
        for name, array in archive.arrays.items()
        if name.startswith(start)
    }
    info = _checked(meta.task, TaskInfo, "task.")
    vocabulary = None if meta.symbols is None else Vocabulary(tuple(meta.symbols), meta.words)
    options = cast(dict[str, JsonValue], config.options)
    batch = Batch(**arrays)
    kept = KeptTask(info, meta.spec, batch, meta.labels, vocabulary, problem, options)
    return config, kept, problem
