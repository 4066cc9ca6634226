"""Operations for planning: how long it takes from place to place, where a stop fits best."""

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
    PlacesAnswer,
    Problem,
    SuggestionWish,
    TravelAnswer,
    TravelWish,
)
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import JSON, Answered, Body, Operation
from tower.gateway.signin import OPERATORS, READERS
from tower.gateway.suggesting import NoSuchStop
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
)
