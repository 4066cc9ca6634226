"""The last look before a message leaves: what changed a moment ago counts."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.gateway.shift import NOON, told
from tests.gateway.telling.channels import account_of
from tests.gateway.telling.test_once import MESSAGE, World
from tower.domain.commands import SettleMessage
from tower.domain.events import (
    AnyBody,
    ConsentSet,
    Event,
    MessageCancelled,
    OutreachPolicySet,
    StopDelivered,
)
from tower.domain.messages import Attempt, Message, Reach
from tower.domain.records import Actor, Subject
from tower.domain.rulebook import OutreachPolicy
from tower.domain.words import Channel, MessageState
from tower.gateway.deciding.verdicts import Accepted, Terms
from tower.gateway.signin import Grant, Role
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.attempts import begun, came_to
from tower.gateway.telling.decisions import settle
from tower.gateway.telling.handover import Handover
from tower.gateway.telling.steps import Begin, Wait, is_settled, next_step
from tower.outreach.outgoing import outgoing
from tower.outreach.policy import gate
from tower.outreach.port import Assurance, Outgoing, Receipt, Taken

ADDRESS = "+447700900001"
REACH = Reach(channel=Channel.SMS, address=ADDRESS)
A_MOMENT = timedelta(milliseconds=1)


def handed_over(world: World, *changes: AnyBody) -> Attempt:
    """The attempt, begun before these things happened, and handed over after."""
    account = account_of("test", world)  # type: ignore[arg-type]

    def pack(message: Message, attempt: Attempt, account: Account) -> Outgoing:
        del account
        return outgoing(message, attempt.number, world.state, world.now())

    message = world.state.messages[MESSAGE]
    world.append([begun(world.state, message, REACH, account.name, world.now())])
    for body in changes:
        subject = Subject(stop_id="S1", message_id=MESSAGE)
        world.append([told(NOON + A_MOMENT, subject, body)])
    world.pass_time(NOON + 2 * A_MOMENT)
    handover = Handover(world, world, world, gate, pack)  # type: ignore[arg-type]
    asyncio.run(handover.send(MESSAGE, account))
    last = world.state.messages[MESSAGE].last
    assert last is not None
    return last


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (ConsentSet(address=ADDRESS, allowed=False), "does not want messages"),
        (MessageCancelled(version=3, why="Ann cancelled it."), "Ann cancelled it."),
        (StopDelivered(), "delivered"),
        (OutreachPolicySet(version=1, policy=OutreachPolicy(assumed=())), "did not agree"),
    ],
)
def test_what_happens_while_an_attempt_begins_still_stops_it(change: AnyBody, why: str) -> None:
    world = World(Assurance.NONE, [])
    last = handed_over(world, change)
    assert last.state is MessageState.FAILED
    assert why in last.why
    assert world.got.total() == 0


def test_what_is_held_a_moment_before_it_leaves_goes_out_in_the_morning() -> None:
    world = World(Assurance.NONE, [])
    quiet = OutreachPolicy(quiet_from="11:00", quiet_until="15:00")
    last = handed_over(world, OutreachPolicySet(version=1, policy=quiet))
    assert (last.state, last.again) == (MessageState.FAILED, True)
    accounts = Accounts([account_of("test", world)])  # type: ignore[arg-type]
    message = world.state.messages[MESSAGE]
    step = next_step(message, world.state, accounts, gate, NOON + timedelta(minutes=1))
    assert step == Wait(NOON + timedelta(hours=3))
    later = next_step(message, world.state, accounts, gate, NOON + timedelta(hours=3))
    assert isinstance(later, Begin)
    assert world.got.total() == 0


def _in_doubt(world: World) -> Account:
    """Its first attempt came to nothing certain."""
    account = account_of("test", world)  # type: ignore[arg-type]
    event = begun(world.state, world.state.messages[MESSAGE], REACH, account.name, world.now())
    world.append([event])
    message = world.state.messages[MESSAGE]
    assert message.last is not None
    world.append(
        [came_to(world.state, message, message.last, MessageState.UNKNOWN, world.now() + A_MOMENT)]
    )
    world.pass_time(NOON + 2 * A_MOMENT)
    return account


def _handover(world: World, account: Account) -> Handover:
    def pack(message: Message, attempt: Attempt, _: Account) -> Outgoing:
        return outgoing(message, attempt.number, world.state, world.now())

    assert account.is_open
    return Handover(world, world, world, gate, pack)  # type: ignore[arg-type]


def test_what_is_in_doubt_is_not_repeated_to_somebody_who_opted_out() -> None:
    world = World(Assurance.KEY, [])
    account = _in_doubt(world)
    subject = Subject(stop_id="S1", message_id=MESSAGE)
    world.append([told(NOON + A_MOMENT, subject, ConsentSet(address=ADDRESS, allowed=False))])
    assert not asyncio.run(_handover(world, account).repeat(MESSAGE, account))
    assert world.got.total() == 0
    assert world.state.messages[MESSAGE].state is MessageState.UNKNOWN


@pytest.mark.parametrize("assurance", [Assurance.KEY, Assurance.STATUS])
def test_what_a_person_wants_sent_again_is_not_where_the_provider_turns_out_to_have_it(
    assurance: Assurance, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(assurance, [])
    account = _in_doubt(world)
    handover = _handover(world, account)
    if assurance is Assurance.STATUS:
        asyncio.run(world.send(outgoing(world.state.messages[MESSAGE], 1, world.state, NOON)))
    send, ask = world.send, world.ask

    async def sent_meanwhile(sent: Outgoing) -> Taken:
        world.append(list(_settled(world)))
        return await send(sent)

    async def asked_meanwhile(key: str, ref: str, to: str) -> Receipt | None:
        world.append(list(_settled(world)))
        return await ask(key, ref, to)

    monkeypatch.setattr(world, "send", sent_meanwhile)
    monkeypatch.setattr(world, "ask", asked_meanwhile)
    finding_out = handover.repeat if assurance is Assurance.KEY else handover.inquire
    assert asyncio.run(finding_out(MESSAGE, account))
    message = world.state.messages[MESSAGE]
    assert is_settled(message)
    assert "has it after all" in message.cancelled
    assert world.got[MESSAGE] == 1


def _settled(world: World, at: datetime | None = None) -> tuple[Event, ...]:
    """Ann decides to send it again."""
    ann = Grant(actor=Actor(kind="person", id="ann", name="Ann"), role=Role.DISPATCHER)
    terms = Terms(grant=ann, now=at or world.now(), lease=timedelta(seconds=30))
    version = world.state.messages[MESSAGE].version
    command = SettleMessage(message_id=MESSAGE, version=version, again=True)
    verdict = settle(command, world.state, terms)
    assert isinstance(verdict, Accepted)
    return verdict.events


@pytest.mark.parametrize("state", [MessageState.UNKNOWN, MessageState.FAILED])
def test_a_decision_holds_though_the_clock_was_set_back(state: MessageState) -> None:
    world = World(Assurance.NONE, [])
    account = _in_doubt(world)
    message = world.state.messages[MESSAGE]
    assert message.last is not None
    world.append([came_to(world.state, message, message.last, state, world.now())])
    world.append(list(_settled(world, at=NOON - timedelta(hours=1))))
    last = world.state.messages[MESSAGE].last
    assert last is not None
    assert (last.state, last.again) == (MessageState.FAILED, True)
    assert "Ann decided" in last.why
    accounts = Accounts([account])
    step = next_step(
        world.state.messages[MESSAGE], world.state, accounts, gate, NOON + timedelta(minutes=1)
    )
    assert isinstance(step, Begin)


def test_what_nothing_stands_against_leaves() -> None:
    world = World(Assurance.NONE, [])
    assert handed_over(world).state is MessageState.SENT
    assert world.got.total() == 1
