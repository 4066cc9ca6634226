"""Stops finished, each once a day by its last outcome of that day; and the attempts that failed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tower.domain import events as e
from tower.domain.records import Subject
from tower.domain.words import StopState
from tower.kpi import judging
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.arrivals import eta_error, judged_predictions
from tower.kpi.recount.ground import Ground, seconds
from tower.kpi.recount.saying import of_type
from tower.kpi.recount.tries import Try, tries

SKIPPED = "skipped"
"""The label of an attempt that was none: the driver passed the stop by."""


def stop_facts(ground: Ground, stop_id: str) -> Iterator[Fact]:
    """Facts of the kinds `stop` and `attempt` of one stop.

    A stop counts on each local day it had an outcome, by the last of that day; a day's figure is
    not moved by what happens to the stop on another. Its first try counts on the day of that try.
    """
    made = tries(ground.book.about("stop", stop_id))
    last = {ground.calendar.dated(one.at).day: one for one in made}
    for day, one in last.items():
        if _is_counted(ground, stop_id, one):
            first = made[0] if ground.calendar.dated(made[0].at).day == day else None
            yield _stop(ground, stop_id, one, f"{stop_id}:{day}", first)
    for one in made:
        if not one.state.is_success and _is_counted(ground, stop_id, one):
            yield _attempt(ground, stop_id, one)


def _is_counted(ground: Ground, stop_id: str, one: Try) -> bool:
    return judging.is_counted(ground.stop(stop_id, one.at).plan, one.state)


def about(one: Try, stop_id: str) -> Subject:
    """The things a try is about."""
    said = one.event.subject
    return Subject(
        stop_id=stop_id,
        route_id=said.route_id,
        vehicle_id=said.vehicle_id,
        carrier_id=said.carrier_id,
    )


def _stop(ground: Ground, stop_id: str, one: Try, name: str, first: Try | None) -> Fact:
    predicted = judged_predictions(ground, stop_id, one)
    adds = {
        "stops": 1,
        "done": one.state.is_success,
        "first_tries": first is not None,
        "first_successes": first is not None and first.state.is_success,
        **_promises(ground, stop_id, one),
        **_at_the_door(one),
        **predicted.adds,
    }
    return ground.fact(
        FactKind.STOP,
        name,
        one.at,
        about(one, stop_id),
        {column: float(amount) for column, amount in adds.items()},
        eta_error=eta_error(predicted),
    )


def _attempt(ground: Ground, stop_id: str, one: Try) -> Fact:
    body = one.event.body
    label = str(body.reason) if isinstance(body, e.StopAttempted) else SKIPPED
    name = f"{stop_id}:{one.event.id}"
    return ground.fact(
        FactKind.ATTEMPT, name, one.at, about(one, stop_id), {"failed": 1.0}, label=label
    )


def _at_the_door(one: Try) -> dict[str, float]:
    """Seconds from the arrival to the outcome, where both are known and somebody was there."""
    if one.arrived_at is None or one.state is StopState.SKIPPED:
        return {}
    return {"doors": 1, "door_s": seconds(one.at - judging.came(one.arrived_at, one.at))}


def _promises(ground: Ground, stop_id: str, one: Try) -> dict[str, float]:
    """Whether it was on time, by what was promised last and by what was promised at dispatch."""
    came = judging.came(one.arrived_at, one.at)
    promised = {
        "": ground.stop(stop_id, came).plan,
        "_at_dispatch": ground.stop(stop_id, _dispatched_at(ground, stop_id, one)).plan,
    }
    adds: dict[str, float] = {}
    for suffix, plan in promised.items():
        window = judging.window_of(plan)
        if window is not None:
            adds[f"windowed{suffix}"] = 1
            adds[f"on_time{suffix}"] = judging.is_on_time(came, one.at, one.state, window)
    return adds


def _dispatched_at(ground: Ground, stop_id: str, one: Try) -> datetime:
    """When the route started, that day; else when its vehicle set out for the stop."""
    route_id = ground.stop(stop_id, one.at).route_id or one.event.subject.route_id
    started = start_of(ground, route_id, one.at)
    return started or one.set_out_at or one.at


def start_of(ground: Ground, route_id: str, at: datetime) -> datetime | None:
    """The first word that a route started, on the local day of a moment and before it."""
    if not route_id:
        return None
    day = ground.calendar.dated(at).day
    said: Sequence[datetime] = [
        one.at for one in of_type(ground.book.about("route", route_id), e.RouteStarted, at)
    ]
    return next((one for one in said if ground.calendar.dated(one).day == day), None)
