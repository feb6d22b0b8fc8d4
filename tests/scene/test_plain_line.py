"""One line of a message, and as much of it as there is room for."""

from rnnviz.scene.plain_line import longest_start, plain_line


def test_of_many_lines_the_last_one_with_words_is_said() -> None:
    assert plain_line("Traceback:\n  File a\nValueError: too small\n\n") == "ValueError: too small"
    assert plain_line("Saved.") == "Saved."
    assert plain_line("") == ""


def test_what_does_not_fit_ends_in_an_ellipsis_and_fills_the_room() -> None:
    words = "abcdefghij"
    for room in range(1, 15):
        shown = longest_start(words, lambda text, room=room: len(text) <= room)
        assert len(shown) == min(room, len(words))
        assert shown == words or shown == f"{words[: room - 1]}…"
