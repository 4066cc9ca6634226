"""Sequences on their way to drivers: carriers' systems ask what changed, and that is recorded.

What was agreed with a customer travels the same way: the route is told again, its order unchanged.
"""

import asyncio

from tower.carriers.sequences import DriverSequence, DriverSequences, driver_sequence
from tower.domain.events import Event, RoutesSequenced, SequenceNoticed, StopAmended
from tower.domain.records import PLAN_OF_THE_DAY, Actor, Subject
from tower.domain.state import Changed, State
from tower.domain.words import Notice
from tower.feed.clock import Clock
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.desk import Desk
from tower.gateway.live_state import LiveState


class Drivers:
    """Tells carriers' systems the newest sequences of their routes, and notes that they know."""

    def __init__(self, live: LiveState, desk: Desk, clock: Clock) -> None:
        self._state = live.state
        self._desk = desk
        self._clock = clock
        self._from_before = live.state.seq
        self._set_at: dict[str, int] = {}
        self._waiting: set[asyncio.Future[None]] = set()
        live.listen(self._on_events_folded)

    async def sequences(
        self, carrier_id: str, actor: Actor, after: int, wait_s: float = 0.0
    ) -> DriverSequences:
        """The sequences of a carrier's routes set, or agreed upon, after a place in the journal.

        What is told here counts as sent to the driver.

        Args:
            carrier_id: whose routes.
            actor: who asks; stands in the journal.
            after: the `next` of the answer before, 0 for all routes.
            wait_s: seconds to wait for a change where there is none.

        Raises:
            JournalError: that it was sent could not be recorded; ask again.
        """
        told = self._told(carrier_id, after)
        if not told.sequences and wait_s > 0:
            await self._change(carrier_id, after, wait_s)
            told = self._told(carrier_id, after)
        await self._record_sent(told.sequences, carrier_id, actor)
        return told

    def _told(self, carrier_id: str, after: int) -> DriverSequences:
        found = [
            driver_sequence(self._state, route_id)
            for route_id, seq in self._known()
            if seq > after and self._is_of(route_id, carrier_id)
        ]
        return DriverSequences(
            sequences=tuple(one for one in found if one is not None), next=self._state.seq
        )

    def _known(self) -> list[tuple[str, int]]:
        """Every route, and where in the journal its driver's orders changed at the latest."""
        return [
            (route_id, self._set_at.get(route_id, self._from_before))
            for route_id in self._state.routes
        ]

    def _is_of(self, route_id: str, carrier_id: str) -> bool:
        plan = self._state.routes[route_id].plan
        return plan is not None and plan.carrier_id == carrier_id

    async def _change(self, carrier_id: str, after: int, wait_s: float) -> None:
        """Wait until a driver of the carrier is to be told something, or the time is over."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + wait_s
        while not self._told(carrier_id, after).sequences and (left := ends - loop.time()) > 0:
            woken: asyncio.Future[None] = loop.create_future()
            self._waiting.add(woken)
            try:
                await asyncio.wait([woken], timeout=left)
            finally:
                self._waiting.discard(woken)

    async def _record_sent(
        self, sequences: tuple[DriverSequence, ...], carrier_id: str, actor: Actor
    ) -> None:
        def choose(state: State) -> list[Event]:
            return [
                self._sent(one, carrier_id, actor)
                for one in sequences
                if _is_news_to_driver(state, one)
            ]

        if choose(self._state):
            await self._desk.record(choose)

    def _sent(self, sequence: DriverSequence, carrier_id: str, actor: Actor) -> Event:
        subject = Subject(
            carrier_id=carrier_id, vehicle_id=sequence.vehicle_id, route_id=sequence.route_id
        )
        body = SequenceNoticed(version=sequence.version, notice=Notice.SENT)
        return new_event(self._clock.now(), actor, subject, body)

    def _on_events_folded(self, events: list[Event], _: frozenset[Changed]) -> None:
        set_at = {route_id: event.seq for event in events for route_id in self._concerned(event)}
        self._set_at |= set_at
        for woken in self._waiting if set_at else ():
            if not woken.done():
                woken.set_result(None)

    def _concerned(self, event: Event) -> list[str]:
        """The routes whose drivers an event concerns."""
        match event.body:
            case RoutesSequenced(routes=routes):
                return [sequence.route_id for sequence in routes]
            case StopAmended():
                route_id = self._state.stops[event.subject.stop_id].route_id
                return [route_id] if route_id else []
        return []


def _is_news_to_driver(state: State, sequence: DriverSequence) -> bool:
    """True for the newest sequence of a route, changed since the plan, that nobody was told."""
    route = state.routes[sequence.route_id]
    is_newest = route.version == sequence.version > PLAN_OF_THE_DAY
    return is_newest and route.notice is None
