"""Looking only at what changed finds what looking at everything finds."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.watch.day import HUB, Day, Skies, at
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import apply, fold
from tower.domain.geometry import LatLon
from tower.domain.identity import derived_event_id
from tower.domain.records import Actor, Proof, Subject, Vehicle
from tower.domain.rulebook import Threshold
from tower.domain.state import Changed
from tower.domain.words import AttemptReason, Channel, ExceptionKind, StopKind
from tower.watch.watch import Watch

STEP = timedelta(seconds=10)
ROUTES = 6
STOPS = 5


class Follower:
    """A watch that is told what changed, with a state of its own."""

    def __init__(self, told: list[Event], skies: Skies, *, whole: bool) -> None:
        self.state = fold(told)
        self.watch = Watch(at("8:00"))
        self.skies, self.whole = skies, whole
        self.changed: set[Changed] = set()

    def hear(self, events: list[Event]) -> None:
        for event in events:
            self.changed.update(apply(self.state, event))

    def look(self, now: datetime) -> None:
        changed, self.changed = self.changed, set()
        events = self.watch.look(
            self.state, self.skies.sight, now, None if self.whole else changed, at_most=7
        )
        self.hear(events)
        while self.watch.is_behind:
            more, self.changed = self.changed, set()
            whole_more = None if self.whole else more
            self.hear(self.watch.look(self.state, self.skies.sight, now, whole_more))

    @property
    def open(self) -> set[tuple[ExceptionKind, str]]:
        """What is open, by kind and what it is about."""
        return {
            (one.finding.kind, one.finding.subject.stop_id or one.finding.subject.vehicle_id)
            for one in self.state.exceptions.values()
            if one.is_open and one.finding is not None
        }


class Chaos:
    """A day on which anything happens, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.told = Day().opened()
        self.skies = Skies()
        self.reports = 0
        for number in range(ROUTES):
            stops = " ".join(f"s{number}{place}" for place in range(STOPS))
            windows = dict.fromkeys(stops.split(), "8:30-9:30")
            self.told.route(f"R-{number}", stops, windows=windows)
            self._vary(number)

    def _vary(self, number: int) -> None:
        """A return, a cold stop and an electric vehicle here and there."""
        self.told.stop(f"s{number}1", 1, window="8:30-8:50", kind=StopKind.RETURN)
        if number % 2:
            self.told.stop(f"s{number}2", 2, window="8:30-9:30", temperature_limit_c=8.0)
        else:
            vehicle = Vehicle(
                id=f"own:R-{number}",
                carrier_id="own",
                reference=f"R-{number}",
                label="E",
                range_m=100_000.0,
            )
            self.told.tell(e.VehicleRegistered(vehicle=vehicle))

    def step(self, now: datetime) -> list[Event]:
        """Ten seconds of it: positions, arrivals, and now and then an event."""
        self.skies.heard["own"] = now
        self.skies.away_m = float(self.rng.choice([0.0, 300.0, 700.0]))
        self.skies.ahead_m = 20_000.0
        for number in range(ROUTES):
            if self.rng.random() < 0.5:
                place = self._place(number)
                self.skies.seen(
                    f"own:R-{number}",
                    now,
                    place,
                    temperature_c=float(self.rng.choice([6.0, 8.1, 9.0, 11.0])),
                    battery_pct=18.0 if now.minute // 10 % 2 else 60.0,
                )
        for _ in range(3):
            self._predict(now)
        return [self._event(now)] if self.rng.random() < 0.4 else []

    def _place(self, number: int) -> LatLon:
        jumps = int(self.rng.choice([0, 0, 0, 0, 1]))
        return LatLon(HUB.lat + 0.05 + 0.02 * number + 0.005 * jumps, HUB.lon)

    def _stop(self) -> str:
        return f"s{self.rng.integers(ROUTES)}{self.rng.integers(STOPS)}"

    def _predict(self, now: datetime) -> None:
        minutes = float(self.rng.uniform(-5, 90))
        spread = float(self.rng.uniform(60, 900))
        p50 = None if self.rng.random() < 0.1 else now + timedelta(minutes=minutes)
        self.skies.expect(self._stop(), p50, spread, spread)

    def _event(self, now: datetime) -> Event:
        self.reports += 1
        body, subject = self._anything()
        return Event(
            id=derived_event_id(now, str(self.reports)),
            at=now,
            recorded_at=now + timedelta(microseconds=self.reports),
            actor=Actor(kind="carrier", id="own"),
            subject=subject,
            body=body,
        )

    def _anything(self) -> tuple[e.AnyBody, Subject]:
        stop_id, route = self._stop(), int(self.rng.integers(ROUTES))
        reason = list(AttemptReason)[int(self.rng.integers(len(AttemptReason)))]
        reply = f"r{self.rng.integers(4)}"
        bodies: list[e.AnyBody] = [
            e.StopArrived(note=str(self.rng.choice(["", "code?"]))),
            e.StopArrived(),
            e.StopEnRoute(),
            e.StopDelivered(proof=Proof(lat=HUB.lat, lon=HUB.lon, scanned=("P",))),
            e.StopDelivered(),
            e.StopAttempted(reason=reason),
            e.StopSkipped(),
            e.CustomerContacted(topic=str(self.rng.choice(["wismo", "other"]))),
            e.CustomerContacted(topic="other", inbound=False),
            e.ReplyReceived(reply_id=reply, channel=Channel.SMS, address="a", words="b"),
        ]
        choice = int(self.rng.integers(len(bodies) + 3))
        match choice - len(bodies):
            case 0:
                return e.RepliesSeen(replies=(reply,)), Subject()
            case 1:
                return self._thresholds(), Subject()
            case 2:
                ended = e.RouteFinished() if self.rng.random() < 0.3 else e.RouteStarted()
                return ended, Subject(route_id=f"R-{route}")
            case _:
                return bodies[choice], Subject(stop_id=stop_id)

    def _thresholds(self) -> e.ThresholdsSet:
        kinds = (
            Threshold(kind=ExceptionKind.LATE_RISK, name="raise_at", value=55.0),
            Threshold(kind=ExceptionKind.LONG_DWELL, name="at_door", value=4.0),
            Threshold(kind=ExceptionKind.OFF_ROUTE, name="raise_away", value=200.0),
            Threshold(kind=ExceptionKind.TEMPERATURE, name="raise_above", value=2.0),
        )
        chosen = tuple(one for one in kinds if self.rng.random() < 0.5)
        return e.ThresholdsSet(version=self.reports, thresholds=chosen)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_open_is_the_same_whether_everything_is_looked_at_or_what_changed(
    seed: int,
) -> None:
    chaos = Chaos(seed)
    skies = chaos.skies
    followers = [Follower(chaos.told.events, skies, whole=whole) for whole in (True, False)]
    now, seen = at("8:02"), 0
    for _ in range(6):
        for _ in range(34):
            now += STEP
            pass_by(followers, chaos.step(now), now)
        # For a minute nothing happens: what is looked at now and then gets its turn.
        differences = []
        for _ in range(6):
            now += STEP
            skies.heard["own"] = now
            pass_by(followers, [], now)
            differences.append(followers[0].open ^ followers[1].open)
        assert set.intersection(*differences[2:]) == set()
        seen += len(followers[0].open)
    assert seen > 30


def pass_by(followers: list[Follower], events: list[Event], now: datetime) -> None:
    """Both hear of what happened, and look."""
    for follower in followers:
        follower.hear(events)
        follower.look(now)
