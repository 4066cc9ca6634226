"""What one click would do about a reply."""

import pytest
from msgspec.structs import replace

from tests.outreach.scene import POINT, ROSA, Scene, at
from tower.domain import events as e
from tower.domain.messages import Recognised
from tower.domain.records import RoutePlan, StopChanges
from tower.domain.words import Intent
from tower.outreach.deeds import Deed, deeds


def routed() -> Scene:
    scene = Scene(replace(ROSA, id="first"), ROSA)
    scene.tell(e.RoutePlanned(plan=RoutePlan(id="r", name="R-1", carrier_id="own")), at("7:00"))
    sequence = e.RouteSequence(route_id="r", version=1, stops=("first", "s"))
    return scene.tell(e.RoutesSequenced(routes=(sequence,)), at("7:00"))


def deed(intent: Intent, value: str = "", scene: Scene | None = None) -> Deed:
    asked = Recognised(intent=intent, value=value)
    (found,) = deeds((scene or routed()).state, "s", (asked,))
    return found


def test_a_gate_code_is_attached_to_the_stop_by_its_number() -> None:
    found = deed(Intent.GATE_CODE, "4417#")
    assert found.words == "Attach 4417# to stop 2"
    assert found.changes == StopChanges(access_code="4417#")


def test_a_stop_on_no_route_has_no_number() -> None:
    assert deed(Intent.GATE_CODE, "4417#", Scene()).words == "Attach 4417# to the stop"


def test_a_safe_place_is_written_down_or_asked_for() -> None:
    found = deed(Intent.SAFE_PLACE, "hinter dem Haus")
    assert (found.words, found.changes) == (
        "Leave it: hinter dem Haus",
        StopChanges(safe_place="hinter dem Haus"),
    )
    assert deed(Intent.SAFE_PLACE).template == "safe_place"


def test_a_slot_that_was_chosen_is_promised_on_the_customers_clock() -> None:
    found = deed(Intent.RESCHEDULE, "2026-11-26T09:00Z/2026-11-26T11:00Z")
    assert found.words == "Promise 26.11. 10:00–12:00"
    assert found.changes == StopChanges(window_start=at("10:00", 1), window_end=at("12:00", 1))


def test_a_day_in_words_is_answered_with_slots() -> None:
    found = deed(Intent.RESCHEDULE, "morgen nach 17 Uhr")
    assert found.words == "Offer another time (morgen nach 17 Uhr)"
    assert (found.changes, found.template) == (None, "new_slot")


def test_a_pickup_point_becomes_the_stops_place() -> None:
    found = deed(Intent.PICKUP_POINT, "kiosk")
    assert found.words == "Bring it to Kiosk am Platz"
    assert found.changes == StopChanges(
        address="Kiosk am Platz, Platz 1", lat=POINT.lat, lon=POINT.lon
    )


def test_who_asks_where_it_is_is_told() -> None:
    assert deed(Intent.WHERE).template == "where_is_it"


def test_that_they_wait_is_noted_for_the_driver() -> None:
    found = deed(Intent.WAIT)
    assert found.words == "Note for the driver: customer waits"
    assert found.changes == StopChanges(note="Customer waits.")


def test_that_they_wait_is_noted_once_and_beside_what_stands_there() -> None:
    asked = (Recognised(intent=Intent.WAIT),)
    for note, agreed in (
        ("Driver waits at the barrier.", "Driver waits at the barrier. Customer waits."),
        ("Second floor. Customer waits.", None),
    ):
        found = deeds(Scene(replace(ROSA, note=note)).state, "s", asked)
        assert [one.changes for one in found] == ([StopChanges(note=agreed)] if agreed else [])


@pytest.mark.parametrize("intent", [Intent.STOP, Intent.START])
def test_opting_out_was_seen_to_already(intent: Intent) -> None:
    assert deeds(routed().state, "s", (Recognised(intent=intent),)) == ()


def test_nothing_is_done_about_a_stop_that_is_done_for_good() -> None:
    asked = (Recognised(intent=Intent.GATE_CODE, value="4417#"),)
    scene = routed()
    scene.tell(e.StopAttempted(), at("14:00"), stop_id="s")
    assert len(deeds(scene.state, "s", asked)) == 1
    scene.tell(e.StopDelivered(), at("15:00"), stop_id="s")
    assert deeds(scene.state, "s", asked) == ()
    assert deeds(scene.state, "nowhere", asked) == ()
