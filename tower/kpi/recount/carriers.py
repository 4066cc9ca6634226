"""How good the data of carriers was, a stretch at a time."""

from collections.abc import Iterator

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Subject
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.ground import Ground, seconds


def carrier_facts(ground: Ground, event: Event) -> Iterator[Fact]:
    """The fact of one stretch of a carrier's data, at its end."""
    body = event.body
    if not isinstance(body, e.CarrierMeasured):
        return
    adds = {
        "fixes": float(body.fixes),
        "vehicle_s": round(body.vehicle_s, 3),
        "lag_s": round(body.lag_s, 3),
        "messages": float(body.messages),
        "refused": float(body.refused),
        "silent_s": round(body.silent_s, 3),
        "heard_s": max(0.0, seconds(event.at - body.since)),
    }
    about = Subject(carrier_id=event.subject.carrier_id)
    yield ground.fact(FactKind.CARRIER, event.id, event.at, about, adds)
