"""Floor 3: what a network learns from; data, vocabularies and scores, without Qt."""

from rnnviz.tasks.base import Example, Score, Stream, Task, TaskInfo, TrainingDefaults
from rnnviz.tasks.registry import ENTRIES, Entry, get_task
from rnnviz.tasks.vocabulary import Vocabulary, visible

__all__ = [
    "ENTRIES",
    "Entry",
    "Example",
    "Score",
    "Stream",
    "Task",
    "TaskInfo",
    "TrainingDefaults",
    "Vocabulary",
    "get_task",
    "visible",
]
