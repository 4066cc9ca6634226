"""The demo's customers answer what they are asked, in their language, and only once."""

import asyncio
from collections import Counter

import numpy as np
import pytest

from tower.demo.answering import ANSWER_SHARE, ANSWERS_AFTER_S, answer_to
from tower.demo.customers import LANGUAGES
from tower.demo.mailbox import Mailbox
from tower.domain.messages import Attempt, Message, MessagePlan, Reach
from tower.domain.moments import utc
from tower.domain.words import Channel, Intent, MessageState
from tower.outreach.intents import recognise
from tower.outreach.port import Incoming

MIDNIGHT = 1_772_665_200.0
NOON_S = 12 * 3600.0


class Outbox:
    """A gateway that keeps messages and takes answers."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.answers: list[tuple[str, Incoming]] = []

    def kept_messages(self) -> list[Message]:
        return self.messages

    async def incoming(self, account: str, incoming: Incoming) -> None:
        self.answers.append((account, incoming))


def kept(number: int, channel: Channel = Channel.SMS, template: str = "gate_code") -> Message:
    """A message to a customer that was not sent."""
    address = f"+3363998{number:04d}"
    return Message(
        id=f"message-{number}",
        plan=MessagePlan(
            stop_id=f"S{number}",
            template=template,
            reaches=(Reach(channel=channel, address=address),),
            language="de-CH",
            words="Wie lautet der Code?",
        ),
        attempts=(
            Attempt(
                number=1,
                channel=channel,
                address=address,
                provider="outbox",
                state=MessageState.NOT_SENT,
                at=utc(MIDNIGHT + NOON_S),
                provider_ref=f"local-{number}",
            ),
        ),
    )


def lived(outbox: Outbox, mailbox: Mailbox, until_s: float = 400.0) -> None:
    """Let the time pass."""

    async def pass_time() -> None:
        for second in range(0, int(until_s), 5):
            await mailbox.act(outbox, NOON_S + second)

    asyncio.run(pass_time())


def said(language: str, template: str) -> list[str]:
    """What many customers answer."""
    answers = [answer_to(template, language, np.random.default_rng(n)) for n in range(400)]
    return [answer.words for answer in answers if answer is not None]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_most_who_are_asked_for_a_code_name_one_that_is_understood(language: str) -> None:
    words = said(language, "gate_code")
    assert len(words) / 400 == pytest.approx(ANSWER_SHARE["gate_code"], abs=0.06)
    meant = [{one.intent for one in recognise(each, ())} for each in words]
    codes = sum(Intent.GATE_CODE in intents for intents in meant)
    assert 0.6 < codes / len(words) < 0.95
    assert any(intents == {Intent.STOP} for intents in meant)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_who_hears_of_a_delay_waits_or_wants_another_time_or_place(language: str) -> None:
    found = Counter(
        one.intent for each in said(language, "delay_notice") for one in recognise(each, ())
    )
    assert {Intent.WAIT, Intent.RESCHEDULE, Intent.SAFE_PLACE} <= set(found)


def test_an_answer_comes_a_while_after_the_message_and_once() -> None:
    outbox, mailbox = Outbox(), Mailbox(1, MIDNIGHT)
    outbox.messages = [kept(number) for number in range(60)]
    lived(outbox, mailbox)
    lived(outbox, mailbox)
    senders = [incoming.sender for _, incoming in outbox.answers]
    assert 35 < len(senders) < 60
    assert len(set(senders)) == len(senders)
    assert {account for account, _ in outbox.answers} == {"outbox"}
    for _, incoming in outbox.answers:
        assert incoming.at is not None
        waited_s = incoming.at.timestamp() - MIDNIGHT - NOON_S
        assert ANSWERS_AFTER_S[0] <= waited_s <= ANSWERS_AFTER_S[1] + 5.0


def test_the_same_message_is_answered_the_same_way_in_every_run() -> None:
    runs = []
    for _ in range(2):
        outbox, mailbox = Outbox(), Mailbox(1, MIDNIGHT)
        outbox.messages = [kept(number) for number in range(20)]
        lived(outbox, mailbox)
        runs.append(outbox.answers)
    assert runs[0] == runs[1] != []


def test_only_media_that_tell_it_say_what_is_answered() -> None:
    outbox, mailbox = Outbox(), Mailbox(1, MIDNIGHT)
    media = [Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.VOICE]
    outbox.messages = [kept(10 * n + m, medium) for n in range(8) for m, medium in enumerate(media)]
    lived(outbox, mailbox)
    named = {incoming.medium: bool(incoming.answers) for _, incoming in outbox.answers}
    assert named == {Channel.SMS: False, Channel.WHATSAPP: True, Channel.EMAIL: True}


def test_what_lay_in_the_outbox_before_an_interruption_is_not_answered_again() -> None:
    outbox, mailbox = Outbox(), Mailbox(1, MIDNIGHT)
    outbox.messages = [kept(number) for number in range(20)]
    mailbox.forget_past(outbox)
    lived(outbox, mailbox)
    assert outbox.answers == []
