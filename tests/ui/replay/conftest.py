"""The whole window on a shift with a past, a gateway that is only pretended, and a hand clock."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered, opening, raised
from tower.domain.commands import Command
from tower.domain.events import Event, StopDelivered
from tower.domain.fold import fold
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionKind, Severity
from tower.replay.file import write_recording
from tower.replay.positions import Positions
from tower.replay.recording import Recording, RecordingInfo
from ui.draft.draft import Draft
from ui.exchange import Answer, Download
from ui.handlers import WindowHandlers
from ui.mainwindow import MainWindow, Parts
from ui.maphost import MapHost
from ui.panels import make_panels
from ui.replay.travel import TimeTravel
from ui.session import Session
from ui.undo import UndoLog

BEGINS = NOON - timedelta(hours=4)
_Result = TypeVar("_Result")


def learnt(one: Event, at: datetime) -> Event:
    """The same event, which happened and was learnt at a time."""
    return replace(one, at=at, recorded_at=at)


def history() -> list[Event]:
    """Four hours: five deliveries half an hour apart, a critical and a major exception."""
    events = [learnt(one, BEGINS) for one in opening()]
    for number in range(5):
        at = NOON - timedelta(hours=3, minutes=-30 * number)
        done = event(StopDelivered(), Subject(stop_id=f"s{number}"))
        events.append(learnt(done, at))
    events.append(learnt(raised("x1"), NOON - timedelta(hours=2)))
    major = raised("x2", 7, Severity.MAJOR, ExceptionKind.LATE)
    events.append(learnt(major, NOON - timedelta(hours=1, minutes=10)))
    return numbered(sorted(events, key=lambda one: one.recorded_at))


def recording(events: list[Event], *, ends: datetime = NOON) -> Recording:
    """A recording of the example shift up to a time."""
    info = RecordingInfo(
        epoch="epoch",
        name="Friday 20 November, Day",
        region="",
        zone="Europe/Vaduz",
        begins=BEGINS,
        ends=ends,
        made_at=ends,
    )
    fixes = [
        Fix(
            vehicle_id="own:v0", at=BEGINS + timedelta(minutes=10 * n), lat=47.1 + n / 1000, lon=9.5
        )
        for n in range(25)
    ]
    return Recording(info, base=State(), events=events, positions=Positions.of(fixes))


def as_bytes(made: Recording) -> bytes:
    """A recording as the gateway sends it."""
    out = io.BytesIO()
    write_recording(made, out)
    return out.getvalue()


class AtOnce:
    """Work is done when it is given."""

    def do(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do it now."""
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - as a thread would hand on
            failed(error)
        else:
            then(result)

    def stop(self) -> None:
        """Nothing waits."""


class Pretended:
    """Answers for the gateway.

    Attributes:
        asked: what was to be downloaded.
        sent: the commands that went out.
        answer: what is answered; None answers nothing yet.
    """

    def __init__(self, session: Session) -> None:
        self.asked: list[Download] = []
        self.sent: list[Command] = []
        self.answer: Answer | None = Answer(status=200, body=as_bytes(recording(history())))
        session.download_wanted.connect(self._on_wanted)
        session.command_issued.connect(self.sent.append)

    def _on_wanted(self, wanted: Download) -> None:
        self.asked.append(wanted)
        if self.answer is not None:
            wanted.on_answer(self.answer)


class HandClock:
    """The wall's clock, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Seconds, monotonic."""
        return self.seconds


class Room:
    """The window and what it hangs on."""

    def __init__(self, session: Session, window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
        self.session, self.window, self.travel = session, window, parts.travel
        self.draft, self.panels, self._qtbot = parts.draft, parts.panels, qtbot

    def press(self, action: str) -> None:
        """Do a declared action as its key would."""
        self.window.actions_by_id[action].trigger()

    def until(self, at: datetime) -> None:
        """Wait until a moment is shown, on every panel."""
        self._qtbot.waitUntil(lambda: self.session.past == at and not self.travel.is_on_the_way)

    def enter(self) -> None:
        """Look at the past, by its key."""
        QTest.keyClick(self.window, Qt.Key.Key_Z)
        assert self.session.past is not None
        self._qtbot.waitUntil(lambda: not self.travel.is_on_the_way)


@pytest.fixture
def gateway(session: Session) -> Pretended:
    """A gateway that has a recording."""
    return Pretended(session)


@pytest.fixture
def wall() -> HandClock:
    """What playing goes by."""
    return HandClock()


@pytest.fixture
def room(session: Session, gateway: Pretended, wall: HandClock, qtbot: QtBot) -> Iterator[Room]:
    """The whole window at noon, live, on the screen; the map itself is not made."""
    assert not gateway.asked
    session.replace_state(fold(history()), "epoch")
    settings = QSettings("tower-tests", "replay")
    settings.clear()
    map_host, draft = MapHost(session), Draft(session)
    travel = TimeTravel(
        session,
        settings,
        why_not=draft.why_stay,
        worker=AtOnce(),
        monotonic=wall,
        parent=session,
    )
    panels = make_panels(session, map_host, draft)
    undo = UndoLog(session, draft)
    parts = Parts(session, draft, map_host, panels, undo, settings, "here", travel)
    window = MainWindow(parts)
    window.bind(WindowHandlers(window, parts).table())
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.open_at((1366, 768))
    window.activateWindow()
    yield Room(session, window, parts, qtbot)
    travel.shut_down()
    window.close()
