"""How good the data of each carrier is, journaled every quarter of an hour."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.events import CarrierFellSilent, CarrierHeard, CarrierMeasured, Event
from tower.domain.records import Route, Subject
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.hearing import Heard, Hearing
from tower.gateway.room import SYSTEM

STRETCH = timedelta(minutes=15)
"""So long carriers are listened to before it is written down."""


class _Driven(NamedTuple):
    """How much vehicles of one carrier were under way in a stretch."""

    vehicles: int = 0
    seconds: float = 0.0


class CarrierListening:
    """Adds up what was heard of the carriers since it was written down last.

    Args:
        hearing: counts messages and fixes.
        clock: the gateway's.
    """

    def __init__(self, hearing: Hearing, clock: Clock) -> None:
        self._hearing = hearing
        self._clock = clock
        self._since: datetime | None = None
        self._before: dict[str, Heard] = {}
        self._silence = _Silence()

    def note(self, events: Iterable[Event]) -> None:
        """Take note of who fell silent, and who speaks again."""
        self._silence.note(events)

    def begin(self, state: State) -> None:
        """Listen from now on; what came before is the past being told."""
        self._since = self._clock.now()
        self._before = self._hearing.counts()
        silent = (carrier_id for carrier_id, one in state.silences.items() if one.silent)
        self._silence.begin(self._since, silent)

    def due(self, state: State) -> list[Event]:
        """What is to be written down now; nothing before a stretch is over.

        Call `begin` once it is.
        """
        if self._since is None:
            self.begin(state)
            return []
        now, since = self._clock.now(), self._since
        if now - since < STRETCH:
            return []
        bodies = (
            (carrier_id, self._measured(carrier_id, state, since, now))
            for carrier_id in state.carriers
        )
        return [
            new_event(now, SYSTEM, Subject(carrier_id=carrier_id), body)
            for carrier_id, body in bodies
            if body.vehicle_s or body.messages or body.silent_s
        ]

    def _measured(
        self, carrier_id: str, state: State, since: datetime, now: datetime
    ) -> CarrierMeasured:
        heard = self._hearing.counts().get(carrier_id, Heard()).since(self._before.get(carrier_id))
        driven = _driven(carrier_id, state, since, now)
        return CarrierMeasured(
            since=since,
            vehicles=driven.vehicles,
            vehicle_s=driven.seconds,
            fixes=heard.fixes,
            lag_s=heard.lag_s,
            messages=heard.messages,
            refused=heard.refused,
            silent_s=self._silence.seconds(carrier_id, since, now),
        )


def _driven(carrier_id: str, state: State, since: datetime, now: datetime) -> _Driven:
    routes = [
        route
        for route in state.routes.values()
        if route.plan is not None and route.plan.carrier_id == carrier_id
    ]
    return _Driven(
        vehicles=sum(_is_under_way(route, now) for route in routes),
        seconds=sum(_under_way_s(route, since, now) for route in routes),
    )


def _is_under_way(route: Route, now: datetime) -> bool:
    return route.started_at is not None and route.started_at <= now and route.finished_at is None


def _under_way_s(route: Route, since: datetime, now: datetime) -> float:
    if route.started_at is None:
        return 0.0
    begun, ended = max(since, route.started_at), min(now, route.finished_at or now)
    return max(0.0, (ended - begun).total_seconds())


class _Silence:
    """When each carrier was silent, since a stretch began."""

    def __init__(self) -> None:
        self._from: dict[str, datetime] = {}
        self._seconds: dict[str, float] = {}

    def begin(self, now: datetime, silent: Iterable[str]) -> None:
        self._seconds = {}
        self._from = dict.fromkeys(silent, now)

    def note(self, events: Iterable[Event]) -> None:
        for event in events:
            carrier_id = event.subject.carrier_id
            if isinstance(event.body, CarrierFellSilent):
                self._from.setdefault(carrier_id, event.at)
            elif isinstance(event.body, CarrierHeard) and carrier_id in self._from:
                lasted = (event.at - self._from.pop(carrier_id)).total_seconds()
                self._seconds[carrier_id] = self._seconds.get(carrier_id, 0.0) + max(0.0, lasted)

    def seconds(self, carrier_id: str, since: datetime, now: datetime) -> float:
        """Seconds of silence up to now, never more than the stretch is long."""
        begun = self._from.get(carrier_id)
        still = 0.0 if begun is None else (now - max(begun, since)).total_seconds()
        return min(self._seconds.get(carrier_id, 0.0) + max(0.0, still), _length(since, now))


def _length(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds()
