"""The data of a carrier is measured each quarter of an hour: rate, lag, refusals, silence."""

from datetime import timedelta

import pytest

from tests.gateway.shift import NOON, small_shift, told
from tower.domain import events as e
from tower.domain.fold import apply, fold
from tower.domain.records import Subject
from tower.domain.state import State
from tower.feed.clock import RunningClock
from tower.gateway.hearing import Hearing
from tower.gateway.reckoning.carriers import STRETCH, CarrierListening

OWN = Subject(carrier_id="own")


class Listening:
    """One carrier, listened to from noon on."""

    def __init__(self) -> None:
        self._passed_s = 0.0
        self.clock = RunningClock(NOON.timestamp(), monotonic=lambda: self._passed_s)
        self.hearing = Hearing({}, NOON.timestamp())
        self.state: State = fold(small_shift())
        self.listening = CarrierListening(self.hearing, self.clock)

    def tell(self, minutes: float, body: e.AnyBody, subject: Subject = OWN) -> None:
        event = told(NOON + timedelta(minutes=minutes), subject, body)
        apply(self.state, event)
        self.listening.note([event])

    def hear(self, minutes: float, *lags_s: float, refused: int = 0) -> None:
        now = NOON.timestamp() + 60.0 * minutes
        self.hearing.heard("own", now, [now - lag for lag in lags_s], refused)

    def measured(self, minutes: float) -> list[e.Event]:
        self._passed_s = 60.0 * minutes
        return self.listening.due(self.state)


@pytest.fixture
def own() -> Listening:
    listening = Listening()
    listening.hear(-1.0, 3_600.0)
    listening.listening.begin(listening.state)
    return listening


def body_of(events: list[e.Event]) -> e.CarrierMeasured:
    (event,) = events
    assert event.subject == OWN
    assert isinstance(event.body, e.CarrierMeasured)
    return event.body


def test_what_came_since_is_counted_and_nothing_before(own: Listening) -> None:
    own.hear(2, 4.0, 6.0)
    own.hear(3, 5.0, refused=3)

    body = body_of(own.measured(15))

    assert (body.since, body.messages, body.refused) == (NOON, 2, 1)
    assert body.fixes == 3
    assert body.lag_s == pytest.approx(15.0)


def test_nothing_is_said_before_the_quarter_is_over(own: Listening) -> None:
    own.hear(2, 4.0)
    assert own.measured(14.9) == []


def test_each_stretch_begins_where_the_last_ended(own: Listening) -> None:
    own.hear(2, 4.0)
    own.measured(15)
    own.listening.begin(own.state)
    own.hear(20, 7.0)

    body = body_of(own.measured(30))

    assert (body.since, body.messages) == (NOON + STRETCH, 1)
    assert body.lag_s == pytest.approx(7.0)


def test_vehicles_count_while_they_are_under_way(own: Listening) -> None:
    own.tell(-30, e.RouteStarted(), Subject(route_id="A"))
    own.tell(5, e.RouteStarted(), Subject(route_id="B"))
    own.tell(10, e.RouteFinished(), Subject(route_id="A"))

    body = body_of(own.measured(15))

    assert body.vehicle_s == pytest.approx((10 + 10) * 60)
    assert body.vehicles == 1


def test_silence_counts_for_as_long_as_it_lasted(own: Listening) -> None:
    own.tell(2, e.CarrierFellSilent())
    own.tell(6, e.CarrierHeard())
    own.tell(13, e.CarrierFellSilent())

    assert body_of(own.measured(15)).silent_s == pytest.approx((4 + 2) * 60)


def test_a_silence_goes_on_into_the_next_stretch(own: Listening) -> None:
    own.tell(10, e.CarrierFellSilent())
    own.measured(15)
    own.listening.begin(own.state)

    assert body_of(own.measured(30)).silent_s == pytest.approx(15 * 60)


def test_nothing_is_written_down_of_a_carrier_at_rest(own: Listening) -> None:
    assert own.measured(15) == []
