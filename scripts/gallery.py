"""Makes the pictures of docs/gallery.md and the README from really trained networks.

    .venv/bin/python scripts/gallery.py

Every picture is the program's own window, laid out offscreen. Training takes about two minutes.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from rnnviz.app.render_window import render_window
from rnnviz.scene.theme import ThemeName
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"


@dataclass(frozen=True)
class Shot:
    """One picture of the window: what is trained, for how long, and how it is shown."""

    file: str
    words: str
    config: RunConfig
    iterations: int
    step: int | None = None
    theme: ThemeName = "light"
    size: tuple[int, int] = (1600, 1000)


SHOTS = (
    Shot("window-light.png", '"hello", in the backward pass', RunConfig(task="hello"), 150, 3),
    Shot("window-dark.png", "The same in the dark", RunConfig(task="hello"), 150, 3, "dark"),
    Shot(
        "text-lstm.png",
        "Python's own texts, an LSTM with 64 units: gates, cell state, 25 steps",
        RunConfig(task="text", model=ModelOptions(cell="lstm", hidden_size=64)),
        400,
    ),
    Shot("digits.png", "One to one: an image and its class", RunConfig(task="digits"), 300),
    Shot(
        "captioning.png", "One to many: a picture and its caption",
        RunConfig(task="captioning"), 400,
    ),
    Shot(
        "sentiment.png", "Many to one: a sentence and its sentiment",
        RunConfig(task="sentiment"), 300, theme="dark",
    ),
    Shot(
        "translation.png", "Many to many: dates in words to ISO dates, with attention",
        RunConfig(task="translation"), 300,
    ),
    Shot("video.png", "Aligned: a label for every frame", RunConfig(task="video"), 200),
)  # fmt: skip


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    trained: dict[str, Run] = {}
    for shot in SHOTS:
        key = shot.config.to_json()
        if key not in trained:
            print(f"training {shot.config.task} …", flush=True)
            trained[key] = Run.create(shot.config).train(shot.iterations)
        render_window(
            trained[key], FOLDER / shot.file, step=shot.step, theme=shot.theme, size=shot.size
        )
        print(f"  {shot.file}", flush=True)
    pages = [f"## {shot.words}\n\n![{shot.words}](images/{shot.file})\n" for shot in SHOTS]
    head = "# Gallery\n\nEvery picture is made by `make gallery` from a network trained there.\n\n"
    (FOLDER.parent / "gallery.md").write_text(head + "\n".join(pages), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
