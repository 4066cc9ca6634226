"""Strategies for events of every type about a small world, so that they meet each other."""

from datetime import timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.conditions import Conditions, Weather
from tower.domain.identity import derived_event_id
from tower.domain.messages import Attempt, MessagePlan, Reach, Recognised
from tower.domain.moments import utc
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
    Vehicle,
)
from tower.domain.reporting import Reporting, Target
from tower.domain.rulebook import OutreachPolicy, Playbook, PlaybookStep, Threshold
from tower.domain.words import (
    AttemptReason,
    Awaited,
    Channel,
    ClaimKind,
    ClaimOutcome,
    Disposition,
    ExceptionKind,
    ExceptionState,
    Intent,
    MessageState,
    Notice,
    Severity,
    StepAction,
)

MORNING = utc(1_700_000_000)

STOPS = ("s1", "s2", "s3")
ROUTES = ("r1", "r2")
EXCEPTIONS = ("x1", "x2")
CARRIERS = ("c1", "c2")
VEHICLES = ("c1:v1", "c1:v2")
MESSAGES = ("m1", "m2")
REPLIES = ("a1", "a2")
CLAIMS = ("k1", "k2")

# Few moments and versions: ties and contradictions are what the fold must settle.
moments = st.integers(0, 6).map(lambda step: MORNING + timedelta(minutes=step))
versions = st.integers(1, 4)
notes = st.sampled_from(["", "left at the door"])

carriers = st.builds(
    Carrier, id=st.sampled_from(CARRIERS), name=st.sampled_from(["North", "South"])
)
depots = st.builds(
    Depot,
    id=st.just("d1"),
    name=st.sampled_from(["Hub", "Yard"]),
    lat=st.just(47.1),
    lon=st.just(9.5),
)
vehicles = st.builds(
    Vehicle,
    id=st.sampled_from(VEHICLES),
    carrier_id=st.just("c1"),
    reference=st.just("v"),
    label=st.sampled_from(["FL 1", "FL 2"]),
)
shifts = st.builds(
    Shift,
    id=st.sampled_from(["day", "late"]),
    name=st.sampled_from(["Day", "Late"]),
    date=st.just("2023-11-14"),
    timezone=st.just("Europe/Vaduz"),
    starts_at=st.just(MORNING),
    ends_at=st.just(MORNING + timedelta(hours=10)),
)
route_plans = st.builds(
    RoutePlan,
    id=st.sampled_from(ROUTES),
    name=st.sampled_from(["R-1", "R-2"]),
    carrier_id=st.sampled_from(CARRIERS),
    starts_at=st.none() | moments,
)
stop_plans = st.builds(
    StopPlan,
    id=st.sampled_from(STOPS),
    lat=st.floats(47.0, 47.3),
    lon=st.floats(9.4, 9.6),
    window_start=st.none() | moments,
    customer=st.sampled_from(["Customer 1", "Customer 2"]),
    parcels=st.sampled_from([(), ("p1",), ("p1", "p2")]),
    collects=st.sampled_from([(), ("s2",), ("s1", "s3")]),
)
sequences = st.lists(
    st.builds(
        e.RouteSequence,
        route_id=st.sampled_from(ROUTES),
        version=versions,
        stops=st.permutations(STOPS).map(tuple),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda sequence: sequence.route_id,
)
findings = st.builds(
    Finding,
    kind=st.sampled_from(ExceptionKind),
    severity=st.sampled_from(Severity),
    subject=st.builds(Subject, stop_id=st.sampled_from(STOPS)),
    headline=st.sampled_from(["6 min late", "9 min late"]),
    sla_due_at=st.none() | moments,
)
work = st.builds(
    e.ExceptionWorked,
    state=st.sampled_from(ExceptionState),
    version=versions,
    owner=st.sampled_from(["", "anna", "ben"]),
    lease_until=st.none() | moments,
    fence=st.integers(0, 3),
    by_rule=st.booleans(),
    assigned_to=st.sampled_from(["", "ben"]),
    snoozed_until=st.none() | moments,
    awaits=st.none() | st.sampled_from(Awaited),
    escalated_at=st.none() | moments,
    disposition=st.none() | st.sampled_from(Disposition),
    merged_into=st.sampled_from(["", "x2"]),
)
amendments = st.builds(
    StopChanges,
    access_code=st.none() | st.sampled_from(["4417#", "12B"]),
    safe_place=st.none() | st.just("shed"),
    window_start=st.none() | moments,
    lat=st.none() | st.just(47.2),
)
message_plans = st.builds(
    MessagePlan,
    stop_id=st.sampled_from(STOPS),
    template=st.sampled_from(["delay_notice", "gate_code"]),
    reaches=st.just((Reach(channel=Channel.SMS, address="+423000"),)),
    words=st.sampled_from(["Later.", "Much later."]),
)
attempts = st.builds(
    Attempt,
    number=st.integers(1, 3),
    channel=st.sampled_from(Channel),
    address=st.just("+423000"),
    provider=st.just("account"),
    state=st.sampled_from(MessageState),
    at=moments,
    why=notes,
)
recognised = st.builds(Recognised, intent=st.sampled_from(Intent), value=notes)

BODIES: tuple[st.SearchStrategy[e.AnyBody], ...] = (
    st.builds(e.ShiftOpened, shift=shifts),
    st.builds(e.CarrierRegistered, carrier=carriers),
    st.builds(e.DepotRegistered, depot=depots),
    st.builds(
        e.PickupPointRegistered,
        point=st.builds(
            PickupPoint,
            id=st.just("p1"),
            name=st.sampled_from(["Kiosk", "Locker"]),
            address=st.just("Square 1"),
            lat=st.just(47.1),
            lon=st.just(9.5),
        ),
    ),
    st.builds(e.VehicleRegistered, vehicle=vehicles),
    st.builds(e.RoutePlanned, plan=route_plans),
    st.builds(e.StopPlanned, plan=stop_plans),
    st.builds(e.StopAmended, changes=amendments),
    st.builds(
        e.RoutesSequenced,
        routes=sequences.map(tuple),
        unassigned=st.sampled_from([(), ("s3",)]),
        parcels_on=st.sampled_from([{}, {"s1": "r2"}]),
    ),
    st.builds(
        e.StopsLocked,
        stops=st.sampled_from([("s1",), ("s1", "s2")]),
        locked=st.booleans(),
        reason=notes,
    ),
    st.builds(e.SequenceNoticed, version=versions, notice=st.sampled_from(Notice), note=notes),
    st.just(e.RouteStarted()),
    st.just(e.RouteFinished()),
    st.builds(e.StopEnRoute, note=notes),
    st.builds(e.StopArrived, note=notes),
    st.builds(e.StopServiced, note=notes),
    st.builds(e.StopDelivered, note=notes, proof=st.none() | st.builds(Proof, received_by=notes)),
    st.builds(e.StopCollected, note=notes),
    st.builds(e.StopAttempted, note=notes, reason=st.sampled_from(AttemptReason)),
    st.builds(e.StopCancelled, note=notes),
    st.builds(e.StopSkipped, note=notes),
    st.builds(e.ExceptionRaised, finding=findings),
    work,
    st.builds(e.ExceptionNoted, words=notes),
    st.builds(
        e.ThresholdsSet,
        version=versions,
        thresholds=st.lists(
            st.builds(
                Threshold,
                kind=st.sampled_from(ExceptionKind),
                name=st.just("raise"),
                value=st.sampled_from([5.0, 9.0]),
            ),
            max_size=2,
        ).map(tuple),
    ),
    st.builds(
        e.PlaybooksSet,
        version=versions,
        playbooks=st.sampled_from(ExceptionKind).map(
            lambda kind: (
                Playbook(
                    kind=kind,
                    steps=(PlaybookStep(title="Call", action=StepAction.CALL_DRIVER),),
                ),
            )
        ),
    ),
    st.builds(
        e.OutreachPolicySet,
        version=versions,
        policy=st.builds(OutreachPolicy, daily_most=st.integers(1, 3)),
    ),
    st.builds(e.MessageQueued, plan=message_plans),
    st.builds(e.MessageProgressed, attempt=attempts, version=st.integers(0, 4)),
    st.builds(e.MessageCancelled, version=versions, why=st.sampled_from(["Gone.", "Late."])),
    st.builds(e.MessageBarred, template=st.just("delay_notice"), why=st.just("Opted out.")),
    st.builds(
        e.ReplyReceived,
        reply_id=st.sampled_from(REPLIES),
        channel=st.sampled_from(Channel),
        address=st.just("+423000"),
        words=st.sampled_from(["Code 4417#", "STOP"]),
        intents=st.lists(recognised, max_size=1).map(tuple),
    ),
    st.builds(
        e.RepliesSeen,
        replies=st.sampled_from([("a1",), ("a1", "a2")]),
        deed=st.sampled_from(["", "Attached."]),
    ),
    st.builds(
        e.ConsentSet,
        address=st.sampled_from(["+423000", "+423001"]),
        allowed=st.booleans(),
        words=notes,
    ),
    st.builds(e.CustomerContacted, topic=st.sampled_from(["wismo", "reschedule"])),
    st.builds(
        e.ArrivalsPredicted,
        model=st.just("schedule"),
        rows=st.builds(
            e.PredictedArrival,
            stop_id=st.sampled_from(STOPS),
            in_s=st.integers(0, 7_200),
            early_s=st.integers(0, 600),
            late_s=st.integers(0, 600),
            travel_s=st.integers(0, 900),
        ).map(lambda row: (row,)),
    ),
    st.builds(e.ArrivalPublished, start=moments, end=moments, because=notes),
    st.builds(
        e.ConditionsReported,
        conditions=st.builds(
            Conditions,
            id=st.sampled_from(["weather", "traffic"]),
            as_of=moments,
            weather=st.none() | st.builds(Weather, rain_mm_h=st.sampled_from([0.0, 4.0])),
        ),
    ),
    st.builds(e.RouteMeasured, driven_m=st.sampled_from([41_000.0, 52_000.0])),
    st.builds(
        e.CarrierMeasured,
        since=moments,
        vehicles=st.integers(0, 9),
        vehicle_s=st.just(900.0),
        fixes=st.integers(0, 90),
        lag_s=st.just(45.0),
        messages=st.integers(0, 90),
        refused=st.integers(0, 3),
        silent_s=st.just(0.0),
    ),
    st.builds(e.ReturnClosed, words=notes),
    st.builds(
        e.ClaimFiled,
        claim_id=st.sampled_from(CLAIMS),
        kind=st.sampled_from(ClaimKind),
        amount=st.sampled_from([0.0, 30.0]),
    ),
    st.builds(
        e.ClaimSettled,
        claim_id=st.sampled_from(CLAIMS),
        outcome=st.sampled_from(ClaimOutcome),
    ),
    st.builds(
        e.SurveyAnswered,
        survey_id=st.sampled_from(["q1", "q2"]),
        csat=st.none() | st.integers(1, 5),
        nps=st.none() | st.integers(0, 10),
    ),
    st.builds(
        e.ReportingSet,
        version=versions,
        reporting=st.builds(
            Reporting,
            targets=st.sampled_from([(), (Target(measure="on_time", value=90.0),)]),
        ),
    ),
    st.builds(
        e.ReportProgressed,
        run_id=st.sampled_from(["weekly 1", "weekly 2"]),
        schedule_id=st.just("weekly"),
        due_at=moments,
        state=st.sampled_from(MessageState),
    ),
    st.builds(e.CarrierFellSilent, last_heard_at=st.none() | moments),
    st.just(e.CarrierHeard()),
    st.builds(e.CommandRefused, command=st.just("claim_exception"), why=st.just("Taken.")),
)


@st.composite
def _event(draw: st.DrawFn, bodies: st.SearchStrategy[e.AnyBody]) -> e.Event:
    at = draw(moments)
    return e.Event(
        id="",
        at=at,
        recorded_at=at,
        actor=Actor(kind="carrier", id=draw(st.sampled_from(CARRIERS))),
        subject=Subject(
            carrier_id=draw(st.sampled_from(CARRIERS)),
            vehicle_id=draw(st.sampled_from(VEHICLES)),
            route_id=draw(st.sampled_from(ROUTES)),
            stop_id=draw(st.sampled_from(STOPS)),
            exception_id=draw(st.sampled_from(EXCEPTIONS)),
            message_id=draw(st.sampled_from(MESSAGES)),
        ),
        body=draw(bodies),
    )


def _journaled(drawn: list[e.Event]) -> list[e.Event]:
    """As a journal would hand them out: ids of their own, numbered, recorded one by one."""
    return [
        replace(
            event,
            id=derived_event_id(event.at, str(index)),
            seq=index + 1,
            recorded_at=MORNING + timedelta(hours=1, microseconds=index),
        )
        for index, event in enumerate(drawn)
    ]


def _about_few_things(
    chosen: list[st.SearchStrategy[e.AnyBody]],
) -> st.SearchStrategy[list[e.Event]]:
    return st.lists(_event(st.one_of(chosen)), min_size=1, max_size=40).map(_journaled)


histories = st.one_of(
    _about_few_things(list(BODIES)),
    st.lists(st.sampled_from(BODIES), min_size=1, max_size=3).flatmap(_about_few_things),
)
"""Lists of events as a journal holds them, in its order: of all types, or of a few that collide."""
