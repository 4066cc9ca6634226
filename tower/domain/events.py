"""Everything that can happen, as typed event bodies inside one envelope.

The journal keeps events in the order it learnt them (`seq`); what they mean does not depend on
that order: see `tower.domain.state`.
"""

from datetime import datetime
from typing import ClassVar

import msgspec

from tower.domain.conditions import Conditions
from tower.domain.messages import Attempt, MessagePlan, Recognised
from tower.domain.records import (
    Actor,
    Carrier,
    Depot,
    Finding,
    PickupPoint,
    Proof,
    RoutePlan,
    Shift,
    StopChanges,
    StopPlan,
    Subject,
)
from tower.domain.records import Vehicle as VehicleRecord
from tower.domain.reporting import Reporting
from tower.domain.rulebook import OutreachPolicy, Playbook, Threshold
from tower.domain.words import (
    AttemptReason,
    Awaited,
    Channel,
    ClaimKind,
    ClaimOutcome,
    Disposition,
    ExceptionState,
    MessageState,
    Notice,
    StopState,
)


class Body(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", gc=False
):
    """Base of every event body; the tag is the event's type, a verb in the past tense."""


class ShiftOpened(Body, tag="shift_opened", frozen=True, kw_only=True):
    """A working day begins, or its particulars change."""

    shift: Shift


class CarrierRegistered(Body, tag="carrier_registered", frozen=True, kw_only=True):
    """A carrier takes part in the shift."""

    carrier: Carrier


class DepotRegistered(Body, tag="depot_registered", frozen=True, kw_only=True):
    """A depot takes part in the shift."""

    depot: Depot


class PickupPointRegistered(Body, tag="pickup_point_registered", frozen=True, kw_only=True):
    """Customers may collect parcels at a place."""

    point: PickupPoint


class VehicleRegistered(Body, tag="vehicle_registered", frozen=True, kw_only=True):
    """A vehicle takes part in the shift."""

    vehicle: VehicleRecord


class RoutePlanned(Body, tag="route_planned", frozen=True, kw_only=True):
    """A route was handed over, or its plan (not its sequence) changed."""

    plan: RoutePlan


class StopPlanned(Body, tag="stop_planned", frozen=True, kw_only=True):
    """A stop was handed over, or its plan changed."""

    plan: StopPlan


class StopAmended(Body, tag="stop_amended", frozen=True, kw_only=True):
    """Something about a stop was agreed after it was planned.

    Attributes:
        because: why, in words.
        reply_id: the customer's reply it rests on, "" for none.
    """

    changes: StopChanges
    because: str = ""
    reply_id: str = ""


class RouteSequence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The whole order of one route.

    Attributes:
        version: one more than the version it replaces.
        stops: ids of all stops of the route, done ones included, in driving order.
    """

    route_id: str
    version: int
    stops: tuple[str, ...]


class RoutesSequenced(Body, tag="routes_sequenced", frozen=True, kw_only=True):
    """The order of one or more routes was set, together; a move between routes names both.

    Attributes:
        unassigned: stops taken off every route.
        reason: why, in words, where somebody gave one.
        parcels_on: for each stop named here whose parcels are aboard the vehicle of a route it
            is no longer on, the id of that route.
        overridden: the hard constraints broken on a supervisor's word, in words.
    """

    routes: tuple[RouteSequence, ...]
    unassigned: tuple[str, ...] = ()
    reason: str = ""
    parcels_on: dict[str, str] = {}
    overridden: tuple[str, ...] = ()


class StopsLocked(Body, tag="stops_locked", frozen=True, kw_only=True):
    """Stops were locked where they are, or released.

    Attributes:
        reason: why, in words.
    """

    stops: tuple[str, ...]
    locked: bool
    reason: str = ""


class SequenceNoticed(Body, tag="sequence_noticed", frozen=True, kw_only=True):
    """A sequence went to a driver, or the driver has seen, accepted or declined it.

    Attributes:
        version: the version of the route's sequence it is about.
        note: the driver's words.
    """

    version: int
    notice: Notice
    note: str = ""


class RouteStarted(Body, tag="route_started", frozen=True, kw_only=True):
    """The vehicle left the depot."""


class RouteFinished(Body, tag="route_finished", frozen=True, kw_only=True):
    """The vehicle is back, or the driver ended the route."""


class StopProgress(Body, frozen=True, kw_only=True):
    """Base of what is said about a stop underway or done."""

    state: ClassVar[StopState]
    note: str = ""
    proof: Proof | None = None


class StopEnRoute(StopProgress, tag="stop_en_route", frozen=True, kw_only=True):
    """The vehicle is on its way to the stop."""

    state = StopState.EN_ROUTE


class StopArrived(StopProgress, tag="stop_arrived", frozen=True, kw_only=True):
    """The vehicle stands at the stop."""

    state = StopState.ARRIVED


class StopServiced(StopProgress, tag="stop_serviced", frozen=True, kw_only=True):
    """The driver is at the door."""

    state = StopState.SERVICING


class StopDelivered(StopProgress, tag="stop_delivered", frozen=True, kw_only=True):
    """The customer has the parcel."""

    state = StopState.DELIVERED


class StopCollected(StopProgress, tag="stop_collected", frozen=True, kw_only=True):
    """The driver has what was to be collected."""

    state = StopState.COLLECTED


class StopAttempted(StopProgress, tag="stop_attempted", frozen=True, kw_only=True):
    """The driver was there and could not complete the stop."""

    state = StopState.ATTEMPTED
    reason: AttemptReason = AttemptReason.OTHER


class StopCancelled(StopProgress, tag="stop_cancelled", frozen=True, kw_only=True):
    """The stop is no longer wanted."""

    state = StopState.CANCELLED


class StopSkipped(StopProgress, tag="stop_skipped", frozen=True, kw_only=True):
    """The driver passed the stop by."""

    state = StopState.SKIPPED


class ExceptionRaised(Body, tag="exception_raised", frozen=True, kw_only=True):
    """An exception was found, or its facts were renewed."""

    finding: Finding


class ExceptionWorked(Body, tag="exception_worked", frozen=True, kw_only=True):
    """The work on an exception moved: claimed, assigned, snoozed, escalated, resolved, reopened.

    Carries the whole outcome, so that it can be folded in any order; its fields are those of
    `Work`.

    Attributes:
        version: one more than the version it replaces.
        by_rule: True where a rule did it, as when the condition cleared by itself.
    """

    state: ExceptionState
    version: int
    owner: str = ""
    owner_name: str = ""
    lease_until: datetime | None = None
    fence: int = 0
    cause: str = ""
    by_rule: bool = False
    assigned_to: str = ""
    assigned_name: str = ""
    snoozed_until: datetime | None = None
    awaits: Awaited | None = None
    escalated_at: datetime | None = None
    escalated_because: str = ""
    disposition: Disposition | None = None
    merged_into: str = ""


class ExceptionNoted(Body, tag="exception_noted", frozen=True, kw_only=True):
    """Somebody wrote something down about an exception."""

    words: str


class ThresholdsSet(Body, tag="thresholds_set", frozen=True, kw_only=True):
    """The thresholds that differ from the rules' own are these, all of them.

    Attributes:
        version: one more than the version it replaces.
    """

    version: int
    thresholds: tuple[Threshold, ...]


class PlaybooksSet(Body, tag="playbooks_set", frozen=True, kw_only=True):
    """The playbooks are these, all of them.

    Attributes:
        version: one more than the version it replaces.
    """

    version: int
    playbooks: tuple[Playbook, ...]


class OutreachPolicySet(Body, tag="outreach_policy_set", frozen=True, kw_only=True):
    """The outreach policy is this.

    Attributes:
        version: one more than the version it replaces.
    """

    version: int
    policy: OutreachPolicy


class MessageQueued(Body, tag="message_queued", frozen=True, kw_only=True):
    """Somebody decided to tell a customer something; the subject names the message.

    With its commit the message is in the outbox: what is queued and was not attempted is sent.
    """

    plan: MessagePlan


class MessageProgressed(Body, tag="message_progressed", frozen=True, kw_only=True):
    """An attempt to send a message came further.

    Attributes:
        version: where the gateway decided it (an attempt begins), one more than the version it
            replaces; 0 where it was merely learnt.
    """

    attempt: Attempt
    version: int = 0


class MessageCancelled(Body, tag="message_cancelled", frozen=True, kw_only=True):
    """A message is not sent (any more).

    Attributes:
        version: one more than the version it replaces.
        why: in words.
    """

    version: int
    why: str


class MessageBarred(Body, tag="message_barred", frozen=True, kw_only=True):
    """Somebody wanted to tell a customer something that the policy forbids; kept for the audit."""

    template: str
    why: str


class ReplyReceived(Body, tag="reply_received", frozen=True, kw_only=True):
    """A customer wrote to us; the subject names stop and exception, as far as known.

    Attributes:
        reply_id: the same for every repetition by the provider.
        answers: id of the message it answers, "" for none.
    """

    reply_id: str
    channel: Channel
    address: str
    words: str
    provider: str = ""
    provider_ref: str = ""
    answers: str = ""
    intents: tuple[Recognised, ...] = ()


class RepliesSeen(Body, tag="replies_seen", frozen=True, kw_only=True):
    """Somebody read replies, or did something about them.

    Attributes:
        replies: their ids.
        deed: what was done, in words; "" where they were only read.
    """

    replies: tuple[str, ...]
    deed: str = ""


class ConsentSet(Body, tag="consent_set", frozen=True, kw_only=True):
    """Somebody wants to be written to at an address, or not any more.

    Attributes:
        words: what they said, or who says so for them.
    """

    address: str
    allowed: bool
    words: str = ""


class CustomerContacted(Body, tag="customer_contacted", frozen=True, kw_only=True):
    """A customer reached us, or we reached a customer.

    Attributes:
        topic: `wismo` for "where is my order", else what it was about.
    """

    topic: str
    channel: str = ""
    inbound: bool = True
    words: str = ""


class PredictedArrival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One stop in a prediction; all times in whole seconds.

    Attributes:
        in_s: from the event's time to P50; early_s: from P10 to P50; late_s: from P50 to P90.
        travel_s: expected driving to it from the stop before it, at the plan's pace; to the first
            one what is left of it at the event's time, unless the vehicle stands at a door.
    """

    stop_id: str
    in_s: int
    early_s: int
    late_s: int
    travel_s: int


class ArrivalsPredicted(Body, tag="arrivals_predicted", frozen=True, kw_only=True):
    """What was predicted for the rest of a route, kept now and then to be measured and learnt from.

    Attributes:
        model: what predicted it, as `schedule` or `learnt-3`.
        rows: the stops still to be driven to, in the order they were expected.
        fix_age_s: since the newest position of the vehicle, None where there is none.
        leg_s: by the roads, the whole of the leg to the first of them; None where nobody said.
        live_factor: expected driving of the rest over free flow, None where not known.
    """

    model: str
    rows: tuple[PredictedArrival, ...]
    fix_age_s: int | None = None
    leg_s: int | None = None
    live_factor: float | None = None


class ArrivalPublished(Body, tag="arrival_published", frozen=True, kw_only=True):
    """The arrival a customer sees was set, or changed.

    Attributes:
        start: from when, UTC; end: until when.
        because: why it changed, in words; "" for the first.
    """

    start: datetime
    end: datetime
    because: str = ""


class ConditionsReported(Body, tag="conditions_reported", frozen=True, kw_only=True):
    """A provider says how the roads are."""

    conditions: Conditions


class RouteMeasured(Body, tag="route_measured", frozen=True, kw_only=True):
    """What a finished route took.

    Attributes:
        driven_m: metres.
        energy_kwh: electricity used; fuel_l: litres of fuel; None where nobody measured it.
        source: how it is known: `positions`, `odometer` or `roads` (estimated).
    """

    driven_m: float
    energy_kwh: float | None = None
    fuel_l: float | None = None
    source: str = "positions"


class CarrierMeasured(Body, tag="carrier_measured", frozen=True, kw_only=True):
    """How good the data of a carrier was since the last time.

    Attributes:
        since: it counts from here to the event's time, UTC.
        vehicles: those under way at its end.
        vehicle_s: seconds vehicles were under way, all added up.
        fixes: positions taken.
        lag_s: seconds between a fix and its arrival, all added up.
        messages: that came; refused: those in which something was not believed.
        silent_s: seconds it counted as silent.
    """

    since: datetime
    vehicles: int
    vehicle_s: float
    fixes: int
    lag_s: float
    messages: int
    refused: int
    silent_s: float


class ReturnClosed(Body, tag="return_closed", frozen=True, kw_only=True):
    """A collected return was booked back in."""

    words: str = ""


class ClaimFiled(Body, tag="claim_filed", frozen=True, kw_only=True):
    """Somebody wants something put right about a stop.

    Attributes:
        amount: what is asked for, in the operation's currency; 0 where nothing was named.
    """

    claim_id: str
    kind: ClaimKind
    words: str = ""
    amount: float = 0.0


class ClaimSettled(Body, tag="claim_settled", frozen=True, kw_only=True):
    """A claim was decided."""

    claim_id: str
    outcome: ClaimOutcome
    words: str = ""


class SurveyAnswered(Body, tag="survey_answered", frozen=True, kw_only=True):
    """A customer answered what they were asked about a delivery.

    Attributes:
        survey_id: the same for every repetition.
        csat: satisfaction from 1 to 5; nps: recommendation from 0 to 10; None where not answered.
    """

    survey_id: str
    csat: int | None = None
    nps: int | None = None
    words: str = ""


class ReportingSet(Body, tag="reporting_set", frozen=True, kw_only=True):
    """Targets, saved views and scheduled reports are these, all of them.

    Attributes:
        version: one more than the version it replaces.
    """

    version: int
    reporting: Reporting


class ReportProgressed(Body, tag="report_progressed", frozen=True, kw_only=True):
    """The sending of a scheduled report came further.

    Attributes:
        run_id: names the schedule and the time it was due.
    """

    run_id: str
    schedule_id: str
    due_at: datetime
    state: MessageState
    problem: str = ""


class CarrierFellSilent(Body, tag="carrier_fell_silent", frozen=True, kw_only=True):
    """No message came from a carrier for longer than its limit."""

    last_heard_at: datetime | None = None


class CarrierHeard(Body, tag="carrier_heard", frozen=True, kw_only=True):
    """A silent carrier speaks again."""


class CommandRefused(Body, tag="command_refused", frozen=True, kw_only=True):
    """Somebody wanted something that could not be done; kept for the audit."""

    command: str
    why: str


AnyBody = (
    ShiftOpened
    | CarrierRegistered
    | DepotRegistered
    | PickupPointRegistered
    | VehicleRegistered
    | RoutePlanned
    | StopPlanned
    | StopAmended
    | RoutesSequenced
    | StopsLocked
    | SequenceNoticed
    | RouteStarted
    | RouteFinished
    | StopEnRoute
    | StopArrived
    | StopServiced
    | StopDelivered
    | StopCollected
    | StopAttempted
    | StopCancelled
    | StopSkipped
    | ExceptionRaised
    | ExceptionWorked
    | ExceptionNoted
    | ThresholdsSet
    | PlaybooksSet
    | OutreachPolicySet
    | MessageQueued
    | MessageProgressed
    | MessageCancelled
    | MessageBarred
    | ReplyReceived
    | RepliesSeen
    | ConsentSet
    | CustomerContacted
    | ArrivalsPredicted
    | ArrivalPublished
    | ConditionsReported
    | RouteMeasured
    | CarrierMeasured
    | ReturnClosed
    | ClaimFiled
    | ClaimSettled
    | SurveyAnswered
    | ReportingSet
    | ReportProgressed
    | CarrierFellSilent
    | CarrierHeard
    | CommandRefused
)


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One thing that happened.

    Attributes:
        id: UUIDv7; the same id twice is one event.
        at: when it happened, UTC.
        recorded_at: when the gateway learnt it, UTC.
        seq: place in the journal, from 1; 0 before it was appended.
    """

    id: str
    at: datetime
    recorded_at: datetime
    actor: Actor
    subject: Subject
    body: AnyBody
    seq: int = 0

    @property
    def type(self) -> str:
        """The event's type, past tense."""
        return str(type(self.body).__struct_config__.tag)
