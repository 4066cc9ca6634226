"""A block in the hand: where it is held, what is seen of that, and what the edges do."""

from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ui.routes.dragtip import DragTip
from ui.timeline.lifting import Lifting
from ui.timeline.painting import AXIS_PX, NAME_PX, Held

_EDGE_MS, _EDGE_PX, _STEP_PX = 40, 14, 7
"""Held this near to an edge, a block scrolls the timeline by so much, so often."""


class Ground(Protocol):
    """What a block is carried over."""

    def viewport(self) -> QWidget:
        """Where it is drawn."""
        ...

    def place_at(self, at: QPointF) -> tuple[str, float]:
        """The route under a point, "" for none, and the moment there, seconds since 1970."""
        ...

    def pull(self, right: float, down: float) -> bool:
        """Scroll by pixels; True where anything moved."""
        ...


class Carrying(QObject):
    """One block after the other.

    Args:
        lifting: takes it up and puts it down.
        tip: says what that would do.
        ground: what it is carried over.
        parent: its Qt parent.

    Attributes:
        target: id of the route it is held over.
    """

    def __init__(self, lifting: Lifting, tip: DragTip, ground: Ground, parent: QObject) -> None:
        super().__init__(parent)
        self._lifting, self._tip, self._ground = lifting, tip, ground
        self._look, self.target = Held(QPointF(), 0.0, 0, QColor()), ""
        self._pulling = QTimer(self)
        self._pulling.setInterval(_EDGE_MS)
        self._pulling.timeout.connect(self._pull)

    @property
    def is_on(self) -> bool:
        """True while something is held."""
        return bool(self._lifting.held)

    @property
    def held(self) -> Held | None:
        """What is to be drawn beside the pointer."""
        return self._look if self.is_on else None

    def lift(self, stop_id: str, look: Held) -> str:
        """Take a block up.

        Returns:
            Why it stays where it is, or "".
        """
        if why := self._lifting.lift(stop_id):
            return why
        self._look = look._replace(stops=len(self._lifting.held))
        self._pulling.start()
        return ""

    def move(self, at: QPointF) -> None:
        """Hold it elsewhere."""
        self._look = self._look._replace(at=at)
        route_id, moment = self._ground.place_at(at)
        self.target = route_id if self._lifting.hover(route_id, moment) else ""
        self.tell()
        self._ground.viewport().update()

    def tell(self) -> None:
        """Say what letting go here would do, also where that is known better now."""
        self._tip.tell()
        self._tip.follow(self._ground.viewport().mapToGlobal(self._look.at.toPoint()))

    def put_down(self, at: QPointF) -> None:
        """Leave it there."""
        self.move(at)
        self._lifting.put_down()
        self.finish()

    def put_back(self) -> None:
        """Leave it where it was."""
        self._lifting.put_back()
        self.finish()

    def finish(self) -> None:
        """Nothing is held any more."""
        self.target = ""
        self._pulling.stop()
        self._tip.hide()
        self._ground.viewport().update()

    def _pull(self) -> None:
        """At an edge the timeline comes along."""
        at, room = self._look.at, self._ground.viewport().size()
        right = _edge(at.x() - NAME_PX, room.width() - NAME_PX) if at.x() > NAME_PX else 0
        down = _edge(at.y() - AXIS_PX, room.height() - AXIS_PX)
        if self._ground.pull(right * _STEP_PX, down * _STEP_PX):
            self.move(at)


def _edge(at: float, length: float) -> int:
    """Which way an edge pulls: -1 at the start, 1 at the end, 0 in between."""
    return -1 if at < _EDGE_PX else 1 if at > length - _EDGE_PX else 0
