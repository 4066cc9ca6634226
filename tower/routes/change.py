"""Gestures on the order of stops, and what becomes of them when the shift moves on meanwhile.

A gesture is kept as it was meant ("these stops before that one"), not as its result: replayed on
the newest state it still says the same, whatever others changed. No replay loses or doubles a stop.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tower.domain.records import Route
from tower.domain.state import State
from tower.routes.case import parted

Orders = Mapping[str, tuple[str, ...]]
"""Route id to the ids of its open stops in driving order; "" to the stops on no route."""

UNASSIGNED = ""
"""The place of stops on no route."""


class Move(msgspec.Struct, frozen=True, kw_only=True, tag="move"):
    """Put stops somewhere else, together and in the order given.

    Attributes:
        route_id: where to; `UNASSIGNED` takes them off every route.
        before: the stop they come before, "" for the end of the route.
    """

    stops: tuple[str, ...]
    route_id: str
    before: str = ""


class Arrange(msgspec.Struct, frozen=True, kw_only=True, tag="arrange"):
    """Put whole routes into a new order, as an optimiser or an undo does.

    Attributes:
        orders: route id to the ids of its open stops; `UNASSIGNED` to those taken off.
        title: what this is, in words.
    """

    orders: dict[str, tuple[str, ...]]
    title: str = ""


Gesture = Move | Arrange


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of some gestures on a state.

    Attributes:
        orders: all orders after them.
        dropped: stops a gesture named that are no longer open, so they stay where they are.
        astray: stops whose gesture put them before one that is no longer there.
    """

    orders: Orders
    dropped: frozenset[str]
    astray: frozenset[str] = frozenset()


def open_orders(state: State) -> dict[str, tuple[str, ...]]:
    """The open stops of every route, and under `UNASSIGNED` those on none."""
    orders = {route.id: open_order(state, route) for route in state.routes.values()}
    orders[UNASSIGNED] = loose_stops(state)
    return orders


def loose_stops(state: State) -> tuple[str, ...]:
    """Ids of the open stops on no route."""
    known = state.routes
    return tuple(
        sorted(
            stop.id
            for stop in state.stops.values()
            if stop.route_id not in known and not stop.is_done and stop.plan is not None
        )
    )


def open_order(state: State, route: Route) -> tuple[str, ...]:
    """Ids of a route's stops whose order is still open."""
    _, still_open = parted(state.stops_of(route))
    return tuple(stop.id for stop in still_open)


def whole_order(state: State, route: Route, order: Iterable[str]) -> tuple[str, ...]:
    """A route's whole sequence, as a command has to name it: settled stops, then `order`."""
    settled = [stop.id for stop in parted(state.stops_of(route))[0]]
    known = set(settled)
    return (*settled, *(stop_id for stop_id in order if stop_id not in known))


def replay(orders: Orders, gestures: Iterable[Gesture], made_on: Orders | None = None) -> Replay:
    """Do gestures again, one after the other, on orders that may have changed since.

    A stop that is nowhere in `orders` (it is done by now) is dropped from its gesture. Where the
    stop that others were to come before is no longer on its route, they come before the one that
    followed it when the gesture was made, else at the end.

    Args:
        orders: the orders as they are now.
        gestures: what is to be done on them.
        made_on: the orders the first gesture was made on, None where they are `orders`.
    """
    book, seen = _Book(orders), _Book(orders if made_on is None else made_on)
    for gesture in gestures:
        if isinstance(gesture, Move):
            book.move(gesture, seen.from_anchor(gesture))
            seen.move(gesture, seen.from_anchor(gesture))
        else:
            book.arrange(gesture)
            seen.arrange(gesture)
    return Replay(
        orders=book.orders(), dropped=frozenset(book.dropped), astray=frozenset(book.astray)
    )


class _Book:
    """Orders being rewritten; every stop is on exactly one page at any time."""

    def __init__(self, orders: Orders) -> None:
        self._pages = {route_id: list(stops) for route_id, stops in orders.items()}
        self._pages.setdefault(UNASSIGNED, [])
        self._page_of = {
            stop_id: route_id for route_id, stops in self._pages.items() for stop_id in stops
        }
        self.dropped: set[str] = set()
        self.astray: set[str] = set()

    def orders(self) -> dict[str, tuple[str, ...]]:
        return {route_id: tuple(stops) for route_id, stops in self._pages.items()}

    def from_anchor(self, gesture: Move) -> tuple[str, ...]:
        """The stops a gesture puts others before: the one it names, and those that follow it."""
        page = self._pages.get(gesture.route_id, [])
        if gesture.before not in page:
            return (gesture.before,) if gesture.before else ()
        moving = set(gesture.stops)
        rest = page[page.index(gesture.before) :]
        return tuple(stop_id for stop_id in rest if stop_id not in moving)

    def move(self, gesture: Move, anchors: Sequence[str]) -> None:
        """Put stops before the first of `anchors` that is on their route."""
        if gesture.route_id not in self._pages:
            self.dropped.update(gesture.stops)
            return
        moving = self._at_hand(gesture.stops)
        for stop_id in moving:
            self._pages[self._page_of[stop_id]].remove(stop_id)
            self._page_of[stop_id] = gesture.route_id
        page = self._pages[gesture.route_id]
        places = {stop_id: place for place, stop_id in enumerate(page)}
        anchor = next((one for one in anchors if one in places), "")
        at = places.get(anchor, len(page))
        page[at:at] = moving
        if anchors and anchor != anchors[0]:
            self.astray.update(moving)

    def arrange(self, gesture: Arrange) -> None:
        """Bring the pages into the orders; stops that came since keep the stop they follow."""
        orders = {page: wish for page, wish in gesture.orders.items() if page in self._pages}
        wanted, named = dict[str, list[str]](), set[str]()
        for page, stops in orders.items():
            wanted[page] = [one for one in self._at_hand(stops) if one not in named]
            named.update(wanted[page])
        followers = {page: _followers(self._pages[page], named) for page in wanted}
        for page in self._pages:
            if page not in wanted:
                self._pages[page] = [one for one in self._pages[page] if one not in named]
        for page, wish in wanted.items():
            self._pages[page] = _woven(wish, followers[page])
            self._page_of.update(dict.fromkeys(self._pages[page], page))

    def _at_hand(self, stops: Sequence[str]) -> list[str]:
        """The stops that can be moved, each once."""
        found = [stop_id for stop_id in dict.fromkeys(stops) if stop_id in self._page_of]
        self.dropped.update(stop_id for stop_id in stops if stop_id not in self._page_of)
        return found


def _followers(page: Sequence[str], named: set[str]) -> dict[str, list[str]]:
    """The stops of a page that nobody named, by the named one they follow ("" for the start)."""
    found: dict[str, list[str]] = {}
    before = ""
    for stop_id in page:
        if stop_id in named:
            before = stop_id
        else:
            found.setdefault(before, []).append(stop_id)
    return found


def _woven(wish: Sequence[str], followers: Mapping[str, Sequence[str]]) -> list[str]:
    """A wish with the stops it did not name behind those they followed, else at the end."""
    woven = list(followers.get("", ()))
    for stop_id in wish:
        woven.append(stop_id)
        woven.extend(followers.get(stop_id, ()))
    placed = set(woven)
    rest = [one for group in followers.values() for one in group if one not in placed]
    return woven + rest


def changed_routes(before: Orders, after: Orders) -> tuple[str, ...]:
    """Ids of the routes whose order is another, `UNASSIGNED` left out."""
    return tuple(
        route_id
        for route_id in after
        if route_id != UNASSIGNED and before.get(route_id, ()) != after[route_id]
    )
