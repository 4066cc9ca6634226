"""What counts as what, told as small stories."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.kpi.journals import MemoryJournal
from tests.kpi.recount.kept import Kept
from tower.domain import events as e
from tower.domain.events import Event, PredictedArrival
from tower.domain.records import (
    Actor,
    Finding,
    RoutePlan,
    Shift,
    StopChanges,
    StopPlan,
    Subject,
    Vehicle,
)
from tower.domain.words import (
    AttemptReason,
    ClaimKind,
    ClaimOutcome,
    ExceptionKind,
    ExceptionState,
    Severity,
    StopKind,
    VehicleKind,
)
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.recounting import Recounting


def at(clock: str, day: int = 5) -> datetime:
    """A time in Vaduz on a day of March 2026, which is an hour ahead of UTC."""
    hours, minutes = clock.split(":")
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(
        hours=int(hours) - 1, minutes=int(minutes)
    )


class Story:
    """Events as they are learnt, and the facts made of them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        shift = Shift(
            id="shift-5",
            name="Thursday",
            date="2026-03-05",
            timezone="Europe/Vaduz",
            starts_at=at("8:00"),
            ends_at=at("18:00"),
        )
        self.tell(e.ShiftOpened(shift=shift), at("6:00"))
        vehicle = Vehicle(id="v1", carrier_id="c1", reference="v1", label="", kind=VehicleKind.VAN)
        self.tell(e.VehicleRegistered(vehicle=vehicle), at("6:00"))
        self.route("anna")

    def tell(self, body: e.AnyBody, when: datetime, **subject: str) -> "Story":
        number = len(self.events)
        self.events.append(
            Event(
                id=f"e{number:03}",
                at=when,
                recorded_at=when,
                actor=Actor(kind="carrier", id="c1"),
                subject=Subject(**subject),
                body=body,
            )
        )
        return self

    def route(self, driver: str, when: str = "6:00") -> "Story":
        plan = RoutePlan(
            id="R-1", name="R-1", carrier_id="c1", depot_id="d1", vehicle_id="v1", driver_id=driver
        )
        return self.tell(e.RoutePlanned(plan=plan), at(when), route_id="R-1")

    def stop(self, window: str = "", when: str = "6:00", **more: Any) -> "Story":  # noqa: ANN401
        """A stop on the route, with a window like `9:00-10:00`."""
        start, _, end = window.partition("-")
        plan = StopPlan(
            id="s1",
            lat=47.1,
            lon=9.5,
            window_start=at(start) if start else None,
            window_end=at(end) if end else None,
            **more,
        )
        self.tell(e.StopPlanned(plan=plan), at(when), stop_id="s1")
        sequence = e.RouteSequence(route_id="R-1", version=1, stops=("s1",))
        return self.tell(e.RoutesSequenced(routes=(sequence,)), at(when), route_id="R-1")

    def about_stop(self, body: e.AnyBody, when: str, day: int = 5) -> "Story":
        return self.tell(body, at(when, day), stop_id="s1", route_id="R-1", carrier_id="c1")

    def came(self, when: str) -> "Story":
        return self.about_stop(e.StopArrived(), when)

    def delivered(self, when: str, day: int = 5) -> "Story":
        return self.about_stop(e.StopDelivered(), when, day)

    def attempted(self, when: str, day: int = 5) -> "Story":
        return self.about_stop(e.StopAttempted(reason=AttemptReason.NOT_HOME), when, day)

    def facts(self, kind: FactKind = FactKind.STOP) -> list[Fact]:
        journal, kept = MemoryJournal(self.events), Kept()
        recounting = Recounting(journal, kept)
        for event in journal.events:
            kept.put(recounting.take([event]), event.seq)
        found = [one for facts in kept.facts.values() for one in facts if one.kind is kind]
        return sorted(found, key=lambda one: one.at)

    def fact(self, kind: FactKind = FactKind.STOP) -> Fact:
        [only] = self.facts(kind)
        return only


def test_a_stop_counts_where_and_when_it_was_served() -> None:
    story = Story().stop("9:00-10:00", postcode="9490", brand="b1", service_level="express")

    fact = story.came("9:28").delivered("9:33").fact()

    assert (fact.day, fact.hour, fact.at) == (date(2026, 3, 5), 9, at("9:33"))
    assert (fact.carrier, fact.depot, fact.route, fact.driver) == ("c1", "d1", "R-1", "anna")
    assert (fact.vehicle, fact.postcode, fact.account) == ("van", "9490", "b1")
    assert (fact.service_level, fact.lat, fact.lon) == ("express", 47.1, 9.5)
    assert fact.adds == {
        "stops": 1,
        "done": 1,
        "first_tries": 1,
        "first_successes": 1,
        "windowed": 1,
        "on_time": 1,
        "windowed_at_dispatch": 1,
        "on_time_at_dispatch": 1,
        "doors": 1,
        "door_s": 300,
    }


def test_what_is_edited_afterwards_moves_no_figure() -> None:
    story = Story().stop("9:00-10:00").came("10:04").delivered("10:10")
    before = story.fact()

    story.stop("9:00-12:00", when="11:00", postcode="9999").route("ben", when="11:00")
    story.about_stop(e.StopAmended(changes=StopChanges(window_end=at("12:00"))), "11:30")

    assert story.fact() == before
    assert "on_time" not in before.adds


def test_a_message_that_was_merely_late_completes_the_figure() -> None:
    story = Story().stop("9:00-10:00").delivered("10:10")
    assert "on_time" not in story.fact().adds

    story.came("9:58")

    assert story.fact().adds["on_time"] == 1
    assert story.fact().adds["door_s"] == 720


def test_a_manifest_imported_late_tells_what_was_planned_and_a_second_one_nothing() -> None:
    story = Story()
    story.came("9:28").delivered("9:33")
    assert "windowed" not in story.fact().adds

    story.stop("9:00-10:00", when="13:00")
    assert story.fact().adds["on_time"] == 1

    story.stop("7:00-8:00", when="13:30")
    assert story.fact().adds["on_time"] == 1


def test_what_was_promised_anew_on_the_way_counts_as_promised_last_only() -> None:
    story = Story().stop("9:00-10:00").tell(e.RouteStarted(), at("8:00"), route_id="R-1")
    anew = StopChanges(window_start=at("11:00"), window_end=at("12:00"))
    story.about_stop(e.StopAmended(changes=anew), "9:30").came("11:30").delivered("11:35")

    adds = story.fact().adds

    assert (adds["windowed"], adds["on_time"], adds["windowed_at_dispatch"]) == (1, 1, 1)
    assert "on_time_at_dispatch" not in adds


def test_what_was_agreed_before_the_start_is_promised_at_dispatch() -> None:
    story = Story().stop("9:00-10:00")
    anew = StopChanges(window_start=at("11:00"), window_end=at("12:00"))
    story.about_stop(e.StopAmended(changes=anew), "7:00")
    story.tell(e.RouteStarted(), at("8:00"), route_id="R-1").came("11:30").delivered("11:35")

    assert story.fact().adds["on_time_at_dispatch"] == 1


def test_a_stop_delivered_at_the_second_try_is_done_and_one_failed_attempt() -> None:
    story = Story().stop("9:00-18:00").came("9:30").attempted("9:35").came("15:00")

    fact, failed = story.delivered("15:02").fact(), story.fact(FactKind.ATTEMPT)

    assert (fact.at, fact.adds["done"], fact.adds["first_tries"]) == (at("15:02"), 1, 1)
    assert "first_successes" not in fact.adds
    assert (failed.at, failed.label, failed.adds) == (at("9:35"), "not_home", {"failed": 1})


def test_an_attempt_counts_on_its_day_whatever_comes_the_next() -> None:
    story = Story().stop().attempted("9:35").delivered("10:00", day=6)

    first, second = story.facts()

    assert (first.day, first.adds) == (date(2026, 3, 5), {"stops": 1, "first_tries": 1})
    assert (second.day, second.adds) == (date(2026, 3, 6), {"stops": 1, "done": 1})


def test_the_same_outcome_said_twice_is_one() -> None:
    story = Story().stop().came("9:30").attempted("9:35").attempted("9:36")

    assert len(story.facts(FactKind.ATTEMPT)) == 1
    assert story.fact().adds["door_s"] == 300


def test_a_stop_passed_by_stands_among_the_failed_ones() -> None:
    story = Story().stop().about_stop(e.StopSkipped(), "9:35")

    assert story.fact(FactKind.ATTEMPT).label == "skipped"


@pytest.mark.parametrize("kind", [StopKind.CHARGE, StopKind.PICKUP])
def test_where_no_customer_waits_nothing_is_counted(kind: StopKind) -> None:
    assert Story().stop(kind=kind).about_stop(e.StopCollected(), "9:35").facts() == []


def test_a_cancelled_stop_is_not_counted() -> None:
    assert Story().stop().about_stop(e.StopCancelled(), "9:35").facts() == []


@pytest.mark.parametrize(
    ("starts", "done", "day", "hour"),
    [
        # Across midnight.
        ((2026, 3, 5, 21), (2026, 3, 6, 1, 30), date(2026, 3, 5), 2),
        # Across the nights clocks go forward (2:00 to 3:00), and back (3:00 to 2:00).
        ((2026, 3, 28, 21), (2026, 3, 29, 1, 30), date(2026, 3, 28), 3),
        ((2026, 10, 24, 20), (2026, 10, 25, 0, 30), date(2026, 10, 24), 2),
        ((2026, 10, 24, 20), (2026, 10, 25, 1, 30), date(2026, 10, 24), 2),
        # Long after the shift: the calendar's day.
        ((2026, 3, 5, 21), (2026, 3, 6, 14, 0), date(2026, 3, 6), 15),
    ],
)
def test_a_night_shift_is_one_day_and_its_hours_are_those_on_the_wall(
    starts: tuple[int, int, int, int],
    done: tuple[int, int, int, int, int],
    day: date,
    hour: int,
) -> None:
    begins = datetime(*starts, tzinfo=UTC)
    shift = Shift(
        id="night",
        name="",
        date=begins.date().isoformat(),
        timezone="Europe/Vaduz",
        starts_at=begins,
        ends_at=begins + timedelta(hours=8),
    )
    story = Story().tell(e.ShiftOpened(shift=shift), begins - timedelta(hours=9))
    story.tell(e.StopDelivered(), datetime(*done, tzinfo=UTC), stop_id="s1")

    fact = story.fact()

    assert (fact.day, fact.hour) == (day, hour)


def test_predictions_are_held_against_the_arrival() -> None:
    story = Story().stop()
    for made, in_min, span_min in (("8:40", 100, 5), ("8:55", 70, 5), ("9:02", 55, 5)):
        row = PredictedArrival(
            stop_id="s1", in_s=in_min * 60, early_s=span_min * 60, late_s=span_min * 60, travel_s=9
        )
        body = e.ArrivalsPredicted(model="schedule", rows=(row,))
        story.tell(body, at(made), route_id="R-1")

    fact = story.came("10:00").delivered("10:03").fact()

    # The newest made an hour ahead is that of 8:55, which said 10:05.
    assert (fact.adds["eta_n_60"], fact.adds["eta_abs_s_60"]) == (1, 300)
    assert (fact.adds["eta_covered_60"], fact.eta_error) == (1, -5)
    assert "eta_n_30" not in fact.adds
    assert "eta_n_120" not in fact.adds


def test_a_finished_route_says_how_long_how_far_and_how_many() -> None:
    story = Story().stop().tell(e.RouteStarted(), at("8:00"), route_id="R-1").delivered("9:00")
    story.tell(e.RouteFinished(), at("10:00"), route_id="R-1")
    story.tell(e.RouteMeasured(driven_m=10_000.0, fuel_l=1.0), at("10:00"), route_id="R-1")

    fact = story.fact(FactKind.ROUTE)

    assert fact.adds["route_s"] == 7_200
    assert (fact.adds["route_stops"], fact.adds["driven_m"]) == (1, 10_000)
    assert fact.adds["measured_stops"] == 1
    assert fact.adds["energy_kwh"] == 10.0
    assert (fact.vehicle, fact.driver) == ("van", "anna")


def _work(state: ExceptionState, version: int) -> e.ExceptionWorked:
    return e.ExceptionWorked(state=state, version=version)


def test_an_exception_says_how_soon_somebody_acted() -> None:
    story = Story().stop(postcode="9490")
    finding = Finding(
        kind=ExceptionKind.LATE,
        severity=Severity.MAJOR,
        subject=Subject(stop_id="s1"),
        headline="",
        sla_due_at=at("9:15"),
    )
    story.tell(e.ExceptionRaised(finding=finding), at("9:00"), exception_id="x1")
    assert story.fact(FactKind.EXCEPTION).adds == {"raised": 1, "sla_due": 1}

    for version, (state, clock) in enumerate(
        [
            (ExceptionState.CLAIMED, "9:10"),
            (ExceptionState.RESOLVED, "9:30"),
            (ExceptionState.OPEN, "9:40"),
            (ExceptionState.CLAIMED, "9:50"),
            (ExceptionState.RESOLVED, "10:00"),
        ],
        start=2,
    ):
        story.tell(_work(state, version), at(clock), exception_id="x1")

    fact = story.fact(FactKind.EXCEPTION)
    assert (fact.label, fact.postcode, fact.route) == ("late", "9490", "R-1")
    assert (fact.adds["claim_s"], fact.adds["resolve_s"], fact.adds["sla_kept"]) == (600, 3_600, 1)


def test_a_collected_return_is_closed_however_much_later() -> None:
    story = Story().stop(kind=StopKind.RETURN).about_stop(e.StopCollected(), "9:30")
    assert story.fact(FactKind.RETURN).adds == {"returns_due": 1, "returns_collected": 1}

    story.about_stop(e.ReturnClosed(), "12:00", day=9)

    assert story.fact(FactKind.RETURN).adds["returns_closed"] == 1
    assert story.fact(FactKind.RETURN).day == date(2026, 3, 5)


def test_a_claim_counts_as_filed_first_and_is_settled_later() -> None:
    story = Story().stop().delivered("9:30")
    story.about_stop(e.ClaimFiled(claim_id="k1", kind=ClaimKind.NOT_RECEIVED), "12:00")
    story.about_stop(e.ClaimFiled(claim_id="k1", kind=ClaimKind.DAMAGED), "13:00")
    story.about_stop(e.ClaimSettled(claim_id="k1", outcome=ClaimOutcome.UPHELD), "9:00", day=9)

    fact = story.fact(FactKind.CLAIM)

    assert (fact.label, fact.at) == ("not_received", at("12:00"))
    assert fact.adds == {"claims": 1, "disputes": 1, "claims_settled": 1}


def test_an_answer_counts_once() -> None:
    story = Story().stop().delivered("9:30")
    for clock, nps in (("12:00", 10), ("13:00", 0)):
        story.about_stop(e.SurveyAnswered(survey_id="q1", csat=4, nps=nps), clock)

    fact = story.fact(FactKind.SURVEY)

    assert fact.adds == {"csat_n": 1, "csat_sum": 4, "nps_n": 1, "nps_net": 1}


def test_only_customers_who_reached_us_are_contacts() -> None:
    story = Story().stop()
    story.about_stop(e.CustomerContacted(topic="wismo"), "9:00")
    story.about_stop(e.CustomerContacted(topic="wismo", inbound=False), "9:10")
    story.tell(e.CustomerContacted(topic="complaint"), at("9:20"), carrier_id="c2")

    known, unknown = story.facts(FactKind.CONTACT)

    assert (known.label, known.route, known.adds) == ("wismo", "R-1", {"contacts": 1, "wismo": 1})
    assert (unknown.carrier, unknown.stop_id, unknown.adds) == ("c2", "", {"contacts": 1})
