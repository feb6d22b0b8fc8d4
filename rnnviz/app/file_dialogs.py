"""Where files are opened from and saved to: asked for in the folder that was last used for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QFileDialog, QWidget

if TYPE_CHECKING:
    from rnnviz.app.settings import Settings

Purpose = Literal["data", "text", "picture input", "run", "pass", "figure", "film", "numbers"]


class FileDialogs:
    """Asks for files. Every purpose has a folder of its own: at first the user's documents."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def to_open(self, parent: QWidget, purpose: Purpose, title: str, kinds: str) -> Path | None:
        """A file that there is; `kinds` as Qt's filters."""
        folder = str(self._settings.folder(purpose))
        path, _ = QFileDialog.getOpenFileName(parent, title, folder, kinds)
        return self._chosen(purpose, path)

    def folder(self, parent: QWidget, purpose: Purpose, title: str) -> Path | None:
        """A folder whose contents are opened: the next time one beside it can be chosen."""
        folder = str(self._settings.folder(purpose))
        return self._chosen(purpose, QFileDialog.getExistingDirectory(parent, title, folder))

    def to_save(
        self, parent: QWidget, purpose: Purpose, title: str, name: str, kinds: Mapping[str, str]
    ) -> Path | None:
        """A place to save at; `kinds` are Qt's filters with the endings that they stand for.

        A name without an ending gets that of the chosen kind before Qt asks about an old file.
        """
        dialog = QFileDialog(parent, title, str(self._settings.folder(purpose)))
        dialog.setNameFilters(list(kinds))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)

        def take_kind(kind: str) -> None:
            ending = kinds.get(kind, "")
            dialog.setDefaultSuffix(ending)
            for path in dialog.selectedFiles():
                if Path(path).suffix in kinds.values():
                    dialog.selectFile(str(Path(path).with_suffix(ending)))

        dialog.filterSelected.connect(take_kind)
        dialog.setDefaultSuffix(next(iter(kinds.values())))
        dialog.selectFile(name)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        return self._chosen(purpose, chosen[0] if chosen else "")

    def _chosen(self, purpose: Purpose, path: str) -> Path | None:
        if not path:
            return None
        self._settings.remember_folder(purpose, Path(path).parent)
        return Path(path)
