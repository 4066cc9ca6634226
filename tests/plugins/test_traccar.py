"""Traccar's forms: what a dispatcher sees of each."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate

from plugins.traccar import adapter
from tower.carriers.observations import AlarmReported, AnyObservation, FixSeen, VehicleSeen
from tower.carriers.port import Decoded
from tower.domain.words import ExceptionKind, Severity, VehicleKind

AT = "2026-03-02T14:20:00.000+00:00"

POSITION: dict[str, Any] = {
    "id": 311,
    "deviceId": 17,
    "protocol": "osmand",
    "deviceTime": AT,
    "fixTime": AT,
    "serverTime": "2026-03-02T14:20:01.000+00:00",
    "valid": True,
    "latitude": 47.1410,
    "longitude": 9.5209,
    "altitude": 455.0,
    "speed": 24.3,
    "course": 118.0,
    "accuracy": 6.0,
    "attributes": {"batteryLevel": 81.0, "temp1": 4.5, "ignition": True, "motion": True},
}
DEVICE: dict[str, Any] = {
    "id": 17,
    "name": "FL 1001",
    "uniqueId": "867530",
    "status": "online",
    "disabled": False,
    "lastUpdate": AT,
    "positionId": None,
    "groupId": None,
    "category": "van",
    "attributes": {},
}
EVENT: dict[str, Any] = {
    "id": 5,
    "type": "alarm",
    "eventTime": AT,
    "deviceId": 17,
    "positionId": 311,
    "attributes": {"alarm": "temperature"},
}


def decode(message: object) -> Decoded:
    return adapter.decode(json.dumps(message).encode(), "application/json")


def the_fix(decoded: Decoded) -> FixSeen:
    (fix,) = (seen for seen in decoded.observations if isinstance(seen, FixSeen))
    return fix


def alarms(decoded: Decoded) -> list[AlarmReported]:
    return [seen for seen in decoded.observations if isinstance(seen, AlarmReported)]


def test_our_examples_are_what_traccar_documents(shared_data: Path) -> None:
    schemas = json.loads((shared_data / "feeds/traccar/schemas.json").read_text())
    for name, example in (("Position", POSITION), ("Device", DEVICE), ("Event", EVENT)):
        validate(example, schemas[name])
        known = set(schemas[name]["properties"])
        assert set(example) <= known


@pytest.mark.parametrize(
    "message",
    [
        {"positions": [POSITION], "devices": [DEVICE]},
        {"position": POSITION, "device": DEVICE},
        {"event": EVENT | {"type": "ignitionOn"}, "position": POSITION, "device": DEVICE},
        [POSITION, DEVICE],
    ],
    ids=["websocket", "forwarded position", "forwarded event", "list"],
)
def test_every_form_gives_the_same_fix_under_the_owners_name(message: object) -> None:
    decoded = decode(message)
    assert decoded.refusals == []
    fix = the_fix(decoded)
    assert (fix.vehicle_ref, fix.by_alias) == ("867530", False)
    assert (fix.lat, fix.lon) == (47.1410, 9.5209)
    assert fix.speed_mps == pytest.approx(24.3 * 1852 / 3600)
    assert fix.heading_deg == 118
    assert (fix.temperature_c, fix.battery_pct, fix.accuracy_m) == (4.5, 81, 6)
    assert fix.at == datetime(2026, 3, 2, 14, 20, tzinfo=UTC)


@pytest.mark.parametrize("message", [{"positions": [POSITION]}, [POSITION], POSITION])
def test_a_position_alone_is_known_by_its_device_number(message: object) -> None:
    fix = the_fix(decode(message))
    assert (fix.vehicle_ref, fix.by_alias) == ("17", True)


@pytest.mark.parametrize("message", [{"devices": [DEVICE]}, [DEVICE], DEVICE])
def test_devices_introduce_themselves(message: object) -> None:
    (vehicle,) = decode(message).observations
    assert vehicle == VehicleSeen(
        vehicle_ref="867530", alias="17", label="FL 1001", kind_hint=VehicleKind.VAN
    )


@pytest.mark.parametrize(
    "moment", ["2026-03-02T14:20:00.000+0000", "2026-03-02T15:20:00+01:00", 1772461200000]
)
def test_times_of_older_servers_are_understood(moment: object) -> None:
    fix = the_fix(decode({"positions": [POSITION | {"fixTime": moment}]}))
    assert fix.at == datetime(2026, 3, 2, 14, 20, tzinfo=UTC)


def test_a_bad_position_refuses_itself_and_not_its_neighbours() -> None:
    decoded = decode({"positions": [POSITION, POSITION | {"latitude": "47"}, POSITION]})
    assert len(decoded.observations) == 2
    (refusal,) = decoded.refusals
    assert "latitude" in refusal.reason
    assert b'"latitude": "47"' in refusal.excerpt


def test_a_bad_item_in_a_list_refuses_itself_and_not_its_neighbours() -> None:
    decoded = decode([POSITION, 7, {"what": "ever"}, DEVICE])
    assert [type(seen) for seen in decoded.observations] == [VehicleSeen, FixSeen]
    assert len(decoded.refusals) == 2


def test_an_attribute_of_the_wrong_type_does_not_cost_the_position() -> None:
    decoded = decode([POSITION | {"attributes": {"temp1": "cold", "batteryLevel": True}}])
    assert the_fix(decoded).temperature_c is None
    assert ["temp1" in refusal.reason for refusal in decoded.refusals] == [True, False]


def test_a_standing_vehicle_does_not_point_north() -> None:
    assert the_fix(decode([POSITION | {"speed": 0, "course": 0}])).heading_deg is None
    assert the_fix(decode([POSITION | {"speed": 9, "course": 0}])).heading_deg == 0


def test_an_outdated_position_does_not_make_an_old_place_new() -> None:
    assert decode([POSITION | {"outdated": True}]) == Decoded([], [])


def test_a_position_without_satellites_is_refused() -> None:
    decoded = decode([POSITION | {"valid": False}])
    assert list(decoded.observations) == []
    assert "no valid position" in decoded.refusals[0].reason


@pytest.mark.parametrize(
    ("word", "kind", "severity"),
    [
        ("temperature", ExceptionKind.TEMPERATURE, Severity.MAJOR),
        ("sos", ExceptionKind.VEHICLE, Severity.CRITICAL),
        ("powerCut", ExceptionKind.VEHICLE, Severity.MAJOR),
        ("lowBattery", ExceptionKind.VEHICLE, Severity.MINOR),
    ],
)
def test_alarms_a_dispatcher_must_act_on_are_raised(
    word: str, kind: ExceptionKind, severity: Severity
) -> None:
    (of_position,) = alarms(decode([POSITION | {"attributes": {"alarm": word}}]))
    (of_event,) = alarms(decode([EVENT | {"attributes": {"alarm": word}}]))
    assert (of_position.kind, of_position.severity) == (kind, severity)
    assert of_position == of_event


@pytest.mark.parametrize("word", ["overspeed", "hardBraking", "door", "geofenceEnter", "", "news"])
def test_alarms_of_everyday_driving_are_not(word: str) -> None:
    decoded = decode([POSITION | {"attributes": {"alarm": word}}])
    assert alarms(decoded) == []
    assert decoded.refusals == []


def test_several_alarms_of_one_position_are_each_heard() -> None:
    found = alarms(decode([POSITION | {"attributes": {"alarm": "lowBattery, door,sos"}}]))
    assert [alarm.severity for alarm in found] == [Severity.MINOR, Severity.CRITICAL]


@pytest.mark.parametrize(("back", "word"), [("powerRestored", "powerCut")])
def test_power_restored_clears_the_power_cut(back: str, word: str) -> None:
    (raised,) = alarms(decode([EVENT | {"attributes": {"alarm": word}}]))
    (cleared,) = alarms(decode([EVENT | {"attributes": {"alarm": back}}]))
    assert (raised.cleared, cleared.cleared) == (False, True)
    assert raised.kind is cleared.kind


def test_a_tracker_going_offline_and_online_is_told() -> None:
    events = [EVENT | {"type": "deviceOffline"}, EVENT | {"type": "deviceOnline"}]
    found = alarms(decode({"events": events, "devices": [DEVICE]}))
    assert [(alarm.kind, alarm.cleared) for alarm in found] == [
        (ExceptionKind.NO_SIGNAL, False),
        (ExceptionKind.NO_SIGNAL, True),
    ]
    assert {alarm.vehicle_ref for alarm in found} == {"867530"}


@pytest.mark.parametrize("payload", [b"{}", b" {} ", b'{"positions":[]}', b"[]"])
def test_keep_alives_are_silent(payload: bytes) -> None:
    assert adapter.decode(payload, "application/json") == Decoded([], [])


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "truncated"),
        (b'{"positions": [{"deviceId"', "truncated"),
        (b"{'positions': []}", "malformed"),
        (b'{"hello": "world"}', "neither a position"),
        (b'"text"', "object"),
        (b'{"positions": "none"}', "array"),
        (b'{"a":' * 100_000, "deeply"),
        (b'{"name": "\xff\xfe"}', "neither a position"),
        (b'{"positions": [{"deviceId": 1, "latitude": 1e999, "longitude": 1}]}', "range"),
        (b'{"positions":[{"deviceId":1,"latitude":1,"longitude":1,"fixTime":9e15}]}', "fixTime"),
        (
            b'{"positions":[{"deviceId":1,"latitude":1,"longitude":1,"fixTime":9000000000000000}]}',
            "impossible time",
        ),
    ],
)
def test_bad_messages_say_what_is_wrong(payload: bytes, why: str) -> None:
    decoded = adapter.decode(payload, "application/json")
    nothing: list[AnyObservation] = []
    assert list(decoded.observations) == nothing
    assert len(decoded.refusals) == 1
    assert why in decoded.refusals[0].reason
