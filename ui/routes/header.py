"""The head of the stop sheet: who drives the route and how it stands, what can be done, hours."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QUndoStack,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.draft.draft import Draft
from ui.routes.columns import stop_columns
from ui.routes.notices import DriverNotice, notice_of
from ui.routes.span import Span
from ui.routes.standing import RouteRow
from ui.session import Session
from ui.theme import SMALL_PX, TITLE_PX
from ui.tips import plain_tip
from ui.widgets.drawing import draw_badge
from ui.widgets.text import CENTRE, RIGHT, cut_to, draw_text, width_of

_AXIS_PX, _BUTTON_PX, _TITLE_ROW_PX, _FACTS_ROW_PX = 16, 24, 26, 18
_PILL_PX, _FACTS_PX = 18.0, 25
_WIDE_PX = 520
"""From this width on the buttons stand beside the names."""

BUTTONS = {
    "optimise": ("Optimise", "route_optimise"),
    "lock": ("Lock", "stop_lock"),
    "undo": ("Undo", "undo"),
    "commit": ("Commit", "draft_commit"),
}
"""The buttons by name: their title and the action they stand for."""


class SheetHeader(QWidget):
    """Name, driver, progress and vehicle of the route, its buttons, and the hours over the bars.

    Attributes:
        span: the part of the clock the rows below show.
        last: when the last stop is expected to be reached, seconds since 1970.
        buttons: the buttons by name, side by side in `bar`.
        opened: double-clicked: the whole route is to be seen on the map.
    """

    opened = Signal()

    def __init__(self, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._row: RouteRow | None = None
        self.span = Span(0.0, 1.0)
        self.last: float | None = None
        self.buttons: dict[str, QPushButton] = {}
        self._is_compact = False
        self.bar = self._make_bar()
        self._place_bar()
        session.theme.theme_changed.connect(self.update)

    def _make_bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        bar.setStyleSheet("QPushButton { padding: 2px 9px; }")
        for name, (title, _action) in BUTTONS.items():
            button = QPushButton(title)
            button.setFixedHeight(_BUTTON_PX)
            row.addWidget(button)
            self.buttons[name] = button
        return bar

    def show_route(self, row: RouteRow | None) -> None:
        """Show another route, or the same one as it stands now."""
        self._row = row
        self.setAccessibleName(f"{row.name}, {row.driver}: {row.words}" if row else "No route")
        self.setToolTip(plain_tip(self._tip(row)) if row else "")
        self.bar.setVisible(row is not None)
        self.update()

    def show_actions(self, actions: Mapping[str, QAction], stack: QUndoStack) -> None:
        """Let the buttons do what these actions do; Undo says what it would take back."""
        for name, (_title, action_id) in BUTTONS.items():
            button, action = self.buttons[name], actions[action_id]
            says = f"{action.statusTip()} ({action.shortcut().toString()})"
            button.setToolTip(plain_tip(says))
            button.setAccessibleDescription(action.statusTip())
            button.clicked.connect(action.trigger)
        stack.undoTextChanged.connect(self._on_undo_changed)
        self._on_undo_changed(stack.undoText())

    def _on_undo_changed(self, words: str) -> None:
        self.buttons["undo"].setEnabled(bool(words))
        self.buttons["undo"].setToolTip(plain_tip(f"Undo: {words} (Ctrl+Z)" if words else ""))

    def set_primary(self, name: str, *, primary: bool) -> None:
        """Draw a button as the one to be pressed next, or as any other."""
        button = self.buttons[name]
        if button.property("primary") != primary:
            button.setProperty("primary", primary)
            button.style().unpolish(button)
            button.style().polish(button)

    def renew_facts(self, last: float | None) -> None:
        """The draft makes the last stop another time, or fills the vehicle otherwise."""
        self.last = last
        self.update(0, _FACTS_PX, self.width(), int(_PILL_PX))

    # Placing

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The buttons beside the names where there is room, else below them."""
        self._place_bar()

    def set_compact(self, *, compact: bool) -> None:
        """Leave the facts out, where every row of the list below counts; the tip has them."""
        if compact != self._is_compact:
            self._is_compact = compact
            self._place_bar()
            self.update()

    def _place_bar(self) -> None:
        size = self.bar.sizeHint()
        width = min(size.width(), self.width() - 20)
        facts = 0 if self._is_compact else _FACTS_ROW_PX
        below = 0 if self._is_wide else _BUTTON_PX + 3
        if self._is_wide:
            self.bar.setGeometry(self.width() - 10 - width, 3, width, _BUTTON_PX)
        else:
            self.bar.setGeometry(10, _TITLE_ROW_PX + facts, self.width() - 20, _BUTTON_PX)
        self.setFixedHeight(max(_TITLE_ROW_PX + facts, 30) + below + _AXIS_PX)

    @property
    def _is_wide(self) -> bool:
        return self.width() >= _WIDE_PX

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """The whole route on the map."""
        self.opened.emit()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is known of the route, and the hours; only what was asked for."""
        painter, theme, row = QPainter(self), self._session.theme, self._row
        painter.fillRect(self.rect(), theme.color("panel_raised"))
        painter.setPen(theme.color("line"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if row is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if event.rect().top() < _FACTS_PX:
            self._draw_names(painter, row)
        if not self._is_compact:
            self._draw_facts(painter, row)
        if self._is_compact or event.rect().bottom() > _FACTS_PX + _PILL_PX:
            self._draw_hours(painter)

    def _draw_names(self, painter: QPainter, row: RouteRow) -> None:
        theme = self._session.theme
        right = float(self.bar.x() - 8 if self._is_wide else self.width() - 10)
        pill = self._draw_pill(painter, right, 6, row.words, theme.punctuality_color(row.standing))
        if self._is_compact or self._is_wide:
            pill = self._draw_told(painter, pill - 6, 6, row.id)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._session.route_color(row.id))
        painter.drawRoundedRect(QRectF(10, 6, 7, 18), 2, 2)
        box = QRectF(26, 4, pill - 34, 22)
        title = f"{row.name} · {row.driver}"
        draw_text(painter, box, title, theme.color("text"), size_px=TITLE_PX, bold=True)

    def _draw_facts(self, painter: QPainter, row: RouteRow) -> None:
        right = self.width() - 10.0
        if not self._is_wide:
            right = self._draw_told(painter, right, _FACTS_PX, row.id)
        facts = QRectF(10, _FACTS_PX + 1, right - 16, 16)
        words = " · ".join(self._facts(row))
        draw_text(painter, facts, words, self._session.theme.color("muted"), size_px=SMALL_PX)

    def _draw_told(self, painter: QPainter, right: float, top: float, route_id: str) -> float:
        """What the driver knows of a changed order; returns where it begins."""
        told = self._told(route_id)
        if not told.words:
            return right
        colour = self._session.theme.color(told.colour)
        return self._draw_pill(painter, right, top, told.words, colour)

    def _draw_pill(
        self, painter: QPainter, right: float, top: float, words: str, colour: QColor
    ) -> float:
        """A pill that ends at `right`; returns where it begins."""
        width = min(max(56.0, width_of(words, SMALL_PX) + 20), self.width() / 2)
        box = QRectF(right - width, top, width, _PILL_PX)
        said = cut_to(words, width - 16, SMALL_PX)
        draw_badge(painter, box, said, colour, self._session.theme.font(SMALL_PX))
        return box.left()

    def _told(self, route_id: str) -> DriverNotice:
        route = self._session.state.routes.get(route_id)
        return notice_of(self._session, route) if route is not None else DriverNotice()

    def _tip(self, row: RouteRow) -> str:
        """Everything that may be cut off."""
        told = self._told(row.id).words
        says = f"The driver and the new order: {told}" if told else ""
        standing = f"{row.name} · {row.driver}: {row.words}"
        return "\n".join(filter(None, (standing, " · ".join(self._facts(row)), says)))

    def _facts(self, row: RouteRow) -> Iterator[str]:
        """`15/31 · e-van 62 % · FL 4021 · load 41 % · last stop 17:42`."""
        session, route = self._session, self._session.state.routes.get(row.id)
        yield f"{row.done}/{row.total}"
        vehicle_id = route.plan.vehicle_id if route and route.plan else ""
        now = session.vehicles.row(vehicle_id)
        charge = f" {now.battery_pct:.0f} %" if now and now.battery_pct is not None else ""
        warmth = f" {now.temperature_c:.1f} °C" if now and now.temperature_c is not None else ""
        if kind := f"{row.vehicle.split(' · ', 1)[0]}{charge}{warmth}".strip():
            yield kind
        entry = session.state.vehicles.get(vehicle_id)
        if entry is not None:
            yield entry.value.label
        yield from self._limits(row.id)
        if self.last is not None:
            yield f"last stop {session.clock_text(self.last)}"

    def _limits(self, route_id: str) -> Iterator[str]:
        """How full the vehicle is and how far it gets, where somebody said what limits it."""
        prospect = self._draft.prospects.get(route_id) or self._draft.cases.present(route_id)
        vehicle = prospect.case.vehicle if prospect else None
        if prospect is None or vehicle is None or not prospect.remaining:
            return
        if vehicle.capacity_kg or vehicle.capacity_m3 or vehicle.capacity_pieces:
            yield f"load {prospect.load_share:.0%}"
        if vehicle.range_m:
            yield f"range {max(0.0, vehicle.range_m - prospect.case.charged_m) / 1000:.0f} km"

    def _draw_hours(self, painter: QPainter) -> None:
        bar = stop_columns(QRectF(self.rect())).bar
        theme, session = self._session.theme, self._session
        offset = session.local(session.now).utcoffset()
        axis = QRectF(bar.left(), self.height() - _AXIS_PX - 1, bar.width(), _AXIS_PX)
        for tick in self.span.ticks(bar.width(), offset.total_seconds() if offset else 0.0):
            x = self.span.x(tick, bar)
            box = QRectF(x - 20, axis.top(), 40, axis.height())
            if axis.left() - 8 <= x <= axis.right() + 8:
                words = session.clock_text(tick)
                draw_text(painter, box, words, theme.color("muted"), CENTRE, SMALL_PX - 1)
        times = stop_columns(QRectF(self.rect())).times
        label = QRectF(times.left(), axis.top(), times.width(), axis.height())
        draw_text(painter, label, "ETA · window", theme.color("muted"), RIGHT, SMALL_PX - 1)
