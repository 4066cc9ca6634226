"""JSON manifests, and Amazon's research routes as they are."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.carriers.damage import damaged
from tests.carriers.shift import NOW, StandingClock
from tower.carriers.manifest import Manifest, manifest_events, read_manifest
from tower.domain.fold import apply, fold
from tower.domain.state import State

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "manifest.json"


def example() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    return content


def read(content: object) -> Manifest:
    return read_manifest(json.dumps(content).encode(), "manifest.json")


def test_the_documented_example_goes_in_whole() -> None:
    manifest = read_manifest(EXAMPLE.read_bytes(), EXAMPLE.name)
    assert manifest.problems == ()
    assert manifest.sequences == {"R-1": ("S-101", "S-102", "S-103")}
    assert manifest.vehicles[0].capacity_kg == 900
    assert manifest.shift is not None
    assert manifest.shift.starts_at == datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def test_json_is_known_by_its_content_too() -> None:
    assert read_manifest(EXAMPLE.read_bytes(), "upload").form == "json"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lat": "47"}, "lat"),
        ({"window_strat": "2026-03-02T09:00:00Z"}, "window_strat"),
        ({"window_start": "2026-03-02T09:00:00"}, "timezone"),
        ({"id": ""}, "id"),
        ({"id": "S\n1"}, "id"),
        ({"service_s": -1}, "service_s"),
        ({"route": "R-9"}, "no route R-9"),
        ({"window_end": "2026-03-02T08:59:00+01:00"}, "ends before it begins"),
        ({"lat": 200.0}, "out of range"),
        ({"id": "S-1\n"}, "id"),
        ({"service_s": 1e300}, "service_s"),
        ({"planned_at": "9999-12-31T23:59:59-23:59"}, "years 2000 to 2199"),
        ({"window_start": "0001-01-01T00:00:00+14:00"}, "years 2000 to 2199"),
        ({"id": "S-102"}, "already"),
    ],
)
def test_a_bad_entry_is_refused_by_number_and_the_others_go_in(
    change: dict[str, Any], why: str
) -> None:
    content = example()
    content["stops"].append(content["stops"][0] | {"id": "S-104"} | change)
    manifest = read(content)
    assert [stop.id for stop in manifest.stops] == ["S-101", "S-102", "S-103"]
    (problem,) = manifest.problems
    assert (problem.line, problem.refused) == (4, True)
    assert why in problem.message


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"timezone": "Mars/Base"}, "time zone"),
        ({"date": "2026-13-02"}, "not a date"),
        ({"ends_at": "2026-03-02T05:00:00+01:00"}, "ends before"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_and_its_stops_go_in(
    change: dict[str, Any], why: str
) -> None:
    content = example()
    content["shift"] |= change
    manifest = read(content)
    assert manifest.shift is None
    assert len(manifest.stops) == 3
    assert why in manifest.problems[0].message


def test_a_route_that_ends_before_it_starts_is_refused_with_its_stops() -> None:
    content = example()
    content["routes"][0]["ends_at"] = "2026-03-02T08:00:00+01:00"
    manifest = read(content)
    assert (manifest.routes, manifest.stops) == ((), ())
    assert "ends before it starts" in manifest.problems[0].message


def test_a_stop_nobody_could_reach_in_a_week_is_left_out_of_the_timetable() -> None:
    content = example()
    far = content["stops"][0] | {"id": "S-104", "sequence": 1, "lat": -47.0, "lon": -170.5}
    content["stops"] = [content["stops"][0] | {"sequence": 0}, far, content["stops"][2]]
    del far["window_start"], far["window_end"]
    manifest = read(content)
    times = {stop.id: stop.planned_at for stop in manifest.stops}
    assert times["S-104"] is None
    assert times["S-103"] is not None
    assert times["S-103"] < NOW


def test_a_depot_the_file_does_not_place_is_remarked_upon() -> None:
    content = example() | {"depots": []}
    manifest = read(content)
    assert len(manifest.stops) == 3
    assert [problem.refused for problem in manifest.problems] == [False]


def test_a_stop_on_no_route_yet_is_kept_unassigned() -> None:
    content = example()
    del content["stops"][2]["route"]
    manifest = read(content)
    assert len(manifest.stops) == 3
    assert manifest.sequences == {"R-1": ("S-101", "S-102")}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "truncated"),
        (b'{"stops": 7}', "array"),
        (b'{"stopps": []}', "stopps"),
        (b'{"stops": [' + b"[" * 100_000, "deeply"),
        (b'{"RouteID_x": {"station": "A"}}', "missing required field"),
        (b'{"RouteID_x": ', "truncated"),
        (
            b'{"RouteID_x":{"station":"A","date":"9999-12-31","departure_utc":"23:59","stops":{}}}',
            "years 2000 to 2199",
        ),
    ],
)
def test_broken_files_are_told(data: bytes, why: str) -> None:
    manifest = read_manifest(data, "x.json")
    assert (manifest.routes, manifest.stops) == ((), ())
    assert why in manifest.problems[0].message


@given(data=damaged([EXAMPLE.read_bytes()]))
@settings(max_examples=200)
def test_no_file_breaks_the_import(data: bytes) -> None:
    manifest = read_manifest(data, "x.json")
    assert manifest.stops or manifest.problems
    events = manifest_events(manifest, State(), StandingClock())
    assert manifest_events(manifest, fold(events), StandingClock()) == []


@pytest.fixture(scope="module")
def amazon(shared_data: Path) -> bytes:
    return (shared_data / "deliveries/amazon_lmrrc_5routes.json").read_bytes()


def test_amazons_routes_are_recognised_with_all_their_stops(amazon: bytes) -> None:
    manifest = read_manifest(amazon, "amazon_lmrrc_5routes.json")
    raw = json.loads(amazon)
    assert manifest.problems == ()
    assert (len(manifest.routes), len(manifest.stops)) == (5, 811)
    assert {depot.id for depot in manifest.depots} == {"DCH4", "DLA9", "DLA7", "DSE5"}
    parcels = sum(point["packages"] for route in raw.values() for point in route["stops"].values())
    assert sum(len(stop.parcels) for stop in manifest.stops) == parcels
    windows = sum(
        point["window"] is not None for route in raw.values() for point in route["stops"].values()
    )
    assert sum(stop.window_start is not None for stop in manifest.stops) == windows


def test_amazons_routes_keep_the_order_really_driven(amazon: bytes) -> None:
    manifest = read_manifest(amazon, "amazon_lmrrc_5routes.json")
    (route_id, route) = next(iter(json.loads(amazon).items()))
    driven = sorted(route["stops"], key=lambda code: route["stops"][code]["seq"])
    short = route_id.removeprefix("RouteID_")[:8]
    assert manifest.sequences[short] == tuple(f"{short}-{code}" for code in driven)
    plan = {stop.id: stop for stop in manifest.stops}
    times = [plan[stop].planned_at for stop in manifest.sequences[short]]
    assert all(a is not None and b is not None and a <= b for a, b in pairwise(times))


def test_amazons_routes_are_played_today_and_stay_on_that_day(amazon: bytes) -> None:
    manifest = read_manifest(amazon, "amazon_lmrrc_5routes.json")
    state = State()
    for event in manifest_events(manifest, state, StandingClock()):
        apply(state, event)
    assert len(state.stops) == 811
    assert state.shift is not None
    assert state.shift.date == NOW.date().isoformat()
    starts = [route.plan.starts_at for route in state.routes.values() if route.plan]
    assert {start.date() for start in starts if start} == {NOW.date()}
    originals = {route.id: route.starts_at for route in manifest.routes}
    for route in state.routes.values():
        assert route.plan is not None
        original, moved = originals[route.id], route.plan.starts_at
        assert original is not None
        assert moved is not None
        assert original.time() == moved.time()
    assert manifest_events(manifest, state, StandingClock(NOW + timedelta(days=2))) == []


def test_one_broken_amazon_route_leaves_the_others(amazon: bytes) -> None:
    routes = json.loads(amazon)
    first, second = list(routes)[:2]
    routes[first]["departure_utc"] = "noon"
    manifest = read_manifest(
        json.dumps({first: routes[first], second: routes[second]}).encode(), ""
    )
    assert len(manifest.routes) == 1
    (problem,) = manifest.problems
    assert (problem.line, problem.field) == (1, first)
