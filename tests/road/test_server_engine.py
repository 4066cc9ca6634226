"""What a dispatcher has of a routing server that is down, slow, small or broken."""

import json
import threading
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise

import numpy as np
import pytest

from tests.road.played_servers import Answer, answering, osrm_answer, places_of, valhalla_answer
from tests.road.real_servers import free_port
from tests.road.town import at
from tower.domain.geometry import LatLon
from tower.road.engine import LegSource, RouteNotFoundError, RoutingServerError
from tower.road.osrm import OsrmEngine
from tower.road.region_engine import RegionEngine
from tower.road.roads import Profile
from tower.road.server import RoutingServer
from tower.road.valhalla import ValhallaEngine

PLACES = [at(column, 0) for column in range(8)]


class Timepiece:
    """A monotonic clock the test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def osrm(url: str, clock: Callable[[], float] | None = None, **options: float) -> OsrmEngine:
    server = RoutingServer(url, monotonic=clock or Timepiece(), **options)
    return OsrmEngine({Profile.CAR: server})


def test_a_server_that_is_not_there_is_named_and_everything_is_estimated() -> None:
    url = f"http://someone:secret@127.0.0.1:{free_port()}"
    with closing(osrm(url)) as engine:
        with pytest.raises(RoutingServerError, match=r"127\.0\.0\.1:\d+ cannot be reached") as told:
            engine.table(PLACES, PLACES, Profile.CAR)
        assert "secret" not in str(told.value)
        around = RegionEngine(engine)
        assert around.table(PLACES, PLACES, Profile.CAR).estimated.all()
        legs = around.legs(PLACES, Profile.CAR)
        assert [leg.source for leg in legs] == [LegSource.STRAIGHT_LINE] * 7
        assert not around.covers(PLACES[0])
        assert "cannot be reached" in around.fault


def test_a_server_too_slow_is_left_alone_for_a_while_so_that_nobody_waits_twice() -> None:
    asked = []
    awake = threading.Event()

    def sleepy(path: str, _: bytes) -> Answer:
        asked.append(path)
        if len(asked) == 1:
            awake.wait(20)
        return osrm_answer(path)

    clock = Timepiece()
    with answering(sleepy) as url, closing(osrm(url, clock, timeout_s=0.2, rest_s=15)) as engine:
        around = RegionEngine(engine)
        first = around.legs(PLACES, Profile.CAR)
        assert "did not answer within 0.2 s" in around.fault
        second = around.legs(PLACES, Profile.CAR)
        assert {leg.source for leg in first + second} == {LegSource.STRAIGHT_LINE}
        assert len(asked) == 1
        clock.now = 16.0
        assert {leg.source for leg in around.legs(PLACES, Profile.CAR)} == {LegSource.ROAD}
        assert around.fault == ""
        awake.set()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"<html>It works!</html>", "something else than expected"),
        (200, {"code": "Ok"}, "something else than expected"),
        (404, b"not here", "does not know the services"),
        (503, b"", r"failed \(HTTP 503\)"),
        (400, {"code": "InvalidQuery", "message": "odd"}, "InvalidQuery: odd"),
        (400, {"code": "TooBig", "message": ""}, "refuses a route between two places"),
        (
            200,
            {"routes": [{"legs": [], "geometry": "??"}], "waypoints": []},
            "does not fit the places",
        ),
        (200, {"routes": [], "waypoints": []}, "cannot be read"),
    ],
)
def test_what_no_osrm_would_answer_is_refused_in_words(
    status: int, body: object, words: str
) -> None:
    with answering(lambda *_: (status, body)) as url, closing(osrm(url)) as engine:
        with pytest.raises(RoutingServerError, match=words):
            engine.legs(PLACES, Profile.CAR)
        around = RegionEngine(engine)
        assert around.leg(PLACES[0], PLACES[1], Profile.CAR).source is LegSource.STRAIGHT_LINE


def test_a_table_of_the_wrong_size_is_refused() -> None:
    def short(path: str, _: bytes) -> Answer:
        status, body = osrm_answer(path)
        assert isinstance(body, dict)
        return status, body | {"durations": [[1.0]]}

    refused = pytest.raises(RoutingServerError, match="another size")
    with answering(short) as url, closing(osrm(url)) as engine, refused:
        engine.table(PLACES, PLACES, Profile.CAR)


def test_a_server_that_takes_few_places_is_asked_in_smaller_pieces() -> None:
    asked: list[int] = []

    def small(path: str, _: bytes) -> Answer:
        places = len(places_of(path))
        asked.append(places)
        return osrm_answer(path) if places <= 3 else (400, {"code": "TooBig"})

    with answering(small) as url, closing(osrm(url)) as engine:
        legs = engine.legs(PLACES, Profile.CAR)
        assert [leg.distance_m for leg in legs] == [100.0] * 7
        for leg, (start, end) in zip(legs, pairwise(PLACES), strict=True):
            assert leg.shape == pytest.approx(np.array([start, end]), abs=1e-6)
        table = engine.table(PLACES[:3], PLACES[3:], Profile.CAR)
        assert np.isfinite(table.durations_s).all()
        assert max(asked) == 8


def test_only_the_leg_without_a_way_is_estimated() -> None:
    def broken_bridge(path: str, _: bytes) -> Answer:
        columns = [round((lon - 9.0) * 1000) for _, lon in places_of(path)]
        if any(west <= 3 < east for west, east in pairwise(columns)):
            return 400, {"code": "NoRoute", "message": "Impossible route between points"}
        return osrm_answer(path)

    with answering(broken_bridge) as url, closing(osrm(url)) as engine:
        with pytest.raises(RouteNotFoundError, match=r"from 0\.00000, 9\.00300"):
            engine.legs(PLACES, Profile.CAR)
        sources = [leg.source for leg in RegionEngine(engine).legs(PLACES, Profile.CAR)]
    assert [index for index, one in enumerate(sources) if one is LegSource.STRAIGHT_LINE] == [3]


def test_a_second_engine_stands_in_before_the_straight_line() -> None:
    with answering(lambda path, _: osrm_answer(path)) as url:
        gone = osrm(f"http://127.0.0.1:{free_port()}")
        with closing(RegionEngine(gone, RegionEngine(osrm(url)))) as engine:
            assert engine.leg(PLACES[0], PLACES[1], Profile.CAR).duration_s == 10.0
            assert not engine.table(PLACES, PLACES, Profile.CAR).estimated.any()
            assert "cannot be reached" in engine.fault


def test_valhalla_is_asked_by_its_own_names_and_limits() -> None:
    bodies: list[dict[str, object]] = []

    def keep(path: str, body: bytes) -> Answer:
        bodies.append({"path": path, **json.loads(body)})
        return valhalla_answer(path, body)

    with answering(keep) as url:
        servers = dict.fromkeys(Profile, RoutingServer(url))
        with closing(ValhallaEngine(servers)) as engine:
            legs = engine.legs([at(column, 0) for column in range(45)], Profile.BICYCLE)
            assert [(leg.duration_s, leg.distance_m) for leg in legs] == [(12.5, 200.0)] * 44
            table = engine.table([at(c, 0) for c in range(80)], PLACES, Profile.TRUCK)
            assert table.durations_s.tolist() == [[60.0] * 8] * 80
            assert table.distances_m.tolist() == [[1500.0] * 8] * 80
    costings = {(body["path"], body["costing"]) for body in bodies}
    assert costings == {
        ("/locate", "bicycle"),
        ("/route", "bicycle"),
        ("/locate", "truck"),
        ("/sources_to_targets", "truck"),
    }


def test_one_unconnected_place_does_not_cost_valhallas_whole_table() -> None:
    island, abroad = LatLon(0.0, 9.2), LatLon(0.0, 8.9)
    with answering(valhalla_answer) as url:
        servers = dict.fromkeys(Profile, RoutingServer(url))
        with closing(RegionEngine(ValhallaEngine(servers))) as engine:
            table = engine.table([*PLACES[:3], island, abroad], PLACES, Profile.CAR)
            assert table.estimated.all(axis=1).tolist() == [False, False, False, True, True]
            assert not table.estimated[:3].any()
            assert engine.fault == ""
