"""Importing again: only what differs, and never against what dispatchers did."""

import json
from collections import Counter
from datetime import timedelta

from tests.carriers.shift import NOW, StandingClock
from tower.carriers.manifest import manifest_events, read_manifest
from tower.domain import events as e
from tower.domain.fold import apply
from tower.domain.records import Actor, Carrier, StopChanges, Subject, Vehicle
from tower.domain.state import State
from tower.domain.words import CarrierKind, VehicleKind

HEADER = "route,stop,lat,lon,customer,vehicle,vehicle_label,carrier_name\n"
ROWS = [
    "R1,S1,47.1,9.5,Customer 1,van-1,FL 1001,Own vans\n",
    "R1,S2,47.1,9.51,Customer 2,van-1,,\n",
    "R2,S3,47.1,9.52,Customer 3,van-2,,\n",
]


def imported(state: State, text: str) -> Counter[str]:
    """Import a file; how often each type of event came of it."""
    manifest = read_manifest(text.encode(), "manifest.csv")
    events = manifest_events(manifest, state, StandingClock())
    assert len({event.id for event in events}) == len(events)
    for event in events:
        apply(state, event)
    return Counter(event.type for event in events)


def dispatched(state: State, body: e.AnyBody) -> None:
    """A dispatcher's decision."""
    event = e.Event(
        id=f"dispatch-{len(state.contacts)}-{type(body).__name__}-{state.seq}",
        at=NOW,
        recorded_at=NOW,
        actor=Actor(kind="person", id="dispatcher"),
        subject=Subject(),
        body=body,
        seq=state.seq + 1,
    )
    apply(state, event)


def sequenced(state: State, route_id: str, *stops: str) -> None:
    version = state.routes[route_id].version + 1
    sequence = e.RouteSequence(route_id=route_id, version=version, stops=stops)
    dispatched(state, e.RoutesSequenced(routes=(sequence,)))


def test_the_first_import_makes_the_shift() -> None:
    state = State()
    assert imported(state, HEADER + "".join(ROWS)) == {
        "carrier_registered": 1,
        "vehicle_registered": 2,
        "route_planned": 2,
        "stop_planned": 3,
        "routes_sequenced": 2,
    }
    assert [stop.id for stop in state.stops_of(state.routes["R1"])] == ["S1", "S2"]
    assert state.vehicles["own:van-2"].value.label == "van-2"


def test_the_same_file_again_changes_nothing() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    assert imported(state, HEADER + "".join(ROWS)) == {}


def test_a_changed_line_changes_its_stop_only() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    changed = HEADER + "".join(ROWS).replace("Customer 2", "Customer 2 b")
    assert imported(state, changed) == {"stop_planned": 1}
    assert imported(state, changed) == {}


def test_a_changed_file_counts_although_the_clock_was_set_back() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    manifest = read_manifest((HEADER + ROWS[0].replace("47.1", "47.2")).encode(), "m.csv")
    for event in manifest_events(manifest, state, StandingClock(NOW - timedelta(hours=3))):
        apply(state, event)
    moved = state.stops["S1"].plan
    assert moved is not None
    assert moved.lat == 47.2


def test_a_dispatchers_order_outlives_the_same_file() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    sequenced(state, "R1", "S2", "S1")
    assert imported(state, HEADER + "".join(ROWS)) == {}
    assert state.routes["R1"].sequence == ("S2", "S1")


def test_a_new_stop_goes_to_the_end_of_the_order_as_it_is() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    sequenced(state, "R1", "S2", "S1")
    more = HEADER + "R1,S0,47.1,9.49,Customer 0,van-1,,\n" + "".join(ROWS)
    assert imported(state, more) == {"stop_planned": 1, "routes_sequenced": 1}
    assert state.routes["R1"].sequence == ("S2", "S1", "S0")
    assert imported(state, more) == {}


def test_a_stop_moved_to_another_route_stays_there() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    moved = (
        e.RouteSequence(route_id="R1", version=2, stops=("S1",)),
        e.RouteSequence(route_id="R2", version=2, stops=("S3", "S2")),
    )
    later = NOW.replace(minute=NOW.minute + 1)
    body = e.RoutesSequenced(routes=moved)
    actor = Actor(kind="person", id="dispatcher")
    event = e.Event(
        id="move", at=later, recorded_at=later, actor=actor, subject=Subject(), body=body
    )
    apply(state, event)
    assert imported(state, HEADER + "".join(ROWS)) == {}
    assert state.stops["S2"].route_id == "R2"


def test_what_a_csv_file_cannot_say_stays_as_it_is_known() -> None:
    state = State()
    carrier = Carrier(
        id="own", name="Own", kind=CarrierKind.REGIONAL, adapter="traccar", silent_after_s=60
    )
    vehicle = Vehicle(
        id="own:van-1",
        carrier_id="own",
        reference="van-1",
        label="old",
        kind=VehicleKind.E_VAN,
        temperature_limit_c=8,
    )
    dispatched(state, e.CarrierRegistered(carrier=carrier))
    dispatched(state, e.VehicleRegistered(vehicle=vehicle))
    imported(state, HEADER + "".join(ROWS))
    kept = state.vehicles["own:van-1"].value
    assert (kept.kind, kept.temperature_limit_c) == (VehicleKind.E_VAN, 8)
    known = state.carriers["own"].value
    assert (known.kind, known.adapter, known.silent_after_s) == (
        CarrierKind.REGIONAL,
        "traccar",
        60,
    )


def test_a_file_that_names_no_region_leaves_the_shifts_region_as_it_is() -> None:
    header, row = "route,stop,lat,lon,date", "R1,S1,47.1,9.5,2026-03-02"
    state = State()
    imported(state, f"{header},region\n{row},liechtenstein\n")
    assert imported(state, f"{header}\n{row}\n") == {}
    assert state.shift is not None
    assert state.shift.region == "liechtenstein"


def amended(state: State, stop_id: str, **changes: str) -> None:
    """Something is agreed with a customer."""
    body = e.StopAmended(changes=StopChanges(**changes), because="agreed by phone")  # type: ignore[arg-type]
    actor, subject = Actor(kind="person", id="dispatcher"), Subject(stop_id=stop_id)
    event = e.Event(
        id=f"amend-{stop_id}", at=NOW, recorded_at=NOW, actor=actor, subject=subject, body=body
    )
    apply(state, event)


def test_what_was_agreed_with_a_customer_outlives_the_same_file() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    amended(state, "S2", access_code="4417#", safe_place="behind the house")
    assert imported(state, HEADER + "".join(ROWS)) == {}
    plan = state.stops["S2"].plan
    assert plan is not None
    assert (plan.access_code, plan.safe_place) == ("4417#", "behind the house")


def test_a_changed_file_changes_all_but_what_was_agreed_with_the_customer() -> None:
    state = State()
    imported(state, HEADER + "".join(ROWS))
    amended(state, "S2", access_code="4417#")
    changed = HEADER + "".join(ROWS).replace("Customer 2", "Customer 2 b")
    assert imported(state, changed) == {"stop_planned": 1}
    plan, planned = state.stops["S2"].plan, state.stops["S2"].as_planned
    assert plan is not None
    assert planned is not None
    assert (plan.customer, plan.access_code, planned.access_code) == ("Customer 2 b", "4417#", "")
    assert imported(state, changed) == {}


def test_pickup_points_come_in_once_and_change_when_the_file_does() -> None:
    state = State()
    point = {"id": "K1", "name": "Kiosk", "address": "Station", "lat": 47.14, "lon": 9.52}

    def handed_in(**changes: object) -> Counter[str]:
        content = json.dumps({"pickup_points": [point | changes]}).encode()
        manifest = read_manifest(content, "points.json")
        assert manifest.problems == ()
        events = manifest_events(manifest, state, StandingClock())
        for event in events:
            apply(state, event)
        return Counter(event.type for event in events)

    assert handed_in() == {"pickup_point_registered": 1}
    assert handed_in() == {}
    assert handed_in(name="Station kiosk") == {"pickup_point_registered": 1}
    assert state.pickup_points["K1"].value.name == "Station kiosk"


def test_a_pickup_point_nowhere_is_refused() -> None:
    content = {"pickup_points": [{"id": "K1", "lat": 0.0, "lon": 0.0}]}
    manifest = read_manifest(json.dumps(content).encode(), "points.json")
    assert manifest.pickup_points == ()
    (problem,) = manifest.problems
    assert (problem.line, problem.refused) == (1, True)
