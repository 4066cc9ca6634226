"""Before and after, side by side: who is late now, who is saved, whom somebody has to tell."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from tests.routes.cases import Shift, locked, shift, stop, vehicle, window
from tower.domain.records import Stop, Vehicle
from tower.domain.words import StopKind, VehicleKind
from tower.routes.impact import TELL_AFTER, Impact, StopImpact, impact
from tower.routes.violations import Rule


@dataclass(frozen=True)
class Change:
    """Orders of the routes A and B, present and wanted."""

    day: Shift
    before: dict[str, str]
    after: dict[str, str]

    @property
    def impact(self) -> Impact:
        return impact(
            {
                route_id: self.day.prospect(order, route_id)
                for route_id, order in self.before.items()
            },
            {
                route_id: self.day.prospect(order, route_id)
                for route_id, order in self.after.items()
            },
            self._taken,
        )

    @property
    def _taken(self) -> list[Stop]:
        was, would = (
            {stop_id for order in orders.values() for stop_id in order.split()}
            for orders in (self.before, self.after)
        )
        return [self.day.state.stops[stop_id] for stop_id in sorted(was - would)]


def changed(*stops: Stop, to: str, b: str | None = None, by: Vehicle | None = None) -> Change:
    """Route A driven in another order, and B too where it is named."""
    day = shift(*stops, started=False, vehicles={"A": by or vehicle(), "B": vehicle()})
    orders = {
        route_id: " ".join(one.id for one in stops if one.route_id == route_id)
        for route_id in ("A", "B")
    }
    before = orders if b is not None else {"A": orders["A"]}
    after = {"A": to} if b is None else {"A": to, "B": b}
    return Change(day, before, after)


def ids(stops: Iterable[StopImpact]) -> set[str]:
    return {one.stop_id for one in stops}


def of(stop_id: str, found: Impact) -> StopImpact:
    return next(one for one in found.stops if one.stop_id == stop_id)


def test_each_stop_has_its_place_and_time_before_and_after() -> None:
    found = changed(stop(1), stop(2), stop(3), to="s3 s1 s2").impact
    assert [(one.stop_id, one.place_before, one.place_after) for one in found.stops] == [
        ("s3", 3, 1),
        ("s1", 1, 2),
        ("s2", 2, 3),
    ]
    # 3 km out, service, 2 km back, service, 1 km out again.
    assert [round(one.shift_s / 60) for one in found.stops] == [-4, 6, 6]
    assert round(found.distance_m / 1000, 1) == 2.0
    assert {one.route_after for one in found.stops} == {"A"}


def test_a_window_newly_missed_and_one_kept_again_are_told_apart() -> None:
    found = changed(
        stop(1, **window(-60, 3)),
        stop(2, **window(-60, 3)),
        stop(3, **window(-60, 30)),
        stop(40, **window(-60, 3)),
        to="s2 s1 s3 s40",
    ).impact
    assert ids(found.broken) == {"s1"}
    assert ids(found.saved) == {"s2"}


def test_customers_hear_of_ten_minutes_and_of_what_is_lost() -> None:
    stops = [stop(1), stop(3), stop(20), stop(21)]
    found = changed(*stops, to="s20 s1 s3").impact
    assert ids(found.to_tell) == {"s1", "s3", "s21"}
    assert ids(changed(stop(1), stop(2), to="s2 s1").impact.to_tell) == set()


def test_nobody_waits_where_a_vehicle_charges_or_takes_parcels_over() -> None:
    visits = [stop(2, kind=StopKind.CHARGE), stop(3, kind=StopKind.PICKUP, collects=("s1",))]
    later = changed(*visits, stop(1), stop(20), to="s20 s2 s3 s1").impact
    assert of("s2", later).shift_s > TELL_AFTER.total_seconds()
    assert ids(later.to_tell) == {"s1", "s20"}
    assert ids(changed(*visits, stop(1), to="s1").impact.to_tell) == set()


def test_parcels_nobody_collects_any_more_cannot_be_delivered() -> None:
    shop = stop(1, kind=StopKind.PICKUP, collects=("s2", "s3"))
    found = changed(shop, stop(2), stop(3), stop(4), to="s2 s4").impact
    assert [(one.rule, one.stop_id, one.hard) for one in found.raised] == [
        (Rule.PICKUP, "s2", True)
    ]
    assert not changed(shop, stop(2), stop(3), stop(4), to="s4").impact.raised
    other = stop(1.5, kind=StopKind.PICKUP, collects=("s2",))
    assert not changed(shop, other, stop(2), to="s1.5 s2").impact.raised


def test_without_the_visit_that_takes_them_over_parcels_stay_aboard_the_other_vehicle() -> None:
    meeting = stop(1, kind=StopKind.PICKUP, collects=("s2",))
    aboard_b = replace(stop(2), parcels_on="B")
    found = changed(meeting, aboard_b, to="s2").impact
    assert {one.rule for one in found.raised} <= {Rule.HANDOVER}


def test_a_stop_that_comes_from_nowhere_has_no_time_before() -> None:
    found = changed(stop(1), stop(2, ""), to="s2 s1").impact
    came = of("s2", found)
    assert (came.route_before, came.route_after, came.before, came.shift_s) == ("", "A", None, 0.0)
    assert not came.to_tell


def test_a_stop_taken_off_has_no_time_after() -> None:
    found = changed(stop(1), stop(2), to="s1").impact
    gone = of("s2", found)
    assert (gone.route_before, gone.route_after, gone.after) == ("A", "", None)
    assert gone.to_tell


def test_a_stop_on_another_route_is_one_stop() -> None:
    found = changed(stop(1), stop(2), stop(3, "B"), to="s1", b="s2 s3").impact
    moved = of("s2", found)
    assert (moved.route_before, moved.route_after) == ("A", "B")
    assert len(found.stops) == 3
    assert {one.route_id for one in found.routes} == {"A", "B"}


def test_kilometres_hours_and_fuel_add_up_over_the_routes() -> None:
    found = changed(stop(1), stop(5), stop(4, "B"), to="s1", b="s4 s5").impact
    by_route = {one.route_id: one for one in found.routes}
    assert [round(by_route[one].distance_m / 1000) for one in ("A", "B")] == [-8, 2]
    assert round(found.distance_m / 1000) == -6
    assert by_route["A"].driving_s == pytest.approx(-8 * 60, abs=1)
    assert by_route["A"].energy == pytest.approx(-8 * 0.0996, abs=0.01)
    assert by_route["A"].before.case.kind is VehicleKind.VAN


def test_lateness_is_what_is_added_to_all_of_it() -> None:
    limits = window(-60, 3)
    found = changed(stop(1, **limits), stop(2, **limits), to="s2 s1").impact
    # Stop 1 was in time and comes 2 minutes late; stop 2 was 1 minute late and is in time.
    assert found.lateness_s == pytest.approx(60, abs=1)


def test_hard_constraints_stand_first_and_old_ones_do_not_count() -> None:
    lift = vehicle(height_m=3.0)
    found = changed(
        stop(1, height_limit_m=2.5),
        stop(2, **window(-60, 5)),
        stop(3, **window(-60, 12), window_is_hard=True),
        stop(9),
        by=lift,
        to="s1 s9 s2 s3",
    ).impact
    assert [(one.rule, one.hard, one.stop_id) for one in found.raised] == [
        (Rule.WINDOW, True, "s3"),
        (Rule.WINDOW, False, "s2"),
    ]
    assert found.hard == found.raised[:1]


def test_what_is_no_longer_broken_is_said() -> None:
    found = changed(stop(1), stop(2, **window(-60, 3)), to="s2 s1").impact
    assert [(one.rule, one.stop_id) for one in found.cleared] == [(Rule.WINDOW, "s2")]
    assert found.raised == ()


def test_trouble_that_moves_along_with_its_stop_is_not_new() -> None:
    late = stop(2, window_is_hard=True, **window(-60, -10))
    found = changed(stop(1), late, stop(3, "B"), to="s1", b="s2 s3").impact
    assert found.hard == ()


def test_taking_off_what_is_promised_is_a_hard_matter() -> None:
    found = changed(stop(1), locked(stop(2), "promised by phone"), to="s1").impact
    assert [(one.rule, one.stop_id, one.words) for one in found.hard] == [
        (Rule.LOCKED, "s2", "is locked: promised by phone")
    ]


def test_an_impact_on_estimated_roads_says_so() -> None:
    known = changed(stop(1), stop(2), to="s2 s1")
    assert not known.impact.estimated
    elsewhere = stop(7.5)
    known.day.state.stops[elsewhere.id] = elsewhere
    assert Change(known.day, known.before, {"A": "s1 s7.5 s2"}).impact.estimated
