"""The sheet of one route: its head, its stops on a common clock, and what a draft would do."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from ui.draft.draft import Draft
from ui.routes.header import SheetHeader
from ui.routes.model import RouteModel
from ui.routes.outlook import Outlook
from ui.routes.previewbox import PreviewBox
from ui.routes.span import span_of
from ui.routes.standing import RouteRow, read_route
from ui.routes.stopdelegate import StopDelegate
from ui.routes.stoplist import StopList
from ui.routes.stopmodels import SheetModel
from ui.session import Session

_COMPACT_PX = 330
"""A sheet lower than this saves height where it can."""

_PREVIEW_SHARE = 0.4
"""Of the sheet's height the preview takes no more than this."""


class StopSheet(QWidget):
    """One route's header and stops.

    Args:
        session: shown; selects the stop that is clicked.
        routes: says how the route stands.
        draft: what is being tried out.

    Attributes:
        route_opened: id of the route to be seen whole on the map.
        list: the stops.
        delegate: draws them.
        preview: what the draft would do.
    """

    route_opened = Signal(str)

    def __init__(
        self, session: Session, routes: RouteModel, draft: Draft, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._routes, self._draft = session, routes, draft
        self.model = SheetModel(session, draft, self)
        self.header = SheetHeader(session, draft)
        self.list = StopList(session.theme, "Stops of the route")
        self.delegate = StopDelegate(session, self)
        self.preview = PreviewBox(session, draft)
        self._follows = True
        self.list.show_model(self.model, self.delegate)
        self.model.in_sight = self.list.rows_in_sight
        self._assemble()
        self._listen()

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.list, 1)
        below = QVBoxLayout()
        below.setContentsMargins(6, 0, 6, 0)
        below.addWidget(self.preview)
        column.addLayout(below)

    def _listen(self) -> None:
        self.header.opened.connect(self._on_opened)
        self.list.chosen.connect(lambda stop_id: self._session.select("stop", stop_id))
        self.list.opened.connect(lambda _stop_id: self._on_opened())
        self.list.scrolled.connect(self._on_scrolled)
        self.list.picked_changed.connect(self._show_buttons)
        self.preview.stop_chosen.connect(lambda stop_id: self._session.select("stop", stop_id))
        self.model.refreshed.connect(self._on_refreshed)
        self.model.tried_changed.connect(self._on_tried)
        self._draft.changed.connect(self._show_buttons)
        self._session.ticked.connect(self._on_refreshed)
        self._show_buttons()

    @property
    def route_id(self) -> str:
        """The route shown, "" for none."""
        return self.model.route_id

    @property
    def is_compact(self) -> bool:
        """True where there is little height to spend."""
        return self.height() < _COMPACT_PX

    @property
    def picked(self) -> tuple[str, ...]:
        """Ids of the marked stops, from the top."""
        return self.list.picked

    def show_route(self, route_id: str, stop_id: str = "") -> None:
        """Show a route, and mark one of its stops."""
        if route_id != self.model.route_id:
            self._follows = True
            self.list.show_current("")
            self.model.show_route(route_id)
        self._follows = self._follows and not stop_id
        self.list.show_current(stop_id)

    # Showing

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The preview leaves room for the stops."""
        super().resizeEvent(event)
        self.header.set_compact(compact=self.is_compact)
        self.preview.is_brief = self.is_compact
        self.preview.most_px = max(72, int(self.height() * _PREVIEW_SHARE))
        self.preview.refresh()

    def _show_buttons(self) -> None:
        draft, buttons = self._draft, self.header.buttons
        may_commit = bool(draft.gestures) and bool(draft.routes) and not draft.is_sending
        buttons["commit"].setText("Sending…" if draft.is_sending else "Commit")
        buttons["commit"].setEnabled(may_commit)
        self.header.set_primary("commit", primary=may_commit)
        stops = [stop for stop in map(draft.stop, self.picked) if stop is not None]
        open_stops = [stop for stop in stops if not stop.is_done]
        is_locked = bool(open_stops) and all(stop.lock is not None for stop in open_stops)
        buttons["lock"].setText("Unlock" if is_locked else "Lock")
        buttons["lock"].setEnabled(bool(open_stops))

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
        self.header.span = self.delegate.span = span
        self.header.last = max((row.expected.p50 for row in rows if row.expected), default=None)
        self.header.show_route(self._route_row())
        self._scroll_to_now()
        self._show_buttons()
        self.list.viewport().update()

    def _on_tried(self) -> None:
        """The clock stands still while the pointer moves; the last stop's time does not."""
        draft = self._draft
        prospect = draft.prospects.get(self.route_id) or draft.cases.present(self.route_id)
        if prospect is not None and prospect.arrivals:
            self.header.renew_facts(prospect.arrivals[-1].p50.timestamp())

    def _route_row(self) -> RouteRow | None:
        row = self._routes.record_of(self.route_id)
        route = self._session.state.routes.get(self.route_id)
        if row is None and route is not None:
            return read_route(self._session, route, Outlook(self._session.arrivals))
        return row
