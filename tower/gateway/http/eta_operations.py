"""Operations about arrivals: why a stop is reached when it is, and how good predictions are."""

import asyncio

from starlette.responses import Response

from tower.domain.events import ArrivalPublished
from tower.gateway.answers import Problem
from tower.gateway.forecasting.answering import arrival_answer, forecast_answer
from tower.gateway.forecasting.answers import ArrivalAnswer, ForecastAnswer
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import Answered, Operation, Parameter
from tower.gateway.signin import READERS

_EVENTS_OF_A_STOP = 1_000


async def _arrival(call: Call) -> Response:
    stop_id = call.text("stop_id")
    published = await asyncio.to_thread(_times_published, call, stop_id)
    stop = call.gateway.state.stops.get(stop_id)
    if stop is None:
        raise HttpRefusal(404, "not_found", f"There is no stop {stop_id}.")
    return json_response(arrival_answer(call.gateway.forecasting, stop, published))


def _times_published(call: Call, stop_id: str) -> int:
    events = call.gateway.journal.about("stop", stop_id, _EVENTS_OF_A_STOP)
    return sum(isinstance(event.body, ArrivalPublished) for event in events)


async def _forecast(call: Call) -> Response:
    gateway = call.gateway
    answer = forecast_answer(
        gateway.forecasting,
        gateway.state.conditions,
        {pull.id: pull.trouble for pull in gateway.providers.pulls},
        gateway.clock.now(),
    )
    return json_response(answer)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/stops/{stop_id}/arrival",
        name="stop_arrival",
        about="When a stop is reached, what was promised, what its customer sees, and why.",
        handle=_arrival,
        roles=READERS,
        parameters=(Parameter(name="stop_id", where="path", about="The stop.", required=True),),
        answers={
            200: Answered(about="The arrival.", kind=ArrivalAnswer),
            404: Answered(about="No such stop.", kind=Problem),
        },
    ),
    Operation(
        method="GET",
        path="/v1/eta",
        name="forecast",
        about="What predicts arrivals, and how good it is: when it was made, and today.",
        handle=_forecast,
        roles=READERS,
        answers={200: Answered(about="The model and its measured quality.", kind=ForecastAnswer)},
    ),
)
