"""How vehicles stood at a moment: by what was predicted then, else by the plan of the day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.gateway.shift import MORNING, NOON, small_shift, told
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.moments import utc
from tower.domain.records import Finding, StopPlan, Subject
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionKind, Punctuality, Severity
from tower.eta.promise import punctuality
from tower.feed.vehicles import VehicleNow
from tower.replay.positions import Positions
from tower.replay.promises import punctuality_codes
from tower.replay.recording import Recording, RecordingInfo

HERE = Fix(vehicle_id="own:A", at=MORNING, lat=47.14, lon=9.52)
STARTED = told(MORNING + timedelta(hours=1), Subject(route_id="A"), e.RouteStarted())


def stands(more: Sequence[Event], at: datetime) -> VehicleNow:
    """How the vehicle of route A stands at a moment of a day of which this is known."""
    events = sorted((*small_shift(), *more), key=lambda event: event.at)
    known = [replace(event, seq=n, recorded_at=event.at) for n, event in enumerate(events, 1)]
    info = RecordingInfo(
        epoch="j", name="", region="", zone="UTC", begins=MORNING, ends=NOON, made_at=NOON
    )
    recording = Recording(info, base=State(), events=known, positions=Positions.of([HERE]))
    row = recording.reader().moment(at).vehicles.row("own:A")
    assert row is not None
    return row


def arrived(stop_id: str, at: datetime) -> list[Event]:
    """A stop reached, and done two minutes later."""
    about = Subject(stop_id=stop_id, route_id="A")
    done = told(at + timedelta(minutes=2), about, e.StopDelivered())
    return [told(at, about, e.StopArrived()), done]


def predicted(stop_id: str, at: datetime, in_s: int) -> Event:
    row = e.PredictedArrival(stop_id=stop_id, in_s=in_s, early_s=60, late_s=60, travel_s=300)
    return told(at, Subject(route_id="A"), e.ArrivalsPredicted(model="schedule", rows=(row,)))


def test_before_it_starts_a_vehicle_is_idle() -> None:
    assert stands([], NOON - timedelta(minutes=30)).punctuality is Punctuality.IDLE


def test_without_predictions_the_plan_moved_by_the_last_delay_tells() -> None:
    # S2 was planned for 12:20 and reached at 12:50: S3, planned for 12:30, is expected at 13:00.
    late = [STARTED, *arrived("S1", NOON), *arrived("S2", NOON + timedelta(minutes=50))]
    now = stands(late, NOON + timedelta(minutes=53))
    assert (now.next_stop_id, now.delay_s) == ("S3", 1800)
    assert now.punctuality is Punctuality.ON_TIME
    # Nobody came by 13:58, two minutes before the window ends: that is a close call.
    assert stands(late, NOON + timedelta(minutes=118)).punctuality is Punctuality.AT_RISK
    assert stands(late, NOON + timedelta(minutes=121)).punctuality is Punctuality.LATE


def test_a_prediction_counts_for_more_than_the_plan() -> None:
    events = [STARTED, *arrived("S1", NOON), predicted("S3", NOON + timedelta(minutes=5), 9_000)]
    now = stands(events, NOON + timedelta(minutes=6))
    assert now.next_stop_id == "S3"
    assert now.punctuality is Punctuality.LATE
    assert now.delay_s == 5 * 60 + 9_000 - 30 * 60


def test_a_vehicle_nothing_is_heard_of_says_so() -> None:
    about = Subject(vehicle_id="own:A", exception_id="silent")
    finding = Finding(
        kind=ExceptionKind.NO_SIGNAL, severity=Severity.MAJOR, subject=about, headline="No signal"
    )
    raised = told(NOON, about, e.ExceptionRaised(finding=finding))
    assert stands([STARTED, raised], NOON).punctuality is Punctuality.NO_SIGNAL
    before = stands([STARTED, raised], NOON - timedelta(seconds=1))
    assert before.punctuality is not Punctuality.NO_SIGNAL


def test_when_the_route_is_over_it_is_done() -> None:
    over = told(NOON, Subject(route_id="A"), e.RouteFinished())
    assert stands([STARTED, over], NOON).punctuality is Punctuality.DONE


MOMENTS = st.integers(-7_200, 7_200).map(lambda s: utc(1_795_590_000 + s))


@given(st.none() | MOMENTS, st.none() | MOMENTS, MOMENTS, st.integers(0, 3_000))
def test_promises_are_judged_as_everywhere_else(
    closes: datetime | None, planned: datetime | None, p50: datetime, late_s: int
) -> None:
    plan = StopPlan(id="s", lat=47.0, lon=9.0, window_end=closes, planned_at=planned)
    p90 = p50 + timedelta(seconds=late_s)
    columns = [np.array([at.timestamp() if at else np.nan]) for at in (closes, planned, p50, p90)]
    assert punctuality_codes(*columns).tolist() == [punctuality(plan, p50, p90).code]
