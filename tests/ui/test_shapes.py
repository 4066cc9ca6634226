"""Route lines come through as they were sent."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.road.polyline import encode_polyline
from ui.shapes import ShapeError, read_shapes

_PLACES = st.lists(
    st.tuples(st.integers(-9_000_000, 9_000_000), st.integers(-18_000_000, 18_000_000))
)


def answer(shape: str) -> bytes:
    return msgspec.json.encode({"r1": {"version": 3, "shape": shape}})


@given(_PLACES)
def test_what_the_gateway_encodes_is_what_the_map_draws(places: list[tuple[int, int]]) -> None:
    points = np.array(places, dtype=np.float64).reshape(-1, 2) / 1e5
    shapes = read_shapes(answer(encode_polyline(points)))
    assert np.allclose(shapes["r1"].points, points, atol=1.1e-5)


@given(st.text(max_size=40))
def test_garbage_is_a_line_or_a_clear_error(text: str) -> None:
    try:
        points = read_shapes(answer(text))["r1"].points
    except ShapeError as error:
        assert text
        assert "cannot be read" in str(error)  # noqa: PT017 - garbage may also be a line
    else:
        assert points.shape == (len(points), 2)


def test_an_answer_of_another_form_is_a_clear_error() -> None:
    with pytest.raises(ShapeError, match="cannot be read"):
        read_shapes(b'{"r1": {"shape": 5}}')


def test_an_answer_gives_each_route_its_line() -> None:
    body = {"r1": {"version": 3, "shape": "_p~iF~ps|U_ulLnnqC", "stop_offsets": [1]}}
    shapes = read_shapes(msgspec.json.encode(body))
    assert shapes["r1"].version == 3
    assert len(shapes["r1"].points) == 2
    assert shapes["r1"].stop_offsets == (1,)
