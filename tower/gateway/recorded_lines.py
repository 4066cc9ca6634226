"""The lines routes had in the course of a shift: the newest, and those of earlier sequences."""

from collections.abc import Callable, Iterable, Mapping

from tower.domain.events import RouteSequence
from tower.domain.state import State
from tower.gateway.line import LineWish, RouteLine, earlier_line_wish
from tower.replay.shapes import Shape

Find = Callable[[LineWish], RouteLine | None]
"""A line that was computed before, None where it is not kept."""


def shape_of(version: int, line: RouteLine) -> Shape:
    """A route's line as a recording keeps it."""
    return Shape(
        version=version,
        shape=line.shape,
        stop_offsets=line.stop_offsets,
        durations_s=tuple(line.durations_s),
        distances_m=tuple(line.distances_m),
        home_s=line.home_s,
        home_m=line.home_m,
    )


def lines_of(
    newest: Mapping[str, Shape], sequences: Iterable[RouteSequence], state: State, find: Find
) -> dict[str, tuple[Shape, ...]]:
    """Every line that is known of each route, by version.

    Args:
        newest: the newest line of each route.
        sequences: those set in the course of the shift.
        state: where the stops are, read from any thread.
        find: looks for the lines of earlier sequences.
    """
    found = {route_id: {shape.version: shape} for route_id, shape in newest.items()}
    for sequence in sequences:
        known = found.setdefault(sequence.route_id, {})
        wish = None if sequence.version in known else earlier_line_wish(state, sequence)
        line = find(wish) if wish else None
        if line:
            known[sequence.version] = shape_of(sequence.version, line)
    return {
        route_id: tuple(known[version] for version in sorted(known))
        for route_id, known in found.items()
        if known
    }
