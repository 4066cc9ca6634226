"""The timeline's widget: draws the rows in sight, zooms, pans and selects."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from tower.domain.state import Changed
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.exchange import Selection
from ui.routes.dragtip import DragTip
from ui.routes.standings import Standings
from ui.session import Session
from ui.subjects import route_id_of, words_of
from ui.timeline.carrying import Carrying
from ui.timeline.lifting import Lifting
from ui.timeline.painting import AXIS_PX, NAME_PX, ROW_PX, Held, Painting, Shown, colour_of
from ui.timeline.places import Places
from ui.timeline.rows import Block
from ui.timeline.scale import Scale
from ui.timeline.timetable import Timetable
from ui.tips import plain_tip
from ui.together import Together, alone

OPENING_SPAN_S = 5 * 3_600.0
OPENING_PAST = 0.4
"""At first the timeline shows five hours, two of them past."""

RESORT_TICKS, SETTLING_TICKS = 15, 5
"""Seconds between two sorts by risk, never while the pointer is over the panel; and how long after
the first predictions it is each second."""

DRAG_PX = 4
"""A press that moves less than this is a click, pixels."""


class _Hand(Enum):
    """What the mouse does: nothing yet decided, a stop, the clock, or over though still held."""

    NONE = auto()
    PRESSED = auto()
    STOP = auto()
    CLOCK = auto()
    SPENT = auto()


class TimelinePanel(QAbstractScrollArea):
    """Every route of the shift along the clock.

    The wheel scrolls the routes, with Ctrl it zooms. A block is dragged along its row or onto
    another one; beside the blocks dragging moves the clock. A click selects the stop; Home
    returns to now.

    Args:
        session: what is shown.
        draft: takes the gestures, and is shown hatched.
        together: the stops that move with one.
        parent: its Qt parent.
        standings: how the routes stand, where somebody reads that already.
    """

    def __init__(
        self,
        session: Session,
        draft: Draft,
        together: Together = alone,
        parent: QWidget | None = None,
        standings: Standings | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._table = Timetable(session, draft, standings or Standings(session, self))
        self._hand, self._pressed, self._at = _Hand.NONE, QPointF(), QPointF()
        self._places, self._guest = Places(session, draft), ""
        lifting, tip = Lifting(draft, self._places, together), DragTip(session, draft, self)
        self._carrying = Carrying(lifting, tip, self, self)
        self._scale = Scale(0.0, OPENING_SPAN_S, NAME_PX, 1.0)
        self._follows_now = True
        self._ticks = 0
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._on_due)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Shift timeline")
        self.viewport().setMouseTracking(True)
        self._listen()
        self._on_state_replaced()

    def _listen(self) -> None:
        session = self._session
        session.state_replaced.connect(self._on_state_replaced)
        session.hidden_changed.connect(self._on_state_replaced)
        session.records_changed.connect(self._on_records_changed)
        session.arrivals_changed.connect(self._on_arrivals_changed)
        session.selection_changed.connect(self._on_selection_changed)
        session.ticked.connect(self._on_ticked)
        session.theme.theme_changed.connect(self.viewport().update)
        self._draft.changed.connect(self._on_draft_changed)

    # What the session and the draft say

    def _on_draft_changed(self) -> None:
        self._table.renew_draft()
        self._places.note_draft()
        if self._hand is _Hand.STOP and not self._carrying.is_on:
            self._hand = _Hand.SPENT
            self.viewport().unsetCursor()
            self._carrying.finish()
        elif self._hand is _Hand.STOP:
            self._carrying.tell()
        self.viewport().update()

    def _on_state_replaced(self) -> None:
        self._table.renew()
        self._lay_out()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        self._table.renew_records(changed)
        if self._table.lacks_routes:
            self._sort()
        self.viewport().update()

    def _on_arrivals_changed(self, stop_ids: Iterable[str]) -> None:
        self._table.renew_arrivals(stop_ids)
        self.viewport().update()

    def _on_selection_changed(self, selection: Selection) -> None:
        route_id = route_id_of(self._session, selection)
        if route_id in self._table.order:
            top = self._table.order.index(route_id) * ROW_PX
            bar, page = self.verticalScrollBar(), self._page_px
            if not bar.value() <= top <= bar.value() + page - ROW_PX:
                bar.setValue(top - page // 2)
        self.viewport().update()

    def _on_ticked(self) -> None:
        self._ticks = self._ticks + 1 if len(self._session.arrivals) else 0
        settling = self._ticks <= SETTLING_TICKS
        is_due = (
            settling
            or self._table.lacks_routes
            or (self._ticks % RESORT_TICKS == 0 and not self.underMouse())
        )
        if is_due:
            self._due.start(0)
        if self._follows_now and self._hand is _Hand.NONE:
            self._centre()
        self.viewport().update()

    def _on_due(self) -> None:
        self._session.turns.take(self._due, self._sort)

    # Layout

    def _sort(self) -> None:
        """By risk; while the mouse holds something every row stays where it is."""
        if self._hand is _Hand.NONE:
            self._table.sort()
            self._lay_out()

    def _lay_out(self) -> None:
        self._set_bar()
        self.viewport().update()

    @property
    def _page_px(self) -> int:
        return max(ROW_PX, self.viewport().height() - AXIS_PX)

    def _set_bar(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, len(self._table.order) * ROW_PX - self._page_px))
        bar.setPageStep(self._page_px)
        bar.setSingleStep(ROW_PX)

    def _centre(self) -> None:
        begin = self._session.clock.time() - self._scale.span * OPENING_PAST
        self._scale = self._scale._replace(begin=begin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the span over the new width."""
        super().resizeEvent(event)
        self._scale = self._scale._replace(width=float(self.viewport().width() - NAME_PX - 8))
        if self._follows_now:
            self._centre()
        self._set_bar()

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows in sight, the axis, now, and what is in the hand."""
        painter = QPainter(self.viewport())
        painting = Painting(painter, self._session, self._scale, self.viewport().size())
        painting.ground()
        if not self._table.order:
            is_past = self._session.past is not None
            painting.nothing("No routes yet" if is_past else "No routes in this shift")
            return
        painting.rows(self._shown())
        painting.axis()
        if held := self._carrying.held:
            painting.held(held)

    def _shown(self) -> Shown:
        """The rows in sight, and what marks them."""
        first = self.verticalScrollBar().value() // ROW_PX
        ids = self._table.order[first : first + self._page_px // ROW_PX + 2]
        rows = ((self._table.row(route_id), self._top(first + n)) for n, route_id in enumerate(ids))
        return Shown(
            rows=((row, top) for row, top in rows if row is not None),
            selected=route_id_of(self._session, self._session.selection),
            target=self._carrying.target or self._guest,
            lifted=self._draft.lifted,
        )

    def _top(self, index: int) -> int:
        return AXIS_PX + index * ROW_PX - self.verticalScrollBar().value()

    # Mouse and keyboard

    def _hit(self, at: QPointF) -> tuple[str, Block | None]:
        """Route id and block under a point; "" for none."""
        index = int(at.y() - AXIS_PX + self.verticalScrollBar().value()) // ROW_PX
        if at.y() < AXIS_PX or not 0 <= index < len(self._table.order):
            return "", None
        row = self._table.row(self._table.order[index])
        if row is None or at.x() < NAME_PX:
            return self._table.order[index], None
        moment, slack = self._scale.at(at.x()), self._scale.span / max(1.0, self._scale.width) * 2
        hits = (b for b in row.blocks if b.begin - slack <= moment <= b.end + slack)
        return row.route_id, next(hits, None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._hand = _Hand.PRESSED
            self._pressed = self._at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a stop or the clock; a hand without a button only says what it could lift."""
        if self._hand is not _Hand.NONE and not event.buttons() & Qt.MouseButton.LeftButton:
            self._lose_hold()
        at, before = event.position(), self._at
        if self._hand is _Hand.PRESSED and _are_apart(at, self._pressed):
            before = self._pressed
            self._begin_drag(event.globalPosition().toPoint())
        self._at = at
        if self._hand is _Hand.STOP:
            self._carrying.move(at)
        elif self._hand is _Hand.CLOCK:
            self._move_clock(at.x() - before.x())
        elif self._hand is _Hand.NONE:
            self._show_cursor()

    def _lose_hold(self) -> None:
        """The button was let go where nobody saw it."""
        self._hand = _Hand.NONE
        self._carrying.put_back()

    def _begin_drag(self, at: QPoint) -> None:
        """A block is lifted where it may be; beside those still to do the clock is dragged."""
        route_id, block = self._hit(self._pressed)
        if block is None or block.done:
            self._hand = _Hand.CLOCK
            return
        why = self._carrying.lift(block.stop_id, self._look(route_id, block))
        self._hand = _Hand.SPENT if why else _Hand.STOP
        shape = Qt.CursorShape.ForbiddenCursor if why else Qt.CursorShape.ClosedHandCursor
        self.viewport().setCursor(shape)
        if why:
            QToolTip.showText(at, plain_tip(why), self)
            self._draft.notice.emit(why)

    def _look(self, route_id: str, block: Block) -> Held:
        """A block as it is carried."""
        width = self._scale.x(block.end) - self._scale.x(block.begin)
        colour = colour_of(block, self._session.route_color(route_id), self._session.theme)
        return Held(self._at, width, 1, colour)

    def place_at(self, at: QPointF) -> tuple[str, float]:
        """The route under a point, "" for none, and the moment there, seconds since 1970."""
        is_inside = self.viewport().rect().contains(at.toPoint())
        moment = self._scale.at(max(at.x(), NAME_PX))
        return (self._hit(at)[0] if is_inside else ""), moment

    def guest(self, at: QPointF, stops: Sequence[str]) -> Move | None:
        """What letting go of stops from elsewhere at a point would do; marks the row there."""
        route_id, moment = self.place_at(at)
        move = self._places.move(stops, route_id, moment)
        self._guest = route_id if move is not None else ""
        self.viewport().update()
        return move

    def guest_left(self) -> None:
        """Nothing from elsewhere is held over the rows any more."""
        if self._guest:
            self._guest = ""
            self.viewport().update()

    def pull(self, right: float, down: float) -> bool:
        """Scroll the clock and the rows by pixels; True where anything moved."""
        bar = self.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + round(down))
        if right:
            self._move_clock(-right)
        return bool(right) or bar.value() != before

    def _move_clock(self, pixels: float) -> None:
        self._scale, self._follows_now = self._scale.moved(pixels), False
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down what was lifted, or select what was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        hand, self._hand = self._hand, _Hand.NONE
        self._at = event.position()
        if hand is _Hand.STOP:
            self._carrying.put_down(self._at)
        elif hand is _Hand.PRESSED:
            self._click(self._at)
        self._show_cursor()

    def _click(self, at: QPointF) -> None:
        route_id, block = self._hit(at)
        if block is not None:
            self._session.select("stop", block.stop_id)
        elif route_id:
            self._session.select("route", route_id)

    def _show_cursor(self) -> None:
        """An open hand over what can be lifted."""
        is_inside = self.viewport().rect().contains(self._at.toPoint())
        _, block = self._hit(self._at) if is_inside else ("", None)
        is_liftable = block is not None and not self._draft.why_fixed(block.stop_id)
        shape = Qt.CursorShape.OpenHandCursor if is_liftable else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Return to now."""
        self._return_to_now()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the routes; with Ctrl, zoom the clock; with Shift, move it."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._scale = self._scale.zoomed(0.8 if turned > 0 else 1.25, event.position().x())
            self._follows_now = False
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._scale = self._scale.moved(turned / 2.0)
            self._follows_now = False
        else:
            super().wheelEvent(event)
        if self._carrying.is_on:
            self._carrying.move(event.position())
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the hand while something is in it."""
        if event.type() is QEvent.Type.ShortcutOverride and self._carrying.is_on:
            key = event.key() if isinstance(event, QKeyEvent) else None
            if key == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home returns to now, + and - zoom, left and right move the clock; Esc puts back."""
        middle = NAME_PX + self._scale.width / 2
        match event.key():
            case Qt.Key.Key_Escape if self._carrying.is_on:
                self._carrying.put_back()
            case Qt.Key.Key_Home:
                self._return_to_now()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._scale = self._scale.zoomed(0.8, middle)
            case Qt.Key.Key_Minus:
                self._scale = self._scale.zoomed(1.25, middle)
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = 60.0 if event.key() == Qt.Key.Key_Left else -60.0
                self._scale, self._follows_now = self._scale.moved(step), False
            case _:
                super().keyPressEvent(event)
                return
        self.viewport().update()

    def _return_to_now(self) -> None:
        self._follows_now = True
        self._scale = self._scale._replace(span=OPENING_SPAN_S)
        self._centre()
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        return super().viewportEvent(event)

    def _tell(self, event: QHelpEvent) -> None:
        _, block = self._hit(QPointF(event.pos()))
        if block is None:
            QToolTip.hideText()
            return
        times = " – ".join(self._session.clock_text(at) for at in (block.begin, block.end))
        what = words_of(self._session, Selection("stop", block.stop_id))
        standing = block.punctuality.value.replace("_", " ")
        QToolTip.showText(event.globalPos(), plain_tip(f"{what}\n{times} · {standing}"), self)


def _are_apart(one: QPointF, other: QPointF) -> bool:
    away = one - other
    return max(abs(away.x()), abs(away.y())) > DRAG_PX
