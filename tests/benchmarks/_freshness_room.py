"""A gateway with hundreds of routes under way, their vehicles, and one desktop that follows it."""

import asyncio
import contextlib
import itertools
import json
import os
import random
import secrets
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import numpy as np

from tests.benchmarks._freshness_gateway import REGION
from tests.benchmarks._long_route import NOON, shift_events
from tower.domain.conditions import Conditions
from tower.domain.events import Event, StopPlanned
from tower.domain.geometry import LatLon, distance_m
from tower.domain.moments import rfc3339, utc
from tower.domain.state import State
from tower.feed.arrivals import ArrivalMirror
from tower.feed.client import FeedClient
from tower.feed.clock import FollowingClock, RunningClock
from tower.feed.link import Link
from tower.feed.sections import Frame
from tower.gateway.regions import Regions
from tower.gateway.server import open_journal
from tower.gateway.signin import TOKEN_VARIABLE
from tower.road.geometry import FloatArray
from tower.road.pack import RegionPack
from tower.road.polyline import decode_polyline

STOPS_A_ROUTE = 30
FIX_EVERY_S, PORTIONS = 4.0, 8
"""Every vehicle says where it is so often; so many messages bring the fixes of all."""

PATIENCE_S, SEEN_WITHIN_S = 180.0, 30.0
_SEED = 7
_FIRST_SHARE, _LAST_SHARE = 0.25, 0.9


class NotFresh(Exception):
    """The gateway did not take something in, or the desktop never heard of it."""


class Screen:
    """What a desktop has of the arrivals, as the feed brings them.

    Attributes:
        arrivals: the newest.
    """

    def __init__(self) -> None:
        self.arrivals = ArrivalMirror()
        self._changed = asyncio.Event()
        self._seen: dict[str, list[tuple[float, float]]] = {}

    def state_replaced(self, state: State, epoch: str) -> None:
        """The shift itself is not looked at."""

    def events_arrived(self, events: list[Event]) -> None:
        """Nor is what happens in it."""

    def link_changed(self, link: Link) -> None:
        """Nor how the connection stands."""

    def frame_arrived(self, frame: Frame) -> None:
        """Arrivals came."""
        now, changed = time.perf_counter(), self.arrivals.apply(frame)
        for stop_id in self._seen.keys() & changed:
            self._seen[stop_id].append((now, self._p50(stop_id)))
        if changed:
            self._changed.set()

    async def filled(self) -> None:
        """Wait until there are arrivals."""
        async with asyncio.timeout(PATIENCE_S):
            await self._changed.wait()

    def watch(self, stop_id: str) -> float:
        """Remember from now on what is predicted for a stop; returns what is predicted now."""
        self._seen[stop_id] = []
        return self._p50(stop_id)

    async def moved(self, stop_id: str, before: float, by_s: float) -> float:
        """When the prediction of a watched stop came that differs enough from that before.

        Args:
            stop_id: the stop.
            before: what was predicted, seconds since 1970.
            by_s: how much later it has to be, negative for earlier.

        Raises:
            NotFresh: none came.
        """
        try:
            async with asyncio.timeout(SEEN_WITHIN_S):
                while True:
                    for at, p50 in self._seen[stop_id]:
                        if (p50 - before) / by_s >= 1.0:
                            return at
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise NotFresh(f"the arrival at {stop_id} did not move by {by_s:.0f} s") from None

    def settled(self, stop_id: str, within_s: float) -> float:
        """When the prediction of a watched stop came from which it did not move much any more."""
        seen = self._seen[stop_id]
        last = seen[-1][1]
        off = [place for place, (_, p50) in enumerate(seen) if not abs(p50 - last) <= within_s]
        return seen[off[-1] + 1 if off else 0][0]

    def _p50(self, stop_id: str) -> float:
        arrival = self.arrivals.row(stop_id)
        return arrival.p50.timestamp() if arrival else float("nan")


class Leg(NamedTuple):
    """The way from the depot to the first stop of a route, and how far its vehicle is.

    Attributes:
        points: `(n, 2)` degrees.
        along: `(n,)` share of the way at each point, 0 to 1.
        share: of the way that is behind the vehicle.
    """

    points: FloatArray
    along: FloatArray
    length_m: float
    takes_s: float
    share: float

    def place(self) -> LatLon:
        """Where the vehicle is."""
        lat, lon = (np.interp(self.share, self.along, self.points[:, axis]) for axis in (0, 1))
        return LatLon(float(lat), float(lon))


class Vehicles:
    """All vehicles on their way to their first stop, each of which says where it is."""

    def __init__(self, shapes: dict[str, Any], clock: Callable[[], float]) -> None:
        chance = random.Random(_SEED)
        self.legs = {id_: _leg(shape, chance) for id_, shape in shapes.items()}
        self._clock = clock

    def drive(self, route_ids: Sequence[str], seconds: float) -> list[dict[str, Any]]:
        """Drive on for so long; the fixes of these vehicles."""
        for id_ in route_ids:
            leg = self.legs[id_]
            if leg.share < _LAST_SHARE:
                self.legs[id_] = leg._replace(share=leg.share + seconds / leg.takes_s)
        return [self._fix(id_) for id_ in route_ids]

    def jump(self, route_id: str, metres: float) -> dict[str, Any]:
        """Be so much farther on; the fix that says so."""
        leg = self.legs[route_id]
        share = min(_LAST_SHARE, leg.share + metres / leg.length_m)
        self.legs[route_id] = leg._replace(share=share)
        return self._fix(route_id)

    def reach(self, route_id: str) -> dict[str, Any]:
        """Be at the first stop; the fix that says so."""
        self.legs[route_id] = self.legs[route_id]._replace(share=1.0)
        return self._fix(route_id)

    def _fix(self, route_id: str) -> dict[str, Any]:
        place = self.legs[route_id].place()
        return {
            "type": "position",
            "vehicle": f"v{route_id[1:]}",
            "at": rfc3339(utc(self._clock())),
            "lat": place.lat,
            "lon": place.lon,
            "speed_mps": 9.0,
        }


class Room:
    """A gateway, a desktop on it, and everybody who tells it something.

    Attributes:
        screen: what the desktop has.
        vehicles: all of them.
        places: of all stops, by id.
    """

    def __init__(
        self,
        process: Process,
        http: httpx.AsyncClient,
        clock: FollowingClock,
        screen: Screen,
        vehicles: Vehicles,
        places: dict[str, LatLon],
    ) -> None:
        self.screen, self.vehicles, self.places = screen, vehicles, places
        self._process, self._http, self._clock = process, http, clock

    @property
    def now(self) -> datetime:
        """The gateway's time, UTC."""
        return self._clock.now()

    async def tell(self, items: Sequence[dict[str, Any]]) -> None:
        """Hand over what drivers' phones say."""
        headers = {"X-Tower-Carrier": "own"}
        answer = await self._http.post("/v1/ingest/driver_app", json=items, headers=headers)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise NotFresh(f"a message was answered {answer.status_code}: {answer.text}")

    async def command(self, body: dict[str, Any]) -> None:
        """Give an order."""
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        answer = await self._http.post("/v1/commands", json=body, headers=headers)
        if answer.status_code != httpx.codes.OK:
            raise NotFresh(f"a command was answered {answer.status_code}: {answer.text}")

    async def report(self, conditions: Conditions) -> None:
        """Say what the roads are like."""
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(conditions) + b"\n")
        await self._process.stdin.drain()

    async def forecast(self) -> dict[str, Any]:
        """What predicts, and how long it takes."""
        found: dict[str, Any] = (await self._http.get("/v1/eta")).raise_for_status().json()
        return found

    async def drive(self) -> None:
        """Let every vehicle say where it is every few seconds, until cancelled."""
        routes = list(self.vehicles.legs)
        for portion in itertools.cycle(range(PORTIONS)):
            began = time.monotonic()
            await self.tell(self.vehicles.drive(routes[portion::PORTIONS], FIX_EVERY_S))
            await asyncio.sleep(max(0.0, began + FIX_EVERY_S / PORTIONS - time.monotonic()))


@contextlib.asynccontextmanager
async def opened(folder: Path, routes: int) -> AsyncIterator[Room]:
    """A gateway with so many routes under way, and a desktop on it.

    Args:
        folder: where the gateway keeps what it keeps.
        routes: how many.
    """
    places = _set_up(folder, routes)
    token = secrets.token_urlsafe(24)
    async with (
        _process(folder, token) as (process, port),
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE_S,
        ) as http,
        asyncio.TaskGroup() as tasks,
    ):
        await _until_predicted(http, routes)
        screen, clock = Screen(), FollowingClock(time.time())
        client = FeedClient(f"ws://127.0.0.1:{port}", token, screen, clock=clock)
        following = tasks.create_task(client.run())
        await screen.filled()
        shapes = (await http.get("/v1/routes/shapes")).raise_for_status().json()
        vehicles = Vehicles(shapes, clock.time)
        room = Room(process, http, clock, screen, vehicles, places)
        driving = tasks.create_task(room.drive())
        yield room
        following.cancel()
        driving.cancel()


def _set_up(folder: Path, routes: int) -> dict[str, LatLon]:
    """Write the shift into a journal; returns the places of all stops."""
    with RegionPack.open(Regions.at_hand().find(REGION)) as pack:
        depot, houses = pack.info.center, [one.location for one in pack.buildings]
    chosen = random.Random(_SEED).choices(houses, k=routes * STOPS_A_ROUTE)
    chosen.sort(key=lambda place: place.lat)  # so that each route has its own district
    events = list(shift_events(depot, chosen, [STOPS_A_ROUTE] * routes))
    with contextlib.closing(open_journal(folder, RunningClock(NOON.timestamp()))) as journal:
        journal.append(events).result(PATIENCE_S)
    bodies = (event.body for event in events)
    return {one.plan.id: one.plan.position for one in bodies if isinstance(one, StopPlanned)}


@contextlib.asynccontextmanager
async def _process(folder: Path, token: str) -> AsyncIterator[tuple[Process, int]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks._freshness_gateway", str(folder),
        stdin=PIPE, stdout=PIPE, env={**os.environ, TOKEN_VARIABLE: token},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, int(json.loads(await process.stdout.readline())["port"])
    finally:
        process.stdin.close()
        await process.wait()


async def _until_predicted(http: httpx.AsyncClient, routes: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = (await http.get("/v1/eta")).raise_for_status().json()
            if found["routes"] == routes:
                return
            await asyncio.sleep(1.0)


def _leg(shape: dict[str, Any], chance: random.Random) -> Leg:
    points = decode_polyline(shape["shape"])[: shape["stop_offsets"][0] + 1]
    steps = [distance_m(LatLon(*a), LatLon(*b)) for a, b in itertools.pairwise(points.tolist())]
    metres = np.concatenate([[0.0], np.cumsum(steps)])
    length_m = max(1.0, float(metres[-1]))
    takes_s = max(60.0, float(shape["durations_s"][0]))
    return Leg(points, metres / length_m, length_m, takes_s, chance.uniform(0.0, _FIRST_SHARE))
