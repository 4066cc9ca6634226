"""What the page is sent: frames laid out as it reads them, scenes as what changed."""

import json
import struct
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.words import Punctuality, StopState
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


@given(st.lists(st.tuples(_scenes, _names, st.booleans()), min_size=1, max_size=6))
def test_whatever_changes_the_page_ends_up_with_the_scene_as_it_is(
    steps: list[tuple[MapScene, dict[int, VehicleName], bool]],
) -> None:
    state = SceneState()
    held: dict[str, Any] = {}
    named: dict[int, Any] = {}
    seen = 0
    for version, (scene, names, forgets) in enumerate(steps, 1):
        told = json.loads(state.answer(0 if forgets else seen, version, scene, names))
        if told["base"] == 0:
            held, named = {}, {}
        held = {key: stop for key, stop in held.items() if key not in told["stops"]["gone"]}
        held |= {stop["id"]: stop for stop in told["stops"]["set"]}
        named = {key: name for key, name in named.items() if key not in told["names"]["gone"]}
        named |= dict(told["names"]["set"])
        seen = told["version"]
        assert {key: stop["state"] for key, stop in held.items()} == {
            stop.id: stop.state.value for stop in scene.stops
        }
        assert {key: name["label"] for key, name in named.items()} == {
            key: name.label for key, name in names.items()
        }
