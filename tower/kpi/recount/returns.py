"""Returns: due where a stop of that kind had its outcome, collected, booked back in."""

from collections.abc import Iterator

from tower.domain import events as e
from tower.domain.words import StopKind
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.ground import Ground
from tower.kpi.recount.saying import of_type
from tower.kpi.recount.stops import about
from tower.kpi.recount.tries import Try, tries


def return_facts(ground: Ground, stop_id: str) -> Iterator[Fact]:
    """Facts of the kind `return` of one stop: one a local day, by its last outcome of that day.

    That a collected return is booked in belongs to its collection, however much later, until the
    same stop is collected again.
    """
    made = tries(ground.book.about("stop", stop_id))
    last = {ground.calendar.dated(one.at).day: one for one in made}
    for day, one in last.items():
        plan = ground.stop(stop_id, one.at).plan
        if plan is not None and plan.kind is StopKind.RETURN and _is_due(one):
            adds = {
                "returns_due": 1.0,
                "returns_collected": float(one.state.is_success),
                "returns_closed": float(_is_closed(ground, stop_id, one, made)),
            }
            name = f"{stop_id}:{day}"
            yield ground.fact(FactKind.RETURN, name, one.at, about(one, stop_id), adds)


def _is_due(one: Try) -> bool:
    return not isinstance(one.event.body, e.StopCancelled)


def _is_closed(ground: Ground, stop_id: str, one: Try, made: list[Try]) -> bool:
    if not one.state.is_success:
        return False
    again = [each.at for each in made if each.state.is_success and each.at > one.at]
    closed = of_type(ground.book.about("stop", stop_id), e.ReturnClosed)
    return any(one.at <= each.at and (not again or each.at < again[0]) for each in closed)
