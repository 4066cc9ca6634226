"""Operations about the shift: events, lines of the routes, trails of vehicles, regions."""

import asyncio
from datetime import timedelta

from starlette.responses import FileResponse, Response

from tower.domain.events import Event
from tower.gateway.answers import EventPage, Problem, ShapeAnswer, TrailPoint
from tower.gateway.errors import NoSuchRegion
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import ANY_BYTES, Answered, Operation, Parameter
from tower.gateway.http.times import moment_of
from tower.gateway.line import RouteLine
from tower.gateway.signin import READERS

_PAGE = 500
_LONGEST_PAGE = 5_000
_TRAIL = timedelta(hours=12)
_SUBJECTS = ("stop", "route", "vehicle", "exception", "carrier", "message")


async def _events(call: Call) -> Response:
    after, limit = call.number("after") or 0, call.number("limit") or _PAGE
    events = await asyncio.to_thread(_read_events, call, after, limit)
    last = events[-1].seq if events else after
    return json_response(EventPage(events=tuple(events), next=last))


def _read_events(call: Call, after: int, limit: int) -> list[Event]:
    named = [(kind, call.text(kind)) for kind in _SUBJECTS if call.text(kind)]
    if len(named) > 1:
        raise HttpRefusal(422, "unfit", "Name one thing the events are to be about.")
    if not named:
        return call.gateway.journal.read(after, limit)
    kind, id_ = named[0]
    found = call.gateway.journal.about(kind, id_, limit)
    return [event for event in found if event.seq > after]


async def _shapes(call: Call) -> Response:
    tag = f'"{call.gateway.legs.tag}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in call.text("If-None-Match"):
        return Response(status_code=304, headers=headers)
    lines = call.gateway.lines.all()
    shapes = {route_id: _shape(call, route_id, *known) for route_id, known in lines.items()}
    return json_response(shapes, headers=headers)


def _shape(call: Call, route_id: str, version: int, line: RouteLine) -> ShapeAnswer:
    route = call.gateway.state.routes[route_id]
    expected = call.gateway.legs.of(route) if route.version == version else None
    legs = expected or line
    return ShapeAnswer(
        version=version,
        shape=line.shape,
        stop_offsets=line.stop_offsets,
        durations_s=tuple(legs.durations_s),
        distances_m=tuple(legs.distances_m),
        home_s=legs.home_s,
        home_m=legs.home_m,
    )


async def _trail(call: Call) -> Response:
    vehicle_id = call.text("vehicle_id")
    if vehicle_id not in call.gateway.state.vehicles:
        raise HttpRefusal(404, "not_found", f"There is no vehicle {vehicle_id}.")
    until = moment_of(call, "until") or call.gateway.clock.now()
    since = moment_of(call, "since") or until - _TRAIL
    trail = call.gateway.journal.breadcrumbs.trail
    fixes = await asyncio.to_thread(trail, vehicle_id, since, until)
    points = [
        TrailPoint(
            at=fix.at,
            lat=fix.lat,
            lon=fix.lon,
            speed_mps=fix.speed_mps,
            heading_deg=fix.heading_deg,
        )
        for fix in fixes
    ]
    return json_response(points)


async def _region(call: Call) -> Response:
    try:
        path = call.gateway.regions.find(call.text("region_id"))
    except NoSuchRegion as error:
        raise HttpRefusal(404, "not_found", str(error)) from error
    return FileResponse(path, media_type=ANY_BYTES, filename=path.name)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/events",
        name="events",
        about="Events of the journal, oldest first; about one thing, the newest of them.",
        handle=_events,
        roles=READERS,
        parameters=(
            Parameter(
                name="after",
                where="query",
                about="Only events with a greater sequence number.",
                kind=int,
                minimum=0,
            ),
            Parameter(
                name="limit",
                where="query",
                about="At most so many.",
                kind=int,
                minimum=1,
                maximum=_LONGEST_PAGE,
            ),
            *(
                Parameter(name=kind, where="query", about=f"Only events about this {kind}.")
                for kind in _SUBJECTS
            ),
        ),
        answers={200: Answered(about="The events.", kind=EventPage)},
    ),
    Operation(
        method="GET",
        path="/v1/routes/shapes",
        name="route_shapes",
        about="The lines of all routes along the roads, by route.",
        handle=_shapes,
        roles=READERS,
        parameters=(
            Parameter(
                name="If-None-Match", where="header", about="The ETag of the lines you have."
            ),
        ),
        answers={
            200: Answered(about="The lines.", kind=dict[str, ShapeAnswer]),
            304: Answered(about="You have the newest.", media=""),
        },
    ),
    Operation(
        method="GET",
        path="/v1/vehicles/{vehicle_id}/trail",
        name="vehicle_trail",
        about="Where a vehicle was, thinned; the last 12 hours unless told otherwise.",
        handle=_trail,
        roles=READERS,
        parameters=(
            Parameter(name="vehicle_id", where="path", about="The vehicle.", required=True),
            Parameter(name="since", where="query", about="From this time on, RFC 3339."),
            Parameter(name="until", where="query", about="Up to this time, RFC 3339."),
        ),
        answers={
            200: Answered(about="The trail, oldest first.", kind=list[TrailPoint]),
            404: Answered(about="No such vehicle.", kind=Problem),
        },
    ),
    Operation(
        method="GET",
        path="/v1/regions/{region_id}",
        name="region",
        about="A region pack: map, roads and buildings in one file.",
        handle=_region,
        roles=READERS,
        parameters=(Parameter(name="region_id", where="path", about="The region.", required=True),),
        answers={
            200: Answered(about="The pack.", media=ANY_BYTES),
            404: Answered(about="No such region.", kind=Problem),
        },
    ),
)
