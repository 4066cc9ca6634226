"""What is said of a door to a model, and of who comes there."""

import math
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tests.eta.courses import NOW, stop
from tower.domain.records import Progress, RoutePlan, Stamp, StopPlan
from tower.domain.words import Building, Requirement, StopState, VehicleKind
from tower.eta.doors import DOOR_FEATURES, Caller, DoorTimes, door_columns, driver_key
from tower.eta.model import Door, Floats
from tower.eta.schedule_model import ScheduleModel

ZONE = ZoneInfo("Europe/Vaduz")
CALLER = Caller("own", VehicleKind.VAN, "d1", 0.0)


def plan(
    carrier_id: str = "own", driver_id: str = "", driver_name: str = "", name: str = "R"
) -> RoutePlan:
    return RoutePlan(
        id=name, name=name, carrier_id=carrier_id, driver_id=driver_id, driver_name=driver_name
    )


def test_a_driver_is_the_same_from_shift_to_shift_and_no_name() -> None:
    monday = driver_key(plan(name="R1", driver_id="17", driver_name="Person One"))
    assert monday == driver_key(plan(name="R9", driver_id="17", driver_name="Person, One"))
    assert "17" not in monday
    assert driver_key(plan(driver_name="Person One"))
    assert driver_key(plan(driver_name="Person One")) != driver_key(
        plan(driver_name="Person One", carrier_id="other")
    )
    assert driver_key(plan()) == driver_key(None) == ""


def test_the_third_floor_is_climbed_only_where_no_lift_goes() -> None:
    flat = StopPlan(
        id="s",
        lat=47.0,
        lon=9.5,
        building=Building.FLATS,
        floor=3,
        parcels=("p1", "p2"),
        access_code="1234",
        needs=(Requirement.TWO_PEOPLE,),
    )
    plans = [flat, replace(flat, has_lift=True), StopPlan(id="s", lat=47.0, lon=9.5)]
    rows = door_columns([Door(one, hour=9.5, rain_mm_h=1.0) for one in plans])
    told = [dict(zip(DOOR_FEATURES, row.tolist(), strict=True)) for row in rows]
    assert [row["floors_on_foot"] for row in told[:2]] == [3, 0]
    assert math.isnan(told[2]["floors_on_foot"])
    assert math.isnan(told[2]["building"])
    assert (told[0]["parcels"], told[0]["has_code"], told[0]["needs"]) == (2, 1, 1)
    assert (told[0]["hour"], told[0]["rain_mm_h"]) == (9.5, 1)
    assert door_columns([]).shape == (0, len(DOOR_FEATURES))


class Counting(ScheduleModel):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def door_s(self, doors: Sequence[Door]) -> Floats:
        self.asked += [f"{door.plan.id} {door.hour:g} {door.rain_mm_h:g}" for door in doors]
        return super().door_s(doors)


def test_a_model_is_asked_once_for_each_door_and_again_where_it_changes() -> None:
    model = Counting()
    times, stops = DoorTimes(model), [stop(1), stop(2, service_s=50.0)]
    times.learn([(CALLER, stops)], NOW, ZONE)
    times.learn([(CALLER, stops)], NOW, ZONE)
    assert model.asked == ["s1 10.7667 0", "s2 10.7667 0"]
    assert times.of(stops) == [120, 50]
    changed = [stops[0], stop(2, service_s=80.0)]
    times.learn([(CALLER, changed)], NOW, ZONE)
    assert model.asked[2:] == ["s2 10.7667 0"]
    assert times.of(changed) == [120, 80]
    times.learn([(CALLER._replace(rain_mm_h=2.0), changed)], NOW, ZONE)
    assert len(model.asked) == 5


def test_a_door_that_was_left_keeps_the_weather_it_was_served_in() -> None:
    model, known = Counting(), stop(1)
    times = DoorTimes(model)
    times.learn([(CALLER, [known])], NOW, ZONE)
    outcome = Progress(state=StopState.DELIVERED, at=NOW, stamp=Stamp(1.0))
    served, rain = replace(known, outcome=outcome), CALLER._replace(rain_mm_h=2.0)
    times.learn([(rain, [served])], NOW, ZONE)
    assert len(model.asked) == 1
    assert times.of([served]) == [120]


def test_the_hour_of_a_door_is_the_one_it_is_planned_at() -> None:
    model, known = Counting(), stop(1)
    assert known.plan is not None
    at_dawn = NOW.replace(hour=5, minute=30)
    early = replace(known, plan=replace(known.plan, planned_at=at_dawn))
    DoorTimes(model).learn([(CALLER, [early])], NOW, ZONE)
    assert model.asked == ["s1 6.5 0"]
