"""Operations of people at work: who am I, commands, signs of life, the clock."""

from starlette.responses import Response

from tower import __version__
from tower.domain.commands import AnyCommand
from tower.feed.clock import RunningClock
from tower.gateway.answers import (
    ClockAnswer,
    ClockWish,
    CommandDone,
    ExceptionConflict,
    Health,
    Heartbeat,
    Infeasible,
    Me,
    MessageConflict,
    PlaybooksConflict,
    PolicyConflict,
    Problem,
    ReportingConflict,
    RouteConflict,
    ThresholdsConflict,
)
from tower.gateway.desk import Asked
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import JSON, Answered, Body, Operation, Parameter
from tower.gateway.signin import OPERATORS, READERS, SENDERS

_SLOWEST, _FASTEST = 1.0, 60.0
_KEY_LENGTH = 200


async def _health(call: Call) -> Response:
    gateway = call.gateway
    trouble = gateway.journal.trouble
    health = Health(
        ok=trouble is None,
        version=__version__,
        now=gateway.clock.now(),
        rate=gateway.clock.rate,
        seq=gateway.state.seq,
    )
    return json_response(health)


async def _me(call: Call) -> Response:
    grant = call.grant
    return json_response(Me(actor=grant.actor, role=grant.role, carrier_id=grant.carrier_id))


async def _command(call: Call) -> Response:
    key = call.text("Idempotency-Key")
    if len(key) > _KEY_LENGTH:
        message = f"Idempotency-Key is longer than {_KEY_LENGTH} letters."
        raise HttpRefusal(422, "unfit", message)
    asked = Asked(body=call.body, key=key, grant=call.grant, if_match=call.number("If-Match"))
    reply = await call.gateway.desk.command(asked)
    return Response(reply.body, reply.status, media_type=JSON)


async def _heartbeat(call: Call) -> Response:
    return json_response(Heartbeat(claims=call.gateway.claims(call.grant.actor.id)))


async def _set_clock(call: Call) -> Response:
    clock, wish = call.gateway.clock, call.read(ClockWish)
    if not isinstance(clock, RunningClock):
        message = "This gateway runs in earnest: its clock cannot be made faster or slower."
        raise HttpRefusal(409, "real_time", message)
    if not _SLOWEST <= wish.rate <= _FASTEST:
        raise HttpRefusal(422, "unfit", "The rate lies between 1 and 60.")
    clock.set_rate(wish.rate)
    return json_response(ClockAnswer(now=clock.now(), rate=clock.rate))


_CONFLICTS = (
    ExceptionConflict,
    RouteConflict,
    MessageConflict,
    ThresholdsConflict,
    PlaybooksConflict,
    PolicyConflict,
    ReportingConflict,
    Problem,
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/health",
        name="health",
        about="Whether the gateway is alive; needs no token.",
        handle=_health,
        answers={200: Answered(about="It is.", kind=Health)},
    ),
    Operation(
        method="GET",
        path="/v1/me",
        name="me",
        about="Who the token belongs to.",
        handle=_me,
        roles=SENDERS | READERS,
        answers={200: Answered(about="You.", kind=Me)},
    ),
    Operation(
        method="POST",
        path="/v1/commands",
        name="command",
        about="Ask for something to be done, once for its key.",
        handle=_command,
        roles=OPERATORS,
        parameters=(
            Parameter(
                name="Idempotency-Key",
                where="header",
                about="Your own name for this wish; the same key is done once and answered alike.",
                required=True,
            ),
            Parameter(
                name="If-Match",
                where="header",
                about="The version the command was made against, as in the command itself.",
                kind=int,
                minimum=0,
            ),
        ),
        body=Body(about="The command.", kind=AnyCommand),
        answers={
            200: Answered(about="Done; its events are in the journal.", kind=CommandDone),
            409: Answered(about="Somebody was faster; how it stands now.", kind=_CONFLICTS),
            422: Answered(
                about="It cannot be done, or breaks hard constraints that are listed.",
                kind=(Infeasible, Problem),
            ),
        },
    ),
    Operation(
        method="POST",
        path="/v1/heartbeat",
        name="heartbeat",
        about="Show that you are there, so that your claims hold. A live websocket does it too.",
        handle=_heartbeat,
        roles=OPERATORS,
        answers={200: Answered(about="What you hold.", kind=Heartbeat)},
    ),
    Operation(
        method="POST",
        path="/v1/clock",
        name="set_clock",
        about="Make a simulated shift run faster or slower.",
        handle=_set_clock,
        roles=OPERATORS,
        body=Body(about="How fast.", kind=ClockWish),
        answers={
            200: Answered(about="The clock now.", kind=ClockAnswer),
            409: Answered(about="The gateway runs in earnest.", kind=Problem),
        },
    ),
)
