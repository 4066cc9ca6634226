"""The timeline's widget: draws the rows in sight, zooms, pans and selects."""

from collections.abc import Iterable
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
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
from ui.draft.draft import Draft
from ui.routes.standing import routes_by_risk
from ui.session import Selection, Session
from ui.subjects import route_id_of, words_of
from ui.timeline.lifting import Lifting
from ui.timeline.painting import AXIS_PX, NAME_PX, ROW_PX, Held, Painting, Shown
from ui.timeline.rows import Block, Row, drafted_row, row_of
from ui.timeline.scale import Scale
from ui.timeline.tip import DragTip
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

EDGE_MS, EDGE_PX, EDGE_STEP_PX = 40, 14, 7
"""Held this near to an edge, what is lifted scrolls the timeline by so much, so often."""


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
    """

    def __init__(
        self,
        session: Session,
        draft: Draft,
        together: Together = alone,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._lifting = Lifting(session, draft, together)
        self._tip = DragTip(session, draft, self)
        self._drafted: dict[str, Row] = {}
        self._hand, self._target = _Hand.NONE, ""
        self._pressed = self._at = QPointF()
        self._edging = QTimer(self)
        self._edging.setInterval(EDGE_MS)
        self._edging.timeout.connect(self._on_edge)
        self._rows: dict[str, Row] = {}
        self._order: list[str] = []
        self._stale: set[str] = set()
        self._scale = Scale(0.0, OPENING_SPAN_S, NAME_PX, 1.0)
        self._follows_now = True
        self._ticks = 0
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
        self._drafted.clear()
        if self._hand is _Hand.STOP and not self._lifting.held:
            self._hand = _Hand.SPENT
            self.viewport().unsetCursor()
            self._finish_drag()
        self.viewport().update()

    def _on_state_replaced(self) -> None:
        self._rows.clear()
        self._stale = set(self._session.state.routes)
        self._sort()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        before = len(self._session.state.routes)
        for table, id_ in changed:
            if table == "routes":
                self._stale.add(id_)
            elif table == "stops":
                self._touch_stop(id_)
        if before != len(self._order):
            self._sort()
        self.viewport().update()

    def _on_arrivals_changed(self, stop_ids: Iterable[str]) -> None:
        for stop_id in stop_ids:
            self._touch_stop(stop_id)
        self.viewport().update()

    def _touch_stop(self, stop_id: str) -> None:
        stop = self._session.state.stops.get(stop_id)
        if stop is not None and stop.route_id:
            self._stale.add(stop.route_id)

    def _on_selection_changed(self, selection: Selection) -> None:
        route_id = route_id_of(self._session, selection)
        if route_id in self._order:
            top = self._order.index(route_id) * ROW_PX
            bar, page = self.verticalScrollBar(), self._page_px
            if not bar.value() <= top <= bar.value() + page - ROW_PX:
                bar.setValue(top - page // 2)
        self.viewport().update()

    def _on_ticked(self) -> None:
        self._ticks = self._ticks + 1 if self._session.arrivals.present.size else 0
        settling = self._ticks <= SETTLING_TICKS
        is_due = settling or (self._ticks % RESORT_TICKS == 0 and not self.underMouse())
        if is_due and self._hand is _Hand.NONE:
            self._sort()
        if self._follows_now and self._hand is _Hand.NONE:
            self._centre()
        self.viewport().update()

    # Layout

    def _sort(self) -> None:
        self._order = routes_by_risk(self._session)
        self._set_bar()
        self.viewport().update()

    @property
    def _page_px(self) -> int:
        return max(ROW_PX, self.viewport().height() - AXIS_PX)

    def _set_bar(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, len(self._order) * ROW_PX - self._page_px))
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
        if not self._order:
            painting.nothing("No routes in this shift")
            return
        painting.rows(self._shown())
        painting.axis()
        if self._lifting.held:
            painting.held(self._in_hand(painting))

    def _shown(self) -> Shown:
        """The rows in sight, and what marks them."""
        first = self.verticalScrollBar().value() // ROW_PX
        ids = self._order[first : first + self._page_px // ROW_PX + 2]
        rows = ((self._row(route_id), self._top(first + n)) for n, route_id in enumerate(ids))
        return Shown(
            rows=((row, top) for row, top in rows if row is not None),
            selected=route_id_of(self._session, self._session.selection),
            target=self._target if self._lifting.held else "",
            lifted=self._draft.lifted,
        )

    def _in_hand(self, painting: Painting) -> Held:
        held = self._lifting.held
        stop = self._session.state.stops.get(held[0])
        route_id = stop.route_id if stop else ""
        row = self._row(route_id)
        block = next((one for one in row.blocks if one.stop_id == held[0]), None) if row else None
        colour = self._session.route_color(route_id)
        if block is None:
            return Held(self._at, 0.0, len(held), colour)
        width = self._scale.x(block.end) - self._scale.x(block.begin)
        return Held(self._at, width, len(held), painting.colour(block, colour))

    def _top(self, index: int) -> int:
        return AXIS_PX + index * ROW_PX - self.verticalScrollBar().value()

    def _row(self, route_id: str) -> Row | None:
        """A route as the draft has it, else as it stands."""
        route = self._session.state.routes.get(route_id)
        if route is None:
            return None
        prospect = self._draft.prospects.get(route_id)
        if prospect is not None:
            if route_id not in self._drafted:
                self._drafted[route_id] = drafted_row(route, prospect)
            return self._drafted[route_id]
        if route_id in self._stale or route_id not in self._rows:
            self._stale.discard(route_id)
            self._rows[route_id] = row_of(self._session, route)
        return self._rows[route_id]

    # Mouse and keyboard

    def _hit(self, at: QPointF) -> tuple[str, Block | None]:
        """Route id and block under a point; "" for none."""
        index = int(at.y() - AXIS_PX + self.verticalScrollBar().value()) // ROW_PX
        if at.y() < AXIS_PX or not 0 <= index < len(self._order):
            return "", None
        row = self._row(self._order[index])
        if row is None or at.x() < NAME_PX:
            return self._order[index], None
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
        moved = event.position() - self._at
        if self._hand is _Hand.PRESSED and self._has_left(event.position()):
            self._begin_drag(event)
            moved = event.position() - self._pressed
        self._at = event.position()
        if self._hand is _Hand.STOP:
            self._hover()
        elif self._hand is _Hand.CLOCK:
            self._follows_now = False
            self._scale = self._scale.moved(moved.x())
            self.viewport().update()
        elif self._hand is _Hand.NONE:
            self._show_cursor()

    def _has_left(self, at: QPointF) -> bool:
        away = at - self._pressed
        return max(abs(away.x()), abs(away.y())) > DRAG_PX

    def _begin_drag(self, event: QMouseEvent) -> None:
        """A block is lifted where it may be; beside the blocks the clock is dragged."""
        _, block = self._hit(self._pressed)
        if block is None or block.done:
            self._hand = _Hand.CLOCK
            return
        why = self._lifting.lift(block.stop_id)
        self._hand = _Hand.SPENT if why else _Hand.STOP
        if why:
            self.viewport().setCursor(Qt.CursorShape.ForbiddenCursor)
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(why), self)
            self._draft.notice.emit(why)
        else:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._edging.start()

    def _hover(self) -> None:
        """Hold what is lifted over the row under the pointer."""
        self._target = self._hit(self._at)[0] if self._holds(self._at) else ""
        self._lifting.hover(self._target, self._scale.at(max(self._at.x(), NAME_PX)))
        self._tip.tell()
        self._tip.follow(self.viewport().mapToGlobal(self._at.toPoint()))
        self.viewport().update()

    def _holds(self, at: QPointF) -> bool:
        return self.viewport().rect().contains(at.toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down what was lifted, or select what was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        hand, self._hand = self._hand, _Hand.NONE
        self._at = event.position()
        if hand is _Hand.STOP:
            self._hover()
            self._lifting.put_down()
            self._finish_drag()
        elif hand is _Hand.PRESSED:
            self._click(event.position())
        self._show_cursor()

    def _click(self, at: QPointF) -> None:
        route_id, block = self._hit(at)
        if block is not None:
            self._session.select("stop", block.stop_id)
        elif route_id:
            self._session.select("route", route_id)

    def _finish_drag(self) -> None:
        self._target = ""
        self._edging.stop()
        self._tip.hide()
        self.viewport().update()

    def _show_cursor(self) -> None:
        _, block = self._hit(self._at) if self._holds(self._at) else ("", None)
        liftable = block is not None and not self._draft.why_fixed(block.stop_id)
        shape = Qt.CursorShape.OpenHandCursor if liftable else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _on_edge(self) -> None:
        """Scroll rows, and the clock, while something is held at an edge."""
        height, width = self.viewport().height(), self.viewport().width()
        bar, before = self.verticalScrollBar(), self._scale
        bar.setValue(bar.value() + _pull(self._at.y() - AXIS_PX, height - AXIS_PX) * EDGE_STEP_PX)
        pull = _pull(self._at.x() - NAME_PX, width - NAME_PX)
        if pull and self._at.x() > NAME_PX:
            self._follows_now = False
            self._scale = self._scale.moved(-pull * EDGE_STEP_PX)
        if pull or before is not self._scale:
            self._hover()

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
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the hand while something is in it."""
        if event.type() is QEvent.Type.ShortcutOverride and self._lifting.held:
            key = event.key() if isinstance(event, QKeyEvent) else None
            if key == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home returns to now, + and - zoom, left and right move the clock; Esc puts back."""
        middle = NAME_PX + self._scale.width / 2
        match event.key():
            case Qt.Key.Key_Escape if self._lifting.held:
                self._lifting.put_back()
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


def _pull(at: float, length: float) -> int:
    """Which way an edge pulls: -1 at the start, 1 at the end, 0 in between."""
    return -1 if at < EDGE_PX else 1 if at > length - EDGE_PX else 0
