"""A route that was driven in another order before has the line of that order too."""

from tests.gateway.shift import small_shift
from tests.replay.shifts import LINE, some_recording
from tower.domain.events import RouteSequence
from tower.domain.fold import fold
from tower.gateway.line import LineWish, RouteLine, line_wish, packed_legs
from tower.gateway.recorded_lines import lines_of, shape_of
from tower.road.roads import Profile

KEPT = RouteLine(
    key="k",
    profile=Profile.CAR,
    shape="_p~iF~ps|U_ulLnnqC",
    clock=b"",
    stop_offsets=(0, 1),
    durations=packed_legs((0.0, 60.0)),
    distances=packed_legs((0.0, 500.0)),
)


def test_lines_of_earlier_sequences_are_found_by_the_places_they_went_to() -> None:
    state = fold(small_shift())
    route = state.routes["A"]
    now = line_wish(state, route)
    assert now is not None
    asked: list[LineWish] = []

    def find(wish: LineWish) -> RouteLine:
        asked.append(wish)
        return KEPT

    order = RouteSequence(route_id="A", version=1, stops=route.sequence[::-1])
    unknown = RouteSequence(route_id="A", version=2, stops=("S1", "nobody knows"))
    newest = {"A": shape_of(3, KEPT)}
    found = lines_of(newest, [order, unknown], state, find)
    assert [line.version for line in found["A"]] == [1, 3]
    assert [wish.stops for wish in asked] == [now.stops[::-1]]
    assert (asked[0].depot, asked[0].profile) == (now.depot, now.profile)


def test_a_line_that_is_not_kept_is_left_out() -> None:
    state = fold(small_shift())
    order = RouteSequence(route_id="A", version=1, stops=state.routes["A"].sequence)
    assert lines_of({}, [order], state, lambda _: None) == {}


def test_a_recording_knows_the_line_of_each_order() -> None:
    recording = some_recording(5)
    assert recording.shapes == {"R-1": LINE}
    earlier = recording.shape("R-1", 1)
    assert earlier is not None
    assert (earlier.version, recording.shape("R-1", 2)) == (1, LINE)
    assert recording.shape("R-1", 9) is None
    assert recording.shape("R-9", 1) is None
