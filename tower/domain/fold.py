"""The fold: what the shift looks like now, from the events that made it so.

`state = fold(apply, events)`. Every field is a register that the greater stamp wins, so `apply`
is commutative and idempotent: any split, repetition or reordering of the same events gives the
same state. Observed facts are stamped with the time they happened; decisions of the gateway
(sequences, work on exceptions, settings of the room) with the version it gave them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from tower.domain import events as e
from tower.domain.conditions import ConditionsEntry
from tower.domain.folds import exceptions, feedback, messages, routes, rulebook, stops
from tower.domain.folds.stamps import observed
from tower.domain.state import (
    CarrierEntry,
    Changed,
    DepotEntry,
    PickupPointEntry,
    ShiftEntry,
    Silence,
    State,
    VehicleEntry,
)


def apply(state: State, event: e.Event) -> list[Changed]:
    """Fold one event into the state, in place.

    Returns:
        The records that changed; empty for a repetition or for news older than what is known.
    """
    state.seq = max(state.seq, event.seq)
    return _FOLDS[type(event.body)](state, event, event.body)


def fold(events: Iterable[e.Event], state: State | None = None) -> State:
    """The state after all events, starting from `state` or from nothing."""
    state = State() if state is None else state
    for event in events:
        apply(state, event)
    return state


def _register(table: str, entry: type[Any], read: Callable[[Any], Any]) -> "Fold":
    def fold_one(state: State, event: e.Event, body: e.Body) -> list[Changed]:
        value = read(body)
        rows = getattr(state, table)
        stamp = observed(event)
        known = rows.get(value.id)
        if known is not None and known.stamp >= stamp:
            return []
        rows[value.id] = entry(value=value, stamp=stamp)
        return [Changed(table, value.id)]

    return fold_one


def _fold_silence(state: State, event: e.Event, body: e.Body) -> list[Changed]:
    carrier_id, stamp = event.subject.carrier_id, observed(event)
    known = state.silences.get(carrier_id)
    if known is not None and known.stamp >= stamp:
        return []
    silent = isinstance(body, e.CarrierFellSilent)
    state.silences[carrier_id] = Silence(silent=silent, stamp=stamp)
    return [Changed("silences", carrier_id)]


def _keep_for_the_audit(_state: State, _event: e.Event, _body: e.Body) -> list[Changed]:
    return []


Fold = Callable[[State, e.Event, Any], list[Changed]]

_FOLDS: dict[type[e.Body], Fold] = {
    e.ShiftOpened: _register("shifts", ShiftEntry, lambda body: body.shift),
    e.CarrierRegistered: _register("carriers", CarrierEntry, lambda body: body.carrier),
    e.DepotRegistered: _register("depots", DepotEntry, lambda body: body.depot),
    e.PickupPointRegistered: _register("pickup_points", PickupPointEntry, lambda body: body.point),
    e.VehicleRegistered: _register("vehicles", VehicleEntry, lambda body: body.vehicle),
    e.RoutePlanned: routes.planned,
    e.StopPlanned: stops.planned,
    e.StopAmended: stops.amended,
    e.RoutesSequenced: routes.sequenced,
    e.StopsLocked: stops.locked,
    e.SequenceNoticed: routes.noticed,
    e.RouteStarted: routes.started,
    e.RouteFinished: routes.finished,
    e.StopEnRoute: stops.progressed,
    e.StopArrived: stops.progressed,
    e.StopServiced: stops.progressed,
    e.StopDelivered: stops.progressed,
    e.StopCollected: stops.progressed,
    e.StopAttempted: stops.progressed,
    e.StopCancelled: stops.progressed,
    e.StopSkipped: stops.progressed,
    e.ExceptionRaised: exceptions.raised,
    e.ExceptionWorked: exceptions.worked,
    e.ExceptionNoted: exceptions.noted,
    e.ThresholdsSet: rulebook.thresholds_set,
    e.PlaybooksSet: rulebook.playbooks_set,
    e.OutreachPolicySet: rulebook.policy_set,
    e.MessageQueued: messages.queued,
    e.MessageProgressed: messages.progressed,
    e.MessageCancelled: messages.cancelled,
    e.MessageBarred: _keep_for_the_audit,
    e.ReplyReceived: messages.replied,
    e.RepliesSeen: messages.seen,
    e.ConsentSet: messages.consent_set,
    e.CustomerContacted: exceptions.contacted,
    e.ArrivalsPredicted: _keep_for_the_audit,
    e.ArrivalPublished: stops.published,
    e.ConditionsReported: _register("conditions", ConditionsEntry, lambda body: body.conditions),
    e.RouteMeasured: _keep_for_the_audit,
    e.CarrierMeasured: _keep_for_the_audit,
    e.ReturnClosed: feedback.closed,
    e.ClaimFiled: feedback.filed,
    e.ClaimSettled: feedback.settled,
    e.SurveyAnswered: feedback.answered,
    e.ReportingSet: rulebook.reporting_set,
    e.ReportProgressed: rulebook.report_progressed,
    e.CarrierFellSilent: _fold_silence,
    e.CarrierHeard: _fold_silence,
    e.CommandRefused: _keep_for_the_audit,
}
