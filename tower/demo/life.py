"""What really happens on a route, leg by leg and door by door, and what is reported of it."""

import numpy as np
from msgspec.structs import replace

from tower.demo.chance import happens
from tower.demo.incidents import Happenings, Mishap
from tower.demo.plan import Alarm, DemoRoute, DemoStop, Drive, Report, Say
from tower.demo.promise import Promise
from tower.domain.geometry import LatLon
from tower.domain.words import AttemptReason, ExceptionKind, Severity, StopKind
from tower.road.engine import Leg

HURRY_S = 2400.0
"""A driver who is early waits this long for a window to open, then rings anyway."""

GATE_PATIENCE_S = 360.0
"""A driver at a closed gate reports it after six minutes."""

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
    ExceptionKind.VEHICLE: "The vehicle runs again",
    ExceptionKind.TEMPERATURE: "The cargo is back below its limit",
    ExceptionKind.FAILED_ATTEMPT: "The parcel is back in the depot's fridge",
    ExceptionKind.RETURN_MISSED: "Another collection is planned",
}
"""What a carrier says when it takes an alarm back."""


def live(
    promise: Promise, happenings: Happenings, rng: np.random.Generator
) -> tuple[DemoRoute, list[Report]]:
    """Drive a promised route through the day's happenings.

    Returns:
        The route with its real drives, and everything reported about it, in no order.
    """
    return _Day(promise, happenings, rng).run()


class _Day:
    """One route's day while it is being lived."""

    def __init__(self, promise: Promise, happenings: Happenings, rng: np.random.Generator) -> None:
        self._promise = promise
        self._happenings = happenings
        self._rng = rng
        self._now_s = promise.starts_s + float(rng.normal(60.0, 90.0))
        self._drives: list[Drive] = []
        self._reports: list[Report] = []
        self._breakdown = happenings.breakdown.get(promise.id)

    def run(self) -> tuple[DemoRoute, list[Report]]:
        self._say(Say.ROUTE_STARTED)
        for stop, leg in zip(self._promise.stops, self._promise.legs, strict=False):
            self._say(Say.EN_ROUTE, stop)
            self._drive(leg)
            self._serve(stop)
            self._now_s += 15.0
        self._drive(self._promise.legs[-1])
        self._say(Say.ROUTE_FINISHED)
        self._fridge_alarm()
        return self._route(), self._reports

    def _route(self) -> DemoRoute:
        promise = self._promise
        return DemoRoute(
            id=promise.id,
            carrier_id=promise.carrier.id,
            vehicle_reference=self._reference,
            vehicle_label=f"DEMO {promise.carrier.route_letter}{promise.number:02d}",
            driver_name=f"Driver {promise.carrier.route_letter}{promise.number:02d}",
            starts_s=promise.starts_s,
            ends_s=promise.ends_s,
            is_cold=promise.is_cold,
            stops=promise.stops,
            drives=tuple(self._drives),
            silences_s=self._happenings.silences.get(promise.id, ()),
            fridge_warms_s=self._happenings.fridge.get(promise.id),
        )

    @property
    def _reference(self) -> str:
        return f"{self._promise.carrier.id}-{self._promise.number:03d}"

    def _drive(self, leg: Leg) -> None:
        self._breakdown_before_driving()
        middle = LatLon(*map(float, leg.shape[len(leg.shape) // 2]))
        factor = self._happenings.crawl(middle, self._now_s) * float(self._rng.uniform(0.92, 1.12))
        slowed = leg.slowed(factor * self._happenings.pace[self._promise.id])
        drive = Drive(
            starts_s=round(self._now_s, 1),
            times_s=tuple(np.round(slowed.shape_times_s, 2).tolist()),
            shape=tuple(np.round(slowed.shape * 1e6).astype(np.int64).ravel().tolist()),
        )
        self._drives.append(drive)
        self._now_s = drive.ends_s

    def _breakdown_before_driving(self) -> None:
        if self._breakdown is None or self._now_s < self._breakdown[0]:
            return
        self._alarm(
            ExceptionKind.VEHICLE,
            Severity.CRITICAL,
            "Vehicle will not start",
            "Driver waits for roadside help; stops may have to move to other vehicles",
            lasts_s=self._breakdown[1],
        )
        self._now_s += self._breakdown[1]
        self._breakdown = None

    def _serve(self, stop: DemoStop) -> None:
        mishap = self._happenings.mishaps.get(stop.id)
        self._ask(stop, mishap)
        self._say(Say.ARRIVED, stop)
        if stop.window_start_s is not None:
            self._now_s += min(HURRY_S, max(0.0, stop.window_start_s - self._now_s))
        if mishap is Mishap.WRONG_PIN:
            self._search_the_door(stop)
        if mishap is Mishap.NO_ACCESS and self._wait_at_the_gate(stop):
            return
        pace = self._happenings.pace[self._promise.id]
        self._now_s += stop.service_s * pace * float(np.exp(self._rng.normal(-0.04, 0.28)))
        reason = FAILED.get(mishap) if mishap else None
        if reason is not None:
            self._fail(stop, reason)
        else:
            self._say(Say.COLLECTED if stop.kind is StopKind.RETURN else Say.DELIVERED, stop)

    def _ask(self, stop: DemoStop, mishap: Mishap | None) -> None:
        """The customer calls while the vehicle is on its way."""
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
        warms_s = self._happenings.fridge.get(self._promise.id)
        if warms_s is None:
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
        lasts_s: float,
        at_s: float | None = None,
    ) -> None:
        begins_s = self._now_s if at_s is None else at_s
        alarm = Alarm(kind=kind, severity=severity, headline=headline)
        self._say(Say.ALARM, stop, at_s=begins_s, note=detail, alarm=alarm)
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
            carrier_id=self._promise.carrier.id,
            route_id=self._promise.id,
            vehicle_reference=self._reference,
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


def _again(report: Report, later_s: float) -> Report:
    """The same report sent once more, as phones do that heard no answer."""
    return replace(report, sent_s=round(report.sent_s + later_s, 1))
