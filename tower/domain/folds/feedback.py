"""What is heard afterwards: returns booked back in, claims, surveys."""

from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.feedback import Claim, Survey
from tower.domain.folds.stamps import observed, recorded
from tower.domain.folds.stops import stop_of
from tower.domain.state import Changed, State


def closed(state: State, event: e.Event, _body: e.ReturnClosed) -> list[Changed]:
    """A collected return was booked back in."""
    stop, stamp = stop_of(state, event.subject.stop_id), observed(event)
    if stop.closed_stamp >= stamp:
        return []
    state.stops[stop.id] = replace(stop, closed_at=event.at, closed_stamp=stamp)
    return [Changed("stops", stop.id)]


def filed(state: State, event: e.Event, body: e.ClaimFiled) -> list[Changed]:
    """A claim reached us; what was written down last holds."""
    claim, stamp = _claim(state, body.claim_id), recorded(event)
    if claim.filed_stamp >= stamp:
        return []
    state.claims[claim.id] = replace(
        claim,
        stop_id=event.subject.stop_id,
        kind=body.kind,
        filed_at=event.at,
        words=body.words,
        amount=body.amount,
        filed_stamp=stamp,
    )
    return [Changed("claims", claim.id)]


def settled(state: State, event: e.Event, body: e.ClaimSettled) -> list[Changed]:
    """A claim was decided; the last word holds."""
    claim, stamp = _claim(state, body.claim_id), recorded(event)
    if claim.settled_stamp >= stamp:
        return []
    state.claims[claim.id] = replace(
        claim,
        outcome=body.outcome,
        settled_at=event.at,
        settlement=body.words,
        settled_stamp=stamp,
    )
    return [Changed("claims", claim.id)]


def answered(state: State, event: e.Event, body: e.SurveyAnswered) -> list[Changed]:
    """A survey was answered; the newest answer holds."""
    known, stamp = state.surveys.get(body.survey_id), observed(event)
    if known is not None and known.stamp >= stamp:
        return []
    state.surveys[body.survey_id] = Survey(
        id=body.survey_id,
        stop_id=event.subject.stop_id,
        at=event.at,
        csat=body.csat,
        nps=body.nps,
        words=body.words,
        stamp=stamp,
    )
    return [Changed("surveys", body.survey_id)]


def _claim(state: State, claim_id: str) -> Claim:
    return state.claims.get(claim_id) or Claim(id=claim_id)
