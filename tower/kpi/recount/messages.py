"""Messages a provider took, and whether they were answered."""

from collections.abc import Iterator

from tower.domain import events as e
from tower.domain.records import Subject
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.ground import Ground
from tower.kpi.recount.saying import of_type


def message_facts(ground: Ground, message_id: str) -> Iterator[Fact]:
    """The fact of one message, at the time a provider first took it.

    Replies to it belong to it, however much later.
    """
    said = ground.book.about("message", message_id)
    left = [one for one in of_type(said, e.MessageProgressed) if one.body.attempt.state.has_left]
    if not left:
        return
    first = left[0]
    adds = {"sent": 1.0, "answered": float(bool(of_type(said, e.ReplyReceived)))}
    queued = of_type(said, e.MessageQueued, first.at)
    stop_id = first.subject.stop_id or (queued[0].body.plan.stop_id if queued else "")
    subject = first.subject
    about = Subject(stop_id=stop_id, route_id=subject.route_id, carrier_id=subject.carrier_id)
    label = str(first.body.attempt.channel)
    yield ground.fact(FactKind.MESSAGE, message_id, first.at, about, adds, label=label)
