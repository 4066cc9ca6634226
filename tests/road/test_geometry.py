"""Lengths and simplification of lines."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.domain.geometry import LatLon, distance_m
from tower.road.geometry import (
    FloatArray,
    LocalPlane,
    all_distances_m,
    piece_lengths_m,
    simplify,
    to_mercator,
)

near_vaduz = st.tuples(st.floats(46.9, 47.3), st.floats(9.4, 9.7))
lines = st.lists(near_vaduz, min_size=2, max_size=20).map(np.array)


@given(near_vaduz, near_vaduz)
def test_lengths_are_those_of_the_domain(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert piece_lengths_m(np.array([a, b]))[0] == pytest.approx(
        distance_m(LatLon(*a), LatLon(*b)), abs=1e-6
    )


@given(lines)
def test_all_distances_are_those_of_the_domain(line: FloatArray) -> None:
    table = all_distances_m(line, line)
    expected = [[distance_m(LatLon(*a), LatLon(*b)) for b in line] for a in line]
    assert table == pytest.approx(np.array(expected), abs=1e-6)


@given(near_vaduz, near_vaduz)
def test_the_local_plane_is_true_to_half_a_percent_over_a_delivery_region(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    plane = LocalPlane(LatLon(47.1, 9.55))
    flat = plane.to_metres([a, b])
    assert float(np.hypot(*(flat[1] - flat[0]))) == pytest.approx(
        distance_m(LatLon(*a), LatLon(*b)), rel=5e-3, abs=0.01
    )


@given(lines, st.floats(1, 500))
def test_simplifying_keeps_the_ends_and_moves_nothing_further_than_allowed(
    line: FloatArray, tolerance: float
) -> None:
    simple = simplify(line, tolerance)
    assert simple[0].tolist() == line[0].tolist()
    assert simple[-1].tolist() == line[-1].tolist()
    plane = LocalPlane(LatLon(*line[0]))
    pieces = plane.to_metres(simple)
    for vertex in plane.to_metres(line):
        assert nearest(pieces, vertex) <= tolerance + 1e-3


def nearest(line: FloatArray, point: FloatArray) -> float:
    """Distance from a point to a polyline, by dense sampling of its pieces."""
    best = float(np.min(np.hypot(*(line - point).T)))
    for start, end in pairwise(line):
        reach = end - start
        length = float(reach @ reach)
        share = min(max(float((point - start) @ reach) / length, 0.0), 1.0) if length else 0.0
        best = min(best, float(np.hypot(*(start + share * reach - point))))
    return best


def test_mercator_puts_null_island_in_the_middle_and_north_on_top() -> None:
    world = to_mercator(np.array([[0.0, 0.0], [180.0, 85.0511287798066], [-180.0, -90.0]]))
    assert world == pytest.approx(np.array([[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]]), abs=1e-9)
