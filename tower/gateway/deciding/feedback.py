"""What is heard of a delivery afterwards: claims, answers to surveys, returns booked back in."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from tower.domain.commands import CloseReturn, FileClaim, RecordSurvey, SettleClaim
from tower.domain.events import AnyBody, ClaimFiled, ClaimSettled, ReturnClosed, SurveyAnswered
from tower.domain.identity import subject_id
from tower.domain.records import Stop, Subject
from tower.domain.state import State
from tower.domain.words import StopKind
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict, new_event

_AHEAD = timedelta(minutes=2)
"""A time this far in the future is still the present, told by another clock."""

_LONG_AGO = timedelta(days=3_660)
"""What is older than that was written down wrongly."""


def _file(command: FileClaim, state: State, terms: Terms) -> Verdict:
    """A claim with a number that is known is written down again, about the same stop."""
    stop = state.stops.get(command.stop_id)
    if stop is None:
        return _no_stop(command.stop_id)
    known = state.claims.get(command.claim_id)
    if known is not None and known.stop_id not in ("", stop.id):
        return Refused(f"Claim {known.id} is about stop {known.stop_id}, not {stop.id}.")
    body = ClaimFiled(
        claim_id=command.claim_id or _new_claim_id(state, stop, terms.now),
        kind=command.kind,
        words=command.words,
        amount=command.amount,
    )
    filed = (body.kind, body.words, body.amount)
    if known is not None and (known.kind, known.words, known.amount) == filed and known.filed_at:
        return Accepted(())
    return _happened(_about(stop), body, command.at, terms)


def _new_claim_id(state: State, stop: Stop, now: datetime) -> str:
    taken = sum(one.stop_id == stop.id for one in state.claims.values())
    return subject_id("claim", stop.id, str(taken), now.isoformat())


def _settle(command: SettleClaim, state: State, terms: Terms) -> Verdict:
    claim = state.claims.get(command.claim_id)
    if claim is None or claim.filed_at is None:
        return Refused(f"There is no claim {command.claim_id}.")
    if claim.outcome is not None:
        same = (claim.outcome, claim.settlement) == (command.outcome, command.words)
        return Accepted(()) if same else Refused(f"Claim {claim.id} is settled: {claim.outcome}.")
    if command.at is not None and command.at.tzinfo and command.at < claim.filed_at:
        return Refused(f"Claim {claim.id} cannot be settled before it was filed.")
    stop = state.stops.get(claim.stop_id) or Stop(id=claim.stop_id)
    body = ClaimSettled(claim_id=claim.id, outcome=command.outcome, words=command.words)
    return _happened(_about(stop), body, command.at, terms)


def _answer(command: RecordSurvey, state: State, terms: Terms) -> Verdict:
    stop = state.stops.get(command.stop_id)
    if stop is None:
        return _no_stop(command.stop_id)
    if not command.survey_id:
        return Refused("A survey needs an id, so that the same answer twice is one.")
    if command.csat is None and command.nps is None:
        return Refused("The survey holds no answer: neither satisfaction nor recommendation.")
    known = state.surveys.get(command.survey_id)
    if known is not None:
        said = (stop.id, command.csat, command.nps, command.words)
        same = (known.stop_id, known.csat, known.nps, known.words) == said
        return Accepted(()) if same else Refused(f"Survey {known.id} was answered already.")
    body = SurveyAnswered(
        survey_id=command.survey_id, csat=command.csat, nps=command.nps, words=command.words
    )
    return _happened(_about(stop), body, command.at, terms)


def _close(command: CloseReturn, state: State, terms: Terms) -> Verdict:
    stop = state.stops.get(command.stop_id)
    if stop is None or stop.plan is None:
        return _no_stop(command.stop_id)
    if stop.plan.kind is not StopKind.RETURN:
        return Refused(f"Stop {stop.id} is no return.")
    if not stop.state.is_success:
        return Refused(f"The return at stop {stop.id} was not collected.")
    if stop.closed_at is not None:
        return Accepted(())
    collected = stop.outcome.at if stop.outcome else None
    if collected and command.at is not None and command.at.tzinfo and command.at < collected:
        return Refused(f"The return at stop {stop.id} cannot be closed before it was collected.")
    return _happened(_about(stop), ReturnClosed(words=command.words), command.at, terms)


def _no_stop(stop_id: str) -> Refused:
    return Refused(f"There is no stop {stop_id}.")


def _about(stop: Stop) -> Subject:
    return Subject(stop_id=stop.id, route_id=stop.route_id)


def _happened(subject: Subject, body: AnyBody, at: datetime | None, terms: Terms) -> Verdict:
    """The event, dated when it happened; what has not happened yet is refused."""
    when = at or terms.now
    if when.tzinfo is None:
        return Refused("The time must say its time zone, such as Z for UTC.")
    if when > terms.now + _AHEAD:
        return Refused("The time lies in the future.")
    if when < terms.now - _LONG_AGO:
        return Refused("The time lies more than ten years ago.")
    event = new_event(terms.now, terms.grant.actor, subject, body)
    return Accepted((replace(event, at=min(when, terms.now).astimezone(UTC)),))


RULES: Rules = {
    FileClaim: _file,
    SettleClaim: _settle,
    RecordSurvey: _answer,
    CloseReturn: _close,
}
"""Decides what is heard afterwards."""
