"""One picture in, a sentence out: coloured shapes and how they stand to each other."""

from __future__ import annotations

from collections import Counter
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas
from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.canvas import COLOURS, SHAPES, Floats
from rnnviz.tasks.dataset import Data, DataBatch, Pictures, Rows, always
from rnnviz.tasks.picture_features import FEATURES, SIDE, picture_features
from rnnviz.tasks.sentences import END, START, fed_back
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec

CAPTIONING = TaskInfo(
    name="captioning",
    title="say what is in the picture",
    kind="one-to-many",
    source="pictures of coloured shapes drawn by the program",
    licence="MIT (part of rnnviz)",
    metric="exact match",
    target=0.9,
)
RELATIONS = ("above", "below", "left of", "right of", "around")
_SHARES = (0.23, 0.23, 0.23, 0.23, 0.08)
WORDS = Vocabulary(
    (START, END, "a", "an", *COLOURS, *SHAPES, "above", "below", "left", "right", "of", "around"),
    words=True,
)

_SHOWN = 128
_COUNT: dict[Split, int] = {"train": 7000, "held-out": 1000}
_ALONE = 0.12
_PALETTE = np.array(list(COLOURS.values()), np.float32)


@final
class CaptioningTask(SequenceTask):
    """The larger shape is named first: "a red circle above a blue square"."""

    info = CAPTIONING
    counts = _COUNT
    inputs = WORDS
    outputs = WORDS
    vocabulary = WORDS
    unit = "pictures"
    longest_answer = 12

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="one-to-many",
            cell="gru",
            input_kind="embedding",
            embedding_size=32,
            context_size=FEATURES,
            input_size=len(WORDS),
            hidden_size=128,
            output_size=len(WORDS),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(
            learning_rate=0.008, schedule="cosine", batch_size=64, iterations=2000
        )

    def make(self, split: Split) -> Data:
        scenes = _Scenes(_COUNT[split], np.random.default_rng((24, split == "train")))
        captions = scenes.captions()
        tokens, targets, lengths = fed_back([c.split() for c in captions], WORDS)
        return Data(
            context=scenes.features(),
            tokens=tokens,
            targets=targets,
            lengths=lengths,
            titles=captions,
            draw=scenes.pictures,
        )

    def baseline(self) -> tuple[float, str]:
        """Always the commonest training caption, which is that of a single shape."""
        commonest = Counter(self.data("train").titles).most_common(1)[0][0]
        titles = self.data("held-out").titles
        return sum(t == commonest for t in titles) / len(titles), "always the commonest caption"

    def words(self, ids: NDArray[np.intp]) -> str:
        return WORDS.decode([i for i in ids if i != WORDS.ids[END]])

    def parse_picture(self, picture: NDArray[np.uint8]) -> DataBatch:
        """The middle square of the user's picture; the first words are left open."""
        small: Floats = np.divide(canvas.resize(picture, SIDE), 255, dtype=np.float32)[np.newaxis]
        shown = canvas.resize(picture, _SHOWN)
        tokens = np.full((1, self.longest_answer), WORDS.ids[START], dtype=np.intp)

        return Data(
            context=picture_features(small),
            tokens=tokens,
            targets=np.full_like(tokens, -1),
            titles=["your picture"],
            draw=always(shown),
        ).batch(np.array([0]))


class _Scenes:
    """What is in each picture: one large shape, mostly a small one, and their relation."""

    def __init__(self, n: int, rng: np.random.Generator) -> None:
        self.shape = rng.integers(0, len(SHAPES), (2, n))
        self.colour = rng.integers(0, len(COLOURS), (2, n))
        self.relation = rng.choice(len(RELATIONS), n, p=_SHARES)
        # Two shapes of one picture always differ in colour.
        shift = rng.integers(1, len(COLOURS), n)
        self.colour[1] = (self.colour[0] + shift) % len(COLOURS)
        alone = rng.random(n) < _ALONE
        around = (self.relation == RELATIONS.index("around")) & ~alone
        large = np.where(around, rng.uniform(0.68, 0.8, n), rng.uniform(0.37, 0.45, n))
        small = np.where(alone, 0.0, rng.uniform(0.23, 0.3, n))
        self.radius = np.stack([large, small]).astype(np.float32)
        self.angle = rng.normal(0, 0.15, (2, n)).astype(np.float32)
        gap = rng.uniform(0.42, 0.5, (2, n))
        aside = rng.uniform(-0.42, 0.42, (2, n))
        sign = np.select([self.relation == i for i in range(4)], [-1.0, 1.0, -1.0, 1.0], 0.0)
        upright = self.relation < 2
        along = np.stack([sign * gap[0], -sign * (gap[1] + 0.08)])
        place = np.stack([np.where(upright, aside, along), np.where(upright, along, aside)])
        place[:, :, alone] = rng.uniform(-0.4, 0.4, (2, 1, int(alone.sum())))
        place[:, :, around] = rng.uniform(-0.1, 0.1, (2, 1, int(around.sum())))
        self.alone = alone
        self.place = place.astype(np.float32)

    def captions(self) -> list[str]:
        captions = []
        for i in range(len(self.relation)):
            caption = self._name(0, i)
            if not self.alone[i]:
                caption += f" {RELATIONS[self.relation[i]]} {self._name(1, i)}"
            captions.append(caption)
        return captions

    def _name(self, which: int, i: int) -> str:
        colour = tuple(COLOURS)[self.colour[which, i]]
        article = "an" if colour[0] in "aeiou" else "a"
        return f"{article} {colour} {SHAPES[self.shape[which, i]]}"

    def draw(self, size: int, rows: Rows | None = None) -> Floats:
        """Pictures (n, size, size, 3), values 0 to 1."""
        rows = np.arange(len(self.relation)) if rows is None else rows
        pictures = canvas.blank(len(rows), size)
        for which in (0, 1):
            canvas.stamp(
                pictures,
                self.shape[which, rows],
                self.place[0, which, rows],
                self.place[1, which, rows],
                self.radius[which, rows],
                self.angle[which, rows],
                _PALETTE[self.colour[which, rows]],
            )
        return pictures

    def features(self) -> Floats:
        """What the network gets instead of each picture, (n, C)."""
        # A few hundred pictures at a time stay in the cache.
        parts = np.array_split(np.arange(len(self.relation)), max(1, len(self.relation) // 250))
        return np.concatenate([picture_features(self.draw(SIDE, rows)) for rows in parts])

    def pictures(self, rows: Rows) -> Pictures:
        return canvas.to_bytes(self.draw(_SHOWN, rows))[np.newaxis]
