"""What happens at a door, and what is reported of it."""

import numpy as np

from tower.demo.chance import happens
from tower.demo.doors import door_s
from tower.demo.happenings import Happenings, Mishap
from tower.demo.plan import DemoStop, DoorProof, Say
from tower.demo.proof import proof_at
from tower.demo.telling import Rider, Telling
from tower.domain.geometry import distance_m
from tower.domain.words import AttemptReason, ExceptionKind, Severity, StopKind

HURRY_S = 2400.0
"""A driver who is early waits this long for a window to open, then rings anyway."""

GATE_PATIENCE_S = 360.0
"""A carrier's own system raises a closed gate after six minutes."""

ASKS_AT_GATE_S = (60.0, 150.0)
"""A driver at a closed gate says so in the app after so long, seconds."""

NO_CODE = "Gate code missing, I cannot get in"
"""What the driver says then."""

LONG_STAY_S = (900.0, 2_100.0)
"""So much longer than usual the driver is kept at a door now and then."""

FAILED = {
    Mishap.NOT_FOUND: AttemptReason.ADDRESS_NOT_FOUND,
    Mishap.NOT_HOME: AttemptReason.NOT_HOME,
    Mishap.REFUSED: AttemptReason.REFUSED,
    Mishap.DAMAGED: AttemptReason.DAMAGED,
    Mishap.CLOSED: AttemptReason.CLOSED,
}

_ASKED = {
    Mishap.ASKS_WHERE: (
        ExceptionKind.WISMO,
        "wismo",
        "Where is my order?",
        "Customer asks where the order is",
    ),
    Mishap.ASKS_CHANGE: (
        ExceptionKind.CUSTOMER_REQUEST,
        "reschedule",
        "I will be out. Can you come at another time?",
        "Customer asks for another time",
    ),
}


def is_mended(mishap: Mishap, stop: DemoStop) -> bool:
    """True where a code opens the gate, or the parcel may be left when nobody is at home."""
    if mishap is Mishap.NO_ACCESS:
        return bool(stop.access_code)
    return mishap is Mishap.NOT_HOME and stop.kind is StopKind.DELIVERY and bool(stop.safe_place)


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
        """Do what is to be done at the door; returns when the driver is done.

        Args:
            stop: whose door.
            arrived_s: when the driver is there, second of the day.
        """
        mishap = self._mishap(stop)
        now_s = arrived_s
        if stop.window_start_s is not None:
            now_s += min(HURRY_S, max(0.0, stop.window_start_s - now_s))
        if not stop.kind.is_customer:
            return self._end(stop, now_s + stop.service_s, None)
        if mishap is Mishap.NOT_FOUND:
            now_s += float(self._rng.uniform(300.0, 600.0))
        if mishap is Mishap.NO_ACCESS:
            now_s, gives_up = self._wait_at_the_gate(stop, now_s)
            if gives_up:
                return self._end(stop, now_s, AttemptReason.NO_ACCESS)
        return self.hand_over(stop, now_s)

    def hand_over(self, stop: DemoStop, now_s: float) -> float:
        """Do what is to be done with whoever opened; returns when the driver is done.

        Args:
            stop: whose door.
            now_s: when it opens, second of the day.
        """
        mishap = self._mishap(stop)
        rain_mm_h = self._happenings.rain_mm_h(now_s)
        now_s += door_s(stop, self._rider.hands, rain_mm_h, self._rng)
        if mishap is Mishap.LONG_STAY:
            now_s += float(self._rng.uniform(*LONG_STAY_S))
        return self._end(stop, now_s, FAILED.get(mishap) if mishap else None)

    def _mishap(self, stop: DemoStop) -> Mishap | None:
        """What goes wrong there, as far as nothing was agreed that mends it."""
        mishap = self._happenings.mishaps.get(stop.id)
        return None if mishap is not None and is_mended(mishap, stop) else mishap

    def arrive(self, stop: DemoStop, arrived_s: float) -> None:
        """Report the arrival; the customer may have called while the vehicle was on its way."""
        self._ask(stop, arrived_s)
        self._telling.say(Say.ARRIVED, arrived_s, stop)

    def search(self, stop: DemoStop, now_s: float) -> tuple[float, bool]:
        """Look for a door that is not where the pin is.

        Some drivers report the arrival at the pin, others once they are at the door.

        Returns:
            When the driver knows better, and whether the arrival is told.
        """
        is_told = happens(0.5, self._rng)
        if is_told:
            self.arrive(stop, now_s)
        place = self._happenings.places[stop.id]
        metres = round(distance_m(stop.place, place))
        detail = f"The driver found the door {metres} m from the pin of {stop.address}"
        words = f"Pin {metres} m off", detail
        self._telling.alarm(
            ExceptionKind.ADDRESS, Severity.MINOR, words, now_s, stop, lasts_s=2_400.0
        )
        return now_s + float(self._rng.uniform(90.0, 300.0)), is_told

    def _ask(self, stop: DemoStop, arrived_s: float) -> None:
        """The customer calls while the vehicle is on its way."""
        mishap = self._happenings.mishaps.get(stop.id)
        asked = _ASKED.get(mishap) if mishap else None
        if asked is None or stop.id in self._rider.asked:
            return
        kind, topic, words, noted = asked
        at_s = max(self._since_s, arrived_s - float(self._rng.uniform(300.0, 2400.0)))
        self._telling.say(Say.CONTACT, at_s, stop, topic=topic, note=words)
        lasts_s = max(60.0, arrived_s - at_s)
        alarm = noted, stop.address
        self._telling.alarm(kind, Severity.MINOR, alarm, at_s, stop, lasts_s=lasts_s)

    def _wait_at_the_gate(self, stop: DemoStop, now_s: float) -> tuple[float, bool]:
        """Wait for a gate code: until when, and whether the driver gave up."""
        says_s = now_s + float(self._rng.uniform(*ASKS_AT_GATE_S))
        self._telling.say(Say.SERVICING, says_s, stop, note=NO_CODE)
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
            say = Say.DELIVERED if stop.kind is StopKind.DELIVERY else Say.COLLECTED
            self._telling.say(say, now_s, stop, proof=self._proof(stop))
        return now_s

    def _proof(self, stop: DemoStop) -> DoorProof | None:
        if not stop.kind.is_customer:
            return None
        mishap = self._happenings.mishaps.get(stop.id)
        is_elsewhere = mishap in (Mishap.WRONG_PIN, Mishap.WRONG_DOOR)
        place = self._happenings.places.get(stop.id, stop.place) if is_elsewhere else stop.place
        return proof_at(stop, self._rider.records, mishap, place, self._rng)

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
