"""What the program says when Qt cannot run here."""

import ctypes
import re
import subprocess
import sys

import pytest

import rnnviz
from rnnviz.app import display_check, platform_check, system_check
from rnnviz.trace.errors import UserError


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = {"libEGL.so.1", "libxcb-icccm.so.4"}
    monkeypatch.setattr(system_check, "loads", lambda library: library not in absent)
    missing = system_check.missing_libraries("xcb", system="linux")
    assert missing == {"libEGL.so.1": "libegl1", "libxcb-icccm.so.4": "libxcb-icccm4"}
    hint = system_check.install_hint(missing, has_apt=True, is_root=False)
    assert hint.endswith("install with: sudo apt install libegl1 libxcb-icccm4")
    assert "\n" not in hint


def test_one_package_is_named_once() -> None:
    missing = {"libglib-2.0.so.0": "libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0"}
    hint = system_check.install_hint(missing, has_apt=True, is_root=True)
    assert hint.endswith("install with: apt install libglib2.0-0")


def test_without_apt_no_apt_command_is_named() -> None:
    hint = system_check.install_hint({"libGL.so.1": "libgl1"}, has_apt=False, is_root=False)
    assert "apt" not in hint
    assert "libGL.so.1" in hint


def test_offscreen_needs_no_library_of_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_check, "loads", lambda library: False)
    assert not any("xcb" in library for library in system_check.missing_libraries("offscreen"))


def test_only_linux_is_asked_for_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_check, "loads", lambda library: False)
    assert system_check.missing_libraries("windows", system="win32") == {}


def test_the_linker_finds_the_c_library_but_no_invention() -> None:
    assert system_check.loads("libc.so.6")
    assert not system_check.loads("libinvented-for-this-test.so.1")


@pytest.mark.parametrize(
    ("environ", "platform"),
    [
        ({}, "offscreen"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, "wayland"),
    ],
)
def test_the_platform_is_the_one_asked_for_or_the_one_there(
    environ: dict[str, str], platform: str
) -> None:
    assert system_check.qt_platform(environ, system="linux") == platform


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_call_that_drops_references_to_none_is_noticed() -> None:
    none = ctypes.py_object(None)
    times = 100
    lost = system_check.references_lost(lambda: ctypes.pythonapi.Py_DecRef(none), times)
    for _ in range(times):
        ctypes.pythonapi.Py_IncRef(none)
    assert lost >= times - 10


def test_a_call_that_keeps_its_references_is_not_accused() -> None:
    assert system_check.references_lost(lambda: None) == 0


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="not asked from Python 3.12 on")
def test_broken_bindings_are_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_check, "references_lost", lambda call: 200)
    with pytest.raises(UserError, match=r"crashes on Python 3\.11; install an older one"):
        system_check.check_bindings()


def test_the_installed_bindings_pass() -> None:
    system_check.check_bindings()


def test_the_check_ends_with_2_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_check, "loads", lambda library: library != "libGL.so.1")
    assert system_check.main(["--platform", "offscreen"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("rnnviz: error: Qt needs a system library not found here: libGL.so.1")
    assert said.count("\n") == 1


def test_the_libraries_are_asked_for_without_importing_qt() -> None:
    code = (
        "import sys; from rnnviz.app import system_check; system_check.missing_libraries('xcb');"
        "print([m for m in ('PySide6', 'pyqtgraph') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_display_that_does_not_answer_is_told_before_qt_aborts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(display_check, "answers", lambda platform: platform != "xcb")
    display_check.check_display("offscreen")
    with pytest.raises(UserError, match=r"':99' does not answer.*DISPLAY"):
        display_check.check_display("xcb", {"DISPLAY": ":99"})


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"DISPLAY": ":99"}, "correct DISPLAY, or unset DISPLAY to do"),
        (
            {"DISPLAY": ":99", "QT_QPA_PLATFORM": "xcb"},
            "correct DISPLAY, or unset DISPLAY and QT_QPA_PLATFORM to do",
        ),
        ({"QT_QPA_PLATFORM": "xcb"}, "there is no display: set DISPLAY, or unset QT_QPA_PLATFORM"),
        ({}, "there is no display: set DISPLAY$"),
    ],
)
def test_how_to_do_without_a_display_opens_no_window_that_nobody_sees(
    environ: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display_check, "answers", lambda platform: False)
    with pytest.raises(UserError, match=words):
        display_check.check_display("xcb", environ)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt's libraries on Linux")
def test_every_library_of_x_that_qts_plugin_names_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Qt aborts where one is missing."""
    plugin = platform_check.plugins().get("xcb")
    if plugin is None:
        pytest.skip("PySide6 comes from elsewhere")
    qt = plugin.parents[2] / "lib"
    binaries = plugin.read_bytes() + (qt / "libQt6XcbQpa.so.6").read_bytes()
    named = set(re.findall(rb"\0(lib(?:xcb|X11|xkbcommon)[\w+-]*\.so\.\d+)(?=\0)", binaries))
    assert len(named) > 10
    monkeypatch.setattr(system_check, "loads", lambda library: False)
    looked_for = system_check.missing_libraries("xcb", system="linux")
    assert {name.decode() for name in named} - set(looked_for) == set()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X is asked for on Linux")
def test_nobody_answers_at_a_display_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    if not system_check.loads("libX11.so.6"):
        pytest.skip("needs libX11")
    monkeypatch.setenv("DISPLAY", "127.0.0.1:9876")
    assert not display_check.answers("xcb")
    assert display_check.answers("offscreen")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("nonsense", "Qt has no platform 'nonsense': correct or unset QT_QPA_PLATFORM"),
        ("ofscreen", r"Qt has no platform 'ofscreen' \(did you mean offscreen\?\)"),
        ("minimal", "Qt cannot start on 'minimal' here"),  # it takes no font from a file
        ("nonsense;absurd", "Qt cannot start on 'nonsense;absurd' here"),
    ],
)
def test_a_platform_that_qt_would_abort_on_is_told_in_one_sentence(
    asked: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", asked)
    with pytest.raises(UserError, match=words):
        system_check.check_qt()


@pytest.mark.parametrize("asked", ["offscreen", "OFFSCREEN", "offscreen:dpi=96", "none;offscreen"])
def test_a_platform_that_starts_is_left_to_qt(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", asked)
    system_check.check_qt()


def test_a_common_platform_costs_no_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_check, "starts", lambda asked: pytest.fail("it was tried"))
    platform_check.check_platform("offscreen")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="plugins are looked for on Linux")
def test_a_plugin_that_is_gone_is_told_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform_check, "plugins", dict)
    monkeypatch.setattr(platform_check, "starts", lambda asked: False)
    with pytest.raises(UserError, match="'xcb' is missing or does not load; reinstall it with"):
        platform_check.check_platform("xcb", {"DISPLAY": ":0"})


def test_a_missing_qt_is_told_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system_check, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="pip install PySide6-Essentials"):
        system_check.check_qt("offscreen")


def test_without_a_display_nothing_can_be_shown_from_a_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UserError, match="no display"):
        rnnviz.show("hello")
