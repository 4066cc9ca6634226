"""Where to move stops: a route by typing, then a place on it; each choice is previewed."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tower.routes.change import UNASSIGNED, Move
from ui.draft.bestplace import best_place
from ui.draft.draft import Draft
from ui.draft.words import stop_words, stops_words
from ui.routes.previewbox import PreviewBox
from ui.routes.standing import routes_by_risk
from ui.session import Session

_SIZE = (560, 440)
_ID = int(Qt.ItemDataRole.UserRole)
_BEST = "best"
_WALKS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class _Wanted(NamedTuple):
    """A best place being looked for."""

    route_id: str
    order: tuple[str, ...]


class MoveDialog(QDialog):
    """Previews each place in the draft while it is walked to; Enter moves, Esc puts back.

    Args:
        session: the shift.
        draft: the stops are lifted in it already.
        stops: ids of what is to be moved.
        parent: the window it lies over.

    Attributes:
        search: narrows the routes.
        routes: the routes by risk, the one the stops are on first, and "off every route".
        places: the places on the chosen route.
    """

    def __init__(
        self, session: Session, draft: Draft, stops: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._draft, self._stops = session, draft, tuple(stops)
        self._best: dict[_Wanted, str] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Move {stops_words(session, stops)}")
        self.search, self.routes, self.places = QLineEdit(), QListWidget(), QListWidget()
        self.preview = PreviewBox(session, draft)
        self.preview.most_px = 150
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.move_button = self._buttons.addButton("&Move", QDialogButtonBox.ButtonRole.AcceptRole)
        self._assemble()
        self._listen()
        self._fill_routes("")
        self.search.setFocus()

    def _assemble(self) -> None:
        self.resize(*_SIZE)
        self.search.setPlaceholderText("Route, driver or vehicle")
        self.search.setAccessibleName("Find a route")
        self.search.setClearButtonEnabled(True)
        left, right, lists = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for column, title, rows in (
            (left, "&Route", self.routes),
            (right, "&Place", self.places),
        ):
            label = QLabel(title)
            label.setBuddy(rows)
            column.addWidget(label)
            column.addWidget(rows)
            rows.setAccessibleName(title.replace("&", ""))
            lists.addLayout(column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 12, 14, 12)
        whole.addWidget(self.search)
        whole.addLayout(lists, 1)
        whole.addWidget(self.preview)
        whole.addWidget(self._buttons)

    def _listen(self) -> None:
        self.search.textChanged.connect(self._fill_routes)
        self.search.installEventFilter(self)
        self.routes.currentRowChanged.connect(self._fill_places)
        self.places.currentRowChanged.connect(self._hover)
        for rows in (self.routes, self.places):
            rows.itemDoubleClicked.connect(lambda _item: self.accept())
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._draft.changed.connect(self._on_draft_changed)

    # Choosing

    def _fill_routes(self, typed: str) -> None:
        """The routes in which every word stands."""
        wanted = typed.casefold().split()
        self.routes.clear()
        for route_id in self._by_nearness():
            words = self._route_words(route_id)
            if all(word in words.casefold() for word in wanted):
                _add(self.routes, route_id, words)
        self.routes.setCurrentRow(0)
        self._fill_places()

    def _by_nearness(self) -> list[str]:
        home = next((r for r, order in self._draft.arranged.items() if self._stops[0] in order), "")
        routes = [
            route_id
            for route_id in routes_by_risk(self._session)
            if self._session.state.routes[route_id].finished_at is None and route_id != home
        ]
        found = [home, *routes] if home else routes
        return [*found, UNASSIGNED] if home else found

    def _route_words(self, route_id: str) -> str:
        if route_id == UNASSIGNED:
            return "Off every route"
        plan = self._session.state.routes[route_id].plan
        entry = self._session.state.vehicles.get(plan.vehicle_id) if plan else None
        words = (plan.name, plan.driver_name, entry.value.label if entry else "") if plan else ()
        return " · ".join(filter(None, words)) or route_id

    def _fill_places(self, _row: int = 0) -> None:
        self.places.blockSignals(True)
        self.places.clear()
        if self._route_id:
            _add(self.places, _BEST, "The best place")
            for stop_id in self._rest:
                _add(self.places, stop_id, self._place_words(stop_id))
            _add(self.places, "", "At the end")
        self.places.setCurrentRow(0)
        self.places.blockSignals(False)
        self.move_button.setEnabled(self._has_route)
        self._hover()

    @property
    def _has_route(self) -> bool:
        return self.routes.currentRow() >= 0

    @property
    def _route_id(self) -> str:
        return _chosen(self.routes)

    @property
    def _place(self) -> str:
        return _chosen(self.places)

    @property
    def _rest(self) -> list[str]:
        order = self._draft.arranged.get(self._route_id, ())
        return [stop_id for stop_id in order if stop_id not in self._stops]

    def _place_words(self, stop_id: str) -> str:
        stop = self._draft.stop(stop_id)
        customer = stop.plan.customer if stop and stop.plan else ""
        return " · ".join(filter(None, (f"Before {stop_words(self._session, stop_id)}", customer)))

    # Previewing

    def _hover(self, _row: int = 0) -> None:
        if not self._has_route:
            self._draft.hover(None)
        elif self._place == _BEST:
            self._hover_best()
        else:
            self._draft.hover(self._move(self._place))

    def _move(self, before: str) -> Move:
        return Move(stops=self._stops, route_id=self._route_id, before=before)

    def _hover_best(self) -> None:
        """Look for the best place off the GUI thread, and preview it once it is found."""
        wanted = _Wanted(self._route_id, tuple(self._rest))
        if wanted in self._best:
            self._draft.hover(self._move(self._best[wanted]))
            return
        self._draft.hover(None)
        case = self._draft.cases.case(wanted.route_id)
        stops = [self._draft.stop(stop_id) for stop_id in (*wanted.order, *self._stops)]
        known = [stop for stop in stops if stop is not None and stop.plan is not None]
        if case is None or len(known) != len(stops):
            return
        table = self._draft.travels.table(case.profile)
        rest, moving = known[: len(wanted.order)], known[len(wanted.order) :]
        self._session.compute(
            lambda: best_place(case, rest, moving, table),
            lambda place: self._found(wanted, place),
        )

    def _found(self, wanted: _Wanted, place: int) -> None:
        self._best[wanted] = wanted.order[place] if place < len(wanted.order) else ""
        is_asked = self._place == _BEST and self._route_id == wanted.route_id
        if is_asked and self.isVisible() and tuple(self._rest) == wanted.order:
            self._draft.hover(self._move(self._best[wanted]))

    def _on_draft_changed(self) -> None:
        """Somebody put the stops back meanwhile (Esc over the map, another gesture)."""
        if not self._draft.lifted and self.isVisible():
            super().reject()

    # Ending

    def accept(self) -> None:
        """Move to the place that is previewed."""
        gesture = self._draft.hovering
        if gesture is not None:
            super().accept()
            self._draft.drop(gesture)

    def reject(self) -> None:
        """Put the stops back."""
        super().reject()
        self._draft.cancel_lift()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While typing, up and down walk the routes."""
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _WALKS
        ):
            self.routes.event(event)
            return True
        return super().eventFilter(watched, event)


def _chosen(rows: QListWidget) -> str:
    """Id of the chosen row, "" where none is."""
    index = rows.currentIndex()
    return str(index.data(_ID)) if index.isValid() else ""


def _add(rows: QListWidget, id_: str, words: str) -> None:
    item = QListWidgetItem(words)
    item.setData(_ID, id_)
    rows.addItem(item)
