"""Operations of drivers' systems: which order to drive in."""

from starlette.responses import Response

from tower.carriers.sequences import DriverSequences
from tower.gateway.answers import Problem
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import Answered, Operation, Parameter
from tower.gateway.signin import SENDERS

_LONGEST_WAIT_S = 30


async def _sequences(call: Call) -> Response:
    carrier_id, grant = call.text("carrier_id"), call.grant
    if grant.carrier_id and carrier_id != grant.carrier_id:
        message = f"This token speaks for carrier {grant.carrier_id}, not for {carrier_id}."
        raise HttpRefusal(403, "not_allowed", message)
    if carrier_id not in call.gateway.state.carriers:
        raise HttpRefusal(404, "not_found", f"There is no carrier {carrier_id}.")
    after, wait_s = call.number("after") or 0, call.number("wait_s") or 0
    told = await call.gateway.drivers.sequences(carrier_id, grant.actor, after, wait_s)
    return json_response(told)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/carriers/{carrier_id}/sequences",
        name="driver_sequences",
        about=(
            "The newest sequences of a carrier's routes, for their drivers, with what was agreed "
            "with customers since. What is told counts as sent; the drivers' answers come in as "
            "messages."
        ),
        handle=_sequences,
        roles=SENDERS,
        parameters=(
            Parameter(name="carrier_id", where="path", about="Whose routes.", required=True),
            Parameter(
                name="after",
                where="query",
                about="The `next` of the answer before; all routes without it.",
                kind=int,
                minimum=0,
            ),
            Parameter(
                name="wait_s",
                where="query",
                about="Seconds to wait for a change where there is none.",
                kind=int,
                minimum=0,
                maximum=_LONGEST_WAIT_S,
            ),
        ),
        answers={
            200: Answered(about="What the drivers are to do.", kind=DriverSequences),
            404: Answered(about="No such carrier.", kind=Problem),
        },
    ),
)
