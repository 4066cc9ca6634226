"""GTFS-realtime: recorded feeds of three agencies, and what standing at a stop means."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.transit.gtfs_realtime_pb2 import FeedMessage, VehiclePosition

from plugins.gtfs_realtime import adapter
from plugins.gtfs_realtime.recording import Recorded, at_present
from tests.carriers.shift import NOW, Room
from tower.carriers.observations import FixSeen, StopReported
from tower.domain.words import StopState


def a_feed(at: datetime = NOW) -> FeedMessage:
    feed = FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.timestamp = int(at.timestamp())
    return feed


def add_vehicle(feed: FeedMessage, reference: str = "bus-1", stop: str = "") -> VehiclePosition:
    entity = feed.entity.add(id=f"entity-{reference}")
    entity.vehicle.vehicle.id = reference
    entity.vehicle.position.latitude = 47.125
    entity.vehicle.position.longitude = 9.5
    entity.vehicle.timestamp = feed.header.timestamp - 10
    if stop:
        entity.vehicle.stop_id = stop
        entity.vehicle.current_status = VehiclePosition.STOPPED_AT
    return entity.vehicle


@pytest.mark.parametrize(
    ("name", "vehicles"),
    [
        ("robertej19_CCMF.pb", 449),
        ("dmatthew2024_miway-transit.pb", 139),
        ("maanteeamet_gtfs-rt-server.pb", 7),
    ],
)
def test_every_vehicle_of_the_recorded_feeds_comes_through(
    shared_data: Path, name: str, vehicles: int
) -> None:
    recorded = (shared_data / "feeds/gtfs_rt" / name).read_bytes()
    decoded = adapter.decode(recorded, "application/x-protobuf")
    assert decoded.refusals == []
    fixes = [seen for seen in decoded.observations if isinstance(seen, FixSeen)]
    assert len({fix.vehicle_ref for fix in fixes}) == vehicles

    room = Room()
    sent_at = FeedMessage.FromString(recorded).header.timestamp
    intake = room.hear(adapter, at_present(Recorded(sent_at, recorded), NOW))
    assert len(intake.fixes) == len(room.state.vehicles) == vehicles
    assert intake.refusals == []
    newest = max(fix.at for fix in intake.fixes)
    assert NOW - timedelta(minutes=5) < newest <= NOW


def test_a_recording_of_long_ago_is_refused_unless_it_is_moved(shared_data: Path) -> None:
    recorded = (shared_data / "feeds/gtfs_rt/robertej19_CCMF.pb").read_bytes()
    intake = Room().hear(adapter, recorded)
    assert intake.fixes == []
    assert intake.refusals[0].reason == "older than 48 hours"


def test_speed_and_bearing_are_taken_as_they_are(shared_data: Path) -> None:
    recorded = (shared_data / "feeds/gtfs_rt/maanteeamet_gtfs-rt-server.pb").read_bytes()
    first = adapter.decode(recorded, "").observations[0]
    assert isinstance(first, FixSeen)
    assert first.speed_mps == pytest.approx(33.28)
    assert first.heading_deg == pytest.approx(281.3)
    assert first.label == "535 Paldiski"
    assert first.at == datetime.fromtimestamp(1588582938, UTC)  # the header's: it has none


def test_readings_that_are_not_there_stay_unknown() -> None:
    feed = a_feed()
    add_vehicle(feed)
    fix = adapter.decode(feed.SerializeToString(), "").observations[0]
    assert isinstance(fix, FixSeen)
    assert (fix.speed_mps, fix.heading_deg) == (None, None)
    assert fix.at == NOW - timedelta(seconds=10)


def test_standing_at_our_stop_is_an_arrival_and_is_told_once() -> None:
    room = Room()
    for seconds in (0, 15, 30):
        room.clock.at = NOW + timedelta(seconds=seconds)
        feed = a_feed(room.clock.at)
        add_vehicle(feed, stop="S1")
        events = room.hear(adapter, feed.SerializeToString()).events
        told = [event.type for event in events if event.type.startswith("stop_")]
        assert told == (["stop_arrived"] if seconds == 0 else [])
    assert room.state.stops["S1"].state is StopState.ARRIVED
    assert room.state.stops["S1"].arrived_at == NOW - timedelta(seconds=10)


def test_stops_that_are_not_ours_are_passed_over_in_silence() -> None:
    room = Room()
    feed = a_feed()
    add_vehicle(feed, "bus-1", stop="5093")
    add_vehicle(feed, "bus-2", stop="S3")  # another carrier's
    intake = room.hear(adapter, feed.SerializeToString())
    assert len(intake.fixes) == 2
    assert intake.refusals == []
    assert room.state.stops["S3"].state is StopState.PLANNED


def test_driving_to_our_stop_is_being_on_the_way() -> None:
    feed = a_feed()
    add_vehicle(feed, stop="ORD-2").current_status = VehiclePosition.IN_TRANSIT_TO
    seen = adapter.decode(feed.SerializeToString(), "").observations[1]
    assert isinstance(seen, StopReported)
    assert seen.state is StopState.EN_ROUTE


def test_a_vehicle_without_a_place_refuses_only_itself() -> None:
    feed = a_feed()
    add_vehicle(feed, "bus-1")
    add_vehicle(feed, "bus-2").ClearField("position")
    decoded = adapter.decode(feed.SerializeToString(), "")
    assert len(decoded.observations) == 1
    assert decoded.refusals[0].reason == "vehicle bus-2 has no position"


def test_a_name_that_is_no_text_refuses_only_its_vehicle() -> None:
    feed = a_feed()
    add_vehicle(feed, "bus-1")
    add_vehicle(feed, "AAAA")
    add_vehicle(feed, "bus-3", stop="AAAA")
    intake = Room().hear(adapter, feed.SerializeToString().replace(b"AAAA", b"A\xff\xfeA"))
    assert [fix.vehicle_id for fix in intake.fixes] == ["own:bus-1"]
    assert ["UTF-8" in refusal.reason for refusal in intake.refusals] == [True, True]


def test_a_vehicle_without_an_id_goes_by_what_else_it_is_called() -> None:
    feed = a_feed()
    add_vehicle(feed, "").vehicle.label = "Line 7"
    add_vehicle(feed, "").vehicle.ClearField("id")
    names = [
        seen.vehicle_ref
        for seen in adapter.decode(feed.SerializeToString(), "").observations
        if isinstance(seen, FixSeen)
    ]
    assert names == ["Line 7", "entity-"]


def test_deleted_vehicles_and_trip_updates_are_no_news() -> None:
    feed = a_feed()
    add_vehicle(feed)
    feed.entity[0].is_deleted = True
    feed.entity.add(id="trip").trip_update.trip.trip_id = "T1"
    assert list(adapter.decode(feed.SerializeToString(), "").observations) == []


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "without its header"),
        (b'{"header": {}}', "not a GTFS-realtime feed"),
        (b"\x0a\x05\x0a\x032.0\x12\xff", "cut short"),
    ],
)
def test_bad_feeds_say_what_is_wrong(payload: bytes, why: str) -> None:
    decoded = adapter.decode(payload, "")
    assert list(decoded.observations) == []
    assert why in decoded.refusals[0].reason


def test_impossible_times_are_refused() -> None:
    feed = a_feed()
    add_vehicle(feed).timestamp = 1 << 62
    assert "impossible time" in adapter.decode(feed.SerializeToString(), "").refusals[0].reason
    feed.header.timestamp = 1 << 62
    assert "impossible time" in adapter.decode(feed.SerializeToString(), "").refusals[0].reason
