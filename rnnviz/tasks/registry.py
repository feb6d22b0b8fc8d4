"""Every task by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rnnviz.tasks import charlm
from rnnviz.tasks.adding import ADDING, AddingTask
from rnnviz.tasks.base import Task, TaskInfo
from rnnviz.tasks.brackets import BRACKETS, BracketsTask
from rnnviz.tasks.captioning import CAPTIONING, CaptioningTask
from rnnviz.tasks.copying import COPY, CopyTask
from rnnviz.tasks.digits import DIGIT_ROWS, DIGITS, DigitTask
from rnnviz.tasks.next_frame import CLIP, real_clip
from rnnviz.tasks.options import check_known
from rnnviz.tasks.own_files import open_data
from rnnviz.tasks.packages import is_installed
from rnnviz.tasks.parity import PARITY, ParityTask
from rnnviz.tasks.real_digits import REAL_DIGIT_ROWS, REAL_DIGITS, RealDigitTask
from rnnviz.tasks.real_sentences import MESSAGES, REVIEWS, real_messages, real_reviews
from rnnviz.tasks.real_speech import SPEECH, real_speech
from rnnviz.tasks.sentiment import SENTIMENT, SentimentTask
from rnnviz.tasks.sine import SINE, SineTask
from rnnviz.tasks.translation import TRANSLATION, TranslationTask
from rnnviz.tasks.video import VIDEO, VideoTask
from rnnviz.trace import UserError
from rnnviz.trace.suggestion import did_you_mean


@dataclass(frozen=True, slots=True)
class Entry:
    """A task that can be made: what the list shows and how to build it."""

    info: TaskInfo
    make: Callable[..., Task]

    @property
    def missing(self) -> tuple[str, ...]:
        """Packages the data comes from that are not installed."""
        return tuple(module for module in self.info.modules if not is_installed(module))


ENTRIES: tuple[Entry, ...] = (
    Entry(charlm.HELLO, charlm.hello),
    Entry(charlm.TEXT, charlm.text),
    Entry(DIGITS, DigitTask),
    Entry(DIGIT_ROWS, partial(DigitTask, rows=True)),
    Entry(CAPTIONING, CaptioningTask),
    Entry(SENTIMENT, SentimentTask),
    Entry(TRANSLATION, TranslationTask),
    Entry(VIDEO, VideoTask),
    Entry(COPY, CopyTask),
    Entry(ADDING, AddingTask),
    Entry(PARITY, ParityTask),
    Entry(BRACKETS, BracketsTask),
    Entry(SINE, SineTask),
    Entry(REAL_DIGITS, RealDigitTask),
    Entry(REAL_DIGIT_ROWS, partial(RealDigitTask, rows=True)),
    Entry(REVIEWS.info("many-to-one", "accuracy"), real_reviews),
    *(
        Entry(origin.info("many-to-many", "exact match"), partial(real_messages, language))
        for language, origin in MESSAGES.items()
    ),
    Entry(SPEECH.info("many-to-one", "accuracy"), real_speech),
    Entry(CLIP.info("aligned", "mean squared error"), real_clip),
)


def get_task(name_or_path: str, **options: Any) -> Task:
    """The task of that name, or one made from the user's own file or folder.

    Raises:
        UserError: if there is no such task, file or option, or a package is missing.
    """
    if not name_or_path:
        raise UserError("the name of the task is empty: name a task or a file")
    for entry in ENTRIES:
        if entry.info.name == name_or_path:
            return _make(entry, options)
    if os.path.exists(name_or_path) or _looks_like_a_path(name_or_path):
        return open_data(name_or_path, **options)
    raise no_such_task(name_or_path)


def no_such_task(name: str) -> UserError:
    """What to say of a name that nothing has."""
    names = [entry.info.name for entry in ENTRIES]
    hint = did_you_mean(name, names)
    return UserError(
        f"{name!r} is neither a task nor a file{hint}; the tasks are: {', '.join(names)}"
    )


def _looks_like_a_path(name: str) -> bool:
    """No task's name has a folder or an ending: who writes one means a file."""
    return "/" in name or "\\" in name or bool(Path(name).suffix)


def _make(entry: Entry, options: dict[str, Any]) -> Task:
    if entry.missing:
        raise UserError(
            f"{entry.info.name} needs the package {', '.join(entry.missing)}: "
            f"install it with  pip install 'rnnviz[{entry.info.extra}]'"
        )
    check_known(entry.info.name, entry.make, options)
    return entry.make(**options)
