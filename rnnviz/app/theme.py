"""The roles' colours as a Qt palette and style sheet; light and dark are ours on every desktop.

Qt's own colour-scheme switch does nothing without a desktop environment, so the program brings
Fusion and a palette of its own and only asks the desktop which of the two it prefers.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from rnnviz.scene.theme import Theme, ThemeName

THEME_PROPERTY = "rnnviz-theme"
"""Of an application: the key of the theme that it has."""
FONT_FAMILIES = ["DejaVu Sans", "Noto Sans", "Segoe UI", "Helvetica Neue"]


def desktop_theme() -> ThemeName:
    """What the desktop prefers; light where it says nothing."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def hex_of(color: int) -> str:
    """0xAARRGGBB as ``#rrggbb`` for style sheets."""
    return f"#{color & 0xFFFFFF:06x}"


def mixed(a: int, b: int, share: float) -> int:
    """`share` of colour a over colour b, opaque."""
    parts = [
        round((a >> shift & 0xFF) * share + (b >> shift & 0xFF) * (1 - share))
        for shift in (16, 8, 0)
    ]
    return 0xFF000000 | parts[0] << 16 | parts[1] << 8 | parts[2]


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole application the theme's palette, font and style sheet, unless it has them."""
    if app.property(THEME_PROPERTY) == theme.key:
        return
    app.setProperty(THEME_PROPERTY, theme.key)
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    font = QFont(FONT_FAMILIES)
    font.setPixelSize(13)
    app.setFont(font)
    app.setStyleSheet(_style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette(QColor.fromRgba(theme.panel))
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.Base: theme.panel,
        QPalette.ColorRole.AlternateBase: theme.box,
        QPalette.ColorRole.Button: theme.box,
        QPalette.ColorRole.WindowText: theme.ink,
        QPalette.ColorRole.Text: theme.ink,
        QPalette.ColorRole.ButtonText: theme.ink,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.ToolTipBase: theme.panel,
        QPalette.ColorRole.ToolTipText: theme.ink,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.panel,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Accent: theme.accent,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor.fromRgba(color))
    faint = QColor.fromRgba(mixed(theme.muted, theme.panel, 0.55))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def _style_sheet(theme: Theme) -> str:
    panel, line, ink, muted = (hex_of(c) for c in (theme.panel, theme.line, theme.ink, theme.muted))
    accent, good, box = (hex_of(c) for c in (theme.accent, theme.good, theme.box))
    chosen = hex_of(mixed(theme.accent, theme.panel, 0.18))
    chosen_cell = hex_of(mixed(theme.hidden, theme.panel, 0.20))
    faint = hex_of(mixed(theme.muted, theme.panel, 0.55))
    return f"""
    QMainWindow, QMenuBar {{ background: {panel}; }}
    QWidget#desk {{ background: {hex_of(theme.window)}; }}
    QFrame#card {{ background: {panel}; border: 1px solid {line}; border-radius: 6px; }}
    QFrame#bar {{ background: {panel}; border: 0; border-bottom: 1px solid {line}; }}
    QLabel#heading {{ font-weight: bold; color: {ink}; }}
    QLabel#muted {{ color: {muted}; }}
    QLabel#phase {{ font-weight: bold; font-size: 14px; }}
    QToolButton {{ background: {box}; border: 1px solid {line}; border-radius: 5px;
                   padding: 4px 8px; }}
    QToolButton:hover {{ border-color: {accent}; }}
    QToolButton:focus, QPushButton:focus {{ border: 2px solid {accent}; }}
    QToolButton:checked {{ background: {chosen}; }}
    QToolButton:disabled {{ color: {faint}; }}
    QToolButton#cellChoice {{ padding: 4px 2px; }}
    QToolButton#cellChoice:checked {{ background: {chosen_cell}; }}
    QToolButton#play {{ background: {accent}; border-color: {accent}; }}
    QToolButton#play:focus {{ border: 2px solid {ink}; }}
    QToolButton#kind {{ text-align: left; padding: 1px 6px; background: {panel}; }}
    QToolButton#kind:checked {{ background: {chosen}; border-color: {accent}; }}
    QToolButton#fold {{ border-color: transparent; background: transparent; padding: 2px; }}
    QToolButton#fold:hover, QToolButton#fold:focus {{ border: 1px solid {accent}; }}
    QPushButton {{ background: {box}; border: 1px solid {line}; border-radius: 5px;
                   padding: 5px 12px; }}
    QPushButton:hover {{ border-color: {accent}; }}
    QPushButton:disabled {{ color: {faint}; }}
    QPushButton#train {{ background: {good}; color: {hex_of(theme.panel)}; font-weight: bold;
                         border: 1px solid {good}; padding: 6px 22px; }}
    QPushButton#train:focus {{ border: 2px solid {ink}; }}
    QCheckBox::indicator {{ width: 12px; height: 12px; border: 1px solid {muted};
                            border-radius: 3px; background: {panel}; }}
    QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; }}
    QCheckBox:focus {{ text-decoration: underline; }}
    QPlainTextEdit {{ border: 1px solid transparent; background: {panel}; }}
    QSlider:focus, QPlainTextEdit:focus {{ border: 1px solid {accent}; border-radius: 4px; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {line}; }}
    QToolTip {{ background: {panel}; color: {ink}; border: 1px solid {line}; padding: 3px; }}
    QScrollArea, QWidget#panel {{ border: 0; background: {panel}; }}
    QStatusBar {{ background: {panel}; color: {muted}; }}
    """
