"""The stops of one route in driving order, and those on no route. Know no widgets."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.records import Stop
from tower.domain.state import Changed
from ui.keyed import KeyedModel
from ui.routes.outlook import Outlook
from ui.routes.stops import StopRow, read_stop
from ui.session import Session

REFRESH_MS = 150


class StopModel(KeyedModel[StopRow]):
    """Stops as rows; a subclass says which."""

    titles: tuple[str, ...] = ("Stop", "Customer", "Address", "Time", "Window", "State")
    refreshed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(REFRESH_MS)
        self._due.timeout.connect(self.refresh)
        session.state_replaced.connect(self.refresh)
        session.records_changed.connect(self._on_records_changed)

    def stops(self) -> Iterable[Stop]:
        """The stops to show, in their order."""
        raise NotImplementedError

    def text(self, row: StopRow, column: int) -> str:
        """What stands in a column."""
        number = str(row.number) if row.number else ""
        state = row.state.replace("_", " ")
        return (number, row.customer, row.place, row.time_words, row.window_words, state)[column]

    def tip(self, row: StopRow) -> str:
        """A stop in a line."""
        name = f"Stop {row.number}" if row.number else "Stop"
        return f"{name} · {row.customer} · {row.place} · {row.time_words} · {row.window_words}"

    def refresh(self) -> None:
        """Read everything again."""
        self._due.stop()
        outlook = Outlook(self._session.arrivals)
        self.arrange({stop.id: read_stop(self._session, stop, outlook) for stop in self.stops()})
        self.refreshed.emit()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        if any(table in {"stops", "routes"} for table, _ in changed):
            self._soon()

    def _soon(self) -> None:
        if not self._due.isActive():
            self._due.start()


class SheetModel(StopModel):
    """The stops of one route, done ones included, in driving order."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.route_id = ""
        session.arrivals_changed.connect(self._on_arrivals_changed)

    def show_route(self, route_id: str) -> None:
        """Show the stops of another route; "" shows none."""
        self.route_id = route_id
        self.refresh()

    def stops(self) -> Iterable[Stop]:
        """The route's stops."""
        route = self._session.state.routes.get(self.route_id)
        return self._session.state.stops_of(route) if route else ()

    @property
    def first_waiting(self) -> int:
        """The row of the first stop not done; the number of rows where all are."""
        rows = range(len(self.ids))
        return next((row for row in rows if not self.record(row).is_done), len(self.ids))

    def _on_arrivals_changed(self, stop_ids: Iterable[str]) -> None:
        if any(self.place_of(stop_id) >= 0 for stop_id in stop_ids):
            self._soon()


class UnassignedModel(StopModel):
    """The stops that are on no route and still wanted, those due first first."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._wanted: tuple[str, ...] = ()
        self.total = 0
        self.refresh()

    def filter(self, words: str) -> None:
        """Show only the stops in which every one of these words stands."""
        self._wanted = tuple(words.casefold().split())
        self.refresh()

    def stops(self) -> Iterable[Stop]:
        """The stops without a route."""
        loose = [
            stop
            for stop in self._session.state.stops.values()
            if not stop.route_id and stop.plan is not None and not stop.is_done
        ]
        self.total = len(loose)
        return sorted((one for one in loose if self._passes(one)), key=_due_first)

    def _passes(self, stop: Stop) -> bool:
        plan = stop.plan
        found = f"{plan.customer} {plan.address} {plan.reference}".casefold() if plan else ""
        return all(word in found for word in self._wanted)


def _due_first(stop: Stop) -> tuple[float, str]:
    due = stop.plan.window_end if stop.plan else None
    return due.timestamp() if due else float("inf"), stop.id
