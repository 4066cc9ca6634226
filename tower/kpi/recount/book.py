"""Everything said about each thing: read from the journal once, kept while it is asked for."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.events import Event
from tower.journal.port import About, Between
from tower.journal.subjects import subjects_of

_EVERYTHING = 1_000_000
"""More events than there are about one thing, be it a route whose id is used every day for years:
a figure of a past day must not rest on a part of them."""

_DAY = timedelta(days=1)

KEPT = 60_000
"""So many events, or eight times as many rows of predictions, are kept in memory (some 25 MB, well
over an ordinary shift); things nobody asked about for long are read again."""

Thing = tuple[str, str]
"""A kind (`stop`, `route`, `exception`, `message`) and an id; `predicted` are the predictions of a
route on one day, whose id `_of_day` makes: there are far more of them than of all else, and what
happened on a day rests on those of a few hours."""

_PREDICTED = "predicted"


class _Page(msgspec.Struct, gc=False):
    """The events about one thing, packed one behind the other: a fourth of the memory.

    Attributes:
        seq: events up to here are on it.
        count: how many they are.
        weight: what they count for.
    """

    seq: int
    packed: bytes = b""
    count: int = 0
    weight: int = 0

    def write(self, thing: Thing, events: Iterable[Event]) -> int:
        """Add what matters about the thing; returns how much more that is to hold."""
        kind, id_ = thing
        kept = [own for one in events if (own := _KEEPERS[kind](one, id_)) is not None]
        added = sum(_weight(one) for one in kept)
        self.packed += b"".join(map(_ENCODER.encode, kept))
        self.count += len(kept)
        self.weight += added
        return added

    def read(self) -> list[Event]:
        """What is on it, in the order it was written."""
        return _DECODER.decode(_ARRAY + self.count.to_bytes(4, "big") + self.packed)


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
        self._pages: OrderedDict[Thing, _Page] = OrderedDict()

    def take(self, events: Sequence[Event]) -> None:
        """Go on to the last of these events, which follow those taken before."""
        self._seq = max(self._seq, events[-1].seq)
        for event in events:
            for thing in _things_of(event):
                page = self._pages.get(thing)
                if page is None and self._is_whole and thing[0] in _KEEPERS:
                    page = self._pages[thing] = _Page(event.seq - 1)
                if page is not None and page.seq < event.seq:
                    page.seq = event.seq
                    self._held += page.write(thing, (event,))
        self._make_room()

    def about(self, kind: str, id_: str) -> Sequence[Event]:
        """What was said about a thing, in no order; of a sequence only what concerns it.

        The predictions of a route are asked for by `predicted`.
        """
        return self._page((kind, id_), lambda: self._read(kind, id_, _TYPES[kind]))

    def predicted(self, route_id: str, since: datetime, until: datetime) -> Iterator[Event]:
        """The predictions of a route made between two moments, both included, in no order."""
        for day in _days(since, until):
            for event in self._predicted_on(route_id, day):
                if since <= event.at <= until:
                    yield event

    def _predicted_on(self, route_id: str, day: date) -> Sequence[Event]:
        begin = datetime.combine(day, time(), UTC)
        between = begin, begin + _DAY
        types = _tags(e.ArrivalsPredicted)
        thing = _PREDICTED, _of_day(route_id, day)
        return self._page(thing, lambda: self._read("route", route_id, types, between))

    def _page(self, thing: Thing, read: Callable[[], Iterable[Event]]) -> Sequence[Event]:
        page = self._pages.get(thing)
        if page is None:
            said = () if self._is_whole else read()
            page = self._pages[thing] = _Page(self._seq)
            self._held += page.write(thing, (one for one in said if one.seq <= self._seq))
            self._make_room()
        self._pages.move_to_end(thing)
        return page.read()

    def _read(
        self, kind: str, id_: str, types: Collection[str], between: Between | None = None
    ) -> list[Event]:
        return self._journal.about(kind, id_, _EVERYTHING, types=types, between=between)

    def _make_room(self) -> None:
        while self._held > self._most and len(self._pages) > 1:
            self._is_whole = False
            _, page = self._pages.popitem(last=False)
            self._held -= page.weight


def _things_of(event: Event) -> Iterator[Thing]:
    yield from subjects_of(event)
    if isinstance(event.body, e.ArrivalsPredicted):
        yield _PREDICTED, _of_day(event.subject.route_id, _day(event.at))


def _of_day(route_id: str, day: date) -> str:
    return f"{day}:{route_id}"


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _days(since: datetime, until: datetime) -> Iterator[date]:
    day = _day(since)
    while day <= _day(until):
        yield day
        day += _DAY


def _tags(*bodies: type[e.Body]) -> tuple[str, ...]:
    return tuple(str(body.__struct_config__.tag) for body in bodies)


def _weight(event: Event) -> int:
    rows = event.body.rows if isinstance(event.body, e.ArrivalsPredicted) else ()
    return 1 + len(rows) // 8


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Event])
_ARRAY = b"\xdd"
"""How an array of msgpack begins whose length comes in four bytes."""

_OF_STOPS: tuple[type[e.Body], ...] = (
    *e.StopProgress.__subclasses__(),
    e.StopAmended,
    e.ReturnClosed,
    e.ClaimFiled,
    e.ClaimSettled,
    e.SurveyAnswered,
    e.CustomerContacted,
)
_NAMES: dict[str, Any] = {
    **dict.fromkeys(("customer", "phone", "masked_phone", "email", "address"), ""),
    **dict.fromkeys(("reference", "access_code", "note", "safe_place"), ""),
    "parcels": (),
}
_OF_ROUTES = (e.RoutePlanned, e.RouteStarted, e.RouteFinished, e.RouteMeasured)
_OF_EXCEPTIONS = (e.ExceptionRaised, e.ExceptionWorked)
_OF_MESSAGES = (e.MessageQueued, e.MessageProgressed, e.ReplyReceived)


def _of_stop(event: Event, stop_id: str) -> Event | None:
    body = event.body
    if isinstance(body, e.RoutesSequenced):
        return replace(event, body=_assignment(body, stop_id))
    if isinstance(body, e.StopPlanned):
        return replace(event, body=_unnamed(body)) if body.plan.id == stop_id else None
    return event if isinstance(body, _OF_STOPS) and event.subject.stop_id == stop_id else None


def _unnamed(body: e.StopPlanned) -> e.StopPlanned:
    """A plan without who lives there and what is brought: no figure is made of that."""
    return e.StopPlanned(plan=replace(body.plan, **_NAMES))


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


def _of_a_day(event: Event, id_: str) -> Event | None:
    is_prediction = isinstance(event.body, e.ArrivalsPredicted)
    is_own = _of_day(event.subject.route_id, _day(event.at)) == id_
    return event if is_prediction and is_own else None


_KEEPERS: dict[str, Callable[[Event, str], Event | None]] = {
    "stop": _of_stop,
    "route": _of_route,
    "exception": _of_exception,
    "message": _of_message,
    _PREDICTED: _of_a_day,
}

_TYPES: dict[str, tuple[str, ...]] = {
    "stop": _tags(*_OF_STOPS, e.StopPlanned, e.RoutesSequenced),
    "route": _tags(*_OF_ROUTES, e.RoutesSequenced),
    "exception": _tags(*_OF_EXCEPTIONS),
    "message": _tags(*_OF_MESSAGES),
}
"""What the keepers may keep."""
