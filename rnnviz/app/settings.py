"""What the program remembers between two starts, typed and with its defaults in one place."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from rnnviz.app.film_sizes import USUAL

if TYPE_CHECKING:
    from rnnviz.scene.strips_layout import StripLayout

ThemeChoice = Literal["system", "light", "dark"]
_LAYOUT_VERSION = 2
_RECENT = 8


class Settings:
    """A typed face on QSettings; every value is checked when read, so a broken file is harmless."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings("rnnviz", "rnnviz")

    @property
    def path(self) -> str:
        """Where the settings are kept."""
        return self._store.fileName()

    @property
    def theme(self) -> ThemeChoice:
        value = self._store.value("theme", "system")
        return value if value in ("system", "light", "dark") else "system"

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", choice)

    @property
    def still(self) -> bool:
        """Whether values change without travelling along the wires."""
        return str(self._store.value("still", "false")).lower() == "true"

    @still.setter
    def still(self, on: bool) -> None:
        self._store.setValue("still", "true" if on else "false")

    @property
    def starts_paused(self) -> bool:
        """Whether a window waits for T before a task begins to learn."""
        return str(self._store.value("starts_paused", "false")).lower() == "true"

    @starts_paused.setter
    def starts_paused(self, on: bool) -> None:
        self._store.setValue("starts_paused", "true" if on else "false")

    @property
    def percent(self) -> int:
        """The size of everything, in percent."""
        value = str(self._store.value("percent", "100"))
        return (
            int(value) if value.isascii() and value.isdigit() and 100 <= int(value) <= 200 else 100
        )

    @percent.setter
    def percent(self, percent: int) -> None:
        self._store.setValue("percent", str(percent))

    @property
    def runs_folder(self) -> Path:
        """Where runs are kept that were not saved when their window closed."""
        return self._own_folder / "runs"

    @property
    def kept_edits(self) -> Path:
        """The file of the sets of what-if edits that were kept by name."""
        return self._own_folder / "kept-edits.json"

    @property
    def _own_folder(self) -> Path:
        beside = Path(self.path).parent
        # In the first window this folder is still to be made; only a registry has none.
        if not beside.is_absolute():
            place = QStandardPaths.StandardLocation.AppDataLocation
            beside = Path(QStandardPaths.writableLocation(place))
        return beside

    def folder(self, purpose: str) -> Path:
        """Where files of that purpose were last opened or saved; else the user's documents."""
        kept = str(self._store.value(f"folder/{purpose}", ""))
        if kept and os.path.isdir(kept):
            return Path(kept)
        place = QStandardPaths.StandardLocation.DocumentsLocation
        documents = Path(QStandardPaths.writableLocation(place))
        return documents if os.path.isdir(documents) else Path.home()

    def remember_folder(self, purpose: str, folder: Path) -> None:
        """Begin there the next time."""
        self._store.setValue(f"folder/{purpose}", str(folder))

    @property
    def film_size(self) -> str:
        """The name of the size that the last film had (`film_sizes`)."""
        return str(self._store.value("film_size", USUAL))

    @film_size.setter
    def film_size(self, name: str) -> None:
        self._store.setValue("film_size", name)

    @property
    def kept_run(self) -> str:
        """The run file that the last window left behind; empty if there is none to speak of."""
        return str(self._store.value("kept_run", ""))

    @kept_run.setter
    def kept_run(self, path: str) -> None:
        self._store.setValue("kept_run", path)

    @property
    def kept_count(self) -> int:
        """How many run files it left behind."""
        value = str(self._store.value("kept_count", "1"))
        return int(value) if value.isascii() and value.isdigit() else 1

    @kept_count.setter
    def kept_count(self, count: int) -> None:
        self._store.setValue("kept_count", str(count))

    @property
    def foot_folded(self) -> bool | None:
        """Whether training and sample show only their titles; None until somebody chose it."""
        value = str(self._store.value("foot_folded", "")).lower()
        return value == "true" if value else None

    @foot_folded.setter
    def foot_folded(self, on: bool) -> None:
        self._store.setValue("foot_folded", "true" if on else "false")

    @property
    def gives_room(self) -> bool:
        """Whether panels give way to an opened cell."""
        return str(self._store.value("gives_room", "true")).lower() == "true"

    @gives_room.setter
    def gives_room(self, on: bool) -> None:
        self._store.setValue("gives_room", "true" if on else "false")

    @property
    def foot_height(self) -> int:
        """The height of a folded foot when it is opened again, in logical pixels; 0 if unknown."""
        value = str(self._store.value("foot_height", "0"))
        return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0

    @foot_height.setter
    def foot_height(self, height: int) -> None:
        self._store.setValue("foot_height", str(height))

    @property
    def recent(self) -> list[str]:
        """Files opened lately, newest first."""
        value = self._store.value("recent", [])
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list):
            return []
        return [entry for entry in entries if isinstance(entry, str)][:_RECENT]

    def remember(self, path: str) -> None:
        """Put a file at the head of the recent ones."""
        others = [entry for entry in self.recent if entry != path]
        self._store.setValue("recent", [path, *others][:_RECENT])

    @property
    def strips(self) -> StripLayout:
        """How the strips were arranged; as on a first start if that cannot be read."""
        import msgspec

        from rnnviz.scene.strips_layout import StripLayout

        text = self._store.value("strips", "")
        try:
            return msgspec.json.decode(str(text), type=StripLayout)
        except msgspec.DecodeError:
            return StripLayout()

    @strips.setter
    def strips(self, layout: StripLayout) -> None:
        import msgspec

        kept = msgspec.json.encode(replace(layout, scroll=0.0)).decode()
        self._store.setValue("strips", kept)

    def layout(self, name: str) -> QByteArray | None:
        """The saved state of a splitter or window, None if there is none of this version."""
        value = self._store.value(f"layout{_LAYOUT_VERSION}/{name}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def save_layout(self, name: str, state: QByteArray) -> None:
        self._store.setValue(f"layout{_LAYOUT_VERSION}/{name}", state)

    def forget_layout(self) -> None:
        """Back to the layout of a first start."""
        self._store.remove(f"layout{_LAYOUT_VERSION}")
        self._store.remove("strips")
        self._store.remove("foot_folded")

    def sync(self) -> None:
        self._store.sync()
