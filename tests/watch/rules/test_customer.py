"""Customers who reached us: where is my order, and everything else."""

from tests.watch.day import Day, Room, at, only_cause, only_finding
from tower.domain import events as e
from tower.domain.episodes import cleared, episode_id
from tower.domain.messages import Attempt, MessagePlan, Reach, Recognised
from tower.domain.records import Finding, Subject
from tower.domain.words import Channel, ExceptionKind, Intent, MessageState, Severity

WISMO, REQUEST = ExceptionKind.WISMO, ExceptionKind.CUSTOMER_REQUEST


def day() -> Day:
    return Day().opened().route("R-1", "s1 s2")


class Here(Room):
    """A room whose van is heard."""

    def see(self, clock: str) -> list[e.Event]:
        self.skies.heard["own"] = at(clock)
        self.skies.seen("own:R-1", at(clock))
        return self.look(clock)

    def contact(self, clock: str, topic: str, words: str = "", *, inbound: bool = True) -> None:
        body = e.CustomerContacted(topic=topic, channel="phone", words=words, inbound=inbound)
        self.day.tell(body, clock, stop_id="s1")

    def reply(self, clock: str, words: str, *intents: Intent) -> None:
        body = e.ReplyReceived(
            reply_id=f"r{clock}",
            channel=Channel.SMS,
            address="+15005550006",
            words=words,
            intents=tuple(Recognised(intent=one) for one in intents),
        )
        self.day.tell(body, clock, stop_id="s1")

    def write(self, clock: str, *states: MessageState) -> None:
        reach = Reach(channel=Channel.SMS, address="+15005550006")
        plan = MessagePlan(stop_id="s1", reaches=(reach,), words="Soon")
        self.day.tell(e.MessageQueued(plan=plan), clock, message_id=f"m{clock}")
        for state in states:
            attempt = Attempt(
                number=1,
                channel=Channel.SMS,
                address=reach.address,
                provider="box",
                state=state,
                at=at(clock),
            )
            self.day.tell(e.MessageProgressed(attempt=attempt), clock, message_id=f"m{clock}")


def test_a_customer_who_asks_where_the_order_is_waits_for_an_answer() -> None:
    room = Here(day())
    room.contact("9:00", "wismo", "Where is my parcel?")

    finding = only_finding(room.see("9:00"))
    assert (finding.kind, finding.severity) == (WISMO, Severity.MINOR)
    assert finding.detail == "Where is my parcel?"

    room.write("9:05", MessageState.NOT_SENT)
    assert only_cause(room.see("9:05")) == "The customer was answered."


def test_a_message_that_failed_is_no_answer_and_one_from_before_neither() -> None:
    room = Here(day())
    room.write("8:30", MessageState.DELIVERED)
    room.contact("9:00", "wismo")
    room.write("9:01", MessageState.FAILED)
    room.see("9:02")

    assert room.open_kinds == [WISMO]


def test_what_waits_for_the_end_of_quiet_hours_has_answered_nobody_yet() -> None:
    room = Here(day())
    room.contact("9:00", "wismo")
    room.see("9:00")
    room.write("9:01")
    room.see("9:02")
    assert room.open_kinds == [WISMO]


def test_a_call_back_and_a_delivery_end_it() -> None:
    called = Here(day())
    called.contact("9:00", "wismo")
    called.see("9:00")
    called.contact("9:10", "wismo", inbound=False)
    assert only_cause(called.see("9:10")) == "The customer was answered."

    served = Here(day())
    served.contact("9:00", "wismo")
    served.see("9:00")
    served.day.delivered("s1", "9:20")
    assert only_cause(served.see("9:20")) == "The stop is done: delivered."


def test_a_reply_that_asks_where_is_the_same_question() -> None:
    room = Here(day())
    room.reply("9:00", "Wo bleibt es?", Intent.WHERE)
    room.see("9:00")

    assert room.open_kinds == [WISMO]


def test_a_request_is_graver_where_the_van_is_close() -> None:
    room = Here(day())
    room.contact("9:00", "reschedule", "Another day please")
    room.skies.expect("s1", at("13:00"))
    finding = only_finding(room.see("9:00"))
    assert (finding.kind, finding.severity) == (REQUEST, Severity.MINOR)

    room.skies.expect("s1", at("9:40"))
    assert only_finding(room.see("9:01")).severity is Severity.MAJOR


def test_a_reply_nobody_has_read_is_a_request_until_somebody_has() -> None:
    room = Here(day())
    room.reply("9:00", "The green gate")
    finding = only_finding(room.see("9:00"))
    assert (finding.kind, finding.detail) == (REQUEST, "The green gate")

    room.day.tell(e.RepliesSeen(replies=("r9:00",)), "9:05")
    assert only_cause(room.see("9:05")) == "Somebody has read what the customer wrote."


def test_thanks_for_an_answer_that_were_read_were_not_answered() -> None:
    room = Here(day())
    room.contact("9:00", "reschedule", "Another day please")
    room.see("9:00")
    room.write("9:05", MessageState.SENT)
    assert only_cause(room.see("9:05")) == "The customer was answered."
    room.reply("9:10", "Thank you!")
    room.see("9:10")
    room.day.tell(e.RepliesSeen(replies=("r9:10",)), "9:12")
    assert only_cause(room.see("9:12")) == "Somebody has read what the customer wrote."


def test_a_reply_to_what_is_worked_on_already_is_no_exception_of_its_own() -> None:
    room = Here(day().attempted("s1", "8:50"))
    room.see("8:51")
    room.reply("9:00", "The green gate")
    room.see("9:00")

    assert room.open_kinds == [ExceptionKind.FAILED_ATTEMPT]


def test_stop_and_start_need_nobody() -> None:
    room = Here(day())
    room.reply("9:00", "STOP", Intent.STOP)

    assert room.see("9:00") == []


def test_a_second_question_after_a_person_resolved_the_first_is_told() -> None:
    room = Here(day())
    room.contact("9:00", "wismo")
    room.see("9:00")
    room.day.resolved(room.only(WISMO).id, "9:05")
    assert room.see("10:00") == []

    room.contact("10:01", "wismo", "And now?")
    assert only_finding(room.see("10:01")).detail == "And now?"


def test_what_a_carrier_reported_is_over_when_the_carrier_says_so() -> None:
    room = Here(day())
    room.contact("9:00", "wismo")
    finding = Finding(
        kind=WISMO,
        severity=Severity.MINOR,
        subject=Subject(stop_id="s1", route_id="R-1"),
        headline="Customer asks where the order is",
        source="own",
    )
    id_ = episode_id(WISMO, "s1", 1)
    room.day.tell(e.ExceptionRaised(finding=finding), "9:00", exception_id=id_)
    called_back = cleared(room.day.state.exceptions[id_].work, "The customer was called back")
    room.day.tell(called_back, "9:30", exception_id=id_)
    assert room.see("9:31") == []
    assert room.open_kinds == []

    room.contact("9:40", "wismo", "And now?")
    room.see("9:40")
    assert room.open_kinds == [WISMO]
