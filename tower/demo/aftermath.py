"""What is heard of the demo's deliveries afterwards: surveys, claims, returns booked back in."""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np

from tower.demo.chance import happens
from tower.demo.happenings import Mishap
from tower.demo.plan import DemoPlan, DemoRoute, DemoStop, Report, Say
from tower.domain.commands import CloseReturn, FileClaim, RecordSurvey, SettleClaim
from tower.domain.moments import utc
from tower.domain.words import ClaimKind, ClaimOutcome, StopKind

Heard = FileClaim | SettleClaim | RecordSurvey | CloseReturn

AT_ONCE = 8
"""So much is handed over at most in one go: the day so far is much, and nobody waits for it."""

ANSWER_SHARE, ANSWERS_AFTER_S = 0.14, (600.0, 5_400.0)
"""Share of the customers who answer the survey, and how long after, seconds."""

CSAT, CSAT_A_MINUTE, CSAT_FAILED, CSAT_SPREAD = 4.6, 0.03, 1.9, 0.7
NPS, NPS_A_MINUTE, NPS_FAILED, NPS_SPREAD = 9.0, 0.06, 4.0, 1.6
"""What customers answer on average, what each minute late and a failed attempt take away, and how
much they differ."""

CLAIM_SHARE = {
    Mishap.DAMAGED: (ClaimKind.DAMAGED, 0.5, "The parcel arrived damaged"),
    Mishap.PARCEL_SHORT: (ClaimKind.MISSING, 0.6, "One of the parcels is missing"),
    Mishap.WRONG_DOOR: (ClaimKind.NOT_RECEIVED, 0.7, "It says delivered, but nothing came"),
}
"""What customers claim after what went wrong, the share of them who do, and in which words."""

LATE_S, LATE_CLAIM_SHARE, LATE_WORDS = 2_700.0, 0.12, "It came far too late"
CLAIMED_AFTER_S, AMOUNTS = (900.0, 4_500.0), (15.0, 180.0)

SETTLED_SHARE, SETTLED_AFTER_S = 0.55, (1_800.0, 7_200.0)
OUTCOMES = {ClaimOutcome.UPHELD: 0.6, ClaimOutcome.REJECTED: 0.3, ClaimOutcome.WITHDRAWN: 0.1}

BOOKED_SHARE, BOOKED_AFTER_S = 0.85, (600.0, 2_400.0)
"""Share of the returns booked back in on the same day, and how long after the route."""

_UNHAPPY = 3
_ENDS = (Say.DELIVERED, Say.COLLECTED, Say.ATTEMPTED)


class Ear(Protocol):
    """What those who hear of deliveries need of a gateway."""

    async def record(self, heard: Heard) -> object:
        """Write down what was heard; the same twice is once."""
        ...


class _Coming(NamedTuple):
    at_s: float
    heard: Heard


class Aftermath:
    """Hears what customers and the depot say once a stop is over.

    Args:
        plan: the day.
        midnight: epoch seconds of the shift's local midnight.
    """

    def __init__(self, plan: DemoPlan, midnight: float) -> None:
        self._seed, self._mishaps = plan.seed, plan.happenings.mishaps
        self._midnight = midnight
        self._over: set[str] = set()
        self._collected: dict[str, list[str]] = defaultdict(list)
        self._coming: list[_Coming] = []

    def note(self, report: Report, route: DemoRoute) -> None:
        """A report was made: more may be heard of it later.

        Args:
            report: in the order they are made or not; one made twice counts once.
            route: whose it is.
        """
        if report.say is Say.ROUTE_FINISHED:
            self._coming += self._booked(report)
        elif report.say in _ENDS and report.stop_id not in self._over:
            stop = next((one for one in route.stops if one.id == report.stop_id), None)
            if stop is not None and stop.kind.is_customer:
                self._over.add(stop.id)
                self._coming += self._said(stop, report)

    async def act(self, ear: Ear, now_s: float) -> None:
        """Hand over what has been heard by now, the oldest first, and not too much at once."""
        due = sorted((one for one in self._coming if one.at_s <= now_s), key=lambda one: one.at_s)
        for one in due[:AT_ONCE]:
            self._coming.remove(one)
            await ear.record(one.heard)

    def _booked(self, finished: Report) -> Iterator[_Coming]:
        for stop_id in self._collected.pop(finished.route_id, ()):
            rng = self._luck(17, stop_id)
            at_s = finished.at_s + float(rng.uniform(*BOOKED_AFTER_S))
            if happens(BOOKED_SHARE, rng):
                yield _Coming(at_s, CloseReturn(stop_id=stop_id, at=self._at(at_s)))

    def _said(self, stop: DemoStop, end: Report) -> Iterator[_Coming]:
        if stop.kind is StopKind.RETURN and end.say is Say.COLLECTED:
            self._collected[end.route_id].append(stop.id)
        late_s = max(0.0, end.at_s - stop.window_end_s) if stop.window_end_s else 0.0
        yield from self._survey(stop, end, late_s)
        yield from self._claim(stop, end, late_s)

    def _survey(self, stop: DemoStop, end: Report, late_s: float) -> Iterator[_Coming]:
        rng = self._luck(16, stop.id)
        if not happens(ANSWER_SHARE, rng):
            return
        at_s = end.at_s + float(rng.uniform(*ANSWERS_AFTER_S))
        failed, minutes = end.say is Say.ATTEMPTED, late_s / 60.0
        csat = rng.normal(CSAT - CSAT_A_MINUTE * minutes - CSAT_FAILED * failed, CSAT_SPREAD)
        nps = rng.normal(NPS - NPS_A_MINUTE * minutes - NPS_FAILED * failed, NPS_SPREAD)
        stars = int(np.clip(round(csat), 1, 5))
        survey = RecordSurvey(
            survey_id=f"survey-{stop.id}",
            stop_id=stop.id,
            csat=stars,
            nps=int(np.clip(round(nps), 0, 10)),
            words=_complaint(failed=failed, late=late_s > 0.0) if stars < _UNHAPPY else "",
            at=self._at(at_s),
        )
        yield _Coming(at_s, survey)

    def _claim(self, stop: DemoStop, end: Report, late_s: float) -> Iterator[_Coming]:
        rng, mishap = self._luck(18, stop.id), self._mishaps.get(stop.id)
        kind, share, words = ClaimKind.LATE, LATE_CLAIM_SHARE * (late_s > LATE_S), LATE_WORDS
        if mishap in CLAIM_SHARE:
            kind, share, words = CLAIM_SHARE[mishap]
        if not happens(share, rng):
            return
        at_s = end.at_s + float(rng.uniform(*CLAIMED_AFTER_S))
        claim = FileClaim(
            claim_id=f"claim-{stop.id}",
            stop_id=stop.id,
            kind=kind,
            words=words,
            amount=round(float(rng.uniform(*AMOUNTS)), 2),
            at=self._at(at_s),
        )
        yield _Coming(at_s, claim)
        if happens(SETTLED_SHARE, rng):
            outcome = list(OUTCOMES)[int(rng.choice(len(OUTCOMES), p=list(OUTCOMES.values())))]
            settled_s = at_s + float(rng.uniform(*SETTLED_AFTER_S))
            yield _Coming(
                settled_s,
                SettleClaim(claim_id=claim.claim_id, outcome=outcome, at=self._at(settled_s)),
            )

    def _luck(self, what: int, stop_id: str) -> np.random.Generator:
        """Of one stop alone: a day that is taken up again is heard of in the same words."""
        return np.random.default_rng([self._seed, what, zlib.crc32(stop_id.encode())])

    def _at(self, second: float) -> datetime:
        return utc(self._midnight + round(second))


def _complaint(*, failed: bool, late: bool) -> str:
    if failed:
        return "I was there, and nobody rang"
    return "It came too late" if late else "The driver was in a hurry"
