"""The sheet of one route: who drives it and how it stands, and its stops on a common clock."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from ui.routes.columns import stop_columns
from ui.routes.model import RouteModel
from ui.routes.outlook import Outlook
from ui.routes.span import Span, span_of
from ui.routes.standing import RouteRow, read_route
from ui.routes.stopdelegate import StopDelegate
from ui.routes.stopmodels import SheetModel
from ui.session import Session
from ui.theme import SMALL_PX, TITLE_PX
from ui.widgets.drawing import draw_badge
from ui.widgets.rowlist import RowList
from ui.widgets.text import CENTRE, RIGHT, draw_text, width_of

_HEADER_PX = 58
_AXIS_PX = 16
_PILL_PX = 18.0


class SheetHeader(QWidget):
    """Name, driver, progress and vehicle of the route, and the clock's hours over the bars.

    Attributes:
        span: the part of the clock the rows below show.
        last: when the last stop is expected to be reached, seconds since 1970.
        opened: double-clicked: the whole route is to be seen on the map.
    """

    opened = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._row: RouteRow | None = None
        self.span = Span(0.0, 1.0)
        self.last: float | None = None
        self.setFixedHeight(_HEADER_PX)
        session.theme.theme_changed.connect(self.update)

    def show_route(self, row: RouteRow | None) -> None:
        """Show another route, or the same one as it stands now."""
        self._row = row
        self.setAccessibleName(f"{row.name}, {row.driver}: {row.words}" if row else "No route")
        self.update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """The whole route on the map."""
        self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what is known of the route, and the hours."""
        painter, theme, row = QPainter(self), self._session.theme, self._row
        painter.fillRect(self.rect(), theme.color("panel_raised"))
        painter.setPen(theme.color("line"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if row is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_names(painter, row)
        self._draw_hours(painter)

    def _draw_names(self, painter: QPainter, row: RouteRow) -> None:
        theme, width = self._session.theme, float(self.width())
        pill_px = max(70.0, width_of(row.words, SMALL_PX) + 22)
        pill = QRectF(width - 10 - pill_px, 6, pill_px, _PILL_PX)
        draw_badge(
            painter, pill, row.words, theme.punctuality_color(row.standing), theme.font(SMALL_PX)
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._session.route_color(row.id))
        painter.drawRoundedRect(QRectF(10, 6, 7, 18), 2, 2)
        box = QRectF(26, 4, pill.left() - 34, 22)
        title = f"{row.name} · {row.driver}"
        draw_text(painter, box, title, theme.color("text"), size_px=TITLE_PX, bold=True)
        facts = QRectF(10, 26, width - 20, 16)
        draw_text(painter, facts, self._facts(row), theme.color("muted"), size_px=SMALL_PX)

    def _facts(self, row: RouteRow) -> str:
        """`15/31 · e-van 62 % · FL 4021 · ends 17:42`."""
        facts = [f"{row.done}/{row.total}"]
        route = self._session.state.routes.get(row.id)
        vehicle_id = route.plan.vehicle_id if route and route.plan else ""
        now = self._session.vehicles.row(vehicle_id)
        charge = f" {now.battery_pct:.0f} %" if now and now.battery_pct is not None else ""
        warmth = f" {now.temperature_c:.1f} °C" if now and now.temperature_c is not None else ""
        facts.append(f"{row.vehicle.split(' · ', 1)[0]}{charge}{warmth}".strip())
        entry = self._session.state.vehicles.get(vehicle_id)
        facts.append(entry.value.label if entry else "")
        if self.last is not None:
            facts.append(f"last stop {self._session.clock_text(self.last)}")
        return " · ".join(filter(None, facts))

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


class StopSheet(QWidget):
    """One route's header and stops.

    Args:
        session: shown; selects the stop that is clicked.
        routes: says how the route stands.

    Attributes:
        route_opened: id of the route to be seen whole on the map.
        list: the stops.
    """

    route_opened = Signal(str)

    def __init__(self, session: Session, routes: RouteModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._routes = session, routes
        self.model = SheetModel(session, self)
        self.header = SheetHeader(session)
        self.list = RowList(session.theme, "Stops of the route")
        self._delegate = StopDelegate(session, self)
        self._follows = True
        self.list.show_model(self.model, self._delegate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.list, 1)
        self.header.opened.connect(self._on_opened)
        self.list.chosen.connect(lambda stop_id: session.select("stop", stop_id))
        self.list.opened.connect(lambda _stop_id: self._on_opened())
        self.list.scrolled.connect(self._on_scrolled)
        self.model.refreshed.connect(self._on_refreshed)
        session.ticked.connect(self._on_refreshed)

    @property
    def route_id(self) -> str:
        """The route shown, "" for none."""
        return self.model.route_id

    def show_route(self, route_id: str, stop_id: str = "") -> None:
        """Show a route, and mark one of its stops."""
        if route_id != self.model.route_id:
            self._follows = True
            self.list.show_current("")
            self.model.show_route(route_id)
        self._follows = self._follows and not stop_id
        self.list.show_current(stop_id)

    def _on_scrolled(self) -> None:
        self._follows = False

    def _scroll_to_now(self) -> None:
        """The last stop done stands at the top, what is to come below it."""
        if not self._follows or self.list.anchor() is not None:
            return
        row = max(0, self.model.first_waiting - 1)
        index = self.model.index(row, 0)
        if index.isValid():
            self.list.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def _on_opened(self) -> None:
        if self.route_id:
            self.route_opened.emit(self.route_id)

    def _on_refreshed(self) -> None:
        rows = [self.model.record(row) for row in range(len(self.model.ids))]
        span = span_of(rows, self._session.clock.time())
        self.header.span = self._delegate.span = span
        self.header.last = max((row.expected.p50 for row in rows if row.expected), default=None)
        self.header.show_route(self._route_row())
        self._scroll_to_now()
        self.list.viewport().update()

    def _route_row(self) -> RouteRow | None:
        row = self._routes.record_of(self.route_id)
        route = self._session.state.routes.get(self.route_id)
        if row is None and route is not None:
            return read_route(self._session, route, Outlook(self._session.arrivals))
        return row
