"""What the map shows of a draft, and what a hand on the map does with stops, as values."""

import msgspec

from tower.domain.words import Punctuality
from ui.map.scene import MapStop


class DraftRoute(msgspec.Struct, frozen=True):
    """A route that would be driven otherwise.

    Attributes:
        id: The route's id.
        order: Ids of its open stops as they would be driven, with the place under the pointer.
        placed: The same without the place under the pointer; None where nothing was put down
            on it yet.
    """

    id: str
    order: tuple[str, ...]
    placed: tuple[str, ...] | None = None


class DraftStop(msgspec.Struct, frozen=True):
    """A stop of such a route, or one taken off it.

    Attributes:
        id: The stop's id.
        route_id: The route it would be on, or empty.
        was: Its number now; 0 on no route.
        would: Its number in the draft; 0 on no route.
        punctuality: How it would stand against its window.
    """

    id: str
    route_id: str
    was: int
    would: int
    punctuality: Punctuality = Punctuality.ON_TIME


class MapDraft(msgspec.Struct, frozen=True):
    """A draft as the map shows it.

    Attributes:
        routes: The routes it changes.
        stops: Their stops.
        added: Stops that are only there with the draft, such as taking over parcels.
        lifted: Ids of the stops in somebody's hand.
        title: What the draft is.
        lines: What it does: each line in phrases, each phrase its words, its tone (``"plain"``,
            ``"muted"``, ``"after"``, ``"good"``, ``"risk"``, ``"bad"``) and the stops it is about.
    """

    routes: tuple[DraftRoute, ...] = ()
    stops: tuple[DraftStop, ...] = ()
    added: tuple[MapStop, ...] = ()
    lifted: tuple[str, ...] = ()
    title: str = ""
    lines: tuple[tuple[tuple[str, str, tuple[str, ...]], ...], ...] = ()


class Target(msgspec.Struct, frozen=True):
    """A place in an order.

    Attributes:
        route_id: The route; empty takes stops off theirs.
        before: The stop that would come next; empty for the end of the route.
    """

    route_id: str
    before: str = ""


class Lift(msgspec.Struct, frozen=True, tag_field="do", tag="lift"):
    """The dispatcher begins to drag a stop."""

    stop_id: str


class Hover(msgspec.Struct, frozen=True, tag_field="do", tag="hover"):
    """The dispatcher holds what is lifted over a place, or over none."""

    target: Target | None


class Drop(msgspec.Struct, frozen=True, tag_field="do", tag="drop"):
    """The dispatcher puts it down there."""

    target: Target


class Cancel(msgspec.Struct, frozen=True, tag_field="do", tag="cancel"):
    """The dispatcher puts it back."""


DragStep = Lift | Hover | Drop | Cancel
