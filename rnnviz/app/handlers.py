"""What each command of the table does: one line each, nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from rnnviz.app.command_choices import SCALES
from rnnviz.app.screen_room import fitting_percent, rooms_now, size_words
from rnnviz.app.window_layout import begin_foot
from rnnviz.scene.theme import VISIONS, Vision

if TYPE_CHECKING:
    from rnnviz.app.numbers import Way
    from rnnviz.app.settings import ThemeChoice
    from rnnviz.app.shell import Shell
    from rnnviz.app.training_desk import TrainingDesk


def command_handlers(shell: Shell) -> dict[str, Callable[[], None]]:
    """Handlers by command id. What is built when first needed is looked up when asked for."""
    player, on_desk = shell.player, shell.on_desk
    return {
        "open-data": lambda: shell.documents.ask_data(),
        "open-folder": lambda: shell.documents.ask_folder(),
        "open-text": lambda: shell.documents.ask_text(),
        "open-run": lambda: shell.documents.ask_run(),
        "save-run": lambda: shell.documents.ask_save_run(),
        "save-trace": lambda: shell.documents.ask_save_trace(),
        "export-picture": lambda: shell.documents.ask_export(),
        "copy-picture": lambda: shell.documents.copy_picture(),
        "save-numbers": partial(_take_step, shell, "save"),
        "copy-numbers": partial(_take_step, shell, "copy"),
        "export-film": partial(_ask_film, shell),
        "quit": lambda: _quit(shell),
        "undo": lambda: shell.rooms.undo(),
        "redo": lambda: shell.rooms.redo(),
        "zoom-in": partial(_zoom, shell, 1.5),
        "zoom-out": partial(_zoom, shell, 1 / 1.5),
        "zoom-fit": shell.model.fit,
        "fold": lambda: shell.window.stage.levels.fold(),
        "cell": lambda: shell.window.stage.toggle_cell(),
        "inward": lambda: shell.window.stage.levels.inward(),
        "outward": partial(_outward, shell),
        "next-part": partial(_next_part, shell, 1),
        "previous-part": partial(_next_part, shell, -1),
        "lab": lambda: shell.window.show_lab(),
        "lab-window": lambda: shell.lab.open_large(),
        "theme-system": partial(_choose_theme, shell, "system"),
        "theme-light": partial(_choose_theme, shell, "light"),
        "theme-dark": partial(_choose_theme, shell, "dark"),
        **{f"vision-{vision}": partial(_see_as, shell, vision) for vision in VISIONS},
        **{f"size-{percent}": partial(_size, shell, percent) for percent in SCALES},
        "still": partial(_toggle_still, shell),
        "full-screen": partial(_toggle_full_screen, shell),
        "fold-foot": partial(_fold_foot, shell),
        "picture-alone": partial(_picture_alone, shell),
        "cell-room": partial(_cell_room, shell),
        "reset-layout": partial(_reset_layout, shell),
        "train": lambda: on_desk(partial(_train, shell)),
        "train-once": lambda: on_desk(partial(_once, shell)),
        "reset": lambda: on_desk(lambda desk: desk.reset()),
        "slowly": lambda: on_desk(partial(_slowly, shell)),
        "start-paused": partial(_start_paused, shell),
        "sample": lambda: shell.window.sample.ask(),
        "evaluate": lambda: on_desk(lambda desk: desk.evaluate()),
        "release": shell.step_back,
        "next-example": lambda: shell.window.tabs.next_example(),
        "previous-example": lambda: shell.window.tabs.previous_example(),
        "play": player.toggle,
        "forward": partial(player.step, 1),
        "back": partial(player.step, -1),
        "forward-ten": partial(_rows_or_steps, shell, -1),
        "back-ten": partial(_rows_or_steps, shell, 1),
        "start": partial(player.seek, 0.0),
        "end": player.to_end,
        "play-backward": partial(player.play, -1),
        "stop": player.stop,
        "play-forward": partial(player.play, 1),
        "shortcuts": partial(_show_shortcuts, shell),
        "symbols": partial(_show_symbols, shell),
        "about": partial(_show_about, shell),
    }


def _take_step(shell: Shell, way: Way) -> None:
    from rnnviz.app.numbers import take_step

    take_step(shell, way)


def _show_shortcuts(shell: Shell) -> None:
    from rnnviz.app.help_dialogs import shortcuts_dialog

    shortcuts_dialog(shell.window).show()


def _show_symbols(shell: Shell) -> None:
    from rnnviz.app.help_dialogs import symbols_dialog

    symbols_dialog(shell.window).show()


def _show_about(shell: Shell) -> None:
    from rnnviz.app.help_dialogs import about_dialog

    about_dialog(shell.window).show()


def _outward(shell: Shell) -> None:
    shell.window.stage.levels.outward()


def _rows_or_steps(shell: Shell, rows: int) -> None:
    """Up and down choose a row where a product is shown; elsewhere they are ten steps."""
    if not shell.window.stage.levels.move_row(rows):
        shell.player.step(-10 * rows)


def _next_part(shell: Shell, by: int) -> None:
    """Another matrix of the cell where a product is shown, else another symbol of the equation."""
    if not shell.window.stage.levels.next_product(by):
        shell.window.inspector.point_at_next(by)


def _ask_film(shell: Shell) -> None:
    from rnnviz.app.film_export import ask_film

    ask_film(shell)


def _quit(shell: Shell) -> None:
    shell.window.close()


def _zoom(shell: Shell, factor: float) -> None:
    state = shell.model.state
    if state is not None:
        # As the wheel does, past the widest steps into the cell.
        shell.window.stage.levels.zoom(factor, state.axis.center_of(state.cursor.column))


def _see_as(shell: Shell, vision: Vision) -> None:
    shell.look.see_as(vision)
    shell.look.tick_menu(shell.window.actions_by_id)


def _size(shell: Shell, percent: int) -> None:
    shell.settings.percent = percent
    shell.look.tick_menu(shell.window.actions_by_id)
    shown = fitting_percent(percent, rooms_now())
    shell.window.banner.show_note(size_words(percent, shown))


def _choose_theme(shell: Shell, choice: ThemeChoice) -> None:
    shell.look.choose(choice)
    shell.look.tick_menu(shell.window.actions_by_id)


def _toggle_still(shell: Shell) -> None:
    shell.settings.still = shell.window.actions_by_id["still"].isChecked()
    shell.model.set_still(shell.settings.still)


def _toggle_full_screen(shell: Shell) -> None:
    if shell.window.isFullScreen():
        shell.window.showNormal()
    else:
        shell.window.showFullScreen()


def _fold_foot(shell: Shell) -> None:
    shell.window.foot.set_folded(shell.window.actions_by_id["fold-foot"].isChecked())


def _picture_alone(shell: Shell) -> None:
    shell.window.alone.set_on(not shell.window.alone.on)


def _cell_room(shell: Shell) -> None:
    wanted = shell.window.actions_by_id["cell-room"].isChecked()
    shell.settings.gives_room = wanted
    shell.window.cell_room.set_wanted(wanted)


def _reset_layout(shell: Shell) -> None:
    shell.settings.forget_layout()
    shell.window.alone.set_on(False)
    begin_foot(shell.window, shell.settings)
    shell.window.stage.strips.set_strip_layout(shell.settings.strips)
    shell.window.arrangement.start_over()


def _train(shell: Shell, desk: TrainingDesk) -> None:
    """Training shows whole passes; who wants to watch one step drags the cursor there."""
    if not desk.training:
        shell.player.to_end()
    desk.toggle()


def _once(shell: Shell, desk: TrainingDesk) -> None:
    # Its pass would wait until the one before is played.
    shell.player.stop()
    desk.once()


def _start_paused(shell: Shell) -> None:
    shell.settings.starts_paused = shell.window.actions_by_id["start-paused"].isChecked()


def _slowly(shell: Shell, desk: TrainingDesk) -> None:
    desk.set_slow(shell.window.actions_by_id["slowly"].isChecked())
