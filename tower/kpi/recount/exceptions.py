"""Exceptions raised: how soon they were claimed and resolved, and whether in time."""

from collections.abc import Iterator, Sequence

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Subject
from tower.domain.words import ExceptionState
from tower.kpi import judging
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.ground import Ground, seconds
from tower.kpi.recount.saying import of_type


def exception_facts(ground: Ground, exception_id: str) -> Iterator[Fact]:
    """The fact of one exception, at the time it was first raised, as it was found then.

    All work on it belongs to it: the first claim, and the resolution that holds. One nobody acted
    on yet is not in time.
    """
    said = ground.book.about("exception", exception_id)
    raised = of_type(said, e.ExceptionRaised)
    if not raised:
        return
    first = raised[0]
    finding = first.body.finding
    adds = {"raised": 1.0, **_worked(first, of_type(said, e.ExceptionWorked))}
    yield ground.fact(
        FactKind.EXCEPTION,
        exception_id,
        first.at,
        _about(first.subject, finding.subject),
        adds,
        label=str(finding.kind),
    )


def _about(said: Subject, found: Subject) -> Subject:
    """What it is about: as the finding says, else as the event does."""
    return Subject(
        stop_id=found.stop_id or said.stop_id,
        route_id=found.route_id or said.route_id,
        vehicle_id=found.vehicle_id or said.vehicle_id,
        carrier_id=found.carrier_id or said.carrier_id,
    )


def _worked(raised: Event, work: Sequence[Event]) -> dict[str, float]:
    adds: dict[str, float] = {}
    claims = [one for one in work if _state(one) is ExceptionState.CLAIMED]
    resolutions = [one for one in work if _state(one) is ExceptionState.RESOLVED]
    if claims:
        adds |= {"claimed": 1.0, "claim_s": _waited(raised, claims[0])}
    last = max(work, key=_version, default=None)
    if last is not None and _state(last) is ExceptionState.RESOLVED:
        adds |= {"resolved": 1.0, "resolve_s": _waited(raised, last)}
    body = raised.body
    due = body.finding.sla_due_at if isinstance(body, e.ExceptionRaised) else None
    if due is not None:
        acted = min((one.at for one in (*claims, *resolutions)), default=None)
        adds |= {"sla_due": 1.0, "sla_kept": float(judging.is_sla_kept(due, acted))}
    return adds


def _waited(raised: Event, then: Event) -> float:
    return max(0.0, seconds(then.at - raised.at))


def _state(event: Event) -> ExceptionState | None:
    return event.body.state if isinstance(event.body, e.ExceptionWorked) else None


def _version(event: Event) -> tuple[int, str]:
    """The newest version holds, as in the fold."""
    body = event.body
    return (body.version if isinstance(body, e.ExceptionWorked) else 0, event.id)
