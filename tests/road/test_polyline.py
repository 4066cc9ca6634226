"""Lines as text."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.road.polyline import PolylineError, decode_polyline, encode_polyline

LINES = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=20)


@given(LINES, st.sampled_from([5, 6]))
def test_a_line_comes_back_to_its_precision(
    points: list[tuple[float, float]], precision: int
) -> None:
    line = np.array(points, dtype=np.float64).reshape(-1, 2)
    again = decode_polyline(encode_polyline(line, precision), precision)
    assert again == pytest.approx(line, abs=0.51 * 10.0**-precision)


def test_the_published_example_is_read() -> None:
    line = decode_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@")
    assert line == pytest.approx(np.array([(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]))


@given(st.text(max_size=30))
def test_garbage_is_refused_or_read_but_never_crashes(text: str) -> None:
    with suppress(PolylineError):
        assert decode_polyline(text).shape[1] == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [("_p~iF~ps|", "cut off"), ("_p~iF", "without a longitude"), ("~" * 9 + "??", "out of range")],
)
def test_what_is_wrong_with_a_line_is_said(text: str, words: str) -> None:
    with pytest.raises(PolylineError, match=words):
        decode_polyline(text)
