"""The stops of one route in driving order, and those on no route. Know no widgets."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.records import Stop
from tower.domain.state import Changed
from tower.routes.change import UNASSIGNED, whole_order
from tower.routes.impact import StopImpact
from tower.routes.violations import Violation
from ui.draft.draft import Draft
from ui.keyed import KeyedModel
from ui.routes.outlook import Outlook
from ui.routes.stops import StopRow, Trial, look_alike, read_stop, tried
from ui.session import Session

REFRESH_MS = 150


class StopModel(KeyedModel[StopRow]):
    """Stops as rows, as the draft has them; a subclass says which.

    Attributes:
        refreshed: rows were read again.
        tried_changed: the draft makes something else of the rows.
        in_sight: says which rows are seen, so that only those are drawn again.
    """

    titles: tuple[str, ...] = ("Stop", "Customer", "Address", "Time", "Window", "State")
    refreshed = Signal()
    tried_changed = Signal()

    def __init__(self, session: Session, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._tried: dict[str, StopRow] = {}
        self._lifted: tuple[str, ...] = ()
        self._drawn: dict[str, StopRow] = {}
        self.in_sight: Callable[[], range] = lambda: range(len(self.ids))
        self._moved: Mapping[str, StopImpact] = {}
        self._broken: Mapping[str, Violation] = {}
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(REFRESH_MS)
        self._due.timeout.connect(self.refresh)
        session.state_replaced.connect(self.refresh)
        session.records_changed.connect(self._on_records_changed)
        draft.changed.connect(self._on_draft_changed)

    def stop_ids(self) -> Iterable[str]:
        """Ids of the stops to show, in their order."""
        raise NotImplementedError

    def text(self, row: StopRow, column: int) -> str:
        """What stands in a column."""
        number = str(row.number) if row.number else ""
        state = row.state.replace("_", " ")
        return (number, row.customer, row.place, row.time_words, row.window_words, state)[column]

    def tip(self, row: StopRow) -> str:
        """A stop in a line, and a line for each mark and for what the draft would do to it."""
        name = f"Stop {row.number}" if row.number else "Stop"
        first = f"{name} · {row.customer} · {row.place} · {row.time_words} · {row.window_words}"
        return "\n".join((first, *(mark.says for mark in row.marks), *_trial_words(row.trial)))

    def refresh(self) -> None:
        """Read everything again."""
        self._due.stop()
        outlook = Outlook(self._session.arrivals)
        stops = (self._draft.stop(stop_id) for stop_id in self.stop_ids())
        rows = [read_stop(self._session, stop, outlook) for stop in stops if stop is not None]
        self._note_changes()
        self.arrange({row.id: row for row in rows})
        self.refreshed.emit()

    def look_at(self, stop_id: str) -> StopRow | None:
        """Any stop as a row, as the draft would have it, whether it is shown here or not."""
        stop = self._draft.stop(stop_id)
        if stop is None:
            return None
        shown = self.record_of(stop_id)
        if shown is not None:
            return shown
        return self._try(read_stop(self._session, stop, Outlook(self._session.arrivals)))

    def record(self, row: int) -> StopRow:
        """The stop of a row, as the draft would have it."""
        found = self._drawn[self.ids[row]] = self._as_tried(super().record(row))
        return found

    def record_of(self, id_: str) -> StopRow | None:
        """A stop as the draft would have it, None where it has no row."""
        row = super().record_of(id_)
        return self._as_tried(row) if row is not None else None

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        if any(table in {"stops", "routes"} for table, _ in changed):
            self._soon()

    def _soon(self) -> None:
        if not self._due.isActive():
            self._due.start()

    def _on_draft_changed(self) -> None:
        """Numbers and times at once; rows only where they came, went or moved.

        What the draft makes of a row is worked out when it is looked at: of two hundred stops a
        few are on the screen, and the pointer moves on.
        """
        if list(self.stop_ids()) != list(self.ids):
            self.refresh()
            return
        before = self._is_tried
        self._note_changes()
        if before or self._is_tried:
            self._draw_again()
            self.tried_changed.emit()

    def _draw_again(self) -> None:
        """Tell of the rows in sight that look different now, one by one."""
        for row in self.in_sight():
            drawn = self._drawn.get(self.ids[row])
            if drawn is None or not look_alike(drawn, self.record(row)):
                index = self.index(row, 0)
                self.dataChanged.emit(index, index)

    def _note_changes(self) -> None:
        """What happens to each stop, and the gravest constraint newly broken there."""
        impact = self._draft.impact
        self._tried, self._lifted = {}, self._draft.lifted
        self._moved = {one.stop_id: one for one in impact.stops} if impact else {}
        self._broken = {one.stop_id: one for one in reversed(impact.raised)} if impact else {}

    @property
    def _is_tried(self) -> bool:
        return bool(self._moved or self._broken or self._lifted)

    def _as_tried(self, row: StopRow) -> StopRow:
        if not self._is_tried:
            return row
        known = self._tried.get(row.id)
        if known is None:
            known = self._tried[row.id] = self._try(row)
        return known

    def _try(self, row: StopRow) -> StopRow:
        draft, change, wrong = self._draft, self._moved.get(row.id), self._broken.get(row.id)
        is_lifted = row.id in self._lifted
        if change is None and wrong is None and not is_lifted:
            return row
        now, then = draft.numbers(row.id)
        has_both = change is not None and change.before is not None and change.after is not None
        trial = Trial(
            number=now,
            shift_s=change.shift_s if change is not None and has_both else None,
            is_lifted=is_lifted,
            reason=wrong.words if wrong else "",
            is_hard=wrong.hard if wrong else False,
        )
        return tried(self._session, row, then, trial, change.after if change else None)


class SheetModel(StopModel):
    """The stops of one route, done ones included, in driving order."""

    def __init__(self, session: Session, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(session, draft, parent)
        self.route_id = ""
        session.arrivals_changed.connect(self._on_arrivals_changed)

    def show_route(self, route_id: str) -> None:
        """Show the stops of another route; "" shows none."""
        self.route_id = route_id
        self.refresh()

    def stop_ids(self) -> Iterable[str]:
        """The route's stops."""
        state, draft = self._session.state, self._draft
        route = state.routes.get(self.route_id)
        if route is None:
            return []
        if draft.is_empty or draft.arranged.get(route.id) == draft.base.get(route.id):
            return [stop.id for stop in state.stops_of(route)]
        return whole_order(state, route, draft.order_of(route.id))

    @property
    def first_movable(self) -> int:
        """The row of the first stop whose place is open; the number of rows where none is."""
        movable = set(self._draft.order_of(self.route_id))
        places = (row for row, stop_id in enumerate(self.ids) if stop_id in movable)
        return next(places, len(self.ids))

    @property
    def first_waiting(self) -> int:
        """The row of the first stop not done; the number of rows where all are."""
        rows = range(len(self.ids))
        return next((row for row in rows if not self.record(row).is_done), len(self.ids))

    def _on_arrivals_changed(self, stop_ids: Iterable[str]) -> None:
        if any(self.place_of(stop_id) >= 0 for stop_id in stop_ids):
            self._soon()


class UnassignedModel(StopModel):
    """The stops that are on no route and still wanted, those due first first.

    Attributes:
        total: how many there are, whatever the filter.
    """

    def __init__(self, session: Session, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(session, draft, parent)
        self._wanted: tuple[str, ...] = ()
        self.total = 0
        self.refresh()

    def filter(self, words: str) -> None:
        """Show only the stops in which every one of these words stands."""
        self._wanted = tuple(words.casefold().split())
        self.refresh()

    def stop_ids(self) -> Iterable[str]:
        """The stops without a route."""
        found = map(self._draft.stop, self._draft.order_of(UNASSIGNED))
        loose = [stop for stop in found if stop is not None]
        self.total = len(loose)
        return [stop.id for stop in sorted(filter(self._passes, loose), key=_due_first)]

    def _passes(self, stop: Stop) -> bool:
        plan = stop.plan
        found = f"{plan.customer} {plan.address} {plan.reference}".casefold() if plan else ""
        return all(word in found for word in self._wanted)


def _trial_words(trial: Trial | None) -> Iterable[str]:
    if trial is not None and trial.reason:
        rule = "A supervisor's reason is needed" if trial.is_hard else "Constraint broken"
        yield f"{rule}: {trial.reason}"


def _due_first(stop: Stop) -> tuple[float, str]:
    due = stop.plan.window_end if stop.plan else None
    return due.timestamp() if due else float("inf"), stop.id
