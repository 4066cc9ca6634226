"""All rules together: what is looked at, how often, and what is told of it.

A look costs what changed, not what there is: a stop, a vehicle or an exception is looked at when
an event changed it, when a glance at the columns shows that it got near a threshold or away from
one, and when its time has come. Everything is looked at where nobody says what changed, which
finds the same.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from tower.domain.events import CarrierFellSilent, CarrierHeard, Event
from tower.domain.records import Subject as Ids
from tower.domain.records import Work
from tower.domain.rulebook import Thresholds
from tower.domain.state import Changed, State
from tower.domain.words import ExceptionKind
from tower.watch.again import NOW_AND_THEN, SELDOM, SOON, sooner, stop_again, vehicle_again
from tower.watch.agenda import Agenda, Sort, Subject
from tower.watch.anchors import Anchors
from tower.watch.case import CarrierCase, Case, Look, StopCase, VehicleCase
from tower.watch.escalation import next_step, scope_of, sweep
from tower.watch.found import Found
from tower.watch.glance import LateGlance, VehicleGlance
from tower.watch.index import Index
from tower.watch.reconcile import over, raised
from tower.watch.rules import CARRIER_RULES, GIVES_WAY, STOP_RULES, VEHICLE_RULES, Rule
from tower.watch.rules.cold import limit_aboard
from tower.watch.sight import Sight
from tower.watch.telling import told
from tower.watch.thresholds import LimitBook
from tower.watch.touched import BEARS_ON_ALL, driven_for, everything, touched, worth_a_look

__all__ = ["Sight", "Watch"]

_log = logging.getLogger(__name__)

SETTLING = timedelta(seconds=60)
"""Conditions found this soon after watching began were most likely there before: they need only
be found twice."""

_Key = tuple[ExceptionKind, str]
_Looked = TypeVar("_Looked", bound=Case)


class Watch:
    """Looks for exceptions. Remembers since when conditions hold; the rest is in the state.

    Attributes:
        is_behind: more is to be looked at than the last look was allowed.
    """

    def __init__(self, since: datetime) -> None:
        """Begin.

        Args:
            since: when watching began, UTC; carriers never heard count from then.
        """
        self._began = since
        self._since: dict[_Key, datetime] = {}
        self._silent: frozenset[str] = frozenset()
        self._agenda = Agenda()
        self._last: list[Subject] = []
        self._book = LimitBook(Thresholds())
        self._thresholds: Thresholds | None = None
        self._anchors = Anchors()
        self._lateness, self._driving = LateGlance(self._book), VehicleGlance(self._book)
        self._index: Index | None = None

    @property
    def is_behind(self) -> bool:
        """True where more is to be looked at than the last look was allowed."""
        return len(self._agenda) > 0

    def look(
        self,
        state: State,
        sight: Sight,
        now: datetime,
        changed: Iterable[Changed] | None = None,
        at_most: int | None = None,
    ) -> list[Event]:
        """Run the rules and say what is new, for the journal.

        The events are to be committed and folded before the next look.

        Args:
            state: the shift.
            sight: what is seen besides.
            now: the present, UTC.
            changed: what changed in the state since the look before; None where nobody knows, so
                that everything is looked at.
            at_most: how many stops, vehicles and exceptions are looked at; the others wait, see
                `is_behind`.
        """
        is_another_round = not self.is_behind
        index = self._taken_in(state, sight, changed)
        look = Look(state, index, sight, self._book, now, self._since, self._began)
        events = self._look_around(look, whole=changed is None) if is_another_round else []
        look.silent = self._silent
        look.stood_since = lambda id_: self._anchors.stood_since(sight.vehicles.handle_of(id_))
        self._last = list(self._agenda.take(at_most))
        for subject in self._last:
            events += self._safely_looked_at(look, subject)
        return events

    def look_again(self) -> None:
        """What was looked at last could not be recorded: it is looked at once more."""
        self._agenda.put(self._last)

    # What is to be looked at

    def _taken_in(self, state: State, sight: Sight, changed: Iterable[Changed] | None) -> Index:
        index = self._index
        if index is None or changed is None:
            index = self._index = Index(state)
            self._read_thresholds(state)
            self._agenda.put(
                worth_a_look(state, index) if changed is not None else everything(state)
            )
            return index
        known = list(changed)
        index.note(known)
        if any(one.table in BEARS_ON_ALL for one in known):
            self._read_thresholds(state)
            self._agenda.put(worth_a_look(state, index))
        for change in known:
            self._reread(state, index, sight, change)
            self._agenda.put(touched(state, index, change))
        return index

    def _read_thresholds(self, state: State) -> None:
        self._book = LimitBook(state.room_thresholds)
        self._anchors.use(self._book.general.number(ExceptionKind.LONG_DWELL, "moved"))
        self._lateness.use(self._book)
        limits_s = [entry.value.silent_after_s for entry in state.carriers.values()]
        self._driving.use(self._book, limits_s)

    def _reread(self, state: State, index: Index, sight: Sight, changed: Changed) -> None:
        """Let the glances know what the columns do not tell."""
        if changed.table == "stops":
            self._lateness.reread(state, sight.arrivals, changed.id)
        elif changed.table == "routes":
            plan = state.routes[changed.id].plan
            vehicle_id = plan.vehicle_id if plan else ""
            is_driven = index.driven_by(vehicle_id) is not None
            self._driving.reread(sight.vehicles.handle_of(vehicle_id), is_driven=is_driven)

    def _look_around(self, look: Look, *, whole: bool) -> list[Event]:
        """Once a round: the carriers, and a glance at everything there is."""
        events = self._look_at_carriers(look)
        self._anchors.follow(look.sight.vehicles)
        self._agenda.come_due(look.now)
        late = self._lateness.stops(look.state, look.sight.arrivals, look.now)
        driving = self._driving.vehicles(look.index, look.sight.vehicles, self._anchors, look.now)
        if not whole:
            self._agenda.put(Subject(Sort.STOP, stop_id) for stop_id in late)
            self._agenda.put(Subject(Sort.VEHICLE, vehicle_id) for vehicle_id in driving)
        return events

    # One thing

    def _safely_looked_at(self, look: Look, subject: Subject) -> list[Event]:
        """As `_look_at`; a fault in what is said of one thing leaves all others found."""
        try:
            return self._look_at(look, subject)
        except Exception:  # noqa: BLE001 - one record must not hide what is wrong with the others
            _log.exception("%s %s is looked at again in %s", subject.sort.value, subject.id, SELDOM)
            self._agenda.again(subject, look.now + SELDOM)
            return []

    def _look_at(self, look: Look, subject: Subject) -> list[Event]:
        match subject.sort:
            case Sort.STOP:
                return self._look_at_stop(look, subject)
            case Sort.VEHICLE:
                return self._look_at_vehicle(look, subject)
            case Sort.EXCEPTION:
                return self._look_at_exception(look, subject)

    def _look_at_stop(self, look: Look, subject: Subject) -> list[Event]:
        stop = look.state.stops.get(subject.id)
        if stop is None or stop.plan is None:
            return []
        case = StopCase(look, stop, stop.plan)
        found, events = self._settle(case, STOP_RULES)
        self._agenda.again(subject, sooner(self._again(look, found), stop_again(case)))
        return events

    def _look_at_vehicle(self, look: Look, subject: Subject) -> list[Event]:
        route = look.index.driven_by(subject.id)
        if route is None or route.plan is None:
            self._agenda.again(subject, None)
            return self._off_duty(look, subject.id)
        handle = look.sight.vehicles.handle_of(subject.id)
        case = VehicleCase(look, route, route.plan)
        self._anchors.hold(handle, case.limits.number(ExceptionKind.LONG_DWELL, "moved"))
        found, events = self._settle(case, VEHICLE_RULES)
        if case.fix is not None:
            self._driving.seen(handle, limit_aboard(case), case.away_m or 0.0, case.fix)
        self._agenda.again(subject, sooner(self._again(look, found), vehicle_again(case)))
        return events

    def _look_at_exception(self, look: Look, subject: Subject) -> list[Event]:
        record = look.state.exceptions.get(subject.id)
        if record is None:
            return []
        limits = look.book.limits(scope_of(look.state, record))
        due = next_step(record, limits)
        self._agenda.again(subject, due if due is None or due > look.now else look.now + SOON)
        return sweep(look.state, look.now, look.book, [record], look.index.replies_of)

    def _look_at_carriers(self, look: Look) -> list[Event]:
        events: list[Event] = []
        silent = set()
        for carrier_id, entry in look.state.carriers.items():
            found, more = self._settle(CarrierCase(look, entry.value), CARRIER_RULES)
            events += [*more, *_silence(look, carrier_id, found)]
            if found:
                silent.add(carrier_id)
        if silent != self._silent:
            self._agenda.put(driven_for(look.index, silent ^ self._silent))
            self._silent = frozenset(silent)
        return events

    def _off_duty(self, look: Look, vehicle_id: str) -> list[Event]:
        """What is open about a vehicle that is not under way is over."""
        kinds = [rule.kind for rule in VEHICLE_RULES]
        for kind in kinds:
            self._since.pop((kind, vehicle_id), None)
        return [
            event
            for kind, record in look.index.open_about(vehicle_id).items()
            if kind in kinds
            for event in over(record, look.now, "The route has ended.")
        ]

    # What is told

    def _settle(
        self, case: _Looked, rules: Sequence[Rule[_Looked]]
    ) -> tuple[list[Found], list[Event]]:
        """What holds, and what is to be told of it."""
        found = {item.kind: item for rule in rules if (item := rule.find(case)) is not None}
        case.ripe = frozenset(kind for kind, item in found.items() if self._is_ripe(case, item))
        for lesser, graver in GIVES_WAY.items():
            if graver in case.ripe:
                found.pop(lesser, None)
        events: list[Event] = []
        for rule in rules:
            item, known = found.get(rule.kind), case.record(rule.kind)
            if item is None:
                self._since.pop((rule.kind, case.about), None)
                events += over(known, case.now, rule.over(case)) if known is not None else []
            elif rule.kind in case.ripe:
                events += raised(item, case.state, case.now, _taken_over(case, rule.kind))
        return list(found.values()), events

    def _is_ripe(self, case: Case, item: Found) -> bool:
        """Found for long enough, or raised already."""
        first = self._since.setdefault((item.kind, item.about), case.now)
        if case.is_known(item.kind):
            return True
        if first - self._began <= SETTLING:
            return item.ripe_after == timedelta(0) or case.now > first
        return case.now - first >= item.ripe_after

    def _again(self, look: Look, found: Sequence[Found]) -> datetime | None:
        """When what holds is to be looked at again; None where nothing holds."""
        times = []
        for item in found:
            ripens = self._since[item.kind, item.about] + item.ripe_after
            pause = SELDOM if item.is_fact else NOW_AND_THEN
            times.append(ripens if ripens > look.now else look.now + pause)
            if look.now - self._began <= SETTLING:
                times.append(look.now + SOON)
        return min(times, default=None)


def _taken_over(case: Case, kind: ExceptionKind) -> Work | None:
    """The work on the lesser exception this one takes over from."""
    for lesser, graver in GIVES_WAY.items():
        record = case.record(lesser) if graver is kind else None
        if record is not None:
            return record.work
    return None


def _silence(look: Look, carrier_id: str, found: Sequence[Found]) -> Iterator[Event]:
    """That a carrier fell silent, or is heard again."""
    known = look.state.silences.get(carrier_id)
    was_silent = known is not None and known.silent
    subject = Ids(carrier_id=carrier_id)
    at = known.stamp.outdone_at(look.now) if known else look.now
    if found and not was_silent:
        yield told(subject, CarrierFellSilent(last_heard_at=found[0].since), at, "silent")
    elif not found and was_silent:
        yield told(subject, CarrierHeard(), at, "heard")
