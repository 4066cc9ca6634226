"""Operations about figures: what is measured, what it comes to, and what is behind it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.responses import Response

from tower.domain.state import State
from tower.gateway.answers import Problem
from tower.gateway.http.call import Call, HttpRefusal, json_response
from tower.gateway.http.operation import Answered, Body, Operation, Parameter
from tower.gateway.kpi_answers import MeasuresAnswer, NamedValue, StopHistory, ValuesAnswer
from tower.gateway.reckoning.figures import FiguresUnavailable
from tower.gateway.reckoning.history import history_of
from tower.gateway.signin import READERS
from tower.kpi.facts import Dimension
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES, targets_in_force
from tower.kpi.query import Answer, Ask, Behind, BehindAnswer
from tower.kpi.store.errors import AskUnfit

_VALUES, _MOST_VALUES = 100, 500
_EVENTS, _MOST_EVENTS = 500, 5_000

_Found = TypeVar("_Found")

_ASKING = ThreadPoolExecutor(max_workers=3, thread_name_prefix="figures-asked")
"""Threads of their own: however many panels wait for figures, arrivals are predicted meanwhile."""


async def _measures(call: Call) -> Response:
    gateway, figures = call.gateway, call.gateway.reckoning.figures
    answer = MeasuresAnswer(
        definitions=DEFINITIONS_VERSION,
        measures=tuple(MEASURES.values()),
        targets=_targets(gateway.state),
        seq=figures.seq,
        behind=max(0, gateway.journal.seq - figures.seq),
        trouble=figures.trouble,
        has_simulated_past=figures.has_simulated_past,
    )
    return json_response(answer)


def _targets(state: State) -> dict[str, float]:
    return targets_in_force(state.room_reporting.reporting)


async def _query(call: Call) -> Response:
    ask = call.read(Ask)
    return json_response(await figured(lambda: call.gateway.reckoning.figures.query(ask)))


async def _behind(call: Call) -> Response:
    behind = call.read(Behind)
    return json_response(await figured(lambda: call.gateway.reckoning.figures.behind(behind)))


async def _values(call: Call) -> Response:
    dimension, limit = _dimension(call.text("dimension")), call.number("limit") or _VALUES
    figures, prefix = call.gateway.reckoning.figures, call.text("prefix")
    found = await figured(lambda: figures.known(dimension, prefix, limit + 1))
    values = tuple(NamedValue(id=one.key, name=one.name) for one in found[:limit])
    return json_response(ValuesAnswer(dimension=dimension, values=values, more=len(found) > limit))


def _dimension(named: str) -> Dimension:
    try:
        return Dimension(named)
    except ValueError as error:
        known = ", ".join(Dimension)
        raise HttpRefusal(422, "unfit", f"dimension must be one of {known}.") from error


async def _history(call: Call) -> Response:
    stop_id, limit = call.text("stop_id"), call.number("limit") or _EVENTS
    events, cut = await asyncio.to_thread(history_of, call.gateway.journal.about, stop_id, limit)
    if not events:
        raise HttpRefusal(404, "not_found", "The journal knows nothing of this stop.")
    return json_response(StopHistory(stop_id=stop_id, events=tuple(events), cut=cut))


async def figured(ask: Callable[[], _Found]) -> _Found:
    """What the figures answer, asked away from the event loop.

    Raises:
        HttpRefusal: it makes no sense, or they cannot be had now.
    """
    try:
        return await asyncio.get_running_loop().run_in_executor(_ASKING, ask)
    except AskUnfit as error:
        raise HttpRefusal(422, "unfit", str(error)) from error
    except FiguresUnavailable as error:
        raise HttpRefusal(503, "figures", str(error), {"Retry-After": "5"}) from error


_UNFIT = Answered(about="There is no such measure, day or row.", kind=Problem)
_CLOSED = Answered(about="The figures cannot be had now; why, in words.", kind=Problem)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/kpi/measures",
        name="kpi_measures",
        about="What is measured: words, formula, target, lineage; and how far the figures are.",
        handle=_measures,
        roles=READERS,
        answers={200: Answered(about="The measures.", kind=MeasuresAnswer)},
    ),
    Operation(
        method="POST",
        path="/v1/kpi/query",
        name="kpi_query",
        about="Measures, taken apart by up to two dimensions, of the facts the filters leave.",
        handle=_query,
        roles=READERS,
        body=Body(about="What is asked.", kind=Ask),
        answers={
            200: Answered(about="The rows.", kind=Answer),
            422: _UNFIT,
            503: _CLOSED,
        },
    ),
    Operation(
        method="POST",
        path="/v1/kpi/behind",
        name="kpi_behind",
        about="The facts behind one number: stops, routes, exceptions and so on.",
        handle=_behind,
        roles=READERS,
        body=Body(about="Which number.", kind=Behind),
        answers={
            200: Answered(about="The facts.", kind=BehindAnswer),
            422: _UNFIT,
            503: _CLOSED,
        },
    ),
    Operation(
        method="GET",
        path="/v1/kpi/values",
        name="kpi_values",
        about="Values of a dimension there are facts of, for menus of filters.",
        handle=_values,
        roles=READERS,
        parameters=(
            Parameter(name="dimension", where="query", about="As `driver`.", required=True),
            Parameter(name="prefix", where="query", about="How the id or the name begins."),
            Parameter(
                name="limit",
                where="query",
                about="At most so many.",
                kind=int,
                minimum=1,
                maximum=_MOST_VALUES,
            ),
        ),
        answers={
            200: Answered(about="The values, by name.", kind=ValuesAnswer),
            422: _UNFIT,
            503: _CLOSED,
        },
    ),
    Operation(
        method="GET",
        path="/v1/stops/{stop_id}/history",
        name="stop_history",
        about="Everything that happened to a stop, on past shifts too, the oldest first.",
        handle=_history,
        roles=READERS,
        parameters=(
            Parameter(name="stop_id", where="path", about="The stop.", required=True),
            Parameter(
                name="limit",
                where="query",
                about="At most so many events; the newest are kept.",
                kind=int,
                minimum=1,
                maximum=_MOST_EVENTS,
            ),
        ),
        answers={
            200: Answered(about="Its history.", kind=StopHistory),
            404: Answered(about="The journal knows no such stop.", kind=Problem),
        },
    ),
)
