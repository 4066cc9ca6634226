"""What a dispatcher may rely on, whatever carriers send."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from plugins.driver_app import adapter as driver_app
from plugins.traccar import adapter as traccar
from tests.carriers.shift import NOW, Room
from tower.carriers import fleet
from tower.carriers.intake import REFUSALS_PER_MESSAGE
from tower.carriers.observations import FixSeen, StopReported
from tower.carriers.port import Decoded
from tower.domain import events as e
from tower.domain.records import Actor, Carrier, Proof, Subject
from tower.domain.words import AttemptReason, StopState, VehicleKind


@pytest.fixture
def room() -> Room:
    return Room()


def said(*items: Mapping[str, object]) -> bytes:
    return json.dumps(items, default=str).encode()


def at(seconds: float = 0) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()


def position(**changes: object) -> dict[str, object]:
    return {"type": "position", "vehicle": "van-1", "at": at(), "lat": 47.1, "lon": 9.5} | changes


def stop(**changes: object) -> dict[str, object]:
    return {"type": "stop", "stop": "S1", "status": "delivered", "at": at(-60)} | changes


def test_a_delivery_is_seen_on_its_stop(room: Room) -> None:
    room.hear(driver_app, said(stop(vehicle="van-1", note="Left with neighbour")))
    known = room.state.stops["S1"]
    assert known.state is StopState.DELIVERED
    assert known.finished_at == NOW - timedelta(seconds=60)
    assert known.outcome is not None
    assert known.outcome.note == "Left with neighbour"


def test_the_shippers_reference_names_the_stop_too(room: Room) -> None:
    room.hear(driver_app, said(stop(stop="ORD-2", status="attempted", reason="no_access")))
    assert room.state.stops["S2"].reason is AttemptReason.NO_ACCESS


def test_an_unknown_stop_is_refused_by_name(room: Room) -> None:
    intake = room.hear(driver_app, said(stop(stop="S99"), stop()))
    assert [refusal.reason for refusal in intake.refusals] == ["no such stop: S99"]
    assert b"S99" in intake.refusals[0].excerpt
    assert room.state.stops["S1"].state is StopState.DELIVERED


def test_a_carrier_cannot_report_another_carriers_stop(room: Room) -> None:
    intake = room.hear(driver_app, said(stop(stop="S3")))
    assert "another carrier" in intake.refusals[0].reason
    assert room.state.stops["S3"].state is StopState.PLANNED


def test_the_same_message_twice_is_one_event(room: Room) -> None:
    payload = said(stop(), {"type": "contact", "stop": "S1", "topic": "wismo", "at": at(-5)})
    first = room.hear(driver_app, payload)
    room.clock.at += timedelta(minutes=5)
    again = room.hear(driver_app, payload)
    assert [event.id for event in again.events] == [event.id for event in first.events]
    assert len(room.state.contacts) == 1


def test_two_different_words_of_one_second_are_two_contacts(room: Room) -> None:
    contact = {"type": "contact", "stop": "S1", "topic": "wismo", "at": at(-5)}
    room.hear(driver_app, said(contact | {"words": "Where?"}, contact | {"words": "Hello?"}))
    assert {contact.words for contact in room.state.contacts.values()} == {"Where?", "Hello?"}


def test_an_unknown_carrier_is_refused_whole(room: Room) -> None:
    intake = room.hear(driver_app, said(stop(), position()), carrier="nobody")
    assert (intake.fixes, intake.events) == ([], [])
    assert "nobody" in intake.refusals[0].reason


def test_a_vehicle_never_seen_is_registered_once_with_its_label(room: Room) -> None:
    first = room.hear(driver_app, said(position(vehicle="b7", label="Bike 7", kind="cargo_bike")))
    second = room.hear(driver_app, said(position(vehicle="b7")))
    vehicle = room.state.vehicles["own:b7"].value
    assert (vehicle.label, vehicle.kind) == ("Bike 7", VehicleKind.CARGO_BIKE)
    assert [event.type for event in first.events] == ["vehicle_registered"]
    assert second.events == []
    assert first.fixes[0].vehicle_id == second.fixes[0].vehicle_id == "own:b7"


def test_a_registration_still_under_way_is_not_repeated_but_a_lost_one_is(room: Room) -> None:
    payload = said(position(vehicle="b7"))
    assert len(room.hear_without_journal(driver_app, payload).events) == 1
    assert room.hear_without_journal(driver_app, payload).events == []
    room.clock.at += timedelta(minutes=1)
    assert len(room.hear_without_journal(driver_app, payload).events) == 1


def test_a_carrier_with_endless_vehicles_is_stopped(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "VEHICLES_PER_CARRIER", 3)
    intake = room.hear(driver_app, said(*(position(vehicle=f"v{n}") for n in range(5))))
    assert len(intake.fixes) == 3
    assert len(room.state.vehicles) == 3
    assert all("more than 3 vehicles" in refusal.reason for refusal in intake.refusals)
    assert room.hear(driver_app, said(position(vehicle="v0"))).refusals == []


@pytest.mark.parametrize(
    ("lat", "lon", "why"),
    [(0, 0, "(0, 0)"), (91, 9.5, "range"), (47, -180.5, "range"), (1e300, 9.5, "range")],
)
def test_a_place_that_cannot_be_is_refused(room: Room, lat: float, lon: float, why: str) -> None:
    intake = room.hear(driver_app, said(position(lat=lat, lon=lon)))
    assert intake.fixes == []
    assert why in intake.refusals[0].reason


def test_a_clock_running_ahead_does_not_move_the_vehicle_into_the_future(room: Room) -> None:
    ahead, slightly = position(at=at(121)), position(at=at(119))
    fixes = room.hear(driver_app, said(ahead, slightly)).fixes
    assert (fixes[0].at, fixes[0].clock_replaced) == (NOW, True)
    assert (fixes[1].at, fixes[1].clock_replaced) == (NOW + timedelta(seconds=119), False)


def test_a_report_from_the_future_is_not_believed(room: Room) -> None:
    intake = room.hear(driver_app, said(stop(at=at(121))))
    assert intake.events == []
    assert "future" in intake.refusals[0].reason
    assert room.state.stops["S1"].state is StopState.PLANNED


def test_what_is_older_than_two_days_is_refused(room: Room) -> None:
    old = at(-48 * 3600 - 1)
    intake = room.hear(driver_app, said(position(at=old), stop(at=old)))
    assert [refusal.reason for refusal in intake.refusals] == ["older than 48 hours"] * 2
    assert room.hear(driver_app, said(stop(at=at(-47 * 3600)))).refusals == []


def test_other_time_zones_mean_the_same_moment(room: Room) -> None:
    fixes = room.hear(driver_app, said(position(at="2026-03-02T15:22:00+01:00"))).fixes
    assert fixes[0].at == datetime(2026, 3, 2, 14, 22, tzinfo=UTC)
    assert fixes[0].at.tzinfo is UTC


def test_impossible_readings_count_as_not_given(room: Room) -> None:
    wild = position(speed_mps=9000, battery_pct=140, temperature_c=-400, heading_deg=725)
    fix = room.hear(driver_app, said(wild)).fixes[0]
    assert (fix.speed_mps, fix.battery_pct, fix.temperature_c) == (None, None, None)
    assert fix.heading_deg == 5


def test_a_message_of_more_than_a_mebibyte_is_refused_unread(room: Room) -> None:
    intake = room.hear(traccar, b'{"positions":[' + b" " * (1 << 20) + b"]}")
    assert "1 MiB" in intake.refusals[0].reason
    assert len(intake.refusals[0].excerpt) == 2048


def test_a_wholly_bad_message_does_not_fill_the_log(room: Room) -> None:
    intake = room.hear(driver_app, b"[" + b",".join([b"1"] * 5000) + b"]")
    assert len(intake.refusals) == REFUSALS_PER_MESSAGE + 1
    assert intake.refusals[-1].reason.startswith("4,800 more")


@pytest.mark.parametrize(("kind", "at_a_time"), [("position", 500), ("stop", 100)])
def test_a_long_message_is_taken_in_a_few_milliseconds_at_a_time(
    room: Room, kind: str, at_a_time: int
) -> None:
    item = position if kind == "position" else stop
    room.hear(driver_app, said(position()))
    payload = said(*(item(at=at(-number)) for number in range(2_000)))
    pieces = list(room.normaliser.pieces("own", driver_app, payload, "application/json"))
    taken = [len(one.fixes) + len(one.events) for one in pieces]
    assert sum(taken) == 2_000
    assert max(taken) == at_a_time


def test_routes_start_and_finish(room: Room) -> None:
    started = {"type": "route", "route": "R1", "status": "started", "at": at(-3600)}
    room.hear(driver_app, said(started, started | {"status": "finished", "at": at(-1)}))
    route = room.state.routes["R1"]
    assert route.started_at == NOW - timedelta(hours=1)
    assert route.finished_at == NOW - timedelta(seconds=1)


def test_another_carriers_route_cannot_be_started(room: Room) -> None:
    report = {"type": "route", "route": "R2", "status": "started", "at": at()}
    assert "another carrier" in room.hear(driver_app, said(report)).refusals[0].reason
    assert room.state.routes["R2"].started_at is None


def test_a_report_without_a_vehicle_is_about_the_one_planned(room: Room) -> None:
    event = room.hear(driver_app, said(stop())).events[0]
    assert (event.subject.vehicle_id, event.subject.route_id) == ("own:van-1", "R1")


def test_a_plugin_that_breaks_its_word_only_loses_its_own_message(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        name = "broken"
        title = "Broken"
        content_types = ("text/plain",)

        def decode(self, payload: bytes, content_type: str) -> Decoded:
            raise ZeroDivisionError(content_type, payload)

    intake = room.hear(Broken(), b"hello")
    assert intake.refusals[0].reason == "the adapter broken failed on it"
    assert intake.refusals[0].excerpt == b"hello"
    assert "ZeroDivisionError" in caplog.text


def test_a_plugin_that_forgets_the_time_zone_is_told_and_not_believed(room: Room) -> None:
    class Naive:
        name = "naive"
        title = "Naive"
        content_types = ("text/plain",)

        def decode(self, _payload: bytes, _content_type: str) -> Decoded:
            naive = NOW.replace(tzinfo=None)
            return Decoded(
                [
                    FixSeen(vehicle_ref="van-1", lat=47.1, lon=9.5, at=naive),
                    StopReported(stop_ref="S1", state=StopState.ARRIVED, at=naive),
                    StopReported(stop_ref="S2", state=StopState.ARRIVED, at=NOW),
                ]
            )

    intake = room.hear(Naive(), b"hello")
    assert [refusal.reason for refusal in intake.refusals] == ["a time without a time zone"] * 2
    assert room.state.stops["S2"].state is StopState.ARRIVED


def test_a_carrier_cannot_speak_for_another_carriers_vehicle_by_a_clever_name(room: Room) -> None:
    room.fold([_registered(e.CarrierRegistered(carrier=Carrier(id="own:north", name="North")))])
    room.hear(driver_app, said(position(vehicle="van-1")), carrier="own:north")
    room.hear(driver_app, said(position(vehicle="north:van-1", lat=48.0)), carrier="own")
    owners = [entry.value.carrier_id for entry in room.state.vehicles.values()]
    assert sorted(owners) == ["own", "own:north"]


def _registered(body: e.AnyBody) -> e.Event:
    return e.Event(
        id="registered",
        at=NOW,
        recorded_at=NOW,
        actor=Actor(kind="rule", id="test"),
        subject=Subject(),
        body=body,
    )


@pytest.mark.parametrize("reference", ["", "x" * 129, "van\x00one", "van\nthree"])
def test_names_no_vehicle_can_have_are_refused(room: Room, reference: str) -> None:
    device = {"id": 1, "uniqueId": reference, "name": "Van"}
    fix = {"deviceId": 1, "latitude": 47.1, "longitude": 9.5, "fixTime": at()}
    payload = json.dumps({"devices": [device], "positions": [fix]}).encode()
    intake = room.hear(traccar, payload)
    assert intake.refusals
    assert all(reference not in vehicle for vehicle in room.state.vehicles if reference)


def test_a_drivers_answer_is_about_a_version_there_is_and_a_route_of_the_carrier(
    room: Room,
) -> None:
    def answer(route: str, version: int) -> dict[str, object]:
        status = {"type": "sequence", "status": "seen", "at": at(), "vehicle": "van-1"}
        return status | {"route": route, "version": version}

    answers = answer("R1", 1), answer("R1", 2), answer("R2", 1), answer("R9", 1)
    intake = room.hear(driver_app, said(*answers))
    (event,) = [one for one in intake.events if isinstance(one.body, e.SequenceNoticed)]
    assert (event.subject.route_id, event.subject.vehicle_id) == ("R1", "own:van-1")
    assert [refusal.reason for refusal in intake.refusals] == [
        "route R1 has no version 2; its newest is 1",
        "route R2 is another carrier's",
        "no such route: R9",
    ]


def test_what_the_driver_recorded_at_the_door_is_kept_with_the_outcome(room: Room) -> None:
    proof = {"lat": 47.2, "lon": 9.6, "scanned": ["P1"], "received_by": "Shop next door"}
    room.hear(driver_app, said(stop(proof=proof)))
    assert room.state.stops["S1"].proof == Proof(
        lat=47.2, lon=9.6, scanned=("P1",), received_by="Shop next door"
    )


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        ({"lat": 0.0, "lon": 0.0}, "(0, 0)"),
        ({"lat": 97.0, "lon": 9.5}, "(97, 9.5)"),
        ({"lat": 47.2}, "latitude or a longitude only"),
    ],
)
def test_a_delivery_counts_although_its_proof_was_recorded_nowhere(
    room: Room, proof: dict[str, object], why: str
) -> None:
    intake = room.hear(driver_app, said(stop(proof=proof | {"scanned": ["P1"]})))
    (refusal,) = intake.refusals
    assert why in refusal.reason
    known = room.state.stops["S1"]
    assert known.state is StopState.DELIVERED
    assert known.proof == Proof(scanned=("P1",))


def test_words_recorded_at_the_door_cannot_turn_round_what_stands_beside_them(room: Room) -> None:
    proof = {"scanned": ["P1\u202e"], "received_by": "\u202eruobhgieN"}
    room.hear(driver_app, said(stop(proof=proof)))
    assert room.state.stops["S1"].proof == Proof(scanned=("P1",), received_by="ruobhgieN")
