"""The demo's drivers and their phones: a changed sequence is seen, answered, and followed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

import numpy as np

from tower.carriers.sequences import DriverSequence, DriverSequences
from tower.demo import speak
from tower.demo.drivers import Lesson, Reaction, is_new, lesson, objection, reaction, stop_of
from tower.demo.following import follow, let_in, upcoming, visited, waits_at
from tower.demo.life import towed
from tower.demo.lives import Lives
from tower.demo.plan import DemoPlan, DemoRoute, DemoStop
from tower.domain.records import PLAN_OF_THE_DAY
from tower.domain.words import Notice
from tower.road.engine import RoutingEngine

LOG = logging.getLogger(__name__)

WAIT_S = 20.0
"""A carrier's system waits so long for a change before it asks again, seconds of wall time."""

AGAIN_AFTER_S = 5.0
"""And so long after an answer that could not be given."""


class Office(Protocol):
    """What drivers' phones need of a gateway: the ways every carrier's system has."""

    async def sequences(self, carrier_id: str, after: int, wait_s: float) -> DriverSequences:
        """The sequences of a carrier's routes set after a place in the journal."""
        ...

    async def intake(
        self, carrier_id: str, adapter: str, payload: bytes, content_type: str
    ) -> object:
        """Hand over one message of a carrier."""
        ...


class Phones:
    """Everything between the gateway's sequences and what vehicles do.

    Args:
        plan: the demo's day.
        lives: what happens on every route; changed here.
        midnight: epoch seconds of the shift's local midnight.
        engine: makes what knows the roads; asked in a worker thread, at the first change.
        on_change: told of every route that is lived differently from now on.
    """

    def __init__(
        self,
        plan: DemoPlan,
        lives: Lives,
        midnight: float,
        engine: Callable[[], RoutingEngine],
        on_change: Callable[[DemoRoute], None],
    ) -> None:
        self._plan, self._lives, self._midnight = plan, lives, midnight
        self._engine, self._on_change = engine, on_change
        self._numbers = {route.id: number for number, route in enumerate(plan.routes)}
        self._heard: dict[str, int] = dict.fromkeys(self._numbers, PLAN_OF_THE_DAY)
        self._unseen: dict[str, Reaction] = {}
        self._unanswered: dict[str, Reaction] = {}
        self._agreed: dict[str, datetime] = {}
        self._lessons: list[Lesson] = []
        self._after: dict[str, int] = {}
        self._changes: set[asyncio.Task[None]] = set()
        # One after the other, as they happen: who visits a stop depends on who drove there before.
        self._turning = asyncio.Lock()

    async def recall(self, office: Office, now_s: float) -> None:
        """Take up what drivers accepted before the demo was interrupted.

        Their vehicles go on in the order the gateway knows, from where the plan has them now.
        Those who had not answered yet are asked again.
        """
        for carrier in self._plan.carriers:
            told = await office.sequences(carrier.id, 0, 0.0)
            self._after[carrier.id] = told.next
            for sequence in self._news(told):
                self._lives.forget_past(sequence.route_id, now_s)
                await self._take_up(sequence, now_s)
            for known in self._lessons_of(told, now_s):
                self._lives.forget_past(known.route_id, now_s)
                await self._apply(known._replace(at_s=now_s))

    async def listen(self, office: Office, carrier_id: str, now: Callable[[], float]) -> None:
        """Ask again and again which sequences changed, until cancelled.

        Args:
            office: who is asked.
            carrier_id: whose routes.
            now: the second of the day.
        """
        while True:
            try:
                await self.ask(office, carrier_id, now, WAIT_S)
            except Exception:
                LOG.exception("carrier %s cannot ask for its sequences; it tries again", carrier_id)
                await asyncio.sleep(AGAIN_AFTER_S)

    async def ask(
        self, office: Office, carrier_id: str, now: Callable[[], float], wait_s: float
    ) -> None:
        """Ask once which sequences changed; the phones of their drivers ring.

        Args:
            office: who is asked.
            carrier_id: whose routes.
            now: the second of the day.
            wait_s: how long the answer may wait for a change.
        """
        told = await office.sequences(carrier_id, self._after.get(carrier_id, 0), wait_s)
        news, lessons = self._news(told), self._lessons_of(told, now())
        if news or lessons:
            await asyncio.to_thread(self._engine)
        self._after[carrier_id] = told.next
        self._lessons += lessons
        for sequence in news:
            self._ring(sequence, now())

    async def act(self, office: Office, now_s: float) -> None:
        """Say what drivers have seen and decided by now, and have them act on it."""
        for seen in _due(self._unseen, now_s, lambda one: one.sees_s):
            self._unanswered[seen.route_id] = seen
            await self._say(office, seen, Notice.SEEN, seen.sees_s)
        for decided in _due(self._unanswered, now_s, lambda one: one.answers_s):
            await self._answer(office, decided)
        for known in [one for one in self._lessons if one.at_s <= now_s]:
            self._lessons.remove(known)
            self._lives.hold(known.route_id)
            self._start(self._apply(known))
        for collision in self._lives.due_collisions(now_s):
            self._leave_out(collision.route_id, collision.stop_id, collision.at_s)

    async def settled(self) -> None:
        """Wait until every change that was begun is made."""
        await asyncio.gather(*self._changes)

    def _news(self, told: DriverSequences) -> list[DriverSequence]:
        return [
            one
            for one in told.sequences
            if one.route_id in self._lives and one.version > self._heard[one.route_id]
        ]

    def _lessons_of(self, told: DriverSequences, now_s: float) -> list[Lesson]:
        """What was agreed with customers since a driver looked last."""
        found = []
        for one in told.sequences:
            if one.route_id not in self._lives or not one.agreed:
                continue
            since, newest = self._agreed.get(one.route_id), max(a.agreed_at for a in one.agreed)
            rng = self._chance(9, one.route_id, int(newest.timestamp()))
            learnt = lesson(one, self._stops(one), since, now_s, rng)
            self._agreed[one.route_id] = newest
            found += [learnt] if learnt is not None else []
        return found

    async def _apply(self, known: Lesson) -> None:
        """Have a driver act on what was agreed: at the gate, or at the stops still to come."""
        new = {stop.id: stop for stop in known.stops}
        route = self._lives.route(known.route_id)
        at_gate = [
            stop
            for stop in known.stops
            if stop.access_code and waits_at(route, stop.id, known.at_s, self._plan.happenings)
        ]
        if at_gate:
            await self._alter(known.route_id, known.at_s, partial(self._opened, stop=at_gate[0]))
        else:
            await self._alter(known.route_id, known.at_s, partial(self._amended, new=new))

    def _opened(self, route: DemoRoute, at_s: float, stop: DemoStop) -> DemoRoute:
        """In a worker thread."""
        plan, rng = self._plan, self._chance(11, route.id, int(at_s))
        if not waits_at(route, stop.id, at_s, plan.happenings):
            return route
        return let_in(route, stop, at_s, plan.home, self._engine(), plan.happenings, rng)

    def _amended(self, route: DemoRoute, at_s: float, new: Mapping[str, DemoStop]) -> DemoRoute:
        """In a worker thread."""
        known = {stop.id: stop for stop in route.stops}
        stops = [new.get(one, known[one]) for one in upcoming(route.life, at_s)]
        if route.life.stands_s is not None or not is_new(route, stops, at_s):
            return route
        plan, rng = self._plan, self._chance(11, route.id, int(at_s))
        return follow(route, stops, at_s, plan.home, self._engine(), plan.happenings, rng)

    def _stops(self, sequence: DriverSequence) -> list[DemoStop]:
        return [stop_of(plan, self._midnight) for plan in sequence.stops]

    async def _take_up(self, sequence: DriverSequence, now_s: float) -> None:
        if sequence.notice is Notice.ACCEPTED:
            self._heard[sequence.route_id] = sequence.version
            await self._turn(sequence.route_id, sequence.version, self._stops(sequence), now_s)
        elif sequence.notice is not Notice.DECLINED:
            self._ring(sequence, now_s)

    def _ring(self, sequence: DriverSequence, now_s: float) -> None:
        """A newer sequence takes the place of one the driver has not answered yet."""
        route_id, set_at = sequence.route_id, sequence.sequenced_at
        self._heard[route_id] = sequence.version
        changed_s = set_at.timestamp() - self._midnight if set_at is not None else now_s
        rng = self._chance(6, route_id, sequence.version)
        self._unanswered.pop(route_id, None)
        self._unseen[route_id] = reaction(sequence, self._stops(sequence), changed_s, now_s, rng)

    async def _answer(self, office: Office, decided: Reaction) -> None:
        route = self._lives.route(decided.route_id)
        cannot = objection(route, decided.stops, decided.answers_s)
        declines = cannot or decided.declines
        word = Notice.DECLINED if declines else Notice.ACCEPTED
        await self._say(office, decided, word, decided.answers_s, declines)
        if not declines:
            self._begin(decided.route_id, decided.version, decided.stops, decided.answers_s)

    async def _say(
        self, office: Office, about: Reaction, word: Notice, at_s: float, note: str = ""
    ) -> None:
        route = self._lives.route(about.route_id)
        content_type, payload = speak.answer(
            route, about.version, word, self._midnight + at_s, note
        )
        await office.intake(route.carrier_id, speak.REPORTS_ADAPTER, payload, content_type)

    def _leave_out(self, route_id: str, stop_id: str, at_s: float) -> None:
        """The stop was done by another vehicle: the phone no longer shows it."""
        route = self._lives.route(route_id)
        left = [one for one in upcoming(route.life, at_s) if one != stop_id]
        known = {stop.id: stop for stop in route.stops}
        self._begin(route_id, self._heard[route_id], [known[one] for one in left], at_s)

    def _begin(self, route_id: str, version: int, stops: Iterable[DemoStop], at_s: float) -> None:
        self._lives.hold(route_id)
        self._start(self._turn(route_id, version, list(stops), at_s))

    def _start(self, change: Coroutine[None, None, None]) -> None:
        turning = asyncio.ensure_future(change)
        self._changes.add(turning)
        turning.add_done_callback(self._on_turned)

    async def _turn(self, route_id: str, version: int, stops: list[DemoStop], at_s: float) -> None:
        """Have a route lived in another order from a second of the day on."""

        def change(route: DemoRoute, at_s: float) -> DemoRoute:
            done = self._done_elsewhere(route_id, at_s)
            left = [stop for stop in stops if stop.id not in done]
            return self._changed(route, version, left, at_s)

        await self._alter(route_id, at_s, change)

    async def _alter(
        self, route_id: str, at_s: float, change: Callable[[DemoRoute, float], DemoRoute]
    ) -> None:
        """Have a route lived differently from a second of the day on."""
        try:
            async with self._turning:
                route = self._lives.route(route_id)
                changed = await asyncio.to_thread(change, route, at_s)
                self._lives.live(changed, at_s)
                self._on_change(changed)
        finally:
            self._lives.release(route_id)

    def _changed(
        self, route: DemoRoute, version: int, stops: list[DemoStop], at_s: float
    ) -> DemoRoute:
        """In a worker thread."""
        rng = self._chance(7, route.id, version)
        if route.life.stands_s is not None and at_s >= route.life.stands_s:
            return towed(route, at_s, rng) if not stops else route
        if not is_new(route, stops, at_s):
            return route
        plan = self._plan
        return follow(route, stops, at_s, plan.home, self._engine(), plan.happenings, rng)

    def _done_elsewhere(self, route_id: str, at_s: float) -> frozenset[str]:
        others = (visited(one.life, at_s) for one in self._lives if one.id != route_id)
        return frozenset(stop_id for stops in others for stop_id in stops)

    def _chance(self, what: int, route_id: str, version: int) -> np.random.Generator:
        return np.random.default_rng([self._plan.seed, what, self._numbers[route_id], version])

    def _on_turned(self, turning: asyncio.Task[None]) -> None:
        self._changes.discard(turning)
        if not turning.cancelled() and (error := turning.exception()) is not None:
            LOG.error("a demo vehicle keeps to its old sequence", exc_info=error)


def _due(
    waiting: dict[str, Reaction], now_s: float, when: Callable[[Reaction], float]
) -> list[Reaction]:
    """Takes those whose time has come out of the waiting ones, in the order of their times."""
    due = sorted((one for one in waiting.values() if when(one) <= now_s), key=when)
    for one in due:
        del waiting[one.route_id]
    return due
