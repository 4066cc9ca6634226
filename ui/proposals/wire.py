"""The gateway's planning operations as the desktop speaks them: requests, answers, refusals."""

from typing import TypeVar

import msgspec

from tower.domain.commands import Handover

OPTIMISATIONS = "/v1/optimisations"
SUGGESTIONS = "/v1/suggestions"

ACCEPTED = 202
OK = 200
_Read = TypeVar("_Read")


class WireError(ValueError):
    """The gateway's answer cannot be read."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What matters how much; 1 is the usual.

    Attributes:
        lateness: being late at stops.
        distance: kilometres and hours driven.
        change: another order than the driver knows.
    """

    lateness: float = 1.0
    distance: float = 1.0
    change: float = 1.0


class OptimisationWish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be optimised.

    Attributes:
        routes: the routes that may change.
        stops: the stops that may move; None for all open ones of these routes.
        loose: stops on no route that are to find a place.
        out_of_service: a route that ends here and now: others take over its stops.
    """

    routes: tuple[str, ...]
    weights: Weights
    stops: tuple[str, ...] | None = None
    loose: tuple[str, ...] = ()
    out_of_service: str = ""


class OptimisationStarted(msgspec.Struct, frozen=True, kw_only=True):
    """The search goes on under this id."""

    id: str


class Objective(msgspec.Struct, frozen=True, kw_only=True):
    """What an order costs, in parts.

    Attributes:
        lateness_s: seconds after the ends of the windows, all stops together.
        distance_m: metres still to be driven.
        changed: stops served at another place than the driver knows.
    """

    lateness_s: float = 0.0
    distance_m: float = 0.0
    changed: int = 0


class OfferLegs(msgspec.Struct, frozen=True, kw_only=True):
    """Driving along one of the orders.

    Attributes:
        durations_s: seconds from each stop to the one behind it, from the last to the depot.
        distances_m: metres, likewise.
    """

    durations_s: tuple[float, ...]
    distances_m: tuple[float, ...]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The best orders found so far.

    Attributes:
        orders: route id to the ids of its open stops; "" to those that find no place.
        reasons: stop id to why it finds no place, in words.
        handovers: visits where drivers meet; their stops stand in `orders`.
        versions: route id to the version of the sequence it was made for.
        legs: route id to the driving along its order, as far as the gateway tells it.
    """

    orders: dict[str, tuple[str, ...]]
    reasons: dict[str, str] = {}
    handovers: tuple[Handover, ...] = ()
    versions: dict[str, int] = {}
    legs: dict[str, OfferLegs] = {}
    before: Objective = Objective()
    after: Objective = Objective()


class OptimisationState(msgspec.Struct, frozen=True, kw_only=True):
    """How a search stands.

    Attributes:
        state: `running`, `done`, `cancelled` or `failed`.
        words: what it is doing, or why it failed.
        progress: share of its time that is over, 0 to 1.
        offer: None while nothing better than the present order was found.
    """

    state: str
    words: str = ""
    elapsed_s: float = 0.0
    progress: float = 0.0
    offer: Offer | None = None


def read(body: bytes, kind: type[_Read]) -> _Read:
    """Read an answer.

    Raises:
        WireError: it is not what the gateway's own document describes.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise WireError(f"The gateway's answer cannot be read: {error}.") from error
