"""Walking routes and exceptions by keyboard, and working on the selected exception."""

from collections.abc import Sequence

from PySide6.QtWidgets import QInputDialog, QWidget

from tower.domain.commands import (
    ClaimException,
    Command,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from tower.domain.records import ExceptionRecord, Route
from tower.domain.words import Punctuality
from ui.session import Session

_RISK = (
    Punctuality.LATE,
    Punctuality.AT_RISK,
    Punctuality.NO_SIGNAL,
    Punctuality.ON_TIME,
    Punctuality.IDLE,
    Punctuality.DONE,
)


def exceptions_by_urgency(session: Session) -> list[str]:
    """Ids of the open exceptions on the screen, gravest first, then by what is due first."""

    def urgency(record: ExceptionRecord) -> tuple[int, float, str]:
        due = record.finding.sla_due_at if record.finding else None
        rank = record.finding.severity.rank if record.finding else 9
        return rank, due.timestamp() if due else float("inf"), record.id

    records = session.state.exceptions.values()
    shown = [one for one in records if one.is_open and one.finding and session.shows(one)]
    return [one.id for one in sorted(shown, key=urgency)]


def routes_by_risk(session: Session) -> list[str]:
    """Ids of the routes on the screen, those in trouble first."""

    def risk(route: Route) -> tuple[int, str]:
        vehicle = session.vehicles.row(route.plan.vehicle_id) if route.plan else None
        standing = vehicle.punctuality if vehicle else Punctuality.IDLE
        if route.finished_at is not None:
            standing = Punctuality.DONE
        return _RISK.index(standing), route.id

    shown = [one for one in session.state.routes.values() if session.shows(one)]
    return [one.id for one in sorted(shown, key=risk)]


def neighbour(ids: Sequence[str], current: str, step: int) -> str:
    """The id `step` places further, held within the list; the first where none is current."""
    if not ids:
        return ""
    if current not in ids:
        return ids[0] if step > 0 else ids[-1]
    return ids[max(0, min(len(ids) - 1, ids.index(current) + step))]


class RouteWalk:
    """Walks the routes by risk."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def walk(self, step: int) -> None:
        """Select the route `step` places further down."""
        kind, current = self._session.selection
        found = neighbour(routes_by_risk(self._session), current if kind == "route" else "", step)
        self._session.select("route", found)


class ExceptionWork:
    """Walks the open exceptions and works on the selected one.

    Args:
        session: selects and runs the commands.
        window: the window a question about the cause lies over.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        self._session, self._window = session, window

    @property
    def _current(self) -> ExceptionRecord | None:
        kind, id_ = self._session.selection
        return self._session.state.exceptions.get(id_) if kind == "exception" else None

    def walk(self, step: int) -> None:
        """Select the exception `step` places further down."""
        current = self._current.id if self._current else ""
        found = neighbour(exceptions_by_urgency(self._session), current, step)
        self._session.select("exception", found)

    def open_current(self) -> None:
        """Select the stop, vehicle or route the selected exception is about."""
        if self._current is None or self._current.finding is None:
            return
        subject = self._current.finding.subject
        for kind in ("stop", "vehicle", "route"):
            if id_ := getattr(subject, f"{kind}_id"):
                self._session.select(kind, id_)
                return

    def claim(self) -> None:
        """Take the selected exception."""
        if record := self._current:
            self._run(ClaimException(exception_id=record.id, version=record.work.version))

    def release(self) -> None:
        """Give the selected exception back."""
        if record := self._current:
            self._run(ReleaseException(exception_id=record.id, version=record.work.version))

    def resolve(self) -> None:
        """Ask for the cause and close the selected exception."""
        record = self._current
        if record is None or not record.is_open:
            return
        cause, given = QInputDialog.getText(self._window, "Resolve", "What was the cause?")
        if given:
            self._run(
                ResolveException(
                    exception_id=record.id, version=record.work.version, cause=cause.strip()
                )
            )

    def reopen(self) -> None:
        """Put the selected resolved exception back into the queue."""
        if record := self._current:
            self._run(ReopenException(exception_id=record.id, version=record.work.version))

    def _run(self, command: Command) -> None:
        self._session.run(command)
