"""The gestures of a draft with what they add to the shift, and what they come to. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tower.domain.commands import Handover, SequenceRoutes, SequenceWish
from tower.domain.events import RoutesSequenced
from tower.domain.records import Stop
from tower.domain.state import State
from tower.gateway.judging import met
from tower.routes.change import UNASSIGNED, Gesture, Move, Orders, Replay, replay, whole_order


class Step(NamedTuple):
    """A gesture of the draft, and the visits for taking over parcels it needs or does away with.

    Attributes:
        cancels: ids of the visits it does away with.
    """

    gesture: Gesture
    handovers: tuple[Handover, ...] = ()
    cancels: tuple[str, ...] = ()


def replayed(
    base: Orders, steps: Sequence[Step], state: State, made_on: Orders | None = None
) -> Replay:
    """Do steps again on orders; visits that no route took are left out.

    Args:
        base: the orders to begin with.
        steps: what is done.
        state: says which visits have become real stops by now.
        made_on: the orders the first step was made on, None where they are `base`.
    """
    if not steps:
        return Replay(orders=base, dropped=frozenset())
    fresh = tuple(one.stop_id for one in _handovers(steps) if one.stop_id not in state.stops)
    seen = _with(base if made_on is None else made_on, fresh)
    done = replay(_with(base, fresh), [step.gesture for step in steps], seen)
    if not fresh:
        return done
    loose = tuple(one for one in done.orders[UNASSIGNED] if one not in fresh)
    return replace(done, orders={**done.orders, UNASSIGNED: loose})


def tried(orders: Orders, gesture: Gesture) -> Orders:
    """Do one gesture on orders; only the routes it is about are looked at."""
    if not isinstance(gesture, Move):
        return replay(orders, [gesture]).orders
    stops = set(gesture.stops)
    homes = [route_id for route_id, order in orders.items() if not stops.isdisjoint(order)]
    pages = (*homes, gesture.route_id, UNASSIGNED)
    about = {page: orders[page] for page in pages if page in orders}
    return {**orders, **replay(about, [gesture]).orders}


def renewed(gesture: Gesture, orders: Orders, made_on: Orders) -> Gesture:
    """A gesture held since other orders stood: before what follows where its stop is served.

    Args:
        gesture: as it was meant.
        orders: as they are now.
        made_on: as they were then.
    """
    if not isinstance(gesture, Move) or not gesture.before:
        return gesture
    then, now = made_on.get(gesture.route_id, ()), orders.get(gesture.route_id, ())
    if gesture.before in now or gesture.before not in then:
        return gesture
    rest = then[then.index(gesture.before) :]
    following = (one for one in rest if one in now and one not in gesture.stops)
    return replace(gesture, before=next(following, ""))


def _with(orders: Orders, visits: Sequence[str]) -> Orders:
    return {**orders, UNASSIGNED: (*orders.get(UNASSIGNED, ()), *visits)} if visits else orders


def added(steps: Iterable[Step]) -> dict[str, Stop]:
    """The visits of the steps' handovers, as the stops they would become, by id."""
    return met(_handovers(steps))


def command_of(
    state: State,
    orders: Orders,
    versions: Mapping[str, int],
    steps: Iterable[Step],
) -> SequenceRoutes:
    """The orders as one command.

    Args:
        state: the shift.
        orders: the orders wanted.
        versions: id of each route to be named, and the version it was looked at in.
        steps: their visits go with it, as far as a route takes them.
    """
    wishes = tuple(
        SequenceWish(
            route_id=route_id,
            version=version,
            stops=whole_order(state, state.routes[route_id], orders[route_id]),
        )
        for route_id, version in sorted(versions.items())
    )
    steps = tuple(steps)
    named = {stop_id for wish in wishes for stop_id in wish.stops}
    visits = tuple(
        one for one in _handovers(steps) if one.stop_id in named and one.stop_id not in state.stops
    )
    cancels = tuple(one for step in steps for one in step.cancels if one in orders[UNASSIGNED])
    return SequenceRoutes(routes=wishes, handovers=visits, cancels=cancels)


def is_outcome(command: SequenceRoutes, body: RoutesSequenced) -> bool:
    """True where an event is what a command became."""
    wanted = {wish.route_id: (wish.version + 1, wish.stops) for wish in command.routes}
    return wanted == {one.route_id: (one.version, one.stops) for one in body.routes}


def _handovers(steps: Iterable[Step]) -> list[Handover]:
    return [one for step in steps for one in step.handovers]
