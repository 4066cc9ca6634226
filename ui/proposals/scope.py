"""What a search is about: the rest of a route, some stops, several routes, a breakdown.

Knows no widgets.
"""

from collections.abc import Iterable, Sequence

import msgspec

from tower.domain.records import Route
from tower.domain.words import Punctuality
from tower.routes.change import open_order
from ui.routes.outlook import Outlook
from ui.session import Session


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What may change, and what people call that.

    Attributes:
        title: such as `The rest of R-204 · Driver A1`.
        routes: ids of the routes that may change.
        stops: ids of the stops that may move; None for all open ones of these routes.
        loose: stops on no route that are to find a place.
        out_of_service: id of the route whose vehicle cannot go on, "" for none.
    """

    title: str
    routes: tuple[str, ...]
    stops: tuple[str, ...] | None = None
    loose: tuple[str, ...] = ()
    out_of_service: str = ""

    @property
    def is_breakdown(self) -> bool:
        """A vehicle cannot go on."""
        return bool(self.out_of_service)


def rest_of_route(session: Session, route_id: str) -> Scope:
    """All open stops of a route."""
    title = f"The rest of {route_words(session, route_id)}"
    return Scope(title=title, routes=(route_id,))


def selected_stops(session: Session, stop_ids: Iterable[str]) -> Scope:
    """Some stops, within the routes they are on; those on no route are to find a place there."""
    state = session.state
    stops = [state.stops[one] for one in stop_ids if one in state.stops]
    open_stops = [stop for stop in stops if not stop.is_done]
    routes = tuple(dict.fromkeys(stop.route_id for stop in open_stops if stop.route_id))
    count = len(open_stops)
    return Scope(
        title=f"{count} selected stop{'' if count == 1 else 's'}",
        routes=routes,
        stops=tuple(stop.id for stop in open_stops if stop.route_id),
        loose=tuple(stop.id for stop in open_stops if not stop.route_id),
    )


def several_routes(session: Session, route_ids: Sequence[str]) -> Scope:
    """All open stops of some routes, which may change places between them."""
    if len(route_ids) == 1:
        return rest_of_route(session, route_ids[0])
    names = [name_of(session, route_id) for route_id in route_ids[:3]]
    more = f" and {len(route_ids) - 3} more" if len(route_ids) > 3 else ""
    return Scope(
        title=f"{len(route_ids)} routes: {', '.join(names)}{more}", routes=tuple(route_ids)
    )


def breakdown(session: Session, route_id: str) -> Scope:
    """The open stops of a route whose vehicle cannot go on, over the routes still under way."""
    helpers = [one.id for one in workable_routes(session) if one.id != route_id]
    return Scope(
        title=f"{route_words(session, route_id)} broke down",
        routes=(route_id, *helpers),
        out_of_service=route_id,
    )


def workable_routes(session: Session) -> list[Route]:
    """The routes on the screen that are not over, by name."""
    state = session.state
    routes = [
        route
        for route in state.routes.values()
        if route.finished_at is None and route.plan is not None and session.shows(route)
    ]
    return sorted(routes, key=lambda route: (route.name, route.id))


def routes_with_work(session: Session) -> list[Route]:
    """Those of them with stops whose order is still open."""
    return [one for one in workable_routes(session) if open_order(session.state, one)]


def late_routes(session: Session) -> tuple[str, ...]:
    """The routes on which a stop is, or may be, late."""
    outlook, wanted = Outlook(session.arrivals), (Punctuality.LATE, Punctuality.AT_RISK)
    found = []
    for route in routes_with_work(session):
        expected = (outlook.of(stop_id) for stop_id in open_order(session.state, route))
        if any(one is not None and one.punctuality in wanted for one in expected):
            found.append(route.id)
    return tuple(found)


def name_of(session: Session, route_id: str) -> str:
    """What people call a route."""
    route = session.state.routes.get(route_id)
    return route.name if route is not None else route_id


def route_words(session: Session, route_id: str) -> str:
    """A route and its driver."""
    route = session.state.routes.get(route_id)
    driver = route.plan.driver_name if route is not None and route.plan is not None else ""
    return " · ".join(filter(None, (name_of(session, route_id), driver)))
