"""Alerts come at a bearable rate, and not at all while nobody is to be disturbed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tower.domain.words import Severity
from ui.alerts.bell import Bell, Call
from ui.alerts.choices import AlertChoices, Quiet
from ui.alerts.news import Alert, Why

pytestmark = pytest.mark.usefixtures("qapp")


def _alert(number: int, severity: Severity, why: Why = Why.NEW) -> Alert:
    return Alert(f"x{number}", severity, why, f"late · Stop {number}")


class Wall:
    """A clock on the wall, set by hand."""

    now_s = 1_000_000.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now_s


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings of their own."""
    return QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def wall() -> Wall:
    """A clock."""
    return Wall()


@pytest.fixture
def quiet(settings: QSettings, wall: Wall) -> Quiet:
    """Nothing is quiet at first."""
    return Quiet(settings, wall)


@pytest.fixture
def rung(quiet: Quiet) -> tuple[Bell, list[Call]]:
    """A bell, and its calls."""
    bell, calls = Bell(quiet, quiet), list[Call]()
    bell.rung.connect(calls.append)
    return bell, calls


def test_the_first_rings_at_once_and_the_next_are_one_call(
    rung: tuple[Bell, list[Call]],
) -> None:
    bell, calls = rung
    bell.take([_alert(1, Severity.MAJOR)])
    assert calls[0] == Call(
        "major", "Major exception", "late · Stop 1", Severity.MAJOR, "x1", is_shown=True
    )
    for number in range(2, 7):
        severity = Severity.CRITICAL if number == 4 else Severity.MAJOR
        bell.take([_alert(number, severity)])
    assert len(calls) == 1, "it rests"
    bell._resting.timeout.emit()
    assert len(calls) == 2
    assert calls[1].title == "5 exceptions: 1 critical, 4 major"
    assert (calls[1].sound, calls[1].exception_id) == ("critical", "x4")
    assert calls[1].words.splitlines()[0] == "late · Stop 4"
    assert len(calls[1].words.splitlines()) == 3


def test_what_nobody_wants_to_hear_does_not_ring(
    rung: tuple[Bell, list[Call]], quiet: Quiet
) -> None:
    bell, calls = rung
    bell.take([_alert(1, Severity.MINOR), _alert(2, Severity.INFO)])
    assert calls == []
    quiet.choose_some(sounds=frozenset({Severity.MINOR}), notices=frozenset())
    bell.take([_alert(3, Severity.MINOR), _alert(4, Severity.CRITICAL)])
    assert [(one.sound, one.is_shown) for one in calls] == [("minor", False)]


def test_what_is_escalated_sounds_of_its_own_whatever_its_severity(
    rung: tuple[Bell, list[Call]],
) -> None:
    bell, calls = rung
    bell.take([_alert(1, Severity.MINOR, Why.ESCALATED)])
    assert (calls[0].sound, calls[0].title) == ("escalated", "Minor exception, escalated")
    bell.take([_alert(2, Severity.MAJOR, Why.WORSE), _alert(3, Severity.MAJOR)])
    bell._resting.timeout.emit()
    assert calls[1].words == "graver now: late · Stop 2\nlate · Stop 3"


def test_while_nobody_is_to_be_disturbed_alerts_are_counted(
    rung: tuple[Bell, list[Call]], quiet: Quiet, wall: Wall
) -> None:
    bell, calls = rung
    quiet.begin(1800)
    bell.take([_alert(1, Severity.CRITICAL), _alert(2, Severity.MINOR)])
    assert calls == []
    assert quiet.missed == {Severity.CRITICAL: 1, Severity.MINOR: 1}
    wall.now_s += 1801
    quiet.look()
    assert not quiet.is_on
    assert not quiet.missed
    bell.take([_alert(3, Severity.CRITICAL)])
    assert len(calls) == 1


def test_what_waits_in_the_bell_is_held_back_too(
    rung: tuple[Bell, list[Call]], quiet: Quiet
) -> None:
    bell, calls = rung
    bell.take([_alert(1, Severity.MAJOR)])
    bell.take([_alert(2, Severity.CRITICAL)])
    quiet.begin(None)
    bell._resting.timeout.emit()
    assert len(calls) == 1
    assert quiet.missed == {Severity.CRITICAL: 1}


def test_the_choices_last_until_the_next_day(settings: QSettings, quiet: Quiet, wall: Wall) -> None:
    quiet.choose_some(volume=0.35, sounds=frozenset({Severity.CRITICAL}))
    quiet.begin(None)
    again = Quiet(settings, wall)
    assert again.is_on
    assert again.choices.sounds == {Severity.CRITICAL}
    wall.now_s += 86_400
    again.look()
    assert again.is_on, "it lasts until it is switched off"
    again.end()
    assert not Quiet(settings, wall).is_on


def test_choices_that_cannot_be_read_are_said(
    settings: QSettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.setValue("alerts/choices", '{"volume": "loud"}')
    assert Quiet(settings).choices == AlertChoices()
    assert "cannot be read" in caplog.text
