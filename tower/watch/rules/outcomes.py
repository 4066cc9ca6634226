"""The rules about how a stop ended: `failed_attempt`, `return_missed`, `pod_mismatch`."""

from datetime import datetime

from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Progress, Proof, StopPlan
from tower.domain.timezones import clock_time
from tower.domain.words import (
    AttemptReason,
    ExceptionKind,
    ExceptionState,
    Severity,
    StopKind,
    StopState,
)
from tower.watch.case import StopCase
from tower.watch.episodes import newest_episode
from tower.watch.found import Found
from tower.watch.rules.door import failed_because
from tower.watch.words import count, metres

_FAILED, _RETURN, _PROOF = (
    ExceptionKind.FAILED_ATTEMPT,
    ExceptionKind.RETURN_MISSED,
    ExceptionKind.POD_MISMATCH,
)

_ELSEWHERE = (AttemptReason.NO_ACCESS, AttemptReason.ADDRESS_NOT_FOUND)
"""Reasons that are kinds of their own."""

_WORKED_ON = (
    AttemptReason.REFUSED,
    AttemptReason.DAMAGED,
    AttemptReason.WRONG_ITEM,
    AttemptReason.NO_SAFE_PLACE,
)
"""Reasons after which somebody has to decide; the others are tried again another day."""

_FAR_TIMES = 4.0
"""A hand-over so many times as far from the pin as allowed is a major matter."""


def failed_attempt(case: StopCase) -> Found | None:
    """A customer's stop that was attempted and not completed.

    Raised at once, whatever the reason, but where another kind tells it (`no_access` while the
    route runs, `address`, `return_missed`). Cleared when it is delivered, tried again, cancelled,
    taken off or moved to another route. Severity: major for cold chain; minor where somebody has
    to decide (refused, damaged, wrong item, no safe place); else info. One nobody works on is
    told for `told_for`: after that the parcel is the depot's.
    """
    failed = case.stop.outcome
    if case.plan.kind is not StopKind.DELIVERY or failed is None or failed.reason is None:
        return None
    if failed.reason is AttemptReason.ADDRESS_NOT_FOUND or _is_told_as_no_access(case, failed):
        return None
    if failed_because(case, failed.reason, _FAILED) is None or _is_past(case, _FAILED, failed.at):
        return None
    because = failed.reason.replace("_", " ")
    detail = ", ".join(filter(None, (failed.note, f"at {clock_time(failed.at, case.zone)}")))
    finding = case.finding(
        _FAILED, _failed_severity(case, failed.reason), f"Attempted: {because}", detail
    )
    return Found(
        about=case.about,
        since=failed.at,
        finding=finding,
        ripe_after=case.limits.span(_FAILED, "lasting"),
        is_fact=True,
    )


def failed_attempt_over(case: StopCase) -> str:
    """Why it is over."""
    failed = case.stop.outcome
    if (
        failed is not None
        and case.stop.state is StopState.ATTEMPTED
        and _is_past(case, _FAILED, failed.at)
    ):
        return "Nobody worked on it while it mattered; the parcel goes back to the depot."
    return _attempt_over(case)


def return_missed(case: StopCase) -> Found | None:
    """A return that was not collected.

    Raised where it was attempted or skipped, where its route has ended, or where its window is
    over for longer than `raise_past` and the vehicle has gone on. Cleared when it is collected,
    tried again, cancelled, taken off or moved to another route. Severity: minor.
    """
    if case.plan.kind is not StopKind.RETURN or not case.stop.route_id:
        return None
    missed_at, words = _missed(case)
    if missed_at is None or case.was_moved(_RETURN, missed_at):
        return None
    window_end = case.plan.window_end
    detail = f"Pickup window ended {clock_time(window_end, case.zone)}" if window_end else ""
    finding = case.finding(_RETURN, Severity.MINOR, words, detail)
    return Found(
        about=case.about,
        since=missed_at,
        finding=finding,
        ripe_after=case.limits.span(_RETURN, "lasting"),
        is_fact=True,
    )


def return_missed_over(case: StopCase) -> str:
    """Why it is over."""
    return _attempt_over(case)


def pod_mismatch(case: StopCase) -> Found | None:
    """A proof of delivery that does not fit the stop.

    Raised where the parcels were handed over further than `raise_away` from the pin (unless the
    pin is known to be wrong), or where scanned parcels are missing or belong elsewhere. Cleared
    by another proof, or by a person. Severity: minor, major for parcels and far from the pin. One
    nobody works on is told for `told_for`; the proof itself stays with the stop.
    """
    outcome, proof = case.stop.outcome, case.stop.proof
    if outcome is None or proof is None or not case.stop.state.is_success:
        return None
    if _is_past(case, _PROOF, outcome.at):
        return None
    limit = case.limits.number(_PROOF, "raise_away")
    away = _away_m(proof, case.plan.position)
    is_away = away is not None and away > limit and not _pin_was_wrong(case)
    parcels = _parcel_words(case.plan, proof)
    if not is_away and not parcels:
        return None
    words = [f"Handed over {metres(away)} from the pin"] if is_away and away is not None else []
    is_far = is_away and away is not None and away > _FAR_TIMES * limit
    severity = Severity.MAJOR if parcels or is_far else Severity.MINOR
    received = f"received by {proof.received_by}" if proof.received_by else ""
    detail = ", ".join(
        filter(None, (case.plan.address, received, f"at {clock_time(outcome.at, case.zone)}"))
    )
    return Found(
        about=case.about,
        since=outcome.at,
        finding=case.finding(_PROOF, severity, ", ".join([*parcels, *words]), detail),
        ripe_after=case.limits.span(_PROOF, "lasting"),
        is_fact=True,
    )


def pod_mismatch_over(case: StopCase) -> str:
    """Why it is over."""
    outcome = case.stop.outcome
    if outcome is not None and _is_past(case, _PROOF, outcome.at):
        return "Nobody worked on it; the proof stays with the stop."
    if case.stop.state.is_success:
        return "The proof fits the stop now."
    return f"The stop is {case.stop.state.replace('_', ' ')} now."


def _is_past(case: StopCase, kind: ExceptionKind, since: datetime) -> bool:
    """True where it happened so long ago that nobody has to be told who is not at it already."""
    record = case.record(kind)
    is_worked_on = record is not None and (
        record.work.state is not ExceptionState.OPEN or bool(record.work.assigned_to)
    )
    return not is_worked_on and case.now - since > case.limits.span(kind, "told_for")


def _failed_severity(case: StopCase, reason: AttemptReason) -> Severity:
    if case.is_cold:
        return Severity.MAJOR
    return Severity.MINOR if reason in _WORKED_ON else Severity.INFO


def _is_told_as_no_access(case: StopCase, failed: Progress) -> bool:
    runs = case.route is not None and case.route.finished_at is None
    return failed.reason is AttemptReason.NO_ACCESS and runs


def _missed(case: StopCase) -> tuple[datetime | None, str]:
    """When a return was missed, and how it is said."""
    stop, end = case.stop, case.plan.window_end
    if stop.state.may_be_tried_again and stop.outcome is not None:
        because = (stop.reason or stop.state).replace("_", " ")
        return stop.outcome.at, f"Return not collected: {because}"
    ended = case.route.finished_at if case.route else None
    if not stop.is_done and ended is not None:
        return ended, "Return not collected: its route has ended"
    if stop.is_done or stop.state.is_at_the_door or end is None or not case.is_passed:
        return None, ""
    is_over = case.now - end >= case.limits.span(_RETURN, "raise_past")
    return (end, "Return not collected: the vehicle has gone on") if is_over else (None, "")


def _pin_was_wrong(case: StopCase) -> bool:
    """True where this visit told already that the pin is not where the door is."""
    record, _ = newest_episode(case.state, ExceptionKind.ADDRESS, case.stop.id)
    came = case.stop.arrived_at
    if record is None or record.raised_at is None or came is None:
        return False
    return record.raised_at >= came


def _away_m(proof: Proof, pin: LatLon) -> float | None:
    if proof.lat is None or proof.lon is None:
        return None
    return distance_m(LatLon(proof.lat, proof.lon), pin)


def _parcel_words(plan: StopPlan, proof: Proof) -> list[str]:
    if proof.scanned is None or not plan.parcels:
        return []
    missing = [one for one in plan.parcels if one not in proof.scanned]
    foreign = [one for one in proof.scanned if one not in plan.parcels]
    words = []
    if missing:
        words.append(f"{count(len(missing), 'parcel', 'parcels')} not scanned: {_some(missing)}")
    if foreign:
        words.append(f"{count(len(foreign), 'parcel', 'parcels')} of others: {_some(foreign)}")
    return words


def _some(parcels: list[str]) -> str:
    more = f" and {len(parcels) - 2} more" if len(parcels) > 2 else ""
    return ", ".join(parcels[:2]) + more


def _attempt_over(case: StopCase) -> str:
    stop = case.stop
    if stop.state.is_success or stop.state is StopState.CANCELLED:
        return f"The stop is done: {stop.state}."
    if not stop.route_id:
        return "The stop was taken off its route."
    if not stop.is_done:
        return "The driver tries again."
    return "The stop is on another route now."
