"""What really happens on a route, leg by leg and door by door, and what is reported of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from tower.demo.chance import happens
from tower.demo.happenings import Happenings, Mishap
from tower.demo.plan import (
    Alarm,
    DemoBreak,
    DemoStop,
    Drive,
    Life,
    Report,
    Say,
    Visit,
)
from tower.demo.promise import Promise
from tower.domain.geometry import LatLon
from tower.domain.words import AttemptReason, ExceptionKind, Severity, StopKind
from tower.road.engine import Leg

HURRY_S = 2400.0
"""A driver who is early waits this long for a window to open, then rings anyway."""

GATE_PATIENCE_S = 360.0
"""A driver at a closed gate reports it after six minutes."""

MOVES_OFF_S = 15.0
"""From the door to the road, seconds."""

CALLS_AFTER_S = 90.0
"""A driver whose vehicle broke down calls after a minute and a half."""

NOTHING = Life(drives=(), visits=(), reports=())
"""A day that has not begun."""

FAILED = {
    Mishap.NOT_HOME: AttemptReason.NOT_HOME,
    Mishap.REFUSED: AttemptReason.REFUSED,
    Mishap.DAMAGED: AttemptReason.DAMAGED,
    Mishap.CLOSED: AttemptReason.CLOSED,
}

HOW_IT_ENDS = {
    ExceptionKind.WISMO: "The customer was called back",
    ExceptionKind.CUSTOMER_REQUEST: "Another time was agreed with the customer",
    ExceptionKind.ADDRESS: "The driver found the door",
    ExceptionKind.NO_ACCESS: "The driver is no longer at the gate",
    ExceptionKind.TEMPERATURE: "The cargo is back below its limit",
    ExceptionKind.FAILED_ATTEMPT: "The parcel is back in the depot's fridge",
    ExceptionKind.RETURN_MISSED: "Another collection is planned",
}
"""What a carrier says when it takes an alarm back."""


class Rider(NamedTuple):
    """Who lives through a day: a route's vehicle and driver.

    Attributes:
        breaks: the rests still to be taken.
        says_hello: whether leaving the depot still has to be reported.
        asked: stops whose customers have called already.
    """

    route_id: str
    carrier_id: str
    reference: str
    breaks: tuple[DemoBreak, ...]
    says_hello: bool = True
    asked: frozenset[str] = frozenset()


def live(promise: Promise, happenings: Happenings, rng: np.random.Generator) -> Life:
    """Drive a promised route through the day's happenings."""
    rider = Rider(promise.id, promise.carrier.id, promise.vehicle.reference, promise.driver.breaks)
    day = Day(rider, happenings, promise.starts_s + float(rng.normal(60.0, 90.0)), rng)
    return day.run(promise.stops, promise.legs)


class Day:
    """One route's day while it is being lived.

    Args:
        rider: whose day.
        happenings: what goes wrong.
        now_s: when it begins.
        rng: decides everything else.
        past: what was lived before; the day goes on from there.
    """

    def __init__(
        self,
        rider: Rider,
        happenings: Happenings,
        now_s: float,
        rng: np.random.Generator,
        past: Life = NOTHING,
    ) -> None:
        self._rider = rider
        self._happenings = happenings
        self._rng = rng
        self._now_s = now_s
        self._breaks = list(rider.breaks)
        self._drives, self._visits = list(past.drives), list(past.visits)
        self._reports, self._rests = list(past.reports), list(past.rests_s)
        self._stands_s: float | None = None

    def run(self, stops: Sequence[DemoStop], legs: Sequence[Leg]) -> Life:
        """Visit the stops in this order and drive home.

        Args:
            stops: what is to be visited.
            legs: free-flow travel to each of them, and one more back to the depot.
        """
        if self._rider.says_hello:
            self._say(Say.ROUTE_STARTED)
        for stop, leg in zip(stops, legs, strict=False):
            self._rest_before(leg)
            self._say(Say.EN_ROUTE, stop)
            if not self._drive(leg):
                return self._life()
            self._visit(stop)
        if self._drive(legs[-1]):
            self._say(Say.ROUTE_FINISHED)
        self._fridge_alarm()
        return self._life()

    def _life(self) -> Life:
        return Life(
            drives=tuple(self._drives),
            visits=tuple(self._visits),
            reports=tuple(self._reports),
            rests_s=tuple(self._rests),
            stands_s=self._stands_s,
        )

    def _rest_before(self, leg: Leg) -> None:
        """Rest at the first door left after a break may begin, or before it would be too late."""
        if not self._breaks:
            return
        due = self._breaks[0]
        if self._now_s < due.earliest_s and self._now_s + leg.duration_s <= due.latest_s:
            return
        self._now_s = max(self._now_s, due.earliest_s)
        self._rests.append(round(self._now_s, 1))
        self._now_s += due.duration_s
        del self._breaks[0]

    def _drive(self, leg: Leg) -> bool:
        """Drive a leg; False where the vehicle breaks down on it."""
        middle = LatLon(*map(float, leg.shape[len(leg.shape) // 2]))
        factor = self._happenings.crawl(middle, self._now_s) * float(self._rng.uniform(0.92, 1.12))
        slowed = leg.slowed(factor * self._happenings.pace[self._rider.route_id])
        drive = Drive(
            starts_s=round(self._now_s, 1),
            times_s=tuple(np.round(slowed.shape_times_s, 2).tolist()),
            shape=tuple(np.round(slowed.shape * 1e6).astype(np.int64).ravel().tolist()),
        )
        ends_s = self._happenings.breakdown.get(self._rider.route_id, np.inf)
        if drive.ends_s > ends_s:
            self._break_down(cut(drive, ends_s))
            return False
        self._drives.append(drive)
        self._now_s = drive.ends_s
        return True

    def _break_down(self, drive: Drive) -> None:
        """The vehicle stands and will not go on; nothing more happens on this route."""
        self._drives.append(drive)
        self._now_s = self._stands_s = drive.ends_s
        self._alarm(
            ExceptionKind.VEHICLE,
            Severity.CRITICAL,
            "Vehicle broke down",
            "It will not start again and is to be towed; its stops have to go with other vehicles",
            at_s=self._now_s + CALLS_AFTER_S,
        )

    def _visit(self, stop: DemoStop) -> None:
        arrived_s = self._now_s
        self._serve(stop)
        self._visits.append(
            Visit(
                stop_id=stop.id,
                arrives_s=round(arrived_s, 1),
                leaves_s=round(self._now_s, 1),
                told=len(self._reports),
            )
        )
        self._now_s += MOVES_OFF_S

    def _serve(self, stop: DemoStop) -> None:
        mishap = self._happenings.mishaps.get(stop.id)
        self._ask(stop, mishap)
        self._say(Say.ARRIVED, stop)
        if stop.window_start_s is not None:
            self._now_s += min(HURRY_S, max(0.0, stop.window_start_s - self._now_s))
        if not stop.kind.is_customer:
            self._now_s += stop.service_s
            self._say(Say.COLLECTED, stop)
            return
        if mishap is Mishap.WRONG_PIN:
            self._search_the_door(stop)
        if mishap is Mishap.NO_ACCESS and self._wait_at_the_gate(stop):
            return
        pace = self._happenings.pace[self._rider.route_id]
        self._now_s += stop.service_s * pace * float(np.exp(self._rng.normal(-0.04, 0.28)))
        reason = FAILED.get(mishap) if mishap else None
        if reason is not None:
            self._fail(stop, reason)
        else:
            self._say(Say.COLLECTED if stop.kind is StopKind.RETURN else Say.DELIVERED, stop)

    def _ask(self, stop: DemoStop, mishap: Mishap | None) -> None:
        """The customer calls while the vehicle is on its way."""
        if stop.id in self._rider.asked:
            return
        asked_s = self._now_s - float(self._rng.uniform(300.0, 2400.0))
        if mishap is Mishap.ASKS_WHERE:
            words = "Customer asks where the order is"
            self._say(Say.CONTACT, stop, at_s=asked_s, topic="wismo", note=words)
            kind, severity = ExceptionKind.WISMO, Severity.MINOR
        elif mishap is Mishap.ASKS_CHANGE:
            words = "Customer asks for another time"
            self._say(Say.CONTACT, stop, at_s=asked_s, topic="reschedule", note=words)
            kind, severity = ExceptionKind.CUSTOMER_REQUEST, Severity.MINOR
        else:
            return
        lasts_s = max(60.0, self._now_s - asked_s)
        self._alarm(kind, severity, words, stop.address, stop, lasts_s=lasts_s, at_s=asked_s)

    def _search_the_door(self, stop: DemoStop) -> None:
        metres = int(self._rng.integers(140, 620))
        lasts_s = float(self._rng.uniform(240.0, 600.0))
        detail = f"The driver found the door {metres} m from the pin of {stop.address}"
        self._alarm(
            ExceptionKind.ADDRESS,
            Severity.MINOR,
            f"Pin {metres} m off",
            detail,
            stop,
            lasts_s=lasts_s + 1800.0,
        )
        self._now_s += lasts_s

    def _wait_at_the_gate(self, stop: DemoStop) -> bool:
        """Wait for a gate code; True where the driver gave up."""
        gives_up = happens(0.6, self._rng)
        waited_s = GATE_PATIENCE_S + float(self._rng.uniform(240.0, 900.0))
        self._alarm(
            ExceptionKind.NO_ACCESS,
            Severity.MAJOR,
            "Gate code missing",
            "Driver at the door for 6 min and cannot get in",
            stop,
            lasts_s=waited_s - GATE_PATIENCE_S,
            at_s=self._now_s + GATE_PATIENCE_S,
        )
        self._now_s += waited_s
        if gives_up:
            self._fail(stop, AttemptReason.NO_ACCESS)
        return gives_up

    def _fail(self, stop: DemoStop, reason: AttemptReason) -> None:
        self._say(Say.ATTEMPTED, stop, reason=reason)
        lasts_s = float(self._rng.uniform(600.0, 2700.0))
        if stop.kind is StopKind.RETURN:
            detail = f"{stop.customer}, {stop.address}: {reason.value.replace('_', ' ')}"
            kind = ExceptionKind.RETURN_MISSED
            self._alarm(kind, Severity.MINOR, "Return not collected", detail, stop, lasts_s=lasts_s)
        elif stop.temperature_limit_c is not None:
            detail = f"Cold chain goes back on the vehicle: {reason.value.replace('_', ' ')}"
            kind = ExceptionKind.FAILED_ATTEMPT
            self._alarm(
                kind, Severity.MAJOR, "Cold chain not handed over", detail, stop, lasts_s=lasts_s
            )

    def _fridge_alarm(self) -> None:
        warms_s = self._happenings.fridge.get(self._rider.route_id)
        if warms_s is None or not self._rider.says_hello:
            return
        # 5 °C in the box, 0.5 °C a minute: the limit of 8 °C is passed after seven minutes.
        self._alarm(
            ExceptionKind.TEMPERATURE,
            Severity.CRITICAL,
            "Fridge above 8 °C",
            "8.5 °C in the box and rising, the limit is 8 °C",
            at_s=warms_s + 420.0,
            lasts_s=2400.0,
        )

    def _alarm(
        self,
        kind: ExceptionKind,
        severity: Severity,
        headline: str,
        detail: str,
        stop: DemoStop | None = None,
        *,
        lasts_s: float | None = None,
        at_s: float | None = None,
    ) -> None:
        """Raise an alarm, and take it back after `lasts_s`; one without end is not taken back."""
        begins_s = self._now_s if at_s is None else at_s
        alarm = Alarm(kind=kind, severity=severity, headline=headline)
        self._say(Say.ALARM, stop, at_s=begins_s, note=detail, alarm=alarm)
        if lasts_s is None:
            return
        over = replace(alarm, cleared=True)
        self._say(Say.ALARM, stop, at_s=begins_s + lasts_s, note=HOW_IT_ENDS[kind], alarm=over)

    def _say(
        self,
        say: Say,
        stop: DemoStop | None = None,
        *,
        at_s: float | None = None,
        reason: AttemptReason | None = None,
        note: str = "",
        topic: str = "",
        alarm: Alarm | None = None,
    ) -> None:
        happened_s = round(self._now_s if at_s is None else at_s, 1)
        report = Report(
            at_s=happened_s,
            sent_s=round(happened_s + self._lag_s(), 1),
            carrier_id=self._rider.carrier_id,
            route_id=self._rider.route_id,
            vehicle_reference=self._rider.reference,
            say=say,
            stop_id=stop.id if stop else "",
            reason=reason,
            note=note,
            topic=topic,
            alarm=alarm,
        )
        self._reports.append(report)
        if happens(0.02, self._rng):
            self._reports.append(_again(report, float(self._rng.uniform(2.0, 30.0))))

    def _lag_s(self) -> float:
        """Most reports take a second; a phone in a cellar sends minutes later."""
        if happens(0.015, self._rng):
            return float(self._rng.uniform(60.0, 300.0))
        return float(self._rng.uniform(0.2, 2.0))


def cut(drive: Drive, at_s: float) -> Drive:
    """The part of a drive up to a second of the day; at its very start where that was before."""
    whole = np.array(drive.times_s)
    until_s = min(max(at_s - drive.starts_s, 0.0), float(whole[-1]))
    points = np.array(drive.shape, dtype=np.float64).reshape(-1, 2)
    end = [np.interp(until_s, whole, points[:, axis]) for axis in (0, 1)]
    driven = whole < until_s
    shape = np.vstack([points[driven], end]).round().astype(np.int64)
    return Drive(
        starts_s=drive.starts_s,
        times_s=(*whole[driven].tolist(), round(until_s, 2)),
        shape=tuple(shape.ravel().tolist()),
    )


def _again(report: Report, later_s: float) -> Report:
    """The same report sent once more, as phones do that heard no answer."""
    return replace(report, sent_s=round(report.sent_s + later_s, 1))
