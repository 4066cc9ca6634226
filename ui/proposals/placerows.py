"""Places suggested for a stop as rows people read. Knows no widgets."""

from collections.abc import Sequence
from typing import NamedTuple

from tower.gateway.answers import PlaceAnswer
from tower.routes.change import Move
from tower.routes.violations import Violation
from ui.keyed import KeyedModel
from ui.proposals.scope import name_of, route_words
from ui.proposals.totals import change_words, stop_words
from ui.session import Session

_NAMED = 4


class PlaceRow(NamedTuple):
    """A place.

    Attributes:
        where: between which stops.
        at: when the stop would be reached, as people read it.
        cost: minutes of lateness and kilometres more.
        hurts: whose window is newly missed, or who would have to be told; "" for nobody.
        broken: the constraints it breaks, in words; "" for none.
        is_hard: only a supervisor may commit it.
        move: the gesture that takes it.
    """

    id: str
    route: str
    where: str
    at: str
    cost: str
    hurts: str
    broken: str
    is_hard: bool
    move: Move


class PlaceModel(KeyedModel[PlaceRow]):
    """The places suggested, best first."""

    titles: tuple[str, ...] = ("Route", "Where", "At", "Cost", "Hurts", "Breaks")

    def text(self, row: PlaceRow, column: int) -> str:
        """What stands in a column."""
        return (row.route, row.where, row.at, row.cost, row.hurts, row.broken)[column]


def place_rows(
    session: Session, stop_id: str, places: Sequence[PlaceAnswer]
) -> dict[str, PlaceRow]:
    """The rows for a stop's places."""
    return {
        str(number): _row(session, str(number), stop_id, one)
        for number, one in enumerate(places, start=1)
    }


def _row(session: Session, number: str, stop_id: str, one: PlaceAnswer) -> PlaceRow:
    return PlaceRow(
        id=number,
        route=route_words(session, one.route_id),
        where=_where(session, stop_id, one),
        at=session.clock_text(one.arrives_at),
        cost=_cost(one),
        hurts=_hurts(session, stop_id, one),
        broken="; ".join(
            ("hard: " if broken.hard else "") + _violation_words(session, stop_id, broken)
            for broken in one.violations
        ),
        is_hard=any(broken.hard for broken in one.violations),
        move=Move(stops=(stop_id,), route_id=one.route_id, before=one.before),
    )


def _cost(one: PlaceAnswer) -> str:
    words = change_words(one.lateness_s, one.distance_m) or "costs nothing"
    return f"{words} (estimate)" if one.estimated else words


def _where(session: Session, stop_id: str, one: PlaceAnswer) -> str:
    """`between stop 4 · Customer 0003 and stop 5 · Customer 0004`."""
    route = session.state.routes.get(one.route_id)
    order = [stop for stop in (route.sequence if route else ()) if stop != stop_id]
    at = order.index(one.before) if one.before in order else len(order)
    behind = stop_words(session, order[at]) if at < len(order) else ""
    before = stop_words(session, order[at - 1]) if at else ""
    if before and behind:
        return f"between {before} and {behind}"
    if behind:
        return f"first, before {behind}"
    return f"last, after {before}" if before else "as its only stop"


def _hurts(session: Session, stop_id: str, one: PlaceAnswer) -> str:
    """Who pays for it; the stop itself is not hurt by having a place."""
    broken = [other for other in one.broken if other != stop_id]
    told = [other for other in one.to_tell if other != stop_id and other not in broken]
    words = [
        f"misses its window: {_names(session, one.route_id, broken)}" if broken else "",
        f"to be told: {_names(session, one.route_id, told)}" if told else "",
        f"saves: {_names(session, one.route_id, one.saved)}" if one.saved else "",
    ]
    return " · ".join(filter(None, words))


def _names(session: Session, route_id: str, stops: Sequence[str]) -> str:
    """`3 · Customer 0002, R-200 5 · Customer 0004`: with its route where that is another one."""
    named = [_name(session, route_id, stop) for stop in stops[:_NAMED]]
    more = f" and {len(stops) - _NAMED} more" if len(stops) > _NAMED else ""
    return ", ".join(named) + more


def _name(session: Session, route_id: str, stop_id: str) -> str:
    words = stop_words(session, stop_id).removeprefix("stop ")
    stop = session.state.stops.get(stop_id)
    is_here = stop is None or stop.route_id in ("", route_id)
    return words if is_here else f"{name_of(session, stop.route_id if stop else '')} {words}"


def _violation_words(session: Session, stop_id: str, broken: Violation) -> str:
    if broken.stop_id in ("", stop_id):
        return broken.words
    return f"{stop_words(session, broken.stop_id)} {broken.words}"
