"""What orders have in common is not worked out twice, and comes to the same."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.routes.cases import NOW, Shift, after, progressed, shift, stop, vehicle, window
from tower.domain.records import Break, Stop
from tower.domain.words import Requirement, StopState
from tower.routes.evaluate import Prospect, evaluate, present

_COUNT = 7
_PLANS: tuple[dict[str, Any], ...] = (
    {},
    window(10, 25),
    window(0, 12),
    {**window(20, 30), "window_is_hard": True},
    {"needs": (Requirement.TAIL_LIFT,)},
    {"low_emission_zone": True, "weight_kg": 60.0},
    {"longest_aboard_s": 600.0, "parcels": ("p",)},
)


def _day(chosen: list[int], *, at_door: bool, has_fix: bool, with_break: bool) -> Shift:
    """A route of seven stops with constraints of all sorts, and a stop of another one."""
    stops = [stop(number + 1, **_PLANS[plan]) for number, plan in enumerate(chosen)]
    if at_door:
        stops[0] = progressed(stops[0], StopState.ARRIVED, 1.0)
    rest = Break(earliest=after(8), latest=after(15), duration_s=900.0)
    return shift(
        *stops,
        stop(3.5, "B", parcels=("q",)),
        fixes={"A": 0.4} if has_fix else {},
        vehicles={"A": vehicle(capacity_kg=100.0, range_m=12_000.0)},
        breaks=(rest,) if with_break else (),
        duty_ends_at=NOW + timedelta(minutes=40),
    )


def _told(prospect: Prospect) -> tuple[object, ...]:
    """Everything an order comes to."""
    way = prospect.itinerary
    broken = sorted((one.rule, one.stop_id, one.excess, one.words) for one in prospect.violations)
    return (
        way.arrivals,
        way.leaves,
        way.rests,
        prospect.legs,
        prospect.home,
        prospect.ends_at,
        prospect.load_share,
        broken,
    )


@given(
    st.lists(st.integers(0, len(_PLANS) - 1), min_size=_COUNT, max_size=_COUNT),
    st.lists(st.permutations(range(_COUNT)), min_size=1, max_size=3),
    st.permutations(range(_COUNT)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_an_order_comes_to_the_same_whatever_was_worked_out_before(
    chosen: list[int],
    before: list[list[int]],
    wanted: list[int],
    at_door: bool,
    has_fix: bool,
    with_break: bool,
    joined: bool,
) -> None:
    day = _day(chosen, at_door=at_door, has_fix=has_fix, with_break=with_break)
    case, travel = day.case(), day.travel
    still_open = {one.id: one for one in case.open}

    def order(numbers: list[int]) -> list[Stop]:
        ids = (f"s{number + 1}" for number in numbers)
        return [still_open[id_] for id_ in ids if id_ in still_open]

    known = [present(case, travel)]
    for numbers in before:
        known.append(evaluate(case, order(numbers), travel, known))
    stops = order(wanted)
    if joined:
        stops.insert(len(stops) // 2, day.state.stops["s3.5"])
    assert _told(evaluate(case, stops, travel, known)) == _told(evaluate(case, stops, travel))
