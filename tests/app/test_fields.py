"""What can be typed into the fields of the model panel, and what is said of what cannot hold."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.app.fields import CountField, RateField
from rnnviz.app.number_boxes import RealBox, WholeBox
from rnnviz.app.shell import Shell

Key = Qt.Key
Field = CountField | RateField | WholeBox | RealBox


def enter(field: Field, text: str) -> None:
    """Replace what stands in the field, and press Enter."""
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Key.Key_Delete)
    if text:
        QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)


def shown(
    field: CountField | RateField, value: float
) -> tuple[CountField | RateField, list[float], list[str]]:
    told: list[float] = []
    refused: list[str] = []
    field.set_known(value)  # type: ignore[arg-type]  # whole numbers for counts
    field.committed.connect(told.append)
    field.refused.connect(refused.append)
    field.show()
    return field, told, refused


@pytest.mark.parametrize("text", ["1e6", "-3", "1e-", "1e-9"])
def test_a_rate_that_cannot_hold_is_refused_in_words_and_the_one_in_force_stays(
    qapp: QApplication, text: str
) -> None:
    field, told, refused = shown(RateField(1e-8, 100.0), 0.1)
    enter(field, text)
    assert refused == [f"{text!r} is not a number from 1e-08 to 100; it stays 0.1"]
    assert (field.text(), told) == ("0.1", [])


def test_a_field_that_was_emptied_shows_the_number_in_force_again(qapp: QApplication) -> None:
    for made, value in ((RateField(1e-8, 100.0), 0.1), (CountField(1, 9), 4)):
        field, told, refused = shown(made, value)
        enter(field, "")
        assert (field.text(), told, refused) == (f"{value:g}", [], [])


def test_a_count_beyond_its_range_is_not_taken_without_its_last_figure(qapp: QApplication) -> None:
    field, told, refused = shown(CountField(1, 2048), 100)
    enter(field, "5000")
    assert refused == ["'5000' is not a whole number from 1 to 2048; it stays 100"]
    assert (field.text(), told) == ("100", [])
    enter(field, "500")
    assert told == [500]


def test_what_means_off_stays_off(qapp: QApplication) -> None:
    field, told, refused = shown(RateField(0.0, 1e6, "off"), 0.0)
    enter(field, "2e6")
    assert refused == ["'2e6' is not a number from 0 to 1e+06; it stays off"]
    assert (field.text(), told) == ("off", [])


@pytest.mark.parametrize("rate", [1e-12, 1.23456e-7, 0.1, 1e5])
def test_a_rate_in_force_is_shown_as_it_is_even_where_nobody_would_type_it(
    qapp: QApplication, rate: float
) -> None:
    field, _, _ = shown(RateField(1e-8, 100.0), rate)
    assert float(field.text()) == rate
    count, _, _ = shown(CountField(1, 2048), 4096)
    assert count.text() == "4096"


def test_a_count_with_words_around_it_is_not_taken_without_its_last_figure_either(
    qapp: QApplication,
) -> None:
    made = CountField(1, 2000)
    made.setPrefix("at most ")
    made.setSuffix(" steps")
    field, told, refused = shown(made, 60)
    enter(field, "5000")
    assert refused == ["'5000' is not a whole number from 1 to 2000; it stays 60"]
    assert (field.text(), told) == ("at most 60 steps", [])
    enter(field, "500")
    assert told == [500]


@pytest.mark.parametrize(
    ("box", "typed", "beyond"),
    [(WholeBox, ("7", "7 f/s"), "120"), (RealBox, ("7.25", "7.25 f/s"), "120.5")],
)
def test_a_box_takes_no_other_number_than_was_typed(
    qapp: QApplication,
    box: type[WholeBox] | type[RealBox],
    typed: tuple[str, str],
    beyond: str,
) -> None:
    field = box()
    field.setRange(1, 60)
    field.setSuffix(" f/s")
    field.setValue(20)
    before = field.text()
    field.show()
    enter(field, beyond)
    assert (field.value(), field.text()) == (20, before)
    enter(field, typed[0])
    assert field.text() == typed[1]


def test_a_sample_of_more_steps_than_can_be_is_refused_in_the_window(shell: Shell) -> None:
    before = shell.window.sample.steps.value()
    enter(shell.window.sample.steps, "50000")
    said = shell.window.banner.text.text()
    assert said.startswith("length of the sample: '50000' is not a whole number")
    assert shell.window.sample.steps.value() == before


def test_what_is_refused_is_told_in_the_window_with_the_name_of_the_field(shell: Shell) -> None:
    enter(shell.window.panel.learning_rate, "1e6")
    said = shell.window.banner.text.text()
    assert said == "Learning rate: '1e6' is not a number from 1e-08 to 100; it stays 0.1"
    assert shell.desk is not None
    assert shell.desk.learning_rate == 0.1
    enter(shell.window.panel.learning_rate, "0.5")
    assert not shell.window.banner.isVisible(), "it is not 0.1 that stays"
