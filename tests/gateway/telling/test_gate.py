"""The last look before a message leaves: what changed a moment ago counts."""

import asyncio
from datetime import timedelta

import pytest

from tests.gateway.shift import NOON, told
from tests.gateway.telling.channels import account_of
from tests.gateway.telling.test_once import MESSAGE, World
from tower.domain.events import (
    AnyBody,
    ConsentSet,
    MessageCancelled,
    OutreachPolicySet,
    StopDelivered,
)
from tower.domain.messages import Attempt, Message, Reach
from tower.domain.records import Subject
from tower.domain.rulebook import OutreachPolicy
from tower.domain.words import Channel, MessageState
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.attempts import begun
from tower.gateway.telling.handover import Handover
from tower.gateway.telling.steps import Begin, Wait, next_step
from tower.outreach.outgoing import outgoing
from tower.outreach.policy import gate
from tower.outreach.port import Assurance, Outgoing

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


def test_what_nothing_stands_against_leaves() -> None:
    world = World(Assurance.NONE, [])
    assert handed_over(world).state is MessageState.SENT
    assert world.got.total() == 1
