"""Customers see an arrival that holds, and no other while it does."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.eta.courses import NOW, courses
from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON, small_shift, stop_plan, told
from tower.domain.events import ArrivalPublished, Event, RouteStarted, StopDelivered, StopPlanned
from tower.domain.records import PublishedArrival, Subject
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.model import Reason
from tower.eta.online import Adjustment
from tower.eta.schedule_model import ScheduleModel
from tower.gateway.forecasting.forecast import Forecast
from tower.gateway.forecasting.publishing import _why, publications
from tower.gateway.settings import GatewaySettings


@pytest.fixture
def started(tmp_path: Path) -> Iterator[RunningGateway]:
    """The first van has left; nothing is predicted by itself any more."""
    settings = GatewaySettings(data=str(tmp_path), port=0, project_s=1e6, watch_s=1e6)
    shift = [*small_shift(), told(NOON, Subject(route_id="A"), RouteStarted())]
    with running_gateway(tmp_path, settings=settings, shift=shift) as running:
        with running.client() as http:
            asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        yield running


def look(running: RunningGateway, minute: float) -> None:
    """Predict and publish so many minutes after noon."""
    running.clock.set((NOON + timedelta(minutes=minute)).timestamp())

    async def look_once() -> None:
        await running.gateway.projection.renew()
        await running.gateway.forecasting.publish()

    asyncio.run_coroutine_threadsafe(look_once(), running.loop).result(20)


def published(running: RunningGateway, stop_id: str) -> list[Event]:
    """What was set for the customer of a stop, oldest first."""
    events = running.journal.about("stop", stop_id, 1_000)
    return [event for event in events if isinstance(event.body, ArrivalPublished)]


def test_the_customers_of_a_route_under_way_see_when_to_expect_it(started: RunningGateway) -> None:
    look(started, 1)
    seen = started.state.stops["S3"].published
    arrival = started.gateway.projection.arrivals["S3"]
    assert seen is not None
    assert seen.start <= arrival.p10.replace(microsecond=0) + timedelta(minutes=1)
    assert seen.end >= arrival.p90
    assert started.state.stops["S7"].published is None, "its route has not left"
    assert started.state.stops["S1"].published is None, "it is done"


def test_what_customers_see_stands_still_while_it_holds(started: RunningGateway) -> None:
    for step in range(40):
        look(started, 1 + step / 6)
    assert len(published(started, "S4")) == 1


def test_a_delay_changes_what_customers_see_and_says_why(started: RunningGateway) -> None:
    look(started, 1)
    before = started.state.stops["S4"].published
    look(started, 45)
    after = started.state.stops["S4"].published
    assert before is not None
    assert after is not None
    assert after.end > before.end
    assert "later" in after.because
    with started.client() as http:
        answer = http.get("/v1/stops/S4/arrival").json()
    assert answer["published_changes"] == 1
    assert answer["window_end"] == "2026-11-20T14:00:00Z", "the promise is another thing"
    assert answer["published"]["because"] == after.because


def test_what_is_planned_anew_changes_what_customers_see_at_once(started: RunningGateway) -> None:
    look(started, 1)
    slow = replace(stop_plan(2), service_s=3_600.0)
    planned = told(NOON + timedelta(minutes=1), Subject(stop_id="S2"), StopPlanned(plan=slow))
    started.journal.append([planned]).result(20)
    look(started, 1.02)
    after = started.state.stops["S4"].published
    assert after is not None
    assert "later" in after.because


def test_nothing_is_set_for_a_stop_that_was_served_meanwhile(started: RunningGateway) -> None:
    delivered = told(NOON, Subject(stop_id="S2"), StopDelivered())
    started.journal.append([delivered]).result(20)
    look(started, 1)
    assert published(started, "S2") == []


@given(st.tuples(courses("A"), courses("B")), st.integers(1, 4), st.integers(1, 9))
def test_where_many_are_to_be_set_the_soonest_are_set_first(
    driven: tuple[Course, Course], most: int, hours: int
) -> None:
    fleet = Fleet(ScheduleModel())
    outlook = fleet.project(NOW, driven)
    arrivals = outlook.arrivals(fleet.model.quantiles(outlook.rows))
    forecast = Forecast(NOW, fleet.model, Adjustment(), outlook, arrivals)
    some, whole = (publications(forecast, timedelta(hours=hours), n) for n in (most, 1_000))
    assert [one.fresh.start for one in some] == [one.fresh.start for one in whole[:most]]
    assert {one.stop_id for one in some} <= {one.stop_id for one in whole}


def seen(start: int, end: int) -> PublishedArrival:
    """What a customer sees, in minutes after noon."""
    return PublishedArrival(
        start=NOON + timedelta(minutes=start), end=NOON + timedelta(minutes=end), at=NOON
    )


@pytest.mark.parametrize(
    ("fresh", "words"),
    [
        (seen(50, 80), "rain"),
        (seen(10, 40), "this driver's pace today"),
        (seen(35, 55), ""),
        (seen(20, 70), ""),
    ],
)
def test_the_reason_told_is_one_that_moves_an_arrival_that_way(
    fresh: PublishedArrival, words: str
) -> None:
    reasons = (Reason("this driver's pace today", -400.0), Reason("rain", 300.0))
    assert _why(seen(30, 60), fresh, reasons) == words
