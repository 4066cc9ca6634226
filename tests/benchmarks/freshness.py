"""How soon a desktop has new arrivals after something that matters.

A real gateway process with 350 routes and 10,500 stops under way on real roads, all of whose
vehicles say every four seconds where they are, and a desktop's own feed client on it. One after
the other, at any moment: a vehicle is some hundred metres farther on than it was; a provider
reports a jam; a driver leaves a door; a dispatcher moves a stop. The clock starts before the
message is handed to the gateway, and stops where the desktop has an arrival of that route that
differs from the one before by far more than it does from one prediction to the next.

A new order is predicted at once with the legs there are, and again once the roads have told those
of the new order: `resequence` is the first, `resequence_roads` the last.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.benchmarks._freshness_room import STOPS_A_ROUTE, Room, opened
from tests.report import Line, argument_parser, show
from tower.domain.conditions import Conditions, Disturbance
from tower.domain.moments import rfc3339

JUMP_M, EARLIER_S, LATER_S = 800.0, -15.0, 20.0
"""A vehicle is so much farther on; an arrival that moved so much moved for what was done."""

DOOR_EARLIER_S = -30.0
JAM_M, JAM_FACTOR = 1_000.0, 8.0
SETTLE_S = 8.0
PAUSE_S = (0.5, 2.5)
"""Between two messages, so that they meet the gateway at any moment of its rounds."""

ROADS_S, STILL_S = 3.0, 5.0
"""So long the roads may take; from then on the arrival moves by no more than that."""


class Measuring:
    """What was measured, by kind.

    Attributes:
        took: seconds from each message to its arrivals.
        predicting_ms: how long predictions of everything took.
    """

    def __init__(self, room: Room) -> None:
        self.took: dict[str, list[float]] = {}
        self.predicting_ms: list[float] = []
        self._room = room
        legs = room.vehicles.legs
        self._far_first = iter(sorted(legs, key=lambda id_: -legs[id_].length_m))
        self._order_chance = random.Random()

    async def round(self) -> None:
        """One message of each kind, and before them what makes room for them."""
        await self._room.report(Conditions(id="traffic", as_of=self._room.now))
        await self._pause()
        leaving = next(self._far_first)
        await self._arrive(leaving)
        for measure in (self._fix, self._jam):
            await measure(next(self._far_first))
            await self._pause()
        await self._departure(leaving)
        await self._pause()
        await self._resequence(next(self._far_first))
        self.predicting_ms.append((await self._room.forecast())["took_ms"])

    async def _pause(self) -> None:
        await asyncio.sleep(self._order_chance.uniform(*PAUSE_S))

    async def _timed(
        self, kind: str, stop_id: str, by_s: float, hand: Callable[[], Awaitable[None]]
    ) -> float:
        """Hand something over and wait for the arrival it moves; returns when it was begun."""
        screen = self._room.screen
        before, began = screen.watch(stop_id), time.perf_counter()
        handing = asyncio.ensure_future(hand())
        seen = await screen.moved(stop_id, before, by_s)
        await handing
        self.took.setdefault(kind, []).append(seen - began)
        return began

    async def _fix(self, route_id: str) -> None:
        fix = self._room.vehicles.jump(route_id, JUMP_M)
        await self._timed("fix", stop(route_id, 1), EARLIER_S, lambda: self._room.tell([fix]))

    async def _arrive(self, route_id: str) -> None:
        fix = self._room.vehicles.reach(route_id)
        await self._room.tell([fix, self._said(stop(route_id, 0), "arrived")])

    async def _departure(self, route_id: str) -> None:
        said = self._said(stop(route_id, 0), "delivered")
        await self._timed(
            "departure", stop(route_id, 2), DOOR_EARLIER_S, lambda: self._room.tell([said])
        )

    async def _jam(self, route_id: str) -> None:
        place = self._room.places[stop(route_id, 0)]
        jam = Disturbance(
            id=f"jam-{route_id}",
            words="Jam",
            lat=place.lat,
            lon=place.lon,
            radius_m=JAM_M,
            factor=JAM_FACTOR,
        )
        conditions = Conditions(id="traffic", as_of=self._room.now, disturbances=(jam,))
        await self._timed("jam", stop(route_id, 2), LATER_S, lambda: self._room.report(conditions))

    async def _resequence(self, route_id: str) -> None:
        stops = [stop(route_id, place) for place in range(STOPS_A_ROUTE)]
        moved = stops.pop(2)
        stops.insert(self._order_chance.randrange(10, STOPS_A_ROUTE - 1), moved)
        wish = {"route_id": route_id, "version": 1, "stops": stops}
        body = {"type": "sequence_routes", "routes": [wish]}
        began = await self._timed("resequence", moved, 60.0, lambda: self._room.command(body))
        await asyncio.sleep(ROADS_S)
        settled = self._room.screen.settled(moved, STILL_S)
        self.took.setdefault("resequence_roads", []).append(settled - began)

    def _said(self, stop_id: str, status: str) -> dict[str, Any]:
        return {"type": "stop", "stop": stop_id, "status": status, "at": rfc3339(self._room.now)}


def stop(route_id: str, place: int) -> str:
    """The id of a stop of a route."""
    return f"s{route_id[1:]}-{place}"


async def measure(options: Namespace, folder: Path) -> list[Line]:
    """Open the room, let it settle, and hand over one message of each kind after the other."""
    async with opened(folder, options.routes) as room:
        await asyncio.sleep(SETTLE_S)
        measuring = Measuring(room)
        for _ in range(options.samples):
            await measuring.round()
        forecast = await room.forecast()
    return list(_lines(measuring, forecast))


def _lines(measuring: Measuring, forecast: dict[str, Any]) -> Iterator[Line]:
    took, predicting_ms = measuring.took, measuring.predicting_ms
    yield Line("routes", forecast["routes"], "Routes under way")
    yield Line("stops", forecast["stops"], "Stops of them still to come")
    yield Line("model", forecast["model"], "What predicts")
    yield Line("samples", len(took["fix"]), "Messages of each kind")
    yield Line("fix_p50_s", median(took["fix"]), "A fix to new arrivals, median", "s")
    yield Line("fix_p95_s", _p95(took["fix"]), "The same, 95 of 100 within", "s")
    yield Line("departure_p95_s", _p95(took["departure"]), "A door left, 95 of 100 within", "s")
    yield Line("resequence_p95_s", _p95(took["resequence"]), "A stop moved, likewise", "s")
    yield Line(
        "resequence_roads_p95_s", _p95(took["resequence_roads"]), "The same, by the roads", "s"
    )
    yield Line("jam_p95_s", _p95(took["jam"]), "A jam reported, likewise", "s")
    yield Line("longest_s", max(max(each) for each in took.values()), "Longest of all", "s")
    yield Line("took_ms", median(predicting_ms), "Predicting everything, median", "ms")
    yield Line("took_max_ms", max(predicting_ms), "The same, longest", "ms")
    yield Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes")


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))


def main() -> int:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.freshness", str(__doc__))
    parser.add_argument("--routes", type=int, default=350, help="under way (%(default)s)")
    parser.add_argument("--samples", type=int, default=20, help="of each kind (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tower-freshness-") as folder:
        show(asyncio.run(measure(options, Path(folder))), as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
