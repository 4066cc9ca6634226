"""What nobody takes goes to a supervisor; what was put aside comes back in time."""

from tests.watch.day import Day, at
from tower.domain import events as e
from tower.domain.events import Event, ExceptionWorked
from tower.domain.records import ExceptionRecord
from tower.domain.rulebook import Threshold
from tower.domain.words import Awaited, Channel, ExceptionKind, ExceptionState
from tower.watch.escalation import sweep


def day() -> Day:
    """A major exception about s1, raised at nine, to be acted on by a quarter past."""
    told = Day().opened().route("R-1", "s1 s2")
    return told.alarm("x", "9:00", stop_id="s1", due="9:15")


def swept(told: Day, clock: str) -> ExceptionWorked | None:
    """What the sweep does to the one exception, recorded in the day."""
    events: list[Event] = sweep(told.state, at(clock))
    told.add(events)
    if not events:
        return None
    [event] = events
    assert isinstance(event.body, ExceptionWorked)
    return event.body


def record(told: Day) -> ExceptionRecord:
    return told.state.exceptions["x"]


def worked(told: Day, clock: str, state: ExceptionState, **more: object) -> Day:
    version = record(told).work.version + 1
    body = ExceptionWorked(state=state, version=version, **more)  # type: ignore[arg-type]
    return told.tell(body, clock, exception_id="x")


def test_what_nobody_claims_goes_to_a_supervisor_once() -> None:
    told = day()

    assert swept(told, "9:09") is None
    step = swept(told, "9:10")

    assert step is not None
    assert step.state is ExceptionState.ESCALATED
    assert step.escalated_because == "Nobody claimed it for 10 min."
    assert step.by_rule
    assert [swept(told, clock) for clock in ("9:11", "9:20", "12:00")] == [None] * 3


def test_a_critical_one_waits_less_and_info_for_ever() -> None:
    graver = Threshold(kind=ExceptionKind.NO_ACCESS, name="unclaimed_major", value=2.0)
    soon = day().tell(e.ThresholdsSet(version=1, thresholds=(graver,)), "8:00")
    never = Threshold(kind=ExceptionKind.NO_ACCESS, name="unclaimed_major", value=0.0)
    patient = day().tell(e.ThresholdsSet(version=1, thresholds=(never,)), "8:00")

    assert swept(soon, "9:02") is not None
    assert swept(patient, "9:14") is None
    past = swept(patient, "9:16")
    assert past is not None
    assert past.escalated_because == "Past its SLA of 09:15."


def test_who_works_on_it_past_its_sla_goes_on_with_a_supervisor_asked_to_look() -> None:
    told = worked(day(), "9:05", ExceptionState.CLAIMED, owner="anna", owner_name="Anna", fence=1)

    assert swept(told, "9:14") is None
    step = swept(told, "9:16")

    assert step is not None
    assert (step.state, step.owner, step.fence) == (ExceptionState.CLAIMED, "anna", 1)
    assert step.escalated_because == "Past its SLA of 09:15, Anna works on it."
    assert swept(told, "9:17") is None


def test_a_renewed_claim_does_not_hide_that_the_sla_is_past() -> None:
    told = worked(day(), "9:05", ExceptionState.CLAIMED, owner="anna", fence=1)
    worked(told, "9:15", ExceptionState.CLAIMED, owner="anna", fence=1, lease_until=at("9:17"))

    assert swept(told, "9:16") is not None


def test_what_a_supervisor_gave_back_waits_as_long_as_anything_new() -> None:
    told = day()
    swept(told, "9:10")
    worked(told, "9:20", ExceptionState.OPEN)

    assert swept(told, "9:29") is None
    assert swept(told, "9:30") is not None


def test_a_snooze_ends_when_its_time_is_over_for_whom_it_is_assigned_to() -> None:
    told = worked(
        day(),
        "9:05",
        ExceptionState.SNOOZED,
        snoozed_until=at("10:00"),
        assigned_to="anna",
        assigned_name="Anna",
    )

    assert [swept(told, clock) for clock in ("9:16", "9:59")] == [None, None]
    step = swept(told, "10:00")

    assert step is not None
    assert (step.state, step.assigned_to) == (ExceptionState.OPEN, "anna")
    assert (step.snoozed_until, step.cause) == (None, "The snooze is over.")


def snoozed(awaits: Awaited) -> Day:
    return worked(day(), "9:05", ExceptionState.SNOOZED, snoozed_until=at("12:00"), awaits=awaits)


def cause(told: Day, clock: str) -> str:
    step = swept(told, clock)
    return step.cause if step else ""


def test_a_snooze_ends_sooner_when_what_it_awaits_has_come() -> None:
    reply = e.ReplyReceived(reply_id="r", channel=Channel.SMS, address="+15005550006", words="Yes")

    told = snoozed(Awaited.REPLY)
    assert cause(told, "9:30") == ""
    told.tell(reply, "9:31", stop_id="s1")
    assert cause(told, "9:31") == "The customer answered."

    told = snoozed(Awaited.ARRIVAL)
    assert cause(told, "9:30") == ""
    told.arrived("s1", "9:31")
    assert cause(told, "9:31") == "The vehicle has arrived."

    told = snoozed(Awaited.OUTCOME)
    told.arrived("s1", "9:30")
    assert cause(told, "9:30") == ""
    told.delivered("s1", "9:31")
    assert cause(told, "9:31") == "The stop is done: delivered."


def test_a_reply_from_before_the_snooze_does_not_end_it() -> None:
    told = day()
    reply = e.ReplyReceived(reply_id="r", channel=Channel.SMS, address="+15005550006", words="Yes")
    told.tell(reply, "9:02", stop_id="s1")
    worked(told, "9:05", ExceptionState.SNOOZED, snoozed_until=at("12:00"), awaits=Awaited.REPLY)

    assert cause(told, "9:30") == ""


def test_an_escalated_one_that_was_snoozed_waits_for_the_supervisor_again() -> None:
    told = worked(
        day(),
        "9:20",
        ExceptionState.SNOOZED,
        snoozed_until=at("9:30"),
        escalated_at=at("9:10"),
    )

    step = swept(told, "9:30")
    assert step is not None
    assert step.state is ExceptionState.ESCALATED


def test_what_is_resolved_is_left_alone() -> None:
    told = day().resolved("x", "9:02")

    assert swept(told, "12:00") is None
