"""What the one application says on its own."""

import subprocess
import sys

DRAW = """
from PySide6.QtGui import QImage, QPainter

from rnnviz.views.application import application

app = application()
image = QImage(400, 60, QImage.Format.Format_ARGB32)
painter = QPainter(image)
for block in range(0x900, 0xE80, 0x80):
    painter.drawText(0, 30, "".join(chr(block + at) for at in range(5, 40)))
painter.end()
"""


def test_letters_that_no_font_can_shape_are_nothing_to_write_about() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRAW], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_application_that_shows_no_windows_is_told_as_one() -> None:
    script = (
        "from PySide6.QtCore import QCoreApplication\n"
        "app = QCoreApplication([])\n"
        "from rnnviz.views.application import application\n"
        "application()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert "UserError: this process has a QCoreApplication, which shows no windows" in done.stderr
