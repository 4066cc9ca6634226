"""What is reported of a route while it is driven, as phones report: late now and then, or twice."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from tower.demo.chance import happens
from tower.demo.doors import Hands
from tower.demo.happenings import Spans
from tower.demo.plan import Alarm, DemoBreak, DemoStop, DoorProof, Recording, Report, Say
from tower.domain.words import AttemptReason, ExceptionKind, Severity

HOW_IT_ENDS = {
    ExceptionKind.VEHICLE: "Its stops go with other vehicles; it waits to be towed",
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
        records: what the driver records at the door.
        raises_alarms: the carrier's own system raises exceptions.
        outages: spans in which nothing is sent; it is sent when they are over.
        hands: what decides how long they take at a door.
    """

    route_id: str
    carrier_id: str
    reference: str
    breaks: tuple[DemoBreak, ...]
    says_hello: bool = True
    asked: frozenset[str] = frozenset()
    records: Recording = Recording.PARCELS
    raises_alarms: bool = False
    outages: Spans = ()
    hands: Hands = Hands()


class Telling:
    """The reports of one route, in the order they are made.

    Args:
        rider: whose.
        rng: decides how late they are sent.
        told: what was reported before.
    """

    def __init__(self, rider: Rider, rng: np.random.Generator, told: Iterable[Report] = ()) -> None:
        self._rider, self._rng = rider, rng
        self._reports = list(told)

    def __len__(self) -> int:
        return len(self._reports)

    @property
    def reports(self) -> tuple[Report, ...]:
        """All of them."""
        return tuple(self._reports)

    def say(
        self,
        say: Say,
        at_s: float,
        stop: DemoStop | None = None,
        *,
        reason: AttemptReason | None = None,
        note: str = "",
        topic: str = "",
        alarm: Alarm | None = None,
        proof: DoorProof | None = None,
    ) -> None:
        """Report something that happened at a second of the day."""
        happened_s = round(at_s, 1)
        report = Report(
            at_s=happened_s,
            sent_s=round(self._sent_s(happened_s), 1),
            carrier_id=self._rider.carrier_id,
            route_id=self._rider.route_id,
            vehicle_reference=self._rider.reference,
            say=say,
            stop_id=stop.id if stop else "",
            reason=reason,
            note=note,
            topic=topic,
            alarm=alarm,
            proof=proof,
        )
        self._reports.append(report)
        if happens(0.02, self._rng):
            self._reports.append(_again(report, float(self._rng.uniform(2.0, 30.0))))

    def alarm(
        self,
        kind: ExceptionKind,
        severity: Severity,
        words: tuple[str, str],
        at_s: float,
        stop: DemoStop | None = None,
        *,
        lasts_s: float | None,
    ) -> None:
        """Raise an alarm, and take it back after a while, where the carrier's system does that.

        Args:
            kind: what it is about.
            severity: how bad that is.
            words: the headline, and the reason in a sentence.
            at_s: when it is raised.
            stop: where, None for the vehicle itself.
            lasts_s: seconds until it is taken back; None where it is not.
        """
        if not self._rider.raises_alarms:
            return
        self._raise(kind, severity, words, at_s, stop, lasts_s=lasts_s)

    def call(
        self, kind: ExceptionKind, severity: Severity, words: tuple[str, str], at_s: float
    ) -> None:
        """The driver calls because of the vehicle, whoever the carrier is."""
        self._raise(kind, severity, words, at_s, None, lasts_s=None)

    def _raise(
        self,
        kind: ExceptionKind,
        severity: Severity,
        words: tuple[str, str],
        at_s: float,
        stop: DemoStop | None,
        *,
        lasts_s: float | None,
    ) -> None:
        headline, detail = words
        alarm = Alarm(kind=kind, severity=severity, headline=headline)
        self.say(Say.ALARM, at_s, stop, note=detail, alarm=alarm)
        if lasts_s is not None:
            over = replace(alarm, cleared=True)
            self.say(Say.ALARM, at_s + lasts_s, stop, note=HOW_IT_ENDS[kind], alarm=over)

    def clear(self, kind: ExceptionKind, at_s: float) -> None:
        """Take back what was raised of a kind."""
        raised = [one.alarm for one in self._reports if one.alarm and one.alarm.kind is kind]
        if raised:
            over = replace(raised[0], cleared=True)
            self.say(Say.ALARM, at_s, note=HOW_IT_ENDS[kind], alarm=over)

    def _sent_s(self, happened_s: float) -> float:
        sent_s = happened_s + self._lag_s()
        during = [end for begin, end in self._rider.outages if begin <= sent_s < end]
        return max(during) + float(self._rng.uniform(1.0, 20.0)) if during else sent_s

    def _lag_s(self) -> float:
        """Most reports take a second; a phone in a cellar sends minutes later."""
        if happens(0.015, self._rng):
            return float(self._rng.uniform(60.0, 300.0))
        return float(self._rng.uniform(0.2, 2.0))


def _again(report: Report, later_s: float) -> Report:
    """The same report sent once more, as phones do that heard no answer."""
    return replace(report, sent_s=round(report.sent_s + later_s, 1))
