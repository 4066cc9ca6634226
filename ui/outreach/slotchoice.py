"""Time windows to be offered to a customer, as boxes to be ticked."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from tower.domain.records import Stop
from tower.outreach.slots import Slot, written
from ui.session import Session
from ui.widgets.flow import FlowLayout

SLOT = timedelta(hours=2)
"""How long a window offered is."""

MOST = 6
_TICKED = 3
_LEAD = timedelta(minutes=30)
_TOMORROW = (time(8), time(10), time(13), time(15), time(17))


def slots_for(session: Session, stop: Stop) -> tuple[Slot, ...]:
    """Windows that may be offered for a stop: what is left of the shift, then tomorrow's.

    The first begins at a full hour, not before the vehicle can be there.
    """
    expected = session.arrivals.row(stop.id)
    earliest = max(session.now + _LEAD, expected.p50 if expected else session.now)
    found = [*_today(session, earliest), *_tomorrow(session)]
    return tuple(found[:MOST])


def _today(session: Session, earliest: datetime) -> Iterator[Slot]:
    shift = session.state.shift
    ends_at = shift.ends_at if shift else earliest
    start = _next_hour(earliest)
    while start + SLOT <= ends_at:
        yield Slot(start, start + SLOT)
        start += SLOT


def _tomorrow(session: Session) -> Iterator[Slot]:
    day = session.local(session.now).date() + timedelta(days=1)
    for begin in _TOMORROW:
        start = datetime.combine(day, begin, session.zone)
        yield Slot(start, start + SLOT)


def _next_hour(at: datetime) -> datetime:
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(hours=1)


def slot_words(session: Session, slot: Slot) -> str:
    """`today 14:00–16:00`."""
    days = (session.local(slot.start).date() - session.local(session.now).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"{session.local(slot.start):%d %b}")
    return f"{day} {session.clock_text(slot.start)}–{session.clock_text(slot.end)}"


class SlotChoice(QWidget):
    """Ticks the windows a message offers.

    Attributes:
        changed: another choice.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._boxes: list[tuple[QCheckBox, Slot]] = []
        self._flow = FlowLayout(self)
        self.setAccessibleName("Windows offered")

    def offer(self, stop: Stop | None) -> None:
        """Show the windows for a stop, the first three ticked; None shows none."""
        self._flow.clear()
        slots = slots_for(self._session, stop) if stop else ()
        self._boxes = [(self._box(slot, number), slot) for number, slot in enumerate(slots)]
        self.setVisible(bool(slots))

    @property
    def option(self) -> str:
        """The ticked windows, as a message's option."""
        return written(slot for box, slot in self._boxes if box.isChecked())

    @property
    def boxes(self) -> list[QCheckBox]:
        """The boxes, in the order of their windows."""
        return [box for box, _ in self._boxes]

    def _box(self, slot: Slot, number: int) -> QCheckBox:
        box = QCheckBox(slot_words(self._session, slot))
        box.setChecked(number < _TICKED)
        box.toggled.connect(lambda _on: self.changed.emit())
        self._flow.addWidget(box)
        return box
