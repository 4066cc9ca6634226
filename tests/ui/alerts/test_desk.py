"""Alerts as they sound and show in a window."""

from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest
from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import raised
from tests.ui.exceptions.happenings import happen
from tower.domain.words import ExceptionKind, Severity
from ui.alerts import sound
from ui.alerts.desk import AlertDesk
from ui.alerts.sound import Sounder
from ui.session import Session


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """What sounded, and how loud."""
    found: list[tuple[str, float]] = []
    monkeypatch.setattr(Sounder, "play", lambda _self, name, volume: found.append((name, volume)))
    return found


@pytest.fixture
def desk(session: Session, qtbot: QtBot, tmp_path: Path) -> AlertDesk:
    """The alerts of a window of 800 by 600."""
    settings = QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    with qtbot.waitExposed(window):
        window.show()
    return AlertDesk(session, settings, window, window)


def test_a_new_exception_sounds_and_shows(
    session: Session, desk: AlertDesk, played: list[tuple[str, float]]
) -> None:
    happen(session, raised("x9", 3, Severity.CRITICAL, ExceptionKind.LATE))
    assert played == [("critical", 0.7)]
    assert desk.toast.isVisible()
    assert desk.toast.words == "Critical exception\nlate · Stop 4 · Customer 0003 · R-200"
    assert 0 < desk.toast.geometry().left() < desk.toast.geometry().right() < 800
    opened: list[str] = []
    desk.opened.connect(opened.append)
    QTest.mouseClick(desk.toast, Qt.MouseButton.LeftButton)
    assert opened == ["x9"]
    assert not desk.toast.isVisible()


@pytest.mark.usefixtures("played")
def test_the_notice_keeps_to_the_middle_and_takes_no_keys(
    session: Session, desk: AlertDesk, qtbot: QtBot
) -> None:
    happen(session, raised("x9", 3))
    over = desk.toast.parentWidget()
    assert over is not None
    over.resize(400, 300)
    qtbot.waitUntil(lambda: desk.toast.geometry().right() < 400)
    assert desk.toast.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_hostile_words_are_shown_as_they_are(desk: AlertDesk) -> None:
    desk.toast.say("<b>bold</b>", "<img src=x>" * 50)
    assert "<b>bold</b>" in desk.toast.words
    assert desk.toast.width() <= 360


def test_do_not_disturb_says_until_when_and_what_was_held_back(
    session: Session, desk: AlertDesk, played: list[tuple[str, float]]
) -> None:
    assert desk.button.text() == "Alerts on ▾"
    desk.toggle_quiet()
    happen(session, raised("x9", 3, Severity.CRITICAL), raised("x10", 4, Severity.MINOR))
    assert played == []
    assert not desk.toast.isVisible()
    assert desk.button.text() == "Do not disturb · 2 held back, 1 critical ▾"
    desk.toggle_quiet()
    assert desk.button.text() == "Alerts on ▾"
    desk.quiet.begin(3600)
    assert desk.button.text().startswith("Do not disturb until ")


def test_the_menu_changes_what_sounds(desk: AlertDesk) -> None:
    menu = desk.button.menu_of_choices
    menu.aboutToShow.emit()
    by_words = {one.text(): one.menu() for one in menu.actions() if one.menu() is not None}
    assert list(by_words) == ["Do not disturb", "Sound for", "Notice for", "Volume"]
    sounds = {one.text(): one for one in by_words["Sound for"].actions()}  # type: ignore[attr-defined]
    assert sounds["critical"].isChecked()
    sounds["minor"].trigger()
    assert Severity.MINOR in desk.quiet.choices.sounds
    volumes = {one.text(): one for one in by_words["Volume"].actions()}  # type: ignore[attr-defined]
    volumes["Loud"].trigger()
    assert desk.quiet.choices.volume == 1.0


def test_without_sound_output_it_beeps(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    beeps: list[bool] = []
    monkeypatch.setattr(sound, "_load", lambda: None)
    monkeypatch.setattr(sound, "_warm", lambda: 0)
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(True))
    sounder = Sounder(session, session)
    sounder.play("major", 0.5)
    sounder.play("minor", 0.5)
    assert beeps == [True, True]
    assert not sounder.can_play


class Effect:
    """Stands for Qt's sound effect; notes what it is told."""

    made: ClassVar[list["Effect"]] = []

    def __init__(self, _parent: object) -> None:
        self.source, self.volume, self.played = QUrl(), 0.0, 0
        self.made.append(self)

    def setSource(self, source: QUrl) -> None:  # noqa: N802 - as Qt spells it
        self.source = source

    def setVolume(self, volume: float) -> None:  # noqa: N802 - as Qt spells it
        self.volume = volume

    def play(self) -> None:
        self.played += 1


def test_each_sound_is_read_once_and_as_loud_as_wanted(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    Effect.made.clear()
    monkeypatch.setattr(sound, "_load", lambda: SimpleNamespace(QSoundEffect=Effect))
    monkeypatch.setattr(sound, "_warm", lambda: 0)
    sounder = Sounder(session, session)
    for volume in (0.5, 1.0):
        sounder.play("critical", volume)
    (effect,) = Effect.made
    assert Path(effect.source.toLocalFile()).is_file()
    assert (effect.played, effect.volume) == (2, 1.0)
    assert sounder.can_play


def test_a_missing_multimedia_library_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sound, "_MODULE", "PySide6.NoSuchModule")
    assert sound._load() is None
    assert "alerts only beep" in caplog.text
