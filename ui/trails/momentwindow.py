"""What a vehicle was doing when an exception was raised."""

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from tower.domain.records import ExceptionRecord
from ui.exchange import Selection
from ui.performance.plotting import Plotting
from ui.session import Session
from ui.subjects import route_id_of, vehicle_id_of
from ui.theme import BODY_PX, SMALL_PX, TITLE_PX
from ui.trails.chosen import AROUND, label_of
from ui.trails.pictures import Beside, box_of, picture
from ui.trails.show import TrailShow
from ui.trails.source import TrailSource
from ui.trails.speedstrip import SpeedStrip, Strip
from ui.trails.standing import Standing, standings
from ui.trails.trail import Trail
from ui.trails.words import Room, doing_words, room_of
from ui.widgets.sidebyside import side_by_side

_OWNER = "moment"
_WIDTH_PX = 500


class _About(NamedTuple):
    """When an exception was raised, and whose trail is looked at."""

    at: datetime
    vehicle_id: str
    room: Room


class MomentWindow(QDialog):
    """Follows one exception; its vehicle's trail is on the map while the window is open.

    Args:
        session: the shift, or a moment of it.
        source: where trails come from.
        show: puts the trail on the map.
        plotting: hands out the plotting library.
        parent: the window it lies over.

    Attributes:
        headline: which exception and when.
        doing: what the vehicle was doing, in words.
        strip: its speed.
    """

    def __init__(
        self,
        session: Session,
        source: TrailSource,
        show: TrailShow,
        plotting: Plotting,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._source, self._show = session, source, show
        self._ticket = 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("The moment of an exception")
        self.setMinimumWidth(_WIDTH_PX)
        self.headline, self.doing, self.about = _label(), _label(), _label()
        self.strip = SpeedStrip(session, plotting)
        self.close_button = QPushButton("&Close")
        self.headline.setFont(session.theme.font(TITLE_PX, bold=True))
        self.doing.setFont(session.theme.font(BODY_PX))
        self.about.setFont(session.theme.font(SMALL_PX))
        self._lay_out()
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        for part in (self.headline, self.doing, self.strip, self.about):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(side_by_side(None, self.close_button))

    def show_exception(self, record: ExceptionRecord) -> None:
        """Show the moment of an exception, and have the map look at it."""
        finding, at = record.finding, record.raised_at
        self._ticket += 1
        self._show.take_off(_OWNER)
        self._show_strip(None)
        if finding is None or at is None:
            self._say("An exception nobody told anything of", "When it was raised is not known.")
            return
        self.headline.setText(f"{self._session.clock_text(at)} · {finding.headline}")
        about = self._about(record, at)
        if about is None:
            self.doing.setText(_unknown_words(record))
            return
        self.doing.setText("Fetching the trail…")
        ticket = self._ticket

        def take(trail: Trail | None, why: str) -> None:
            if ticket == self._ticket:
                self._take(about, trail, why)

        self._source.ask(about.vehicle_id, at - AROUND, at + AROUND, take)

    def _about(self, record: ExceptionRecord, at: datetime) -> _About | None:
        selection = Selection("exception", record.id)
        vehicle_id = vehicle_id_of(self._session, selection)
        if not vehicle_id:
            return None
        route = self._session.state.routes.get(route_id_of(self._session, selection))
        room = room_of(self._session, vehicle_id)
        return _About(at, vehicle_id, room._replace(route=route or room.route))

    def _take(self, about: _About, trail: Trail | None, why: str) -> None:
        label = label_of(self._session.state, about.vehicle_id)
        if trail is None or not len(trail):
            nothing = why or "no position of it is kept from ten minutes before to ten after."
            self.doing.setText(f"What {label} was doing is not known: {nothing}")
            return
        stays = standings(trail, about.room.stops, about.room.depot)
        words = doing_words(about.room, trail, stays, about.at)
        self.doing.setText(f"{label}: {words[0].lower()}{words[1:]}")
        self._show_strip(Strip(trail, tuple(stays), about.at - AROUND, about.at + AROUND, about.at))
        self._draw(about, label, trail, stays, words)

    def _draw(
        self, about: _About, label: str, trail: Trail, stays: list[Standing], words: str
    ) -> None:
        beside = Beside(moment=(about.at, words))
        drawn = picture(about.vehicle_id, label, trail, stays, about.room, beside)
        title = f"{label} around {about.room.clock(about.at)}"
        self._show.put(_OWNER, title, drawn)
        self._show.look_at(box_of(trail.lat_lon))

    def _show_strip(self, strip: Strip | None) -> None:
        self.strip.setVisible(strip is not None)
        self.strip.show_strip(strip)
        self.about.setVisible(strip is not None)
        self.about.setText(
            "Speed in km/h, ten minutes before and after; grey: it stood; dashed: the moment."
        )
        self.strip.setAccessibleDescription(self.doing.text())

    def _say(self, headline: str, words: str) -> None:
        self.headline.setText(headline)
        self.doing.setText(words)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The map forgets what was shown."""
        self._show.take_off(_OWNER)
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc closes it as the button does."""
        self.close()


def _unknown_words(record: ExceptionRecord) -> str:
    subject = record.finding.subject if record.finding else None
    if subject is not None and subject.stop_id:
        return "No vehicle: the stop is on no route that one drives."
    if subject is not None and subject.carrier_id:
        return "No vehicle: the exception is about a carrier as a whole."
    return "No vehicle: the exception names none."


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
