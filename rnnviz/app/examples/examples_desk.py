"""Between the cards about answers and the worker, who alone may ask the network."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from rnnviz.app.examples.drawing_dialog import DrawingDialog
from rnnviz.app.examples.foot_tabs import FootTabs
from rnnviz.app.examples.picture_input import SUFFIXES, read_picture
from rnnviz.app.examples.words import own_answer
from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.comparing import writes_words
from rnnviz.session.errands import PATIENCE_SECONDS
from rnnviz.session.questions import Pixels
from rnnviz.session.spectator import OWN_PICTURE
from rnnviz.tasks.base import Example, Split, Task
from rnnviz.trace import UserError

_LEAST_SECONDS = 1.0
_REST = 60.0
"""While training, answers are asked for again after so many times what they cost."""


class ExamplesDesk(QObject):
    """Lists, asks, watches. `stage_wanted` is told before another pass goes on the stage."""

    stage_wanted = Signal()
    failed = Signal(str)

    def __init__(
        self,
        tabs: FootTabs,
        desk: TrainingDesk,
        window: QWidget,
        dialogs: FileDialogs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._tabs = tabs
        self._desk = desk
        self._window = window
        self._drawing: DrawingDialog | None = None
        self._picture: Pixels | None = None
        self._is_drawn = False
        """Whether that picture is the one on the sheet of paper."""
        self._split: Split = "held-out"
        self._run: object = None
        self._data: object = None
        self._listed: object = None
        self._listing = False
        self._asking = False
        self._answered: tuple[int, tuple[Example, ...]] = (-1, ())
        self._rest = 0.0
        self._since = 0.0
        self._seeds = 0
        self.watching = False
        tabs.browse.chosen.connect(self.watch)
        tabs.browse.part_chosen.connect(self._list)
        tabs.browse.looked.connect(self._look)
        tabs.own.typed.connect(self.try_text)
        tabs.own.open_wanted.connect(self.ask_picture)
        tabs.own.draw_wanted.connect(self.draw)
        tabs.decode.asked.connect(self._decode)
        tabs.batch.clicked.connect(self.unwatch)
        desk.host.happened.connect(self._hear)

    @property
    def looks_at_pictures(self) -> bool:
        """Whether the task can be given a picture."""
        return _takes_pictures(self._desk.run.task)

    # --- wishes ----------------------------------------------------------------------------------

    @Slot(object)
    def watch(self, example: Example) -> None:
        """Put the pass of an example on the stage until `unwatch`."""
        if self._desk.put is not self._desk.run:
            # Another run is about to come, and it has examples of its own.
            return
        self.stage_wanted.emit()
        self._mark(True)
        self._tabs.browse.show_chosen(example)
        self._desk.host.send(c.Watch(example))
        if self._tabs.currentWidget() is self._tabs.decode:
            self._tabs.decode.ask()

    @Slot()
    def unwatch(self) -> bool:
        """Back to the training batch; False if that is on the stage already."""
        if not self.watching:
            return False
        self.stage_wanted.emit()
        self._mark(False)
        self._tabs.browse.show_chosen(None)
        self._desk.host.send(c.Watch(None))
        return True

    @Slot(str)
    def try_text(self, text: str) -> None:
        self._picture = None
        self.stage_wanted.emit()
        self._desk.host.send(c.Try(text))

    @Slot(object)
    def try_picture(self, picture: Pixels) -> None:
        self._picture = picture
        self.stage_wanted.emit()
        self._desk.host.send(c.Try(picture))

    def open_picture(self, path: Path) -> None:
        """Ask about a picture file.

        Raises:
            UserError: if it cannot be read.
        """
        self._tabs.setCurrentWidget(self._tabs.own)
        picture = read_picture(path)
        self._is_drawn = False
        self.try_picture(picture)

    @Slot()
    def ask_picture(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        title, kinds = "Open a picture", f"Pictures ({kinds})"
        path = self._dialogs.to_open(self._window, "picture input", title, kinds)
        if path is None:
            return
        try:
            self.open_picture(path)
        except UserError as error:
            self.failed.emit(str(error))

    @Slot()
    def draw(self) -> None:
        """Open the sheet of paper, or bring it to the front with what is drawn on it."""
        if self._drawing is None:
            self._drawing = DrawingDialog(self._window)
            self._drawing.drawn.connect(self._try_drawing)
        if self._drawing.pad.is_blank:
            self._drawing.invite(shapes=writes_words(self._desk.run.task))
        self._drawing.show()
        self._drawing.activateWindow()

    @Slot(object)
    def _try_drawing(self, picture: Pixels) -> None:
        self._is_drawn = True
        self.try_picture(picture)

    @property
    def drawing(self) -> DrawingDialog | None:
        return self._drawing

    @property
    def busy(self) -> bool:
        """Whether examples in sight are still being listed or answered."""
        if not self._tabs.browse.isVisible():
            return False
        return self._listing or self._asking or self._listed is not self._desk.run

    def tick(self, seconds: float) -> None:
        """Let time go by; keep the answers in sight fresh, and no others."""
        self._since += seconds
        if not self._tabs.browse.isVisible():
            return
        if self._listed is not self._desk.run:
            if not self._listing:
                self._list(self._split)
        elif not self._asking and (self._since >= self._rest or not self._desk.training):
            self._look()

    # --- what happens ----------------------------------------------------------------------------

    @Slot()
    def _look(self) -> None:
        """Ask for what is in sight, if it is not known already."""
        rows = self._tabs.browse.in_sight()
        iteration = self._desk.run.iteration
        if self._asking or not rows or self._answered == (iteration, rows):
            return
        self._asking = True
        self._desk.host.send(c.Ask(rows))

    @Slot(str)
    def _list(self, split: Split) -> None:
        self._listing = True
        self._split = split
        self._desk.host.send(c.ListExamples(split))

    @Slot(float, int)
    def _decode(self, temperature: float, width: int) -> None:
        self._seeds += 1
        self._desk.host.send(c.Decode(temperature, width, self._seeds))

    def show_run(self, *, can_sample: bool) -> None:
        """Another run is on the table, or the same with another learning rate."""
        run = self._desk.run
        if self._run is run:
            return
        self._run = run
        data = (run.config.task, run.config.options)
        if data != self._data:
            self._data = data
            self._tabs.own.text.clear()
        text, pictures = _takes_text(run.task), _takes_pictures(run.task)
        self._listing = self._asking = False
        self._tabs.own.set_ways(text=text, pictures=pictures)
        if self._drawing is not None and pictures:
            # What was said of the drawing, another network has said.
            self._drawing.invite(shapes=writes_words(run.task))
        elif self._drawing is not None:
            self._drawing.hide()
        self._tabs.decode.forget()
        # A run that undo brings back may be the very one whose examples were listed last.
        self._listed = None
        self._tabs.browse.show_examples(())
        self._mark(False)
        self._tabs.set_available(
            run.config.task,
            sample=can_sample,
            own=text or pictures,
            decode=writes_words(run.task),
        )

    def close(self) -> None:
        """The window closes; so does the sheet of paper."""
        if self._drawing is not None:
            self._drawing.close()

    def _hear(self, event: e.Event) -> None:
        match event:
            case e.Listed(run, split, examples) if run is self._desk.run:
                self._take_list(split, examples)
            case e.Replied(run, iteration, replies, seconds):
                self._asking = False
                self._since, self._rest = 0.0, max(_LEAST_SECONDS, _REST * seconds)
                if run is self._desk.run:
                    self._answered = (iteration, tuple(r.example for r in replies))
                    self._tabs.browse.model.take(replies)
            case e.PutOff(c.Ask()):
                # Training may last: they are asked for again while it does, though not at once.
                self._asking = False
                self._since, self._rest = 0.0, max(self._rest, _REST * PATIENCE_SECONDS)
            case e.Tried(iteration, title, said, _batch):
                answer = own_answer(said, iteration)
                self._mark(True)
                self._tabs.browse.show_chosen(None)
                self._tabs.own.show_answer(title, answer, self._picture)
                if self._drawing is not None and title == OWN_PICTURE and self._is_drawn:
                    self._drawing.show_said(answer)
            case e.Decoded():
                self._tabs.decode.show_decoded(event)
            case e.Failed():
                # Whatever could not be done, nothing is under way any more.
                self._asking = False
                self._tabs.own.refuse()
            case e.WasReset():
                self._answered = (-1, ())
            case e.Branched(run, before) if self._run is before:
                # It goes on with what is watched and with the same examples.
                self._run = run
                self._listed = run if self._listed is before else self._listed
            case _:
                pass

    def _take_list(self, split: Split, examples: tuple[Example, ...]) -> None:
        if not examples and split == "held-out":
            # Nobody has chosen these: the next task begins with what it holds out.
            self._desk.host.send(c.ListExamples("train"))
            return
        self._listing = False
        self._listed = self._desk.run
        self._answered = (-1, ())
        self._tabs.browse.show_part(split)
        self._tabs.browse.show_examples(examples)
        if examples and _takes_text(self._desk.run.task):
            self._tabs.own.suggest(examples[0].title)
        self._look()

    def _mark(self, watching: bool) -> None:
        self.watching = watching
        self._tabs.batch.setVisible(watching)


def _takes_text(task: Task) -> bool:
    return type(task).parse is not Task.parse


def _takes_pictures(task: Task) -> bool:
    return type(task).parse_picture is not Task.parse_picture
