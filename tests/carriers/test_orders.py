"""Which stop a carrier means, also while the shift changes and however large it is."""

import pytest
from msgspec.structs import replace

from tests.carriers.shift import opened_shift
from tower.carriers.orders import Orders
from tower.carriers.refusal import Rejected
from tower.domain.records import StopPlan
from tower.domain.state import State


class SlowMachine:
    """A monotonic clock by which every look takes a second."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1.0
        return self.seconds


def plan(state: State, stop_id: str, reference: str) -> None:
    """Hand a stop over, or change its reference, as the next event of the journal."""
    known = state.stops.get(stop_id) or state.stops["S1"]
    planned = StopPlan(id=stop_id, reference=reference, lat=47.1, lon=9.5)
    state.stops[stop_id] = replace(known, id=stop_id, plan=planned)
    state.seq += 1


def is_known(orders: Orders, reference: str) -> bool:
    try:
        orders.stop(reference, "own")
    except Rejected:
        return False
    return True


def test_a_stop_handed_over_later_is_found_by_its_reference_at_once() -> None:
    state = opened_shift()
    orders = Orders(state, SlowMachine())
    assert not is_known(orders, "ORD-9")
    plan(state, "S9", "ORD-9")
    assert is_known(orders, "ORD-9")


def test_a_reference_that_changed_is_found_by_its_new_name_and_not_by_its_old_one() -> None:
    state = opened_shift()
    orders = Orders(state, lambda: 0.0)  # reading takes no time, so there is nothing to rest from
    assert is_known(orders, "ORD-1")
    plan(state, "S1", "ORD-1b")
    assert not is_known(orders, "ORD-1")
    assert is_known(orders, "ORD-1b")


def test_a_second_stop_with_the_same_reference_makes_it_ambiguous() -> None:
    state = opened_shift()
    orders = Orders(state)
    assert is_known(orders, "ORD-1")
    plan(state, "S9", "ORD-1")
    assert not is_known(orders, "ORD-1")


def test_a_carrier_that_names_unknown_stops_all_day_does_not_keep_the_gateway_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = opened_shift()
    orders = Orders(state, SlowMachine())
    readings = 0
    read_again = orders._read_again

    def counted() -> None:
        nonlocal readings
        readings += 1
        read_again()

    monkeypatch.setattr(orders, "_read_again", counted)
    for number in range(1_000):
        state.seq += 1  # something else happened in between
        assert not is_known(orders, f"5{number:03d}")
    assert readings <= 150


def test_a_stop_that_went_to_another_carrier_may_still_be_reported_by_who_has_its_parcels() -> None:
    state = opened_shift()
    orders = Orders(state)
    state.stops["S1"] = replace(state.stops["S1"], route_id="R2", parcels_on="R1")
    state.stops["S2"] = replace(state.stops["S2"], route_id="R2")
    assert {orders.stop("S1", carrier).id for carrier in ("own", "other")} == {"S1"}
    assert orders.stop("S2", "other").id == "S2"
    with pytest.raises(Rejected, match="another carrier"):
        orders.stop("S2", "own")
