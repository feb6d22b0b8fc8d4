"""The colour vision menu, on a real window."""

from rnnviz.app.shell import Shell
from rnnviz.app.snapshot import grab_window


def colors_on_screen(shell: Shell) -> set[tuple[int, int, int]]:
    image = grab_window(shell.window, 1.0)
    return {
        image.pixelColor(x, y).getRgb()[:3]
        for x in range(0, image.width(), 7)
        for y in range(0, image.height(), 7)
    }


def test_eyes_without_colours_see_a_window_in_greys_and_come_back(shell: Shell) -> None:
    actions = shell.window.actions_by_id
    before = shell.look.theme
    actions["vision-achromatopsia"].trigger()
    assert shell.model.state is not None
    assert shell.model.state.theme is shell.look.theme
    assert actions["vision-achromatopsia"].isChecked()
    assert not actions["vision-typical"].isChecked()
    assert all(max(color) - min(color) <= 12 for color in colors_on_screen(shell))
    actions["vision-typical"].trigger()
    assert shell.look.theme is before
    assert any(max(color) - min(color) > 60 for color in colors_on_screen(shell))


def test_a_preview_of_other_eyes_follows_the_theme(shell: Shell) -> None:
    actions = shell.window.actions_by_id
    actions["vision-deuteranopia"].trigger()
    actions["theme-dark"].trigger()
    assert shell.look.theme.name == "dark"
    assert shell.look.theme.diverging == "diverging-dark:deuteranopia"
