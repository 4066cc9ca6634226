"""Operations for planning: travel times, the best places for stops, better orders."""

import asyncio
import math
from collections.abc import Sequence
from datetime import datetime

import msgspec
import numpy as np
from starlette.responses import Response

from tower.domain.geometry import LatLon, is_null_island, is_on_earth
from tower.gateway.answers import (
    LONGEST_SIDE,
    MOST_STOPS,
    OptimisationAnswer,
    OptimisationStarted,
    OptimisationWish,
    PlacesAnswer,
    Problem,
    SuggestionWish,
    TravelAnswer,
    TravelWish,
)
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import JSON, Answered, Body, Operation, Parameter
from tower.gateway.optimising import TooManySearches
from tower.gateway.signin import OPERATORS, READERS
from tower.gateway.suggesting import NoSuchStop
from tower.gateway.wishes import WishRefused
from tower.road.engine import RoutingError, Table

MOST_PAIRS = 250 * LONGEST_SIDE
"""Pairs of places one question about travel may ask for."""


async def _travel(call: Call) -> Response:
    wish = call.read(TravelWish)
    pairs = len(wish.origins) * len(wish.destinations)
    if pairs > MOST_PAIRS:
        message = (
            f"{len(wish.origins)} origins and {len(wish.destinations)} destinations are {pairs:,} "
            f"pairs; at most {MOST_PAIRS:,} may be asked for at once. Ask in parts."
        )
        raise HttpRefusal(422, "too_many_pairs", message)
    _check_places("origins", wish.origins)
    _check_places("destinations", wish.destinations)
    departure = call.gateway.clock.now()
    try:
        table = await call.gateway.travelling.table(wish.origins, wish.destinations, wish.profile)
    except RoutingError as error:
        raise HttpRefusal(503, "no_roads", str(error)) from error
    body = await asyncio.to_thread(_encoded, table, departure)
    return Response(body, media_type=JSON)


async def _suggestions(call: Call) -> Response:
    wish = call.read(SuggestionWish)
    try:
        places = await call.gateway.suggesting.places(tuple(dict.fromkeys(wish.stops)))
    except NoSuchStop as error:
        raise HttpRefusal(404, "not_found", str(error)) from error
    return json_response(places)


async def _optimise(call: Call) -> Response:
    try:
        id_ = call.gateway.optimising.begin(call.read(OptimisationWish))
    except WishRefused as error:
        raise HttpRefusal(422, "refused", str(error)) from error
    except TooManySearches as error:
        raise HttpRefusal(429, "too_many", str(error), {"Retry-After": "5"}) from error
    return json_response(OptimisationStarted(id=id_), 202)


async def _optimisation(call: Call) -> Response:
    return _told(call.gateway.optimising.look(call.text("id")))


async def _cancel_optimisation(call: Call) -> Response:
    return _told(call.gateway.optimising.cancel(call.text("id")))


def _told(answer: OptimisationAnswer | None) -> Response:
    if answer is None:
        message = "This search is not known (any more); begin another one."
        raise HttpRefusal(404, "not_found", message)
    return json_response(answer)


def _check_places(side: str, places: Sequence[LatLon]) -> None:
    for index, place in enumerate(places):
        is_number = math.isfinite(place.lat) and math.isfinite(place.lon)
        if not is_number or not is_on_earth(*place) or is_null_island(*place):
            message = f"{side}[{index}] is no place on Earth: latitude, then longitude, degrees."
            raise HttpRefusal(422, "unfit", message)


def _encoded(table: Table, departure: datetime) -> bytes:
    """A `TravelAnswer`, written row by row: encoding holds the interpreter for its length."""
    columns = {
        "durations_s": np.round(table.durations_s.astype(np.float64), 1),
        "distances_m": np.round(table.distances_m.astype(np.float64), 1),
        "estimated": table.estimated,
    }
    rows = {name: [msgspec.json.encode(row.tolist()) for row in of] for name, of in columns.items()}
    answer = {name: msgspec.Raw(b"[" + b",".join(of) + b"]") for name, of in rows.items()}
    return msgspec.json.encode({"departure": departure, **answer})


_SEARCH = Parameter(name="id", where="path", about="The search.", required=True)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/v1/travel",
        name="travel",
        about="How long it takes from each origin to each destination, leaving now.",
        handle=_travel,
        roles=READERS,
        body=Body(
            about=f"The places: at most {LONGEST_SIDE:,} on a side and {MOST_PAIRS:,} pairs.",
            kind=TravelWish,
        ),
        answers={
            200: Answered(about="The table.", kind=TravelAnswer),
            503: Answered(about="The roads cannot be asked now.", kind=Problem),
        },
    ),
    Operation(
        method="POST",
        path="/v1/suggestions",
        name="suggestions",
        about="The best places for stops over all routes; nothing is changed.",
        handle=_suggestions,
        roles=OPERATORS,
        body=Body(about=f"The stops, at most {MOST_STOPS}.", kind=SuggestionWish),
        answers={
            200: Answered(about="For each stop its places.", kind=list[PlacesAnswer]),
            404: Answered(about="No such stop.", kind=Problem),
        },
    ),
    Operation(
        method="POST",
        path="/v1/optimisations",
        name="optimise",
        about="Search for better orders of routes; nothing is changed.",
        handle=_optimise,
        roles=OPERATORS,
        body=Body(about="What is to be optimised.", kind=OptimisationWish),
        answers={
            202: Answered(about="The search goes on under an id.", kind=OptimisationStarted),
            422: Answered(about="There is nothing to search for.", kind=Problem),
            429: Answered(about="No more searches can run side by side.", kind=Problem),
        },
    ),
    Operation(
        method="GET",
        path="/v1/optimisations/{id}",
        name="optimisation",
        about="How a search stands, with the best orders found so far.",
        handle=_optimisation,
        roles=OPERATORS,
        parameters=(_SEARCH,),
        answers={
            200: Answered(about="How it stands.", kind=OptimisationAnswer),
            404: Answered(about="No such search (any more).", kind=Problem),
        },
    ),
    Operation(
        method="POST",
        path="/v1/optimisations/{id}/cancel",
        name="cancel_optimisation",
        about="End a search; the best orders found so far stay.",
        handle=_cancel_optimisation,
        roles=OPERATORS,
        parameters=(_SEARCH,),
        answers={
            200: Answered(about="How it stands.", kind=OptimisationAnswer),
            404: Answered(about="No such search (any more).", kind=Problem),
        },
    ),
)
