"""Whatever bytes come, every decoder answers with observations or with reasons."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.driver_app import adapter as driver_app
from plugins.gtfs_realtime import adapter as gtfs_realtime
from plugins.traccar import adapter as traccar
from tests.carriers.damage import damaged
from tests.carriers.shift import NOW, Room
from tests.plugins.test_driver_app import documented
from tests.plugins.test_gtfs_realtime import a_feed, add_vehicle
from tests.plugins.test_traccar import DEVICE, EVENT, POSITION
from tower.carriers.intake import Intake
from tower.carriers.port import Adapter

ADAPTERS: list[Adapter] = [traccar, gtfs_realtime, driver_app]

_MESSAGES = [
    json.dumps({"positions": [POSITION, POSITION], "devices": [DEVICE], "events": [EVENT]}),
    json.dumps({"position": POSITION, "device": DEVICE}),
    json.dumps([POSITION, DEVICE]),
    json.dumps(POSITION | {"attributes": {"alarm": "sos,powerCut"}}),
    json.dumps(documented()),
    json.dumps({"_type": "location", "lat": 1, "lon": 2, "tst": 1772461200, "tid": "ab"}),
    json.dumps({"type": "stop", "stop": "S1", "status": "arrived", "at": NOW.isoformat()}),
]


def _feed() -> bytes:
    feed = a_feed()
    for number in range(3):
        add_vehicle(feed, f"bus-{number}", stop=f"S{number}")
    return bytes(feed.SerializeToString())


REAL = [message.encode() for message in _MESSAGES] + [_feed()]


def _believable(intake: Intake) -> None:
    """Nothing got in that a dispatcher would see as nonsense."""
    for fix in intake.fixes:
        assert abs(fix.lat) <= 90
        assert abs(fix.lon) <= 180
        assert (NOW - fix.at).total_seconds() <= 48 * 3600
        assert (fix.at - NOW).total_seconds() <= 120
    assert all(refusal.reason for refusal in intake.refusals)
    assert all(len(refusal.excerpt) <= 2048 for refusal in intake.refusals)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
@given(payload=st.binary(max_size=400))
def test_any_bytes_at_all(adapter: Adapter, payload: bytes) -> None:
    _believable(Room().hear(adapter, payload))


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
@given(payload=damaged(REAL))
@settings(max_examples=300)
def test_damaged_messages(adapter: Adapter, payload: bytes) -> None:
    room = Room()
    intake = room.hear(adapter, payload)
    _believable(intake)
    again = room.hear(adapter, payload)
    assert {event.id for event in again.events} <= {event.id for event in intake.events}


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["positions", "devices", "events", "position", "type", "at", "stop", "latitude"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_at_all(value: object) -> None:
    payload = json.dumps(value).encode("utf-8", "surrogatepass")
    for adapter in (traccar, driver_app):
        _believable(Room().hear(adapter, payload))


@given(payload=st.data())
@settings(max_examples=40)
def test_damaged_recordings(shared_data: Path, payload: st.DataObject) -> None:
    recorded = [
        (shared_data / "feeds/gtfs_rt" / name).read_bytes()
        for name in ("maanteeamet_gtfs-rt-server.pb", "dmatthew2024_miway-transit.pb")
    ]
    bad = payload.draw(damaged(recorded))
    decoded = gtfs_realtime.decode(bad, "")
    assert decoded.observations or decoded.refusals


@pytest.mark.parametrize("number", [b"9" * 30, b"9" * 400, b"9" * 5000, b"-1e308"])
def test_numbers_no_machine_can_hold(number: bytes) -> None:
    for message in REAL[:-1]:
        for field in (b"17", b"311", b"24.3", b"81.0", b"4.5", b"47.141", b"1772461200"):
            bad = message.replace(b": " + field, b": " + number)
            for adapter in (traccar, driver_app):
                decoded = adapter.decode(bad, "application/json")
                assert decoded.observations or decoded.refusals


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
def test_every_truncation_of_a_real_message(adapter: Adapter) -> None:
    for message in REAL:
        for end in range(0, len(message), 7):
            _believable(Room().hear(adapter, message[:end]))
