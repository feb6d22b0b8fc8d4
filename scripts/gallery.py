"""Makes the pictures of docs/gallery.md and the README from really trained networks.

    .venv/bin/python scripts/gallery.py [NAME …]

Every picture is the program's own window, laid out offscreen. Training takes about two minutes.
With names (``cell``, ``lab``, …) only those pictures are made anew; the page always lists all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image
from PySide6.QtWidgets import QWidget

from rnnviz.app.render_window import render_window
from rnnviz.app.shell import Shell
from rnnviz.scene.theme import ThemeName
from rnnviz.session.config import ModelOptions, RunConfig, TrainingOptions
from rnnviz.session.run import Run

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
_COLORS = 256
"""Colours kept of a picture: chosen so that even rare ones, as on the maps, hardly change."""


@dataclass(frozen=True)
class Shot:
    """One picture of the window: what is trained, for how long, and how it is shown."""

    name: str
    title: str
    about: str
    config: RunConfig
    iterations: int
    step: int | None = None
    theme: ThemeName = "light"
    size: tuple[int, int] = (1600, 1000)
    arrange: Callable[[Shell], QWidget | None] | None = None

    @property
    def file(self) -> str:
        return f"{self.name}.png"


def rolled(shell: Shell) -> None:
    """One cell with a loop."""
    shell.model.set_still(True)
    shell.window.stage.levels.fold()


def inside(shell: Shell) -> None:
    """The cell at the cursor."""
    shell.model.set_still(True)
    shell.window.stage.toggle_cell()


def product(shell: Shell) -> None:
    """One matrix product of that cell."""
    inside(shell)
    shell.window.stage.levels.inward()


def steps(shell: Shell) -> None:
    """The list of operations at the side."""
    shell.window.side.setCurrentWidget(shell.window.steps)


def laboratory(shell: Shell) -> QWidget | None:
    """Several figures of the laboratory, in their window."""
    shell.window.actions_by_id["lab-window"].trigger()
    large = shell.lab.large
    if large is not None:
        large.resize(1600, 1000)
    return large


def lab_beside(shell: Shell) -> None:
    """One figure beside the stage."""
    shell.window.show_lab()


HELLO = RunConfig(task="hello")
TEXT = RunConfig(task="text", model=ModelOptions(cell="lstm", hidden_size=64))
LSTM = RunConfig(task="hello", model=ModelOptions(cell="lstm", hidden_size=4))
GRU = RunConfig(task="hello", model=ModelOptions(cell="gru", hidden_size=4))
WIDE = RunConfig(
    task="text", model=ModelOptions(cell="gru", hidden_size=128, layers=2),
    training=TrainingOptions(optimizer="adam", learning_rate=0.003),
)  # fmt: skip

SHOTS = (
    Shot(
        "window-light", "The whole pass of \"hello\", on its way back",
        "Forward is done; the gradient has come back to step 3. Arrows are as wide as the norm "
        "they carry, the shared W collects a share from every step, and the strips hang under "
        "the graph on the same axis.", HELLO, 150, 3,
    ),
    Shot(
        "window-dark", "The same in the dark", "Light and dark follow the system, or the menu.",
        HELLO, 150, 3, "dark",
    ),
    Shot(
        "rolled", "Rolled up", "One cell with a loop, as the lecture begins; `U` unrolls it.",
        HELLO, 150, 3, arrange=rolled,
    ),
    Shot(
        "cell", "Inside a cell",
        "An LSTM's gates and its highway of cell states, with the values in every wire and the "
        "way back through Wᵀ.", LSTM, 300, 3, arrange=inside,
    ),
    Shot(
        "cell-gru", "Inside a GRU", "The new state is a mixture of the old one and the candidate.",
        GRU, 300, 3, "dark", arrange=inside,
    ),
    Shot(
        "product", "One matrix product",
        "Row times column, number by number; the arrow keys choose the row.",
        HELLO, 150, 3, arrange=product,
    ),
    Shot(
        "laboratory", "The laboratory",
        "Who caused which gradient, Jacobians and their singular values, what if: each figure "
        "of the pass on the stage.", HELLO, 150, 3, arrange=laboratory,
    ),
    Shot(
        "lab-beside", "One figure beside the stage", "The same figures fit at the side.",
        TEXT, 400, 20, "dark", arrange=lab_beside,
    ),
    Shot(
        "text-lstm", "An LSTM on a text", "Python's own documentation, 64 units, 25 steps: "
        "gates, cell state, the five likeliest next characters and the target.", TEXT, 400,
    ),
    Shot(
        "wide", "Two layers of 128 units, in a small window",
        "At 1280 × 720 everything is still there; the list of steps has every operation with "
        "its result.", WIDE, 150, 18, "dark", (1280, 720), arrange=steps,
    ),
    Shot(
        "digits", "One to one", "An image and its class.", RunConfig(task="digits"), 300,
    ),
    Shot(
        "captioning", "One to many", "A picture and its caption.",
        RunConfig(task="captioning"), 400,
    ),
    Shot(
        "sentiment", "Many to one", "A sentence and its sentiment; after its end comes padding.",
        RunConfig(task="sentiment"), 300, theme="dark",
    ),
    Shot(
        "translation", "Many to many",
        "Dates in words to ISO dates; the arcs are the attention of the fourth figure.",
        RunConfig(task="translation"), 300, 16,
    ),
    Shot(
        "video", "Aligned", "A label for every frame; the frames stand over their steps.",
        RunConfig(task="video"), 200,
    ),
)  # fmt: skip


def shrink(path: Path) -> None:
    """Keep as many colours as the picture needs: a quarter of the size."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(
            _COLORS, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE
        )
    small.save(path, optimize=True)


def page() -> str:
    """The text of docs/gallery.md."""
    parts = [
        f"## {shot.title}\n\n{shot.about}\n\n![{shot.title}](images/{shot.file})\n"
        for shot in SHOTS
    ]
    head = "# Gallery\n\nEvery picture is made by `make gallery` from a network trained there.\n\n"
    return head + "\n".join(parts)


def main(names: list[str]) -> int:
    unknown = set(names) - {shot.name for shot in SHOTS}
    if unknown:
        print(f"no picture {', '.join(sorted(unknown))}; there are", end=" ", file=sys.stderr)
        print(", ".join(shot.name for shot in SHOTS), file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    trained: dict[str, Run] = {}
    for shot in SHOTS:
        if names and shot.name not in names:
            continue
        key = f"{shot.config.to_json()} {shot.iterations}"
        if key not in trained:
            print(f"training {shot.config.task} …", flush=True)
            trained[key] = Run.create(shot.config).train(shot.iterations)
        path = FOLDER / shot.file
        render_window(
            trained[key], path, step=shot.step, theme=shot.theme, size=shot.size,
            arrange=shot.arrange,
        )  # fmt: skip
        shrink(path)
        print(f"  {shot.file}, {path.stat().st_size // 1024} KiB", flush=True)
    (FOLDER.parent / "gallery.md").write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
