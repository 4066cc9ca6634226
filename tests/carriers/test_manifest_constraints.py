"""What a sequence has to keep comes in with a manifest, the same from CSV and from JSON."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.carriers.shift import StandingClock
from tower.carriers.manifest import Manifest, manifest_events, read_manifest
from tower.domain.fold import fold
from tower.domain.records import Break, RoutePlan, StopPlan, Vehicle
from tower.domain.state import State
from tower.domain.words import Requirement, StopKind, VehicleKind

ROWS: list[dict[str, str]] = [
    {
        "stop": "P1",
        "kind": "pickup",
        "lat": "47.10",
        "lon": "9.50",
        "collects": "S1|S2",
        "crew": "age_check|two_people",
        "duty_ends_at": "18:30",
        "longest_driving_s": "28800",
        "breaks": "12:00/13:30/1800|16:00/16:30/900",
        "vehicle_kind": "e_van",
        "vehicle_capacity_kg": "820",
        "vehicle_capacity_m3": "8.5",
        "vehicle_capacity_pieces": "140",
        "vehicle_temperature_limit_c": "8",
        "vehicle_equipment": "tail_lift|refrigeration",
        "vehicle_height_m": "2.6",
        "vehicle_low_emission": "yes",
        "vehicle_range_m": "180000",
    },
    {
        "stop": "S1",
        "lat": "47.11",
        "lon": "9.51",
        "window_start": "09:00",
        "window_end": "11:00",
        "window_is_hard": "yes",
        "needs": "age_check|tail_lift",
        "height_limit_m": "2.9",
        "low_emission_zone": "1",
        "longest_aboard_s": "10800",
        "volume_m3": "0.04",
    },
    {
        "stop": "S2",
        "lat": "47.12",
        "lon": "9.52",
        "window_is_hard": "no",
        "low_emission_zone": "false",
        "bikes_only": "TRUE",
        "volume_m3": "0.5",
    },
    {"stop": "C1", "kind": "charge", "lat": "47.13", "lon": "9.53"},
]
ON_EACH = {"route": "R1", "vehicle": "van-1", "date": "2026-03-02", "timezone": "Europe/Vaduz"}
AS_JSON: dict[str, Any] = {
    "vehicles": [
        {
            "reference": "van-1",
            "kind": "e_van",
            "capacity_kg": 820,
            "capacity_m3": 8.5,
            "capacity_pieces": 140,
            "temperature_limit_c": 8,
            "equipment": ["tail_lift", "refrigeration"],
            "height_m": 2.6,
            "low_emission": True,
            "range_m": 180_000,
        }
    ],
    "routes": [
        {
            "id": "R1",
            "vehicle": "van-1",
            "crew": ["age_check", "two_people"],
            "duty_ends_at": "2026-03-02T18:30:00+01:00",
            "longest_driving_s": 28_800,
            "breaks": [
                {
                    "earliest": "2026-03-02T12:00:00+01:00",
                    "latest": "2026-03-02T13:30:00+01:00",
                    "duration_s": 1800,
                },
                {
                    "earliest": "2026-03-02T15:00:00Z",
                    "latest": "2026-03-02T15:30:00Z",
                    "duration_s": 900,
                },
            ],
        }
    ],
    "stops": [
        {
            "id": "P1",
            "route": "R1",
            "kind": "pickup",
            "lat": 47.10,
            "lon": 9.50,
            "collects": ["S1", "S2"],
        },
        {
            "id": "S1",
            "route": "R1",
            "lat": 47.11,
            "lon": 9.51,
            "window_start": "2026-03-02T09:00:00+01:00",
            "window_end": "2026-03-02T11:00:00+01:00",
            "window_is_hard": True,
            "needs": ["age_check", "tail_lift"],
            "height_limit_m": 2.9,
            "low_emission_zone": True,
            "longest_aboard_s": 10_800,
            "volume_m3": 0.04,
        },
        {
            "id": "S2",
            "route": "R1",
            "lat": 47.12,
            "lon": 9.52,
            "bikes_only": True,
            "volume_m3": 0.5,
        },
        {"id": "C1", "route": "R1", "kind": "charge", "lat": 47.13, "lon": 9.53},
    ],
}


def from_csv(rows: list[dict[str, str]]) -> Manifest:
    text = io.StringIO()
    writer = csv.DictWriter(text, dict.fromkeys(name for row in rows for name in row))
    writer.writeheader()
    writer.writerows(rows)
    return read_manifest(text.getvalue().encode(), "manifest.csv")


def from_json(content: object) -> Manifest:
    return read_manifest(json.dumps(content).encode(), "manifest.json")


BOTH_FORMS = pytest.mark.parametrize(
    "manifest",
    [from_csv([ON_EACH | row for row in ROWS]), from_json(AS_JSON)],
    ids=["csv", "json"],
)


def parts(manifest: Manifest) -> tuple[Vehicle, RoutePlan, list[StopPlan]]:
    (vehicle,), (route,) = manifest.vehicles, manifest.routes
    return vehicle, route, list(manifest.stops)


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


@BOTH_FORMS
def test_every_constraint_is_read(manifest: Manifest) -> None:
    assert manifest.problems == ()
    vehicle, route, (pickup, promised, small, charge) = parts(manifest)
    assert vehicle.kind is VehicleKind.E_VAN
    assert (vehicle.capacity_kg, vehicle.capacity_m3, vehicle.capacity_pieces) == (820, 8.5, 140)
    assert vehicle.equipment == (Requirement.TAIL_LIFT, Requirement.REFRIGERATION)
    assert (vehicle.height_m, vehicle.low_emission, vehicle.range_m) == (2.6, True, 180_000)
    assert vehicle.temperature_limit_c == 8
    assert route.crew == (Requirement.AGE_CHECK, Requirement.TWO_PEOPLE)
    assert (route.duty_ends_at, route.longest_driving_s) == (at(17, 30), 28_800)
    assert route.breaks == (
        Break(earliest=at(11, 0), latest=at(12, 30), duration_s=1800),
        Break(earliest=at(15, 0), latest=at(15, 30), duration_s=900),
    )
    assert (pickup.kind, pickup.collects) == (StopKind.PICKUP, ("S1", "S2"))
    assert (promised.window_is_hard, small.window_is_hard) == (True, False)
    assert promised.needs == (Requirement.AGE_CHECK, Requirement.TAIL_LIFT)
    assert (promised.height_limit_m, promised.longest_aboard_s) == (2.9, 10_800)
    assert (promised.low_emission_zone, small.low_emission_zone) == (True, False)
    assert (promised.bikes_only, small.bikes_only) == (False, True)
    assert (promised.volume_m3, small.volume_m3) == (0.04, 0.5)
    assert charge.kind is StopKind.CHARGE


@BOTH_FORMS
def test_constraints_reach_the_shift_and_the_same_file_again_changes_nothing(
    manifest: Manifest,
) -> None:
    state = fold(manifest_events(manifest, State(), StandingClock()))
    vehicle, route, stops = parts(manifest)
    assert state.vehicles[vehicle.id].value == vehicle
    assert state.routes["R1"].plan == route
    assert [stop.plan for stop in state.stops_of(state.routes["R1"])] == stops
    assert manifest_events(manifest, state, StandingClock()) == []


def test_a_csv_file_without_them_leaves_what_is_known_of_a_vehicle() -> None:
    state = fold(manifest_events(from_json(AS_JSON), State(), StandingClock()))
    known = state.vehicles["own:van-1"].value
    short = read_manifest(
        b"route,stop,lat,lon,vehicle,vehicle_label\nR1,S9,47.1,9.5,van-1,FL 7\n", "x.csv"
    )
    fold(manifest_events(short, state, StandingClock()), state)
    after = state.vehicles["own:van-1"].value
    assert after.label == "FL 7"
    assert (after.equipment, after.range_m) == (known.equipment, known.range_m)


def csv_problem(column: str, cell: str) -> tuple[int, str, str]:
    extra = ",date,kind,window_start" if column != "kind" else ""
    spare = ",2026-03-02,pickup," if column != "kind" else ""
    text = (
        f"route,stop,lat,lon,vehicle,{column}{extra}\n"
        f"R1,S1,47.1,9.5,v,{spare}\nR1,BAD,47.1,9.5,v,{cell}{spare}\n"
    )
    manifest = read_manifest(text.encode(), "manifest.csv")
    assert [stop.id for stop in manifest.stops] == ["S1"]
    (problem,) = manifest.problems
    assert problem.refused
    return problem.line, problem.field, problem.message


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("needs", "age_check|crane", "'crane' is none of: tail_lift, age_check, two_people"),
        ("crew", "strong", "'strong' is none of"),
        ("vehicle_equipment", "ladder", "'ladder' is none of"),
        ("window_is_hard", "perhaps", "neither yes nor no"),
        ("window_is_hard", "yes", "no window"),
        ("bikes_only", "2", "neither yes nor no"),
        ("height_limit_m", "-1", "negative"),
        ("vehicle_capacity_pieces", "2.5", "not a whole number"),
        ("breaks", "12:00-13:00", "12:00/13:30/1800"),
        ("breaks", "12:00/25:00/1800", "not a time of day"),
        ("breaks", "12:00/13:00/long", "not a number"),
        ("collects", "BAD", "its own"),
        ("longest_aboard_s", "two hours", "not a number"),
        ("kind", "collection", "delivery, return, pickup, charge"),
    ],
)
def test_a_cell_that_says_nothing_tower_knows_is_refused_with_line_and_reason(
    column: str, cell: str, why: str
) -> None:
    line, field, message = csv_problem(column, cell)
    assert (line, field) == (3, column)
    assert why in message


@pytest.mark.parametrize(
    ("what", "change", "field", "why"),
    [
        ("stops", {"needs": ["crane"]}, "stops", "crane"),
        ("stops", {"collects": ["S2"]}, "collects", "Only a pickup"),
        ("vehicles", {"equipment": "tail_lift"}, "vehicles", "array"),
        ("routes", {"duty_ends_at": "2026-03-02T07:00:00Z"}, "duty_ends_at", "before it starts"),
        (
            "routes",
            {
                "breaks": [
                    {
                        "earliest": "2026-03-02T12:00:00Z",
                        "latest": "2026-03-02T11:00:00Z",
                        "duration_s": 60,
                    }
                ]
            },
            "breaks",
            "before the earliest",
        ),
        (
            "routes",
            {
                "breaks": [
                    {
                        "earliest": "1826-03-02T12:00:00Z",
                        "latest": "1826-03-02T13:00:00Z",
                        "duration_s": 60,
                    }
                ]
            },
            "breaks 1 earliest",
            "years 2000 to 2199",
        ),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused_with_place_and_reason(
    what: str, change: dict[str, Any], field: str, why: str
) -> None:
    content = json.loads(json.dumps(AS_JSON))
    last = content[what][-1] | {"id": "X"} if what != "vehicles" else {"reference": "v2"}
    starts = {"starts_at": "2026-03-02T08:00:00Z"} if what == "routes" else {}
    content[what].append(last | starts | change)
    manifest = from_json(content)
    problem = manifest.problems[0]
    assert (problem.line, problem.field, problem.refused) == (len(content[what]), field, True)
    assert why in problem.message
    assert "X" not in {route.id for route in manifest.routes} | {s.id for s in manifest.stops}


def test_collecting_what_the_file_does_not_hold_is_remarked_and_goes_in() -> None:
    content = json.loads(json.dumps(AS_JSON))
    content["stops"][0]["collects"] = ["S1", "S-ELSEWHERE"]
    manifest = from_json(content)
    assert manifest.stops[0].collects == ("S1", "S-ELSEWHERE")
    (problem,) = manifest.problems
    assert (problem.line, problem.field, problem.refused) == (1, "collects", False)
    assert "S-ELSEWHERE" in problem.message
