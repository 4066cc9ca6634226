"""CSV manifests as people save them, and the errors they get line by line."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.carriers.damage import damaged
from tower.carriers.manifest import (
    Manifest,
    Problem,
    home_of,
    manifest_events,
    read_manifest,
)
from tower.domain.fold import fold
from tower.domain.geometry import LatLon
from tower.domain.state import State
from tower.domain.words import StopKind, VehicleKind
from tower.feed.clock import SystemClock

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "manifest.csv"
HEADER = "route,stop,lat,lon"
GOOD = f"{HEADER}\nR1,S1,47.1,9.5\nR1,S2,47.2,9.5\nR1,S3,47.15,9.52\n"


def read(text: str) -> Manifest:
    return read_manifest(text.encode(), "manifest.csv")


def only_problem(manifest: Manifest) -> Problem:
    (problem,) = manifest.problems
    return problem


def ids(manifest: Manifest) -> list[str]:
    return [stop.id for stop in manifest.stops]


def test_the_documented_example_goes_in_whole() -> None:
    manifest = read_manifest(EXAMPLE.read_bytes(), EXAMPLE.name)
    assert manifest.problems == ()
    assert manifest.sequences == {"R-1": ("S-101", "S-102", "S-103"), "R-2": ("S-201", "S-202")}
    stop = manifest.stops[0]
    assert stop.window_start == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 9:00 in Vaduz
    assert stop.parcels == ("P-1", "P-2")
    assert stop.address == "Example Lane 1, Eschen"
    assert manifest.stops[2].kind is StopKind.RETURN
    assert {vehicle.kind for vehicle in manifest.vehicles} == {
        VehicleKind.VAN,
        VehicleKind.CARGO_BIKE,
    }
    assert manifest.routes[0].vehicle_id == "own:van-1"
    assert manifest.shift is not None
    assert (manifest.shift.date, manifest.shift.timezone) == ("2026-03-02", "Europe/Vaduz")


def test_four_columns_are_enough() -> None:
    manifest = read(GOOD)
    assert manifest.problems == ()
    assert manifest.sequences == {"R1": ("S1", "S2", "S3")}
    assert manifest.routes[0].carrier_id == "own"
    assert manifest.shift is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_read_the_same_however_they_were_saved(
    encoding: str, separator: str, newline: str
) -> None:
    text = GOOD.replace(HEADER, HEADER + ",customer").replace("9.5\n", "9.5,Müller & Söhne\n")
    text = text.replace("9.52\n", "9.52,Zoë\n").replace(",", separator).replace("\n", newline)
    bom_be = b"\xfe\xff" + text.encode("utf-16-be")
    data = bom_be if encoding == "utf-16-be-bom" else text.encode(encoding)
    manifest = read_manifest(data, "x.csv")
    assert manifest.problems == ()
    assert [stop.customer for stop in manifest.stops] == ["Müller & Söhne"] * 2 + ["Zoë"]


def test_an_old_windows_encoding_is_read_with_a_warning_where_it_begins() -> None:
    text = GOOD.replace(HEADER, HEADER + ",customer").replace("9.5\n", "9.5,Plain\n")
    data = text.replace("9.52\n", "9.52,Zoë\n").encode("cp1252")
    manifest = read_manifest(data, "x.csv")
    assert manifest.stops[2].customer == "Zoë"
    problem = only_problem(manifest)
    assert (problem.line, problem.refused) == (4, False)
    assert "Windows-1252" in problem.message


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", GOOD.encode("utf-16-le"), b"\x81\x8d"]
)
def test_what_is_no_text_is_told(data: bytes) -> None:
    manifest = read_manifest(data, "x.csv")
    assert manifest.stops == ()
    assert "UTF-8" in only_problem(manifest).message


def test_decimal_commas_are_understood_between_semicolons() -> None:
    manifest = read("route;stop;lat;lon;weight_kg\nR1;S1;47,125;9,5;1,5\n")
    assert (manifest.stops[0].lat, manifest.stops[0].weight_kg) == (47.125, 1.5)


def test_missing_columns_stop_the_import_by_name() -> None:
    manifest = read("route,stop,lattitude,lon\nR1,S1,47,9\n")
    assert manifest.stops == ()
    refused = [problem for problem in manifest.problems if problem.refused]
    assert [(problem.line, problem.field) for problem in refused] == [(1, "lat")]
    assert "missing" in refused[0].message


def test_other_systems_names_for_columns_are_known() -> None:
    manifest = read("Route ID,STOP-ID,Latitude,lng,seq\nR1,S1,47,9,2\nR1,S2,47,9.1,1\n")
    assert manifest.problems == ()
    assert manifest.sequences["R1"] == ("S2", "S1")


def test_unknown_columns_are_passed_over_with_a_hint() -> None:
    manifest = read("route,stop,lat,lon,window_strat\nR1,S1,47,9,10:00\n")
    assert ids(manifest) == ["S1"]
    problem = only_problem(manifest)
    assert (problem.field, problem.refused) == ("window_strat", False)
    assert "Did you mean window_start?" in problem.message


@pytest.mark.parametrize(
    ("columns", "cells", "field", "why"),
    [
        ("lat,lon", "forty,9.5", "lat", "not a number"),
        ("lat,lon", "nan,9.5", "lat", "finite"),
        ("lat,lon", "47.1,", "lon", "empty"),
        ("lat,lon", "0,0", "lat", "(0, 0)"),
        ("lat,lon", "47.1,199", "lon", "out of range"),
        ("lat,lon", "139.7,35.6", "lat", "swapped"),
        ("lat,lon,service_s", "47.1,9.5,-5", "service_s", "negative"),
        ("lat,lon,kind", "47.1,9.5,collection", "kind", "delivery, return, pickup, charge"),
        ("lat,lon,window_start", "47.1,9.5,10:00", "window_start", "column date"),
        ("lat,lon,window_start,date", "47.1,9.5,25:00,2026-03-02", "window_start", "time of day"),
        ("lat,lon,planned_at", "47.1,9.5,soon", "planned_at", "not a time"),
        ("lat,lon,date", "47.1,9.5,02.03.2026", "date", "not a date"),
        ("lat,lon,timezone", "47.1,9.5,../../etc/passwd", "timezone", "not a time zone"),
        ("lat,lon,timezone", "47.1,9.5,Europe", "timezone", "not a time zone"),
        (
            "lat,lon,window_start,window_end,date",
            "47.1,9.5,12:00,11:00,2026-03-02",
            "window_end",
            "ends before it begins",
        ),
        ("lat,lon,customer", "47.1,9.5", "", "cut short"),
        ("lat,lon", "47.1,9.5,left over", "", "cut short"),
    ],
)
def test_a_bad_line_is_refused_and_the_others_go_in(
    columns: str, cells: str, field: str, why: str
) -> None:
    spare = {"customer": "C", "kind": "return", "date": "2026-03-02", "service_s": "60"}
    names = columns.split(",")
    good = ",".join(spare.get(name, "") for name in names[2:])
    lines = [f"R1,S{n},47.1,9.5{n}" + (f",{good}" if len(names) > 2 else "") for n in (1, 2, 3)]
    text = "\n".join([f"route,stop,{columns}", *lines[:2], f"R1,BAD,{cells}", lines[2]])
    manifest = read(text)
    assert ids(manifest) == ["S1", "S2", "S3"]
    problem = only_problem(manifest)
    assert (problem.line, problem.field, problem.refused) == (4, field, True)
    assert why in problem.message


def test_a_stop_named_twice_goes_in_once() -> None:
    manifest = read(GOOD + "R1,S2,47.3,9.5\n")
    assert ids(manifest) == ["S1", "S2", "S3"]
    assert manifest.stops[1].lat == 47.2
    problem = only_problem(manifest)
    assert (problem.line, problem.message) == (5, "The stop S2 is there already, on line 3.")


def test_a_stop_with_lat_and_lon_swapped_is_found_among_its_neighbours() -> None:
    manifest = read(GOOD + "R1,S4,9.51,47.12\n")
    assert ids(manifest) == ["S1", "S2", "S3"]
    assert "swapped" in only_problem(manifest).message


def test_a_swapped_stop_is_found_by_its_route_where_routes_are_far_apart() -> None:
    far = "".join(f"R9,T{n},-33.{n},18.{n}\n" for n in range(4))
    manifest = read(GOOD + "R1,S4,9.51,47.12\n" + far)
    assert "S4" not in ids(manifest)
    assert len(ids(manifest)) == 7
    assert only_problem(manifest).line == 5


def test_a_file_swapped_throughout_is_found_by_its_depot() -> None:
    lines = [f"R1,S{n},9.5{n},47.1,north,47.2,9.53" for n in range(3)]
    manifest = read("\n".join(["route,stop,lat,lon,depot,depot_lat,depot_lon", *lines]))
    assert manifest.stops == ()
    assert [problem.line for problem in manifest.problems] == [2, 3, 4]
    assert "depot north" in manifest.problems[0].message


def test_a_file_swapped_throughout_is_found_by_where_the_operation_works() -> None:
    swapped = f"{HEADER}\nR1,S1,9.51,47.11\nR1,S2,9.52,47.12\n"
    here = LatLon(47.14, 9.52)
    manifest = read_manifest(swapped.encode(), "day.csv", here)
    assert manifest.stops == ()
    assert [problem.line for problem in manifest.problems] == [2, 3]
    assert "swapped" in manifest.problems[0].message
    elsewhere = read_manifest(f"{HEADER}\nR1,S1,-33.9,18.4\n".encode(), "day.csv", here)
    assert ids(elsewhere) == ["S1"]


def test_the_operation_works_among_its_depots_else_among_its_stops() -> None:
    state, clock = State(), SystemClock()
    assert home_of(state) is None
    fold(manifest_events(read(GOOD), state, clock), state)
    assert home_of(state) == LatLon(47.15, 9.5)
    with_depot = "route,stop,lat,lon,depot,depot_lat,depot_lon\nR2,S9,47.3,9.5,north,47.4,9.6"
    fold(manifest_events(read(with_depot), state, clock), state)
    assert home_of(state) == LatLon(47.4, 9.6)


def test_text_over_several_lines_keeps_the_line_numbers_right() -> None:
    text = f'{HEADER},note\nR1,S1,47.1,9.5,"Ring\ntwice"\nR1,S2,47.x,9.5,\n'
    manifest = read(text)
    assert manifest.stops[0].note == "Ring\ntwice"
    assert only_problem(manifest).line == 4


def test_a_route_described_on_its_first_line_only_is_enough() -> None:
    manifest = read(
        "route,stop,lat,lon,driver_name,vehicle\n"
        "R1,S1,47.1,9.5,Driver A,van-1\nR1,S2,47.1,9.51,,\nR1,S3,47.1,9.52,Driver B,van-1\n"
    )
    assert len(manifest.stops) == 3
    assert manifest.routes[0].driver_name == "Driver A"
    problem = only_problem(manifest)
    assert (problem.line, problem.refused) == (4, False)


def test_a_date_alone_makes_a_shift_of_the_whole_day_with_its_region() -> None:
    line = "R1,S1,47.1,9.5,2026-03-02,Europe/Vaduz,liechtenstein\n"
    shift = read(f"{HEADER},date,timezone,region\n{line}").shift
    assert shift is not None
    assert (shift.id, shift.region) == ("2026-03-02", "liechtenstein")
    assert shift.starts_at == datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    assert shift.ends_at - shift.starts_at == timedelta(days=1)


def test_a_region_without_a_day_is_said_to_be_passed_over() -> None:
    manifest = read(f"{HEADER},region\nR1,S1,47.1,9.5,liechtenstein\n")
    problem = only_problem(manifest)
    assert (problem.line, problem.field, problem.refused) == (2, "region", False)
    assert manifest.shift is None
    assert ids(manifest) == ["S1"]


@pytest.mark.parametrize(
    ("column", "value"), [("shift", "x" * 200), ("shift", "a\x01b"), ("region", "x" * 200)]
)
def test_a_shift_that_cannot_be_is_refused_and_its_stops_go_in(column: str, value: str) -> None:
    manifest = read(f"{HEADER},planned_at,{column}\nR1,S1,47.1,9.5,2026-03-02T09:00Z,{value}\n")
    assert manifest.shift is None
    assert ids(manifest) == ["S1"]
    assert (only_problem(manifest).line, only_problem(manifest).field) == (2, "shift")


@pytest.mark.parametrize("written", ["2026-03-02", "20260302", "2026-W10-1"])
def test_a_date_is_understood_however_the_standard_lets_it_be_written(written: str) -> None:
    manifest = read(f"{HEADER},date,window_end\nR1,S1,47.1,9.5,{written},9:05:30\n")
    assert manifest.problems == ()
    assert manifest.shift is not None
    assert (manifest.shift.id, manifest.shift.date) == ("2026-03-02", "2026-03-02")
    assert manifest.stops[0].window_end == datetime(2026, 3, 2, 9, 5, 30, tzinfo=UTC)


def test_planned_arrivals_follow_from_start_distance_service_and_windows() -> None:
    manifest = read(
        "route,stop,lat,lon,route_starts_at,service_s,window_start,planned_at,date,"
        "depot,depot_lat,depot_lon\n"
        "R1,S1,47.1,9.5,08:00,600,,,2026-03-02,d,47.1,9.5\n"
        "R1,S2,47.2,9.5,08:00,60,,,2026-03-02,d,,\n"
        "R1,S3,47.2,9.5,08:00,60,10:00,,2026-03-02,d,,\n"
        "R1,S4,47.2,9.5,08:00,60,,11:30,2026-03-02,d,,\n"
        "R1,S5,47.2,9.5,08:00,60,,,2026-03-02,d,,\n"
    )
    start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    minutes = [stop.planned_at and (stop.planned_at - start) for stop in manifest.stops]
    drive = timedelta(seconds=round(0.1 * 111_195.08 * 1.3 * 3.6 / 30))
    assert minutes[0] == timedelta(0)
    assert minutes[1] == timedelta(minutes=10) + drive
    assert minutes[2] == timedelta(hours=2)
    assert minutes[3] == timedelta(hours=3, minutes=30)
    assert minutes[4] == timedelta(hours=3, minutes=31)


@pytest.mark.parametrize("text", ["", "\n\n", " \n"])
def test_an_empty_file_is_told(text: str) -> None:
    assert only_problem(read(text)).message == "The file is empty."


@given(data=st.one_of(st.binary(max_size=300), damaged([EXAMPLE.read_bytes(), GOOD.encode()])))
@example(data=b'route,stop,lat,lon\nR,S,1,1,"' + b"x" * 200_000)
@example(data=b"route,stop,lat,lon,date,window_start\nR,S,1,1,0001-01-01,00:00\n")
@example(data=b"route,stop,lat,lon,planned_at\nR,S,1,1,0001-01-01T00:00+14:00\n")
def test_no_file_breaks_the_import_and_nothing_vanishes_in_silence(data: bytes) -> None:
    manifest = read_manifest(data, "x.csv")
    assert manifest.stops or manifest.problems or len(data.split()) <= 1
    assert all(abs(stop.lat) <= 90 and abs(stop.lon) <= 180 for stop in manifest.stops)
    sequenced = [stop for stops in manifest.sequences.values() for stop in stops]
    assert sorted(sequenced) == sorted(stop.id for stop in manifest.stops)


def test_stops_beyond_what_one_file_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["tower.carriers.manifest.assemble"], "STOPS_PER_FILE", 3)
    lines = [f"R,S{number},47.{number},9.5" for number in range(5)]
    manifest = read("\n".join(["route,stop,lat,lon", *lines]))
    assert [stop.id for stop in manifest.stops] == ["S0", "S1", "S2"]
    assert [problem.line for problem in manifest.problems] == [5]
