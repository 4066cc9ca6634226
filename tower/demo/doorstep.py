"""What happens at a door, and what is reported of it."""

import numpy as np

from tower.demo.chance import happens
from tower.demo.happenings import Happenings, Mishap
from tower.demo.plan import DemoStop, Say
from tower.demo.telling import Rider, Telling
from tower.domain.words import AttemptReason, ExceptionKind, Severity, StopKind

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

_ASKED = {
    Mishap.ASKS_WHERE: (
        ExceptionKind.WISMO,
        "wismo",
        "Customer asks where the order is",
    ),
    Mishap.ASKS_CHANGE: (
        ExceptionKind.CUSTOMER_REQUEST,
        "reschedule",
        "Customer asks for another time",
    ),
}


class Doorstep:
    """Serves the stops of one route.

    Args:
        rider: who serves them.
        happenings: what goes wrong.
        telling: where it is reported.
        since_s: nothing that is told here happened before.
        rng: decides how long it takes.
    """

    def __init__(
        self,
        rider: Rider,
        happenings: Happenings,
        telling: Telling,
        since_s: float,
        rng: np.random.Generator,
    ) -> None:
        self._rider, self._happenings, self._telling = rider, happenings, telling
        self._since_s, self._rng = since_s, rng

    def serve(self, stop: DemoStop, arrived_s: float) -> float:
        """Do what is to be done at a stop; returns when the driver is done, second of the day."""
        mishap = self._happenings.mishaps.get(stop.id)
        self._ask(stop, mishap, arrived_s)
        self._telling.say(Say.ARRIVED, arrived_s, stop)
        now_s = arrived_s
        if stop.window_start_s is not None:
            now_s += min(HURRY_S, max(0.0, stop.window_start_s - now_s))
        if not stop.kind.is_customer:
            return self._end(stop, now_s + stop.service_s, None)
        if mishap is Mishap.WRONG_PIN:
            now_s = self._search_the_door(stop, now_s)
        if mishap is Mishap.NO_ACCESS:
            now_s, gives_up = self._wait_at_the_gate(stop, now_s)
            if gives_up:
                return self._end(stop, now_s, AttemptReason.NO_ACCESS)
        pace = self._happenings.pace[self._rider.route_id]
        now_s += stop.service_s * pace * float(np.exp(self._rng.normal(-0.04, 0.28)))
        return self._end(stop, now_s, FAILED.get(mishap) if mishap else None)

    def _ask(self, stop: DemoStop, mishap: Mishap | None, arrived_s: float) -> None:
        """The customer calls while the vehicle is on its way."""
        asked = _ASKED.get(mishap) if mishap else None
        if asked is None or stop.id in self._rider.asked:
            return
        kind, topic, words = asked
        at_s = max(self._since_s, arrived_s - float(self._rng.uniform(300.0, 2400.0)))
        self._telling.say(Say.CONTACT, at_s, stop, topic=topic, note=words)
        lasts_s = max(60.0, arrived_s - at_s)
        alarm = words, stop.address
        self._telling.alarm(kind, Severity.MINOR, alarm, at_s, stop, lasts_s=lasts_s)

    def _search_the_door(self, stop: DemoStop, now_s: float) -> float:
        metres = int(self._rng.integers(140, 620))
        lasts_s = float(self._rng.uniform(240.0, 600.0))
        detail = f"The driver found the door {metres} m from the pin of {stop.address}"
        words = f"Pin {metres} m off", detail
        self._telling.alarm(
            ExceptionKind.ADDRESS, Severity.MINOR, words, now_s, stop, lasts_s=lasts_s + 1800.0
        )
        return now_s + lasts_s

    def _wait_at_the_gate(self, stop: DemoStop, now_s: float) -> tuple[float, bool]:
        """Wait for a gate code: until when, and whether the driver gave up."""
        gives_up = happens(0.6, self._rng)
        lasts_s = float(self._rng.uniform(240.0, 900.0))
        words = "Gate code missing", "Driver at the door for 6 min and cannot get in"
        asks_s = now_s + GATE_PATIENCE_S
        self._telling.alarm(
            ExceptionKind.NO_ACCESS, Severity.MAJOR, words, asks_s, stop, lasts_s=lasts_s
        )
        return asks_s + lasts_s, gives_up

    def _end(self, stop: DemoStop, now_s: float, reason: AttemptReason | None) -> float:
        if reason is not None:
            self._fail(stop, now_s, reason)
        else:
            is_delivery = stop.kind is StopKind.DELIVERY
            self._telling.say(Say.DELIVERED if is_delivery else Say.COLLECTED, now_s, stop)
        return now_s

    def _fail(self, stop: DemoStop, now_s: float, reason: AttemptReason) -> None:
        self._telling.say(Say.ATTEMPTED, now_s, stop, reason=reason)
        lasts_s = float(self._rng.uniform(600.0, 2700.0))
        because = reason.value.replace("_", " ")
        if stop.kind is StopKind.RETURN:
            words = "Return not collected", f"{stop.customer}, {stop.address}: {because}"
            kind, severity = ExceptionKind.RETURN_MISSED, Severity.MINOR
        elif stop.temperature_limit_c is not None:
            words = "Cold chain not handed over", f"It goes back on the vehicle: {because}"
            kind, severity = ExceptionKind.FAILED_ATTEMPT, Severity.MAJOR
        else:
            return
        self._telling.alarm(kind, severity, words, now_s, stop, lasts_s=lasts_s)
