"""What gestures are called. Knows no widgets."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tower.domain.records import Stop
from tower.domain.words import StopState
from tower.routes.case import parted
from tower.routes.change import UNASSIGNED, Arrange, Gesture, Move
from ui.session import Session
from ui.subjects import route_id_of


class Verb(NamedTuple):
    """A verb as a heading and as an entry of a list say it."""

    ongoing: str
    plain: str


_MOVE, _TAKE = Verb("Moving", "move"), Verb("Taking", "take")
_Said = Callable[[Verb], str]
_Owner = Callable[[str], str]
"""Words for the route stops are taken from, by its id; "" where they need none."""


def ongoing(session: Session, gesture: Gesture) -> str:
    """`Moving stop 19 before 18`; beside another route `Moving stop 19 of R-211 before 18`."""
    if isinstance(gesture, Arrange):
        title = _title(gesture)
        return title[0].upper() + title[1:]
    return _move_words(
        session,
        gesture,
        lambda verb: verb.ongoing,
        lambda route_id: _of(session, route_id) if is_elsewhere(session, route_id) else "",
    )


def plain(session: Session, gesture: Gesture) -> str:
    """`move stop 19 of R-211 before 18`."""
    if isinstance(gesture, Arrange):
        return _title(gesture)
    return _move_words(
        session, gesture, lambda verb: verb.plain, lambda route_id: _of(session, route_id)
    )


def unmoved(session: Session, gesture: Gesture) -> str:
    """`Stop 19 stays where it is`, of a gesture that changes nothing."""
    if isinstance(gesture, Arrange):
        return "This is the present order"
    what = stops_words(session, gesture.stops)
    rest = "stays where it is" if len(gesture.stops) == 1 else "stay where they are"
    return f"{what[0].upper()}{what[1:]} {rest}"


def is_elsewhere(session: Session, route_id: str) -> bool:
    """True where something on another route is selected."""
    shown = route_id_of(session, session.selection)
    return bool(shown) and shown != route_id


def _title(arrange: Arrange) -> str:
    return arrange.title or "another order"


def _of(session: Session, route_id: str) -> str:
    return f" of {route_words(session, route_id)}"


def _move_words(session: Session, move: Move, said: _Said, owner: _Owner) -> str:
    what = stops_words(session, move.stops)
    homes = {_route_of(session, stop_id) for stop_id in move.stops}
    home = next(iter(homes)) if len(homes) == 1 else UNASSIGNED
    if move.route_id == UNASSIGNED:
        off = route_words(session, home) if home else "their routes"
        return f"{said(_TAKE)} {what} off {off}"
    number = session.links.number_of_stop.get(move.before, 0)
    anchor = f"before {number}" if number else ""
    if move.before and not number:
        anchor = f"before {stop_words(session, move.before)}"
    what += owner(home) if home else ""
    if homes == {move.route_id}:
        return f"{said(_MOVE)} {what} {anchor or 'to the end'}"
    where = f"to {route_words(session, move.route_id)}"
    return f"{said(_MOVE)} {what} {where}{', ' + anchor if anchor else ''}"


def stops_words(session: Session, stops: Sequence[str]) -> str:
    """`stop 19`, or `3 stops`."""
    return stop_words(session, stops[0]) if len(stops) == 1 else f"{len(stops)} stops"


def stop_words(session: Session, stop_id: str) -> str:
    """`stop 19`; the customer where it is on no route."""
    if number := session.links.number_of_stop.get(stop_id, 0):
        return f"stop {number}"
    stop = session.state.stops.get(stop_id)
    plan = stop.plan if stop else None
    return (plan.customer or plan.reference if plan else "") or f"stop {stop_id}"


def stop_of_route_words(session: Session, stop_id: str) -> str:
    """`R-211 stop 19`, where several routes are spoken of."""
    words, home = stop_words(session, stop_id), _route_of(session, stop_id)
    has_number = stop_id in session.links.number_of_stop
    return f"{route_words(session, home)} {words}" if home and has_number else words


def route_words(session: Session, route_id: str) -> str:
    """What people call a route."""
    route = session.state.routes.get(route_id)
    return route.name if route else route_id or "no route"


def _route_of(session: Session, stop_id: str) -> str:
    stop = session.state.stops.get(stop_id)
    return stop.route_id if stop else UNASSIGNED


_DONE = {
    StopState.DELIVERED: "is delivered",
    StopState.COLLECTED: "is collected",
    StopState.ATTEMPTED: "was attempted",
    StopState.CANCELLED: "is cancelled",
    StopState.SKIPPED: "was skipped",
}


def why_fixed(session: Session, stop: Stop | None) -> str:
    """Why a stop cannot be moved, or ""."""
    if stop is None or stop.plan is None:
        return "Nobody said yet where this stop is, so it cannot be planned."
    name = stop_words(session, stop.id)
    name = name[0].upper() + name[1:]
    if stop.is_done:
        return f"{name} {_DONE[stop.state]}; it stays where it is."
    if parted([stop])[0]:
        return f"The driver is at {name.lower()}; it stays where it is."
    if stop.lock is not None:
        why = f": {stop.lock.reason}" if stop.lock.reason else ""
        return f"{name} is locked{why}. Unlock it to move it."
    return ""


def why_closed(session: Session, route_id: str) -> str:
    """Why a route takes no stops any more, or ""."""
    route = session.state.routes.get(route_id)
    if route is None or route.finished_at is None:
        return ""
    at = session.clock_text(route.finished_at)
    return f"{route_words(session, route_id)} was finished at {at}; it takes no more stops."
