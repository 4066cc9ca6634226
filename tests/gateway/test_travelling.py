"""How long it takes from place to place: as the roads say, quickly, without holding anybody up."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import numpy as np
import pytest

from tests.gateway.running import RunningGateway
from tests.gateway.shift import NOON
from tower.domain.geometry import LatLon
from tower.feed.clock import RunningClock
from tower.gateway.travelling import KEPT_S, SLICE, Travelling
from tower.road.engine import RoutingEngine, StraightLineEngine, Table
from tower.road.roads import Profile
from tower.routes.travel import TravelTable

Answer = TypeVar("Answer")
HERE, THERE = [47.14, 9.52], [47.15, 9.53]


class Counting(StraightLineEngine):
    """Estimates, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        assert departure is not None
        self.asked.append((len(origins), len(destinations)))
        return super().table(origins, destinations, profile, departure)


class Road:
    """Travelling on a counting engine, with a clock the test sets."""

    def __init__(self) -> None:
        self.engine = Counting()
        self.time = 0.0
        self.travelling = Travelling(self._asked, RunningClock(NOON.timestamp()), lambda: self.time)

    def table(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon], profile: Profile
    ) -> Table:
        return asyncio.run(self.travelling.table(origins, destinations, profile))

    async def _asked(self, ask: Callable[[RoutingEngine], Answer]) -> Answer:
        return ask(self.engine)


def places(count: int) -> list[LatLon]:
    return [LatLon(47.0 + 0.001 * number, 9.5) for number in range(count)]


def test_a_wide_table_is_asked_for_from_its_short_side_in_small_parts() -> None:
    road, many = Road(), places(2 * SLICE + 1)
    whole = road.table(many, many[:3], Profile.CAR)
    assert road.engine.asked == [(2 * SLICE + 1, 3)]
    again = Road().table(many, many, Profile.CAR)
    np.testing.assert_array_equal(again.durations_s[:, :3], whole.durations_s)
    np.testing.assert_array_equal(
        again.distances_m, StraightLineEngine().table(many, many, Profile.CAR).distances_m
    )


def test_what_was_asked_a_moment_ago_is_not_asked_again() -> None:
    road, many = Road(), places(6)
    road.table(many[:3], many[:3], Profile.CAR)
    road.table(many[:3], many[:3], Profile.CAR)
    assert road.engine.asked == [(3, 3)]
    grown = road.table(many[:4], many[:3], Profile.CAR)
    assert road.engine.asked[1:] == [(1, 3)]
    expected = StraightLineEngine().table(many[:4], many[:3], Profile.CAR)
    np.testing.assert_array_equal(grown.durations_s, expected.durations_s)
    road.table(many[:3], many[:3], Profile.BICYCLE)
    assert road.engine.asked[2:] == [(3, 3)]


def test_traffic_changes_so_nothing_is_kept_for_long() -> None:
    road, many = Road(), places(3)
    road.table(many, many, Profile.CAR)
    road.time = KEPT_S + 1.0
    road.table(many, many, Profile.CAR)
    assert road.engine.asked == [(3, 3), (3, 3)]


def test_a_huge_table_is_asked_for_in_parts_and_not_kept() -> None:
    road, many = Road(), places(300)
    found = road.table(many, many, Profile.CAR)
    assert found.durations_s.shape == (300, 300)
    assert set(road.engine.asked) == {(SLICE, 300)}
    road.engine.asked.clear()
    road.table(many[:2], many[:2], Profile.CAR)
    assert road.engine.asked == [(2, 2)]


def test_a_table_learns_the_legs_it_lacks_and_no_others() -> None:
    road, many, table = Road(), places(4), TravelTable()
    asyncio.run(road.travelling.teach(table, [(many[0], many[1]), (many[1], many[2])]))
    assert table.knows(many[0], many[1])
    assert not table.knows(many[0], many[3])
    asked = len(road.engine.asked)
    asyncio.run(road.travelling.teach(table, [(many[0], many[1])]))
    assert len(road.engine.asked) == asked


def test_travel_is_answered_by_row_and_says_what_is_an_estimate(
    shared_gateway: RunningGateway,
) -> None:
    with shared_gateway.client("vic") as http:
        answer = http.post(
            "/v1/travel", json={"origins": [HERE], "destinations": [THERE, HERE]}
        ).json()
        bike = http.post(
            "/v1/travel",
            json={"origins": [HERE], "destinations": [THERE], "profile": "bicycle"},
        ).json()
    assert answer["estimated"] == [[True, False]]
    assert answer["durations_s"][0][1] == 0.0
    assert 1000 < answer["distances_m"][0][0] < 3000
    assert bike["durations_s"][0][0] > answer["durations_s"][0][0]


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"origins": [[91.0, 9.5]], "destinations": [THERE]}, "origins[0]"),
        ({"origins": [HERE], "destinations": [THERE, [0.0, 0.0]]}, "destinations[1]"),
        ({"origins": [], "destinations": [THERE]}, "$.origins"),
        ({"origins": [HERE], "destinations": [[47.1]]}, "$.destinations[0]"),
        ({"origins": [HERE], "destinations": [THERE], "profile": "sledge"}, "sledge"),
        ({"origins": [HERE] * 2501, "destinations": [THERE]}, "2500"),
        ({"origins": [HERE] * 251, "destinations": [THERE] * 2500}, "Ask in parts"),
        ({"origins": [HERE]}, "destinations"),
    ],
)
def test_places_nobody_can_drive_to_are_refused_in_words(
    shared_gateway: RunningGateway, wish: object, says: str
) -> None:
    with shared_gateway.client("ann") as http:
        answer = http.post("/v1/travel", json=wish)
    assert answer.status_code == 422
    assert says in answer.json()["message"]


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_place_beyond_all_numbers_is_refused(shared_gateway: RunningGateway, number: str) -> None:
    body = f'{{"origins": [[{number}, 9.5]], "destinations": [[47.1, 9.5]]}}'
    with shared_gateway.client("ann") as http:
        answer = http.post("/v1/travel", content=body)
    assert answer.status_code in (400, 422)


def test_the_line_of_a_route_says_how_long_every_leg_takes(gateway: RunningGateway) -> None:
    gateway.until(lambda: gateway.gateway.lines.line("A"))
    with gateway.client("vic") as http:
        shape = http.get("/v1/routes/shapes").json()["A"]
    assert len(shape["durations_s"]) == len(shape["distances_m"]) == 4
    assert shape["durations_s"][1] > 0
    assert shape["home_s"] > 0
