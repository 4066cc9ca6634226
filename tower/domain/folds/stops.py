"""Stops: planned, amended, locked, under way and done."""

from msgspec.structs import asdict, replace

from tower.domain import events as e
from tower.domain.folds.stamps import observed, recorded
from tower.domain.records import (
    NEVER,
    NOTHING,
    Lock,
    Progress,
    PublishedArrival,
    Stop,
    StopChanges,
    StopPlan,
)
from tower.domain.state import Changed, State
from tower.domain.words import StopState


def stop_of(state: State, stop_id: str) -> Stop:
    """The stop of an id, as far as anything is known of it."""
    return state.stops.get(stop_id) or Stop(id=stop_id, change_stamps=NOTHING)


def planned(state: State, event: e.Event, body: e.StopPlanned) -> list[Changed]:
    """A stop was handed over, or its plan changed; what was agreed since still holds."""
    stop, stamp = stop_of(state, body.plan.id), observed(event)
    if stop.plan_stamp >= stamp:
        return []
    state.stops[stop.id] = replace(_with_plan(stop, body.plan, stop.changes), plan_stamp=stamp)
    return [Changed("stops", stop.id)]


def amended(state: State, event: e.Event, body: e.StopAmended) -> list[Changed]:
    """Something else was agreed about a stop; each thing agreed is a register of its own."""
    stop, stamp = stop_of(state, event.subject.stop_id), recorded(event)
    agreed = {
        name: value
        for name, value in asdict(body.changes).items()
        if value is not None and stop.change_stamps.get(name, NEVER) < stamp
    }
    if not agreed:
        return []
    changes = replace(stop.changes, **agreed)
    stamps = {**stop.change_stamps, **dict.fromkeys(agreed, stamp)}
    planned = stop.as_planned
    after = _with_plan(stop, planned, changes) if planned else replace(stop, changes=changes)
    state.stops[stop.id] = replace(after, change_stamps=stamps)
    return [Changed("stops", stop.id)]


def _with_plan(stop: Stop, planned: StopPlan, changes: StopChanges) -> Stop:
    """The stop as it was planned so, with what was agreed since."""
    agreed = {name: value for name, value in asdict(changes).items() if value is not None}
    if not agreed:
        return replace(stop, plan=planned, planned=None, changes=changes)
    return replace(stop, plan=replace(planned, **agreed), planned=planned, changes=changes)


def locked(state: State, event: e.Event, body: e.StopsLocked) -> list[Changed]:
    """Stops are locked where they are, or released."""
    stamp = recorded(event)
    lock = Lock(reason=body.reason, by=event.actor.name, at=event.at) if body.locked else None
    changed = []
    for stop_id in body.stops:
        stop = stop_of(state, stop_id)
        if stop.lock_stamp < stamp:
            state.stops[stop_id] = replace(stop, lock=lock, lock_stamp=stamp)
            changed.append(Changed("stops", stop_id))
    return changed


def published(state: State, event: e.Event, body: e.ArrivalPublished) -> list[Changed]:
    """The arrival a customer sees."""
    stop, stamp = stop_of(state, event.subject.stop_id), observed(event)
    if stop.published_stamp >= stamp:
        return []
    arrival = PublishedArrival(start=body.start, end=body.end, at=event.at, because=body.because)
    state.stops[stop.id] = replace(stop, published=arrival, published_stamp=stamp)
    return [Changed("stops", stop.id)]


_PROGRESS_RANK = {word: rank for rank, word in enumerate(StopState)}


def progressed(state: State, event: e.Event, body: e.StopProgress) -> list[Changed]:
    """The vehicle is on its way, at the door, or done."""
    stop = stop_of(state, event.subject.stop_id)
    stamp = observed(event, _PROGRESS_RANK[body.state])
    progress = Progress(
        state=body.state,
        at=event.at,
        stamp=stamp,
        reason=body.reason if isinstance(body, e.StopAttempted) else None,
        note=body.note,
        proof=body.proof,
    )
    known = stop.outcome if body.state.is_outcome else stop.underway
    newer = known is None or known.stamp < stamp
    after = stop
    if newer and body.state.is_outcome:
        after = replace(after, outcome=progress)
    elif newer:
        after = replace(after, underway=progress)
    if body.state is StopState.ARRIVED and stop.arrived_stamp < stamp:
        after = replace(after, arrived_at=event.at, arrived_stamp=stamp)
    if after is stop:
        return []
    state.stops[stop.id] = after
    return [Changed("stops", stop.id)]
