"""A desk of trails on the example shift: a map that remembers, a travel that goes where told."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, opening, raised
from tests.ui.trails.driving import Drive
from tower.domain.events import Event
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.gateway.answers import TrailPoint
from tower.replay.positions import Positions
from tower.replay.recording import Recording, RecordingInfo
from tower.road.geometry import Bounds
from ui.exchange import Answer, Question, Selection
from ui.map.pasttrails import MapTrail, MapTrails
from ui.session import Session
from ui.trails.desk import TrailDesk


class RememberingMap:
    """What a map was told.

    Attributes:
        shown: the trails that are on it.
        looked_at: the rectangles it was to look at.
    """

    def __init__(self) -> None:
        self.shown = MapTrails()
        self.looked_at: list[Bounds] = []

    def show_trails(self, trails: MapTrails) -> None:
        """Remember."""
        self.shown = trails

    def fit_box(self, box: Bounds) -> None:
        """Remember."""
        self.looked_at.append(box)

    @property
    def trails(self) -> dict[str, MapTrail]:
        """The trails on it by vehicle."""
        return {one.id: one for one in self.shown.trails}


class ToldTravel:
    """Goes nowhere, but remembers where to.

    Attributes:
        went: the moments, and what was to be selected there.
        recording: what is travelled in.
    """

    def __init__(self) -> None:
        self.went: list[tuple[datetime, Selection | None]] = []
        self.recording: Recording | None = None

    def go_to(self, at: datetime, select: Selection | None = None) -> None:
        """Remember."""
        self.went.append((at, select))


class TrailGateway:
    """Answers questions for trails.

    Attributes:
        fixes: where vehicles were.
        asked: paths in their order.
        refusal: said instead of an answer, where not "".
    """

    def __init__(self, session: Session) -> None:
        self.fixes: list[Fix] = []
        self.asked: list[str] = []
        self.refusal = ""
        session.question_asked.connect(self.on_question)

    def on_question(self, question: Question) -> None:
        """Answer a question."""
        if "/trail?" not in question.path:
            question.on_answer(Answer(status=404, message="not here"))
            return
        self.asked.append(question.path)
        if self.refusal:
            question.on_answer(Answer(status=404, message=self.refusal))
            return
        id_ = question.path.split("/")[3].replace("%3A", ":")
        points = [
            TrailPoint(
                at=fix.at,
                lat=fix.lat,
                lon=fix.lon,
                speed_mps=fix.speed_mps,
                heading_deg=fix.heading_deg,
            )
            for fix in self.fixes
            if fix.vehicle_id == id_
        ]
        question.on_answer(Answer(status=200, body=msgspec.json.encode(points)))


@pytest.fixture
def on_map() -> RememberingMap:
    """Nothing is on it yet."""
    return RememberingMap()


@pytest.fixture
def travel() -> ToldTravel:
    """It has not gone anywhere, and has no recording."""
    return ToldTravel()


@pytest.fixture
def gateway(session: Session) -> TrailGateway:
    """The first vehicle drove north, stood for ten minutes 250 m beside the line, and went on."""
    gateway = TrailGateway(session)
    drive = Drive(at=NOON - timedelta(minutes=28), lat=47.09)
    gateway.fixes = drive.north_to(47.11).aside(9.5033).stand(10.5).north_to(47.13).fixes
    return gateway


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings nobody has written yet."""
    return QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """What windows lie over."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def desk(
    session: Session,
    gateway: TrailGateway,
    travel: ToldTravel,
    on_map: RememberingMap,
    settings: QSettings,
    window: QWidget,
) -> Iterator[TrailDesk]:
    """The desk; the queue shows the selected exception."""
    assert gateway.asked == []

    def shown() -> str:
        kind, id_ = session.selection
        return id_ if kind == "exception" else ""

    yield TrailDesk(session, travel, on_map, settings, shown, window)
    for widget in window.findChildren(QWidget):
        if widget.isWindow():
            widget.close()


@pytest.fixture
def recording(gateway: TrailGateway) -> Recording:
    """A recording of the example shift, with the drive in it; the exception came at noon."""
    return recorded([*_learnt(opening(), timedelta(hours=-4)), *_learnt([raised("x1")])], gateway)


def _learnt(events: Iterable[Event], after: timedelta = timedelta()) -> list[Event]:
    at = NOON + after
    return [msgspec.structs.replace(one, recorded_at=at) for one in events]


def recorded(events: list[Event], gateway: TrailGateway) -> Recording:
    """A recording of events and of what the gateway knows of vehicles."""
    numbered = [msgspec.structs.replace(one, seq=seq) for seq, one in enumerate(events, start=1)]
    info = RecordingInfo(
        epoch="epoch",
        name="Friday 20 November, Day",
        region="",
        zone="Europe/Vaduz",
        begins=NOON - timedelta(hours=5),
        ends=NOON + timedelta(hours=1),
        made_at=NOON + timedelta(hours=1),
    )
    return Recording(info, base=State(), events=numbered, positions=Positions.of(gateway.fixes))
