"""Whose a reply is, what was said about a stop, and what nobody has read."""

from msgspec.structs import replace

from tests.outreach.scene import MAIL, PHONE, ROSA, Scene, at, coming
from tower.domain import events as e
from tower.domain.commands import MessageWish
from tower.domain.messages import Message, Reply
from tower.domain.records import Contact, Finding, Subject
from tower.domain.words import Channel, ExceptionKind, Severity
from tower.outreach.conversation import Whose, thread, unread, unread_by_stop, whose
from tower.outreach.drafting import draft
from tower.outreach.outgoing import attempt_key
from tower.outreach.templates import Templates

TEMPLATES = Templates.load()


def told(scene: Scene, stop_id: str = "s", clock: str = "14:22", **wish: object) -> Message:
    wanted = MessageWish(stop_id=stop_id, template="apology", **wish)  # type: ignore[arg-type]
    said = draft(wanted, scene.state, coming("14:51"), TEMPLATES, at(clock))
    return scene.sent(said, at(clock))


def raised(scene: Scene, exception_id: str, stop_id: str, clock: str) -> None:
    finding = Finding(
        kind=ExceptionKind.LATE,
        severity=Severity.MAJOR,
        subject=Subject(stop_id=stop_id),
        headline="9 min past its window",
    )
    scene.tell(e.ExceptionRaised(finding=finding), at(clock), exception_id=exception_id)


def two_stops() -> Scene:
    later = replace(ROSA, id="t", window_start=at("16:00"), window_end=at("17:00"))
    return Scene(later, ROSA)


def test_a_reply_belongs_to_the_message_it_answers() -> None:
    scene = two_stops()
    first = told(scene, "s", "14:00", exception_id="x")
    told(scene, "t", "14:10")
    answers = attempt_key(first.id, 1)
    assert whose(scene.state, Channel.SMS, PHONE, answers) == Whose("s", "x", first.id)


def test_a_providers_own_id_counts_from_the_address_it_was_sent_to() -> None:
    scene = Scene()
    first = told(scene)
    scene.attempted(first.id, at("14:23"), ref="wamid.1-2")
    told(scene, clock="15:30", exception_id="y")
    assert whose(scene.state, Channel.SMS, PHONE, "wamid.1-2").message_id == first.id
    assert whose(scene.state, Channel.SMS, "+41799999999", "wamid.1-2") == Whose()


def test_else_to_what_was_sent_there_last() -> None:
    scene = two_stops()
    told(scene, "s", "14:00")
    last = told(scene, "t", "14:10")
    assert whose(scene.state, Channel.SMS, PHONE) == Whose("t", "", last.id)


def test_else_to_their_stop_that_is_served_next() -> None:
    scene = two_stops()
    assert whose(scene.state, Channel.SMS, PHONE) == Whose("s")
    scene.tell(e.StopDelivered(), at("14:20"), stop_id="s")
    assert whose(scene.state, Channel.SMS, PHONE) == Whose("t")
    scene.tell(e.StopDelivered(), at("16:20"), stop_id="t")
    assert whose(scene.state, Channel.SMS, PHONE) == Whose("t")
    assert whose(scene.state, Channel.EMAIL, MAIL) == Whose("t")


def test_a_stranger_is_nobodys() -> None:
    assert whose(Scene().state, Channel.SMS, "+41791111111") == Whose()


def test_it_is_part_of_the_newest_open_exception_of_the_stop() -> None:
    scene = Scene()
    raised(scene, "old", "s", "13:00")
    raised(scene, "new", "s", "14:00")
    raised(scene, "else", "t", "14:10")
    assert whose(scene.state, Channel.SMS, PHONE).exception_id == "new"


def test_a_thread_is_everything_said_in_the_order_it_was() -> None:
    scene = Scene()
    body = e.CustomerContacted(topic="wismo", words="Wo bleibt es?")
    scene.tell(body, at("14:00"), stop_id="s")
    told(scene, clock="14:10")
    scene.replied("Danke", at("14:20"))
    scene.replied("Fremd", at("14:30"), stop_id="other")
    assert [type(said) for said in thread(scene.state, "s")] == [Contact, Message, Reply]


def test_unread_is_what_nobody_has_seen_strangers_included() -> None:
    scene = Scene().replied("Danke", at("14:20")).replied("Wer?", at("14:10"), stop_id="")
    scene.replied("Ja", at("14:40"))
    assert [reply.words for reply in unread(scene.state)] == ["Wer?", "Danke", "Ja"]
    assert unread_by_stop(scene.state) == {"s": 2, "": 1}
    seen = e.RepliesSeen(replies=(unread(scene.state)[1].id,))
    scene.tell(seen, at("14:50"))
    assert unread_by_stop(scene.state) == {"s": 1, "": 1}
