"""Everything said about each thing: read from the journal once, kept while it is asked for."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.events import Event
from tower.journal.subjects import subjects_of

_EVERYTHING = 5_000
"""More events than there are about one thing; of a route whose id is used every day, days enough
for whatever comes late."""

KEPT = 200_000
"""So many events, or eight times as many rows of predictions, are kept in memory; things nobody
asked about for long are read again."""

Thing = tuple[str, str]
"""A kind (`stop`, `route`, `exception`, `message`) and an id."""


class About(Protocol):
    """What the journal is asked."""

    def about(self, subject_kind: str, id_: str, limit: int) -> list[Event]:
        """The newest `limit` events about one thing, oldest first."""
        ...


class Book:
    """The events about each thing that figures are made of, up to a place in the journal.

    Where it begins with the journal's first event it writes along from the start and reads nothing
    until the memory is full.

    Args:
        journal: where they are read.
        seq: the last event that counts so far.
        kept: so many events may be held in memory.
    """

    def __init__(self, journal: About, seq: int, kept: int = KEPT) -> None:
        self._journal = journal
        self._seq = seq
        self._most = kept
        self._held = 0
        self._is_whole = seq == 0
        self._pages: OrderedDict[Thing, dict[str, Event]] = OrderedDict()

    def take(self, events: Sequence[Event]) -> None:
        """Go on to the last of these events, which follow those taken before."""
        self._seq = max(self._seq, events[-1].seq)
        for event in events:
            for thing in subjects_of(event):
                page = self._pages.get(thing)
                if page is None and self._is_whole and thing[0] in _KEEPERS:
                    page = self._pages[thing] = {}
                if page is not None:
                    self._held += _write(page, thing, (event,))
        self._make_room()

    def about(self, kind: str, id_: str) -> Sequence[Event]:
        """What was said about a thing, in no order; of a sequence only what concerns it."""
        thing = (kind, id_)
        page = self._pages.get(thing)
        if page is None:
            said = [] if self._is_whole else self._journal.about(kind, id_, _EVERYTHING)
            page = self._pages[thing] = {}
            self._held += _write(page, thing, (one for one in said if one.seq <= self._seq))
            self._make_room()
        self._pages.move_to_end(thing)
        return tuple(page.values())

    def _make_room(self) -> None:
        while self._held > self._most and len(self._pages) > 1:
            self._is_whole = False
            _, page = self._pages.popitem(last=False)
            self._held -= sum(_weight(one) for one in page.values())


def _write(page: dict[str, Event], thing: Thing, events: Iterable[Event]) -> int:
    """Add what matters about a thing; returns how much more that is to hold."""
    added = 0
    kind, id_ = thing
    for event in events:
        kept = _KEEPERS[kind](event, id_) if kind in _KEEPERS else None
        if kept is not None and event.id not in page:
            page[event.id] = kept
            added += _weight(kept)
    return added


def _weight(event: Event) -> int:
    rows = event.body.rows if isinstance(event.body, e.ArrivalsPredicted) else ()
    return 1 + len(rows) // 8


_OF_STOPS = (
    e.StopAmended,
    e.StopProgress,
    e.ReturnClosed,
    e.ClaimFiled,
    e.ClaimSettled,
    e.SurveyAnswered,
    e.CustomerContacted,
)
_OF_ROUTES = (
    e.RoutePlanned,
    e.RouteStarted,
    e.RouteFinished,
    e.RouteMeasured,
    e.ArrivalsPredicted,
)
_OF_EXCEPTIONS = (e.ExceptionRaised, e.ExceptionWorked)
_OF_MESSAGES = (e.MessageQueued, e.MessageProgressed, e.ReplyReceived)


def _of_stop(event: Event, stop_id: str) -> Event | None:
    body = event.body
    if isinstance(body, e.RoutesSequenced):
        return replace(event, body=_assignment(body, stop_id))
    if isinstance(body, e.StopPlanned):
        return event if body.plan.id == stop_id else None
    return event if isinstance(body, _OF_STOPS) and event.subject.stop_id == stop_id else None


def _assignment(body: e.RoutesSequenced, stop_id: str) -> e.RoutesSequenced:
    """What a sequence says about one of its stops: which route it is on."""
    routes = tuple(replace(one, stops=(stop_id,)) for one in body.routes if stop_id in one.stops)
    off = (stop_id,) if stop_id in body.unassigned else ()
    return e.RoutesSequenced(routes=routes, unassigned=off)


def _of_route(event: Event, route_id: str) -> Event | None:
    body = event.body
    if isinstance(body, e.RoutesSequenced):
        routes = tuple(one for one in body.routes if one.route_id == route_id)
        return replace(event, body=e.RoutesSequenced(routes=routes)) if routes else None
    if isinstance(body, e.RoutePlanned):
        return event if body.plan.id == route_id else None
    return event if isinstance(body, _OF_ROUTES) and event.subject.route_id == route_id else None


def _of_exception(event: Event, exception_id: str) -> Event | None:
    is_own = event.subject.exception_id == exception_id
    return event if isinstance(event.body, _OF_EXCEPTIONS) and is_own else None


def _of_message(event: Event, message_id: str) -> Event | None:
    body = event.body
    own = body.answers if isinstance(body, e.ReplyReceived) else event.subject.message_id
    return event if isinstance(body, _OF_MESSAGES) and own == message_id else None


_KEEPERS: dict[str, Callable[[Event, str], Event | None]] = {
    "stop": _of_stop,
    "route": _of_route,
    "exception": _of_exception,
    "message": _of_message,
}
