"""Following the journal: which facts some events make, complete or move."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.events import Event
from tower.journal.port import About
from tower.kpi.facts import Dimension, Fact
from tower.kpi.recount.arrivals import routes_of
from tower.kpi.recount.book import KEPT, Book, Thing
from tower.kpi.recount.calendar import Calendar
from tower.kpi.recount.carriers import carrier_facts
from tower.kpi.recount.changes import Changes
from tower.kpi.recount.exceptions import exception_facts
from tower.kpi.recount.feedback import contact_facts, feedback_facts
from tower.kpi.recount.ground import Ground
from tower.kpi.recount.messages import message_facts
from tower.kpi.recount.returns import return_facts
from tower.kpi.recount.routes import route_facts
from tower.kpi.recount.saying import COMPLETES, of_type
from tower.kpi.recount.stops import stop_facts
from tower.kpi.recount.touched import REGISTERING, Touched, touched

_AROUND = timedelta(days=3)
"""A fact's local day is no further from the moment it is about."""

_MOST_SETTLED = 200_000
"""So many stops with an outcome are remembered before older ones are forgotten."""

_ROUTE = "route:"
"""How the names of routes begin."""

_ALONE = "event"
"""Things that are one event alone, whose facts need nothing else."""


class Kept(Protocol):
    """What the recounting asks of the store its changes go to."""

    @property
    def seq(self) -> int:
        """The last event that is in it."""
        ...

    @property
    def newest(self) -> datetime | None:
        """The latest moment a fact was made for, as the changes said; None before the first."""
        ...

    def registrations(self) -> list[Event]:
        """The shifts opened and vehicles registered."""
        ...

    def resting_on(
        self,
        since: datetime,
        *,
        stops: Sequence[str] | None = None,
        routes: Sequence[str] | None = None,
        vehicles: Sequence[str] | None = None,
    ) -> dict[str, tuple[Fact, ...]]:
        """Facts at or after a moment, by thing: of these stops or routes, of these vehicles."""
        ...


class Recounting:
    """Turns events into changes of facts, in whatever slices they come.

    A fact is made of the events about its thing that happened no later than the moment it is
    about, and of what by its nature comes after and belongs to it (each kind of fact says what).
    A plan or a registration that was missing then is taken from the two days after. So an edit
    never moves a past figure, while a message that was merely late does. Whichever way
    events are sliced, and however often this is stopped and begun again, the facts come out the
    same.

    The changes of a slice have to be in the store before the next slice is taken.

    Args:
        journal: where earlier events about a thing are read.
        kept: the store; the recounting goes on after its `seq`.
        in_memory: so many events are held in memory; others are read again where needed.
    """

    def __init__(self, journal: About, kept: Kept, in_memory: int = KEPT) -> None:
        self._kept = kept
        self._ground = Ground(Book(journal, kept.seq, in_memory), Calendar())
        self._ground.register(kept.registrations())
        self._newest = self._began = kept.newest
        self._settled: dict[str, datetime] = {}
        self._names: dict[tuple[Dimension, str], str] = {}

    def take(self, events: Sequence[Event]) -> Changes:
        """What the events that follow those in the store change.

        Args:
            events: at least one, in the journal's order, none left out.

        Raises:
            JournalError: the journal cannot be read.
            StoreFailed: the store cannot be read.
        """
        self._ground.take(events)
        found = touched(events, self._newest, self._ground)
        self._newest = found.newest
        self._settle(events, found.newest)
        earliest = min(one.at for one in events)
        facts = self._made(found) | self._moved(found, earliest)
        floors = {
            name: self._floor(name[len(_ROUTE) :], earliest) for name in facts if _is_route(name)
        }
        since, until = self._span(facts, floors)
        return Changes(
            facts=facts,
            floors=floors,
            since=since,
            until=until,
            newest=found.newest,
            names=self._new_names(events),
            registrations=tuple(one for one in events if isinstance(one.body, REGISTERING)),
        )

    def _made(self, found: Touched) -> dict[str, tuple[Fact, ...]]:
        """Of the events that are facts themselves."""
        return {
            f"{_ALONE}:{event.id}": (
                *carrier_facts(self._ground, event),
                *contact_facts(self._ground, event),
            )
            for event in found.alone
        }

    def _moved(self, found: Touched, earliest: datetime) -> dict[str, tuple[Fact, ...]]:
        """Of everything else."""
        moved: dict[str, tuple[Fact, ...]] = {}
        things = found.things | self._planned(found.planned)
        for subject, facts in self._resting(found):
            kind, _, id_ = subject.partition(":")
            if kind == _ALONE:
                moved[subject] = tuple(self._dated_again(one) for one in facts)
            else:
                things.add((kind, id_))
        things |= set(self._routes_of(things))
        for kind, id_ in sorted(things):
            moved[f"{kind}:{id_}"] = tuple(self._facts((kind, id_), earliest))
        return moved

    def _planned(self, planned: Mapping[str, datetime]) -> set[Thing]:
        """Of stops planned only now, those that have, or may have, an outcome."""
        return {
            ("stop", stop_id)
            for stop_id, at in planned.items()
            if stop_id in self._settled
            or (self._began is not None and at - COMPLETES <= self._began)
        }

    def _settle(self, events: Iterable[Event], newest: datetime | None) -> None:
        """Remember which stops had an outcome."""
        for event in events:
            body = event.body
            if isinstance(body, e.StopProgress) and body.state.is_outcome:
                self._settled[event.subject.stop_id] = event.at
        if newest is not None and len(self._settled) > _MOST_SETTLED:
            kept = self._settled.items()
            self._settled = {id_: at for id_, at in kept if at + COMPLETES >= newest}

    def _resting(self, found: Touched) -> Iterator[tuple[str, tuple[Fact, ...]]]:
        """Facts of whatever may have moved by what was said late."""
        if found.named_since is not None:
            stops, routes = sorted(found.stops), sorted(found.routes)
            named = self._kept.resting_on(found.named_since, stops=stops, routes=routes)
            yield from named.items()
        if found.vehicles_since is not None:
            kinds = sorted(found.vehicles)
            yield from self._kept.resting_on(found.vehicles_since, vehicles=kinds).items()
        if found.any_since is not None:
            yield from self._kept.resting_on(found.any_since).items()

    def _routes_of(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """The routes whose figures count these stops."""
        for kind, id_ in things:
            if kind == "stop":
                for route_id in routes_of(self._ground, id_, datetime.max.replace(tzinfo=UTC)):
                    yield "route", route_id

    def _facts(self, thing: Thing, earliest: datetime) -> Iterator[Fact]:
        kind, id_ = thing
        if kind == "route":
            yield from route_facts(self._ground, id_, self._floor(id_, earliest))
        for facts_of in _FACTS.get(kind, ()):
            yield from facts_of(self._ground, id_)

    def _floor(self, route_id: str, earliest: datetime) -> date:
        """The first day a route's figures may have moved on, by events none of them earlier.

        Where its id is used every day for years, it would take ever longer to look at all of them.
        What a route took may belong to its last finish before.
        """
        said = of_type(self._ground.book.about("route", route_id), e.RouteFinished)
        before = [one.at for one in said if one.at < earliest][-1:]
        return _days_before(min([*before, earliest - COMPLETES]).date())

    def _dated_again(self, fact: Fact) -> Fact:
        dated = self._ground.calendar.dated(fact.at)
        return replace(fact, day=dated.day, hour=dated.hour)

    def _span(
        self, facts: Mapping[str, tuple[Fact, ...]], floors: Mapping[str, date]
    ) -> tuple[date, date]:
        """The days earlier versions of these facts may lie on."""
        moments = [one.at for some in facts.values() for one in some]
        for subject in facts:
            kind, _, id_ = subject.partition(":")
            if kind != _ALONE:
                floor = floors.get(subject, date.min)
                said = self._ground.book.about(kind, id_)
                moments += (event.at for event in said if event.at.date() >= floor)
        if not moments:
            return date.max, date.min
        return _days_before(min(moments).date()), _days_after(max(moments).date())

    def _new_names(self, events: Iterable[Event]) -> dict[tuple[Dimension, str], str]:
        """What things are called, where that was not said before."""
        said = {key: name for event in events for key, name in _named(event) if key[1] and name}
        new = {key: name for key, name in said.items() if self._names.get(key) != name}
        self._names |= new
        return new


def _days_before(day: date) -> date:
    return day - _AROUND if day - date.min > _AROUND else date.min


def _days_after(day: date) -> date:
    return day + _AROUND if date.max - day > _AROUND else date.max


def _named(event: Event) -> Iterator[tuple[tuple[Dimension, str], str]]:
    match event.body:
        case e.CarrierRegistered(carrier=carrier):
            yield (Dimension.CARRIER, carrier.id), carrier.name
        case e.DepotRegistered(depot=depot):
            yield (Dimension.DEPOT, depot.id), depot.name
        case e.RoutePlanned(plan=plan):
            yield (Dimension.ROUTE, plan.id), plan.name
            yield (Dimension.DRIVER, plan.driver_id), plan.driver_name


def _is_route(name: str) -> bool:
    return name.startswith(_ROUTE)


_FACTS: dict[str, tuple[Callable[[Ground, str], Iterator[Fact]], ...]] = {
    "stop": (stop_facts, return_facts, feedback_facts),
    "exception": (exception_facts,),
    "message": (message_facts,),
}
