"""The phones of a large shift, in a process of their own: each says where it is once a second.

Vehicles drive their routes along the roads at the pace the gateway expects, stand at each stop for
as long as its service takes, and report it delivered. The gateway's address stands on the command
line, the token in the environment. It prints `{"ready": routes}` when the gateway has the lines of
all routes, begins at the first line on standard input and ends with it. Each further line is
answered with what was sent so far.
"""

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from typing import Any, NamedTuple

import httpx
import msgspec
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks._long_route import SERVICE_S
from tests.benchmarks._map_terms import CARRIER, TOKEN_VARIABLE, Sent
from tower.domain.moments import rfc3339, utc
from tower.road.geometry import FloatArray
from tower.road.polyline import decode_polyline

PORTIONS = 10
"""So many messages a second bring the fixes of all vehicles."""

_BEHIND_S = 60.0
"""The route of a vehicle began up to so long ago."""

_PATIENCE_S = 1_800.0
_FAR_S = 1e6
"""Seconds from the clock of one route to that of the next; none takes so long."""


class Timetable(NamedTuple):
    """When which route is where, all of them end to end in one clock.

    Attributes:
        at: `(n,)` seconds, route `r` from `r * _FAR_S`.
        lat, lon: `(n,)` degrees.
        done_at: `(m,)` when each stop is done, likewise.
        stop_ids: of these stops.
    """

    at: FloatArray
    lat: FloatArray
    lon: FloatArray
    done_at: FloatArray
    stop_ids: list[str]

    @classmethod
    def of(cls, shapes: dict[str, Any]) -> "Timetable":
        """Lay the lines of all routes end to end, as `GET /v1/routes/shapes` tells them."""
        ats, points, dones, ids = [], [], [], list[str]()
        for number, (route_id, shape) in enumerate(shapes.items()):
            at, line, done = _driven(shape)
            ats.append(at + number * _FAR_S)
            points.append(line)
            dones.append(done + number * _FAR_S)
            ids += [f"s{route_id[1:]}-{place}" for place in range(len(done))]
        line = np.concatenate(points)
        return cls(np.concatenate(ats), line[:, 0], line[:, 1], np.concatenate(dones), ids)


def _driven(shape: dict[str, Any]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Seconds and degrees of each point of a route, and when its stops are done."""
    line = decode_polyline(shape["shape"])
    cuts = [0, *shape["stop_offsets"], len(line) - 1]
    takes = [*shape["durations_s"], shape["home_s"]]
    at, ats, lines, dones = 0.0, [], [], []
    for (first, last), takes_s in zip(itertools.pairwise(cuts), takes, strict=True):
        leg = line[first : last + 1]
        steps = np.hypot(*np.diff(leg, axis=0).T) if len(leg) > 1 else np.zeros(0)
        share = np.concatenate([[0.0], np.cumsum(steps)])
        ats.append(at + takes_s * share / max(share[-1], 1e-9))
        lines.append(leg)
        at += takes_s + SERVICE_S
        dones.append(at)
    return np.concatenate(ats), np.concatenate(lines), np.array(dones[:-1])


class Fleet:
    """Every vehicle on its way; times are seconds of the machine's clock."""

    def __init__(self, shapes: dict[str, Any], now: float) -> None:
        self._table = Timetable.of(shapes)
        count = len(shapes)
        self._vehicles = [f"v{route_id[1:]}" for route_id in shapes]
        chance = np.random.default_rng(7)
        self._begun = now - chance.uniform(0.0, _BEHIND_S, count)
        self._base = np.arange(count) * _FAR_S
        self._done = np.searchsorted(self._table.done_at, self._base)

    def __len__(self) -> int:
        """How many vehicles."""
        return len(self._vehicles)

    def items(self, portion: int, now: float) -> list[dict[str, Any]]:
        """What the vehicles of a portion say: where they are, and which stops are done."""
        which = np.arange(portion, len(self), PORTIONS)
        at = self._base[which] + np.minimum(now - self._begun[which], _FAR_S / 2)
        lat = np.interp(at, self._table.at, self._table.lat)
        lon = np.interp(at, self._table.at, self._table.lon)
        moment = rfc3339(utc(now))
        fixes = [
            {
                "type": "position",
                "vehicle": self._vehicles[vehicle],
                "at": moment,
                "lat": here,
                "lon": there,
                "speed_mps": 9.0,
            }
            for vehicle, here, there in zip(which.tolist(), lat.tolist(), lon.tolist(), strict=True)
        ]
        return [*fixes, *self._deliveries(which, at, moment)]

    def _deliveries(
        self, which: NDArray[np.intp], at: NDArray[np.floating[Any]], moment: str
    ) -> list[dict[str, Any]]:
        reached = np.searchsorted(self._table.done_at, at)
        found = []
        for vehicle in which[reached > self._done[which]].tolist():
            stop_id = self._table.stop_ids[self._done[vehicle]]
            self._done[vehicle] += 1
            found.append({"type": "stop", "stop": stop_id, "status": "delivered", "at": moment})
        return found


class Feeder:
    """Sends what a fleet says to a gateway, a portion every tenth of a second."""

    def __init__(self, http: httpx.AsyncClient, fleet: Fleet) -> None:
        self._http, self._fleet = http, fleet
        self.sent = Sent()
        self._posts: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled."""
        began = time.monotonic()
        for turn in itertools.count():
            due = began + turn / PORTIONS
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self.sent.late_s = max(self.sent.late_s, time.monotonic() - due)
            items = self._fleet.items(turn % PORTIONS, time.time())
            self.sent.fixes += sum(one["type"] == "position" for one in items)
            self.sent.stops += sum(one["type"] == "stop" for one in items)
            post = asyncio.create_task(self._post(msgspec.json.encode(items)))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)

    async def _post(self, body: bytes) -> None:
        began = time.monotonic()
        headers = {"X-Tower-Carrier": CARRIER, "Content-Type": "application/json"}
        try:
            answer = await self._http.post("/v1/ingest/driver_app", content=body, headers=headers)
            answer.raise_for_status()
        except httpx.HTTPError:
            self.sent.failed += 1
        self.sent.answer_s = max(self.sent.answer_s, time.monotonic() - began)


async def _lines(http: httpx.AsyncClient, routes: int) -> dict[str, Any]:
    """The lines of all routes, once there are so many."""
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            found = (await http.get("/v1/eta")).raise_for_status().json()
            if found["routes"] >= routes:
                shapes = (await http.get("/v1/routes/shapes")).raise_for_status().json()
                return {route_id: shapes[route_id] for route_id in sorted(shapes)}
            await asyncio.sleep(1.0)


async def _feed(url: str, routes: int) -> None:
    token = os.environ[TOKEN_VARIABLE]
    async with httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=_PATIENCE_S
    ) as http:
        shapes = await _lines(http, routes)
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        print(json.dumps({"ready": len(shapes)}), flush=True)
        if not await reader.readline():
            return
        feeder = Feeder(http, Fleet(shapes, time.time()))
        begun, feeding = time.monotonic(), asyncio.create_task(feeder.run())
        while await reader.readline():
            feeder.sent.running_s = time.monotonic() - begun
            print(msgspec.json.encode(feeder.sent).decode(), flush=True)
            feeder.sent.late_s = feeder.sent.answer_s = 0.0
        feeding.cancel()


def main() -> None:
    """Feed until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--routes", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(_feed(options.url, options.routes))


if __name__ == "__main__":
    main()
