"""Live tables and their copies: what the map shows is what the gateway knows."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.moments import utc
from tower.domain.telemetry import Fix
from tower.domain.words import Punctuality
from tower.feed.arrivals import ArrivalMirror, ArrivalTable
from tower.feed.codec import CODECS
from tower.feed.sections import FeedError, Frame, FrameGap
from tower.feed.vehicles import VehicleMirror, VehicleTable

NOON = utc(1_700_000_000)
LIMIT = 1 << 20


def a_fix(vehicle: str, at_s: float = 0.0, **more: float | None) -> Fix:
    values = {"lat": 47.1, "lon": 9.5, **more}
    return Fix(vehicle_id=vehicle, at=NOON + timedelta(seconds=at_s), **values)  # type: ignore[arg-type]


class Pair:
    """A table of each sort with a copy of it, kept by frames that went over the wire."""

    def __init__(self) -> None:
        self.arrivals = ArrivalTable()
        self.vehicles = VehicleTable(self.arrivals)
        self.lose_the_copy()

    def lose_the_copy(self) -> None:
        self.arrivals_copy = ArrivalMirror()
        self.vehicles_copy = VehicleMirror(self.arrivals_copy)

    def frame(self, limit: int = LIMIT) -> Frame:
        vehicles, arrivals = self.vehicles, self.arrivals
        return Frame(
            now=1.0,
            vehicles=vehicles.section(self.vehicles_copy.version, vehicles.version, limit),
            arrivals=arrivals.section(self.arrivals_copy.version, arrivals.version, limit),
        )

    def deliver(self, frame: Frame, codec: str = "tower.v1") -> None:
        heard = CODECS[codec].vehicles_from_server(CODECS[codec].encode_frame(frame))
        assert isinstance(heard, Frame)
        self.arrivals_copy.apply(heard)
        self.vehicles_copy.apply(heard)

    def catch_up(self, codec: str = "tower.v1", limit: int = LIMIT) -> int:
        frames = 0
        while (frame := self.frame(limit)).vehicles or frame.arrivals:
            self.deliver(frame, codec)
            frames += 1
        return frames

    def assert_equal(self) -> None:
        known = self.vehicles.columns
        for name, column in self.vehicles_copy.columns.items():
            present = self.vehicles_copy.present
            assert np.array_equal(column[present], known[name][present]), name
        for vehicle_id in self.vehicles.ids:
            assert (self.vehicles_copy.row(vehicle_id) is None) == (
                self.vehicles.position(vehicle_id) is None
            )
        for stop_id in self.arrivals.ids:
            assert self.arrivals_copy.row(stop_id) == self.arrivals.row(stop_id)


@pytest.mark.parametrize("codec", list(CODECS))
def test_a_vehicle_arrives_as_it_was_reported(codec: str) -> None:
    pair = Pair()
    fix = a_fix("own:7", speed_mps=13.37, heading_deg=271.5, temperature_c=-18.4, battery_pct=81)
    pair.vehicles.update_fixes([fix])
    pair.vehicles.set_punctuality(["own:7"], [Punctuality.LATE.code], [325.0], ["stop-3"])
    pair.catch_up(codec)
    now = pair.vehicles_copy.row("own:7")
    assert now is not None
    assert (now.lat, now.lon, now.at) == (47.1, 9.5, NOON)
    assert (now.speed_mps, now.heading_deg) == (13.37, 271.5)
    assert (now.temperature_c, now.battery_pct) == (-18.4, 81)
    assert (now.punctuality, now.delay_s) == (Punctuality.LATE, 325)
    assert now.next_stop_id == "stop-3"


@pytest.mark.parametrize("codec", list(CODECS))
def test_what_a_device_did_not_say_stays_unknown(codec: str) -> None:
    pair = Pair()
    pair.vehicles.update_fixes([a_fix("own:7", speed_mps=float("nan"))])
    pair.catch_up(codec)
    now = pair.vehicles_copy.row("own:7")
    assert now is not None
    assert now.speed_mps is now.heading_deg is now.temperature_c is now.battery_pct is None
    assert now.next_stop_id == ""


@pytest.mark.parametrize("codec", list(CODECS))
def test_a_prediction_arrives_and_is_taken_back(codec: str) -> None:
    pair = Pair()
    code = Punctuality.AT_RISK.code
    pair.arrivals.set(
        ["a", "b"], [1_700_000_500.0, 1_700_090_000.0], [60, 90], [120, 40_000], [code] * 2
    )
    pair.catch_up(codec)
    there = pair.arrivals_copy.row("a")
    assert there is not None
    assert (there.p10, there.p50, there.p90) == (
        utc(1_700_000_440),
        utc(1_700_000_500),
        utc(1_700_000_620),
    )
    assert there.punctuality is Punctuality.AT_RISK
    pair.arrivals.set(["a"], [None], [0], [0], [code])
    pair.catch_up(codec)
    assert pair.arrivals_copy.row("a") is None
    assert pair.arrivals_copy.row("b") is not None


def test_an_older_fix_never_moves_a_vehicle_back() -> None:
    pair = Pair()
    assert pair.vehicles.update_fixes([a_fix("v", 10, lat=48.0), a_fix("v", 5)]) == 1
    assert pair.vehicles.update_fixes([a_fix("v", 10, lat=1.0), a_fix("v", 9)]) == 0
    fix = pair.vehicles.position("v")
    assert fix is not None
    assert fix.lat == 48.0


def test_telling_the_same_again_sends_nothing() -> None:
    pair = Pair()
    pair.vehicles.update_fixes([a_fix("v")])
    pair.vehicles.set_punctuality(["v"], [0], [10.2], ["s"])
    pair.arrivals.set(["s"], [1_700_000_000.2], [5], [5], [0])
    pair.catch_up()
    assert pair.vehicles.set_punctuality(["v"], [0], [10.4], ["s"]) == 0
    assert pair.arrivals.set(["s"], [1_700_000_000.4], [5], [5], [0]) == 0
    assert pair.frame().vehicles is None
    assert pair.frame().arrivals is None


def test_a_vehicle_without_a_fix_is_not_on_the_map() -> None:
    pair = Pair()
    assert pair.vehicles.set_punctuality(["ghost"], [0], [0], [""]) == 0
    pair.catch_up()
    assert pair.vehicles_copy.row("ghost") is None


def test_a_large_fleet_is_sent_in_frames_that_keep_to_the_limit() -> None:
    pair = Pair()
    pair.vehicles.update_fixes([a_fix(f"carrier:{n:06}") for n in range(3_000)])
    codec = CODECS["tower.v1"]
    while (frame := pair.frame(20_000)).vehicles:
        assert len(codec.encode_frame(frame)) <= 20_000
        pair.deliver(frame)
    assert len(pair.vehicles_copy) == 3_000
    pair.assert_equal()


def test_a_missing_frame_is_noticed_and_everything_asked_anew() -> None:
    pair = Pair()
    pair.vehicles.update_fixes([a_fix("v")])
    pair.catch_up()
    pair.vehicles.update_fixes([a_fix("v", 1), a_fix("w")])
    missed = pair.frame()
    assert missed.vehicles is not None
    pair.vehicles.update_fixes([a_fix("w", 2)])
    later = Frame(
        now=2.0, vehicles=pair.vehicles.section(missed.vehicles.upto, pair.vehicles.version, LIMIT)
    )
    with pytest.raises(FrameGap):
        pair.vehicles_copy.apply(later)


def test_a_frame_that_names_an_unknown_handle_is_refused() -> None:
    pair = Pair()
    pair.vehicles.update_fixes([a_fix("v"), a_fix("w")])
    section = pair.frame().vehicles
    assert section is not None
    lame = Frame(
        now=1.0,
        vehicles=type(section)(
            since=0, upto=section.upto, first=0, ids=("v",), columns=section.columns
        ),
    )
    with pytest.raises(FeedError, match="nobody introduced"):
        pair.vehicles_copy.apply(lame)


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("fix"),
            st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50)), max_size=5),
        ),
        st.tuples(st.just("standing"), st.tuples(st.integers(0, 6), st.integers(0, 5))),
        st.tuples(st.just("arrival"), st.tuples(st.integers(0, 6), st.integers(0, 9))),
        st.tuples(st.just("frame"), st.integers(513, 700)),
        st.tuples(st.just("lost"), st.none()),
    ),
    max_size=40,
)


@given(steps, st.sampled_from(list(CODECS)))
def test_any_way_through_frames_losses_and_changes_ends_at_the_same_picture(
    doings: list[tuple[str, object]], codec: str
) -> None:
    pair = Pair()
    for doing, what in doings:
        _do(pair, doing, what, codec)
    pair.catch_up(codec, limit=600)
    pair.assert_equal()


def _do(pair: Pair, doing: str, what: object, codec: str) -> None:
    if isinstance(what, list):
        pair.vehicles.update_fixes([a_fix(f"v{n}", at, lat=float(at)) for n, at in what])
    elif isinstance(what, tuple):
        number, value = what
        if doing == "standing":
            pair.vehicles.set_punctuality([f"v{number}"], [value], [value * 7.0], [f"s{value}"])
        else:
            p50 = [None if value == 0 else 1_700_000_000.0 + value]
            pair.arrivals.set([f"s{number}"], p50, [value], [value], [value % 6])
    elif isinstance(what, int):
        pair.deliver(pair.frame(what), codec)
    else:
        pair.lose_the_copy()
