"""What is heard of a delivery: contacts, claims, answers to surveys."""

from collections.abc import Iterable, Iterator

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Subject
from tower.kpi import judging
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.ground import Ground
from tower.kpi.recount.saying import of_type


def feedback_facts(ground: Ground, stop_id: str) -> Iterator[Fact]:
    """Facts of the kinds `contact`, `claim` and `survey` about one stop."""
    said = ground.book.about("stop", stop_id)
    for event in of_type(said, e.CustomerContacted):
        yield from contact_facts(ground, event)
    yield from _claims(ground, said)
    yield from _surveys(ground, said)


def contact_facts(ground: Ground, event: Event) -> Iterator[Fact]:
    """A customer reached us; nothing where we reached the customer.

    Where nobody knows about which stop, only the carrier it came through is told.
    """
    body = event.body
    if isinstance(body, e.CustomerContacted) and body.inbound:
        adds = {"contacts": 1.0, "wismo": float(judging.is_wismo(body.topic))}
        said = event.subject
        about = said if said.stop_id else Subject(carrier_id=said.carrier_id)
        yield ground.fact(FactKind.CONTACT, event.id, event.at, about, adds, label=body.topic)


def _claims(ground: Ground, said: Iterable[Event]) -> Iterator[Fact]:
    """Each claim as it was first filed; that it is settled belongs to it, however much later."""
    settled = {one.body.claim_id for one in of_type(said, e.ClaimSettled)}
    for event in _first(of_type(said, e.ClaimFiled), "claim_id"):
        body = event.body
        if isinstance(body, e.ClaimFiled):
            adds = {
                "claims": 1.0,
                "disputes": float(judging.is_dispute(body.kind)),
                "claims_settled": float(body.claim_id in settled),
            }
            label = str(body.kind)
            yield ground.fact(
                FactKind.CLAIM, body.claim_id, event.at, event.subject, adds, label=label
            )


def _surveys(ground: Ground, said: Iterable[Event]) -> Iterator[Fact]:
    """Each survey as it was first answered."""
    for event in _first(of_type(said, e.SurveyAnswered), "survey_id"):
        body = event.body
        if isinstance(body, e.SurveyAnswered):
            adds: dict[str, float] = {}
            if body.csat is not None:
                adds |= {"csat_n": 1.0, "csat_sum": float(body.csat)}
            if body.nps is not None:
                adds |= {"nps_n": 1.0, "nps_net": float(judging.nps_net(body.nps))}
            yield ground.fact(FactKind.SURVEY, body.survey_id, event.at, event.subject, adds)


def _first(events: Iterable[Event], key: str) -> Iterable[Event]:
    """Of events in order, the first of each key."""
    found: dict[str, Event] = {}
    for event in events:
        found.setdefault(getattr(event.body, key), event)
    return found.values()
