"""The timeline's widget: draws the rows in sight, zooms, pans and selects."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from tower.domain.state import Changed
from tower.domain.words import Punctuality
from ui.routes.standing import routes_by_risk
from ui.session import Selection, Session
from ui.subjects import route_id_of, words_of
from ui.theme import SMALL_PX
from ui.timeline.rows import Block, Row, row_of
from ui.timeline.scale import Scale
from ui.tips import plain_tip

ROW_PX = 17
NAME_PX = 78
AXIS_PX = 18
FLAG_PX = 40
OPENING_SPAN_S = 5 * 3_600.0
OPENING_PAST = 0.4
"""At first the timeline shows five hours, two of them past."""

RESORT_TICKS, SETTLING_TICKS = 15, 5
"""Seconds between two sorts by risk, never while the pointer is over the panel; and how long after
the first predictions it is each second."""

DRAG_PX = 4
"""A press that moves less than this is a click, pixels."""


class TimelinePanel(QAbstractScrollArea):
    """Every route of the shift along the clock.

    The wheel scrolls the routes, with Ctrl it zooms; dragging moves the clock; a click selects
    the stop; Home returns to now.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[str, Row] = {}
        self._order: list[str] = []
        self._stale: set[str] = set()
        self._scale = Scale(0.0, OPENING_SPAN_S, NAME_PX, 1.0)
        self._follows_now = True
        self._pressed: QPointF | None = None
        self._dragged = False
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

    # What the session says

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
        if settling or (self._ticks % RESORT_TICKS == 0 and not self.underMouse()):
            self._sort()
        if self._follows_now and self._pressed is None:
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
        """Draw the rows in sight, the axis, and now."""
        painter = QPainter(self.viewport())
        theme = self._session.theme
        painter.fillRect(self.viewport().rect(), theme.color("panel"))
        painter.setFont(theme.font(SMALL_PX))
        self._draw_grid(painter)
        if not self._order:
            painter.setPen(theme.color("muted"))
            painter.drawText(
                self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, "No routes in this shift"
            )
            return
        selected = route_id_of(self._session, self._session.selection)
        first = self.verticalScrollBar().value() // ROW_PX
        for index in range(first, min(len(self._order), first + self._page_px // ROW_PX + 2)):
            self._draw_row(painter, self._order[index], self._top(index), selected)
        self._draw_axis(painter)

    def _top(self, index: int) -> int:
        return AXIS_PX + index * ROW_PX - self.verticalScrollBar().value()

    def _row(self, route_id: str) -> Row | None:
        if route_id in self._stale or route_id not in self._rows:
            self._stale.discard(route_id)
            route = self._session.state.routes.get(route_id)
            if route is None:
                return None
            self._rows[route_id] = row_of(self._session, route)
        return self._rows[route_id]

    def _draw_row(self, painter: QPainter, route_id: str, top: int, selected: str) -> None:
        row, theme = self._row(route_id), self._session.theme
        if row is None:
            return
        if route_id == selected:
            width = self.viewport().width()
            painter.fillRect(QRectF(0, top, width, ROW_PX), theme.color("selection"))
        painter.setClipRect(QRectF(NAME_PX, top, self.viewport().width(), ROW_PX))
        painter.setPen(Qt.PenStyle.NoPen)
        for block in row.blocks:
            self._draw_block(painter, block, route_id, top)
        painter.setClipping(False)
        painter.setPen(theme.color("text" if route_id == selected else "text_secondary"))
        name_box = QRectF(8, top, NAME_PX - 14, ROW_PX)
        cut = painter.fontMetrics().elidedText(
            row.name, Qt.TextElideMode.ElideMiddle, int(name_box.width())
        )
        painter.drawText(name_box, Qt.AlignmentFlag.AlignVCenter, cut)

    def _draw_block(self, painter: QPainter, block: Block, route_id: str, top: int) -> None:
        left, right = self._scale.x(block.begin), self._scale.x(block.end)
        if right < NAME_PX or left > self.viewport().width():
            return
        box = QRectF(left, top + 4, max(3.0, right - left - 1.0), ROW_PX - 8)
        painter.setBrush(self._colour(block, route_id))
        painter.drawRoundedRect(box, 1.5, 1.5)
        if block.failed:
            painter.setPen(QPen(self._session.theme.color("panel"), 1.4))
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.setPen(Qt.PenStyle.NoPen)
        if self._session.selection == ("stop", block.stop_id):
            painter.setPen(QPen(self._session.theme.color("text"), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 2, 2)
            painter.setPen(Qt.PenStyle.NoPen)

    def _colour(self, block: Block, route_id: str) -> QColor:
        theme = self._session.theme
        if block.done:
            late = block.punctuality is Punctuality.LATE or block.failed
            return theme.faded("marks.late" if late else "marks.done", 0.42 if late else 0.3)
        if block.punctuality in (Punctuality.LATE, Punctuality.AT_RISK):
            return theme.color(f"marks.{block.punctuality.value}")
        return self._session.route_color(route_id)

    def _draw_grid(self, painter: QPainter) -> None:
        theme, height = self._session.theme, self.viewport().height()
        painter.setPen(QPen(theme.color("line"), 1))
        for tick in self._scale.ticks(self._offset_s):
            x = round(self._scale.x(tick)) + 0.5
            if x > NAME_PX:
                painter.drawLine(QPointF(x, AXIS_PX), QPointF(x, height))

    def _draw_axis(self, painter: QPainter) -> None:
        theme, height = self._session.theme, self.viewport().height()
        painter.fillRect(QRectF(0, 0, self.viewport().width(), AXIS_PX), theme.color("panel"))
        painter.setPen(theme.color("muted"))
        now_x = self._scale.x(self._session.clock.time())
        for tick in self._scale.ticks(self._offset_s):
            x = self._scale.x(tick)
            if x > NAME_PX and abs(x - now_x) > FLAG_PX:
                box = QRectF(x - 30, 0, 60, AXIS_PX)
                text = self._session.clock_text(tick)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        if NAME_PX <= now_x <= self.viewport().width():
            self._draw_now(painter, now_x, height)

    def _draw_now(self, painter: QPainter, x: float, height: int) -> None:
        theme = self._session.theme
        painter.setPen(QPen(theme.color("accent"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, AXIS_PX), QPointF(x, height))
        flag = QRectF(x - FLAG_PX / 2, 1, FLAG_PX, AXIS_PX - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(theme.color("accent_text"))
        text = self._session.clock_text(self._session.clock.time())
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)

    @property
    def _offset_s(self) -> float:
        offset = self._session.local(self._session.now).utcoffset()
        return offset.total_seconds() if offset else 0.0

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
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the clock."""
        if self._pressed is None:
            return
        moved = event.position().x() - self._pressed.x()
        if self._dragged or abs(moved) > DRAG_PX:
            self._dragged, self._follows_now = True, False
            self._scale = self._scale.moved(moved)
            self._pressed = event.position()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select what was clicked."""
        if self._pressed is not None and not self._dragged:
            route_id, block = self._hit(event.position())
            if block is not None:
                self._session.select("stop", block.stop_id)
            elif route_id:
                self._session.select("route", route_id)
        self._pressed = None

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home returns to now, + and - zoom, left and right move the clock."""
        middle = NAME_PX + self._scale.width / 2
        match event.key():
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
