"""What the page is sent: frames laid out as it reads them, scenes as what changed."""

import json
import struct
from typing import Any

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.words import Punctuality, StopState
from ui.map.blocks import BlockedRecords, Blocks
from ui.map.scene import (
    MapRoute,
    MapScene,
    MapStop,
    VehicleColumns,
    VehicleName,
    fixed_point,
    shape_bytes,
)
from ui.map.wire import FRAME_MAGIC, SceneState, encode_frame

_NO_NAMES: dict[int, VehicleName] = {}


def _frame(count: int) -> VehicleColumns:
    numbers = np.arange(count)
    return VehicleColumns(
        handle=numbers.astype(np.uint32),
        lat=fixed_point(47.0 + numbers / 1000),
        lon=fixed_point(-9.5 - numbers / 1000),
        speed=numbers.astype(np.uint16),
        heading=(numbers * 100).astype(np.uint16),
        at_ms=(1.7e12 + numbers).astype(np.float64),
        punctuality=(numbers % 6).astype(np.uint8),
        kind=(numbers % 5).astype(np.uint8),
    )


def test_a_frame_has_its_columns_where_the_page_looks_for_them() -> None:
    data = encode_frame(12, _frame(3), 1.8e12)
    assert struct.unpack_from("<IIdd", data) == (FRAME_MAGIC, 3, 12.0, 1.8e12)
    assert len(data) == 24 + 3 * 26
    assert np.frombuffer(data, "<f8", 3, 24).tolist() == [1.7e12, 1.7e12 + 1, 1.7e12 + 2]
    assert np.frombuffer(data, "<i4", 3, 24 + 36).tolist() == [470000000, 470010000, 470020000]
    assert np.frombuffer(data, "<i4", 3, 24 + 48)[2] == -95020000
    assert data[-6:] == bytes([0, 1, 2, 0, 1, 2])


def test_a_line_is_packed_to_the_centimetre() -> None:
    packed = shape_bytes(np.array([[47.1234567, 9.5], [-33.45, -70.6666667]]))
    assert struct.unpack("<4i", packed) == (471234567, 95000000, -334500000, -706666667)


def test_a_page_that_missed_a_version_is_told_everything() -> None:
    state = SceneState()
    scene = MapScene(1, stops=(MapStop("a", "R", 1, 47.0, 9.5),))
    state.answer(0, 1, scene, _NO_NAMES)
    again = json.loads(state.answer(7, 2, scene, _NO_NAMES))
    assert again["base"] == 0
    assert [stop["id"] for stop in again["stops"]["set"]] == ["a"]


def test_progress_on_a_route_does_not_send_its_line_again() -> None:
    state = SceneState()
    line = shape_bytes(np.array([[47.0, 9.5], [47.1, 9.6]]))
    first = MapRoute("R", "R", 0, line, stop_at=(0.1, 0.9))
    state.answer(0, 1, MapScene(1, routes=(first,)), _NO_NAMES)
    moved = MapRoute("R", "R", 0, bytes(line), done_fraction=0.5, stop_at=(0.1, 0.9))
    told = json.loads(state.answer(1, 2, MapScene(2, routes=(moved,)), _NO_NAMES))
    assert told["base"] == 1
    assert told["routes"]["set"][0]["done_fraction"] == 0.5
    assert not {"shape", "stop_at"} & told["routes"]["set"][0].keys()
    turned = MapRoute("R", "R", 0, line, done_fraction=0.5)
    told = json.loads(state.answer(2, 3, MapScene(3, routes=(turned,)), _NO_NAMES))
    assert told["routes"]["set"][0]["stop_at"] == []


def test_an_unchanged_scene_is_told_in_next_to_nothing() -> None:
    state = SceneState()
    stops = tuple(MapStop(str(i), "R", i, 47.0, 9.5) for i in range(500))
    state.answer(0, 1, MapScene(1, stops=stops), _NO_NAMES)
    equal = tuple(MapStop(str(i), "R", i, 47.0, 9.5) for i in range(500))
    assert len(state.answer(1, 2, MapScene(2, stops=equal), _NO_NAMES)) < 300


_stops = st.builds(
    MapStop,
    id=st.sampled_from("abcdef"),
    route_id=st.sampled_from(["R", "S"]),
    number=st.integers(0, 3),
    lat=st.just(47.0),
    lon=st.just(9.5),
    state=st.sampled_from(StopState),
    punctuality=st.sampled_from(Punctuality),
)
_scenes = st.lists(_stops, max_size=6, unique_by=lambda stop: stop.id).map(
    lambda stops: MapScene(0, stops=tuple(stops))
)
_names = st.dictionaries(
    st.integers(0, 4), st.builds(VehicleName, id=st.sampled_from("vwx"), label=st.text(max_size=3))
)


class Page:
    """Holds what it was told, as the page does."""

    def __init__(self) -> None:
        self.stops: dict[str, Any] = {}
        self.names: dict[int, Any] = {}
        self.seen = 0

    def take(self, told: dict[str, Any]) -> bool:
        """Take an answer in, and say whether it was the last part."""
        assert told["base"] in (0, self.seen)
        if told["base"] == 0:
            self.stops, self.names = {}, {}
        gone = told["stops"]["gone"]
        self.stops = {key: stop for key, stop in self.stops.items() if key not in gone}
        self.stops |= {stop["id"]: stop for stop in told["stops"]["set"]}
        gone = told["names"]["gone"]
        self.names = {key: name for key, name in self.names.items() if key not in gone}
        self.names |= dict(told["names"]["set"])
        self.seen = told["version"]
        return not told["more"]


@given(
    st.lists(st.tuples(_scenes, _names, st.booleans(), st.booleans()), min_size=1, max_size=6),
    st.integers(1, 9),
)
def test_whatever_changes_the_page_ends_up_with_the_scene_as_it_is(
    steps: list[tuple[MapScene, dict[int, VehicleName], bool, bool]], part: int
) -> None:
    state = SceneState(part)
    page = Page()
    for version, (scene, names, forgets, hurries) in enumerate(steps, 1):
        since = 0 if forgets else page.seen
        is_last = page.take(json.loads(state.answer(since, version, scene, names)))
        if hurries:
            continue
        while not is_last:
            is_last = page.take(json.loads(state.answer(page.seen, version, scene, names)))
        assert page.seen == version
        assert {key: stop["state"] for key, stop in page.stops.items()} == {
            stop.id: stop.state.value for stop in scene.stops
        }
        assert {key: name["label"] for key, name in page.names.items()} == {
            key: name.label for key, name in names.items()
        }


def test_a_great_scene_is_told_in_parts_and_what_changes_meanwhile_is_told_once() -> None:
    state = SceneState(part=400)
    stops = tuple(MapStop(str(i), "R", i, 47.0, 9.5) for i in range(1000))
    first = json.loads(state.answer(0, 1, MapScene(1, stops=stops), _NO_NAMES))
    assert first["more"]
    assert len(first["stops"]["set"]) == 400
    served = msgspec.structs.replace(stops[900], state=StopState.DELIVERED)
    later = MapScene(2, stops=(*stops[:900], served, *stops[901:]))
    page = Page()
    page.take(first)
    told = 400
    while True:
        answer = json.loads(state.answer(page.seen, 2, later, _NO_NAMES))
        told += len(answer["stops"]["set"])
        if page.take(answer):
            break
    assert told == 1000
    assert page.stops["900"]["state"] == "delivered"


def test_one_stop_gone_from_the_middle_is_all_that_is_told() -> None:
    state = SceneState()
    stops = tuple(MapStop(str(i), "R", i, 47.0, 9.5) for i in range(1000))
    state.answer(0, 1, MapScene(1, stops=stops), _NO_NAMES)
    told = json.loads(state.answer(1, 2, MapScene(2, stops=(*stops[:7], *stops[8:])), _NO_NAMES))
    assert told["stops"] == {"set": [], "gone": ["7"]}


def test_of_a_shift_in_blocks_only_what_changed_is_told() -> None:
    state, records = SceneState(), BlockedRecords[MapStop]()
    for number in range(1000):
        records.put(MapStop(str(number), "R", number, 47.0, 9.5))
    state.answer(0, 1, MapScene(1, stops=records.shown()), _NO_NAMES)
    records.drop("7")
    records.put(MapStop("990", "S", 990, 47.0, 9.5))
    records.put(MapStop("1000", "S", 1, 47.0, 9.5))
    told = json.loads(state.answer(1, 2, MapScene(2, stops=records.shown()), _NO_NAMES))
    assert {one["id"] for one in told["stops"]["set"]} == {"990", "1000"}
    assert told["stops"]["gone"] == ["7"]


def test_a_stop_that_moved_to_another_block_is_not_gone() -> None:
    state = SceneState()
    first, second = (MapStop(id_, "R", 1, 47.0, 9.5) for id_ in "ab")
    before, after = Blocks([(first,), (second,)]), Blocks([(), (second, first)])
    state.answer(0, 1, MapScene(1, stops=before), _NO_NAMES)
    told = json.loads(state.answer(1, 2, MapScene(2, stops=after), _NO_NAMES))
    assert told["stops"]["gone"] == []
