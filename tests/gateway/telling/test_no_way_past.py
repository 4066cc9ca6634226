"""Whatever happens when: a provider is handed only what the policy allows at that moment."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.shift import NOON, told
from tests.gateway.telling.channels import account_of
from tests.gateway.telling.test_once import MESSAGE, Mood, World
from tower.domain.events import (
    AnyBody,
    ConsentSet,
    MessageCancelled,
    OutreachPolicySet,
    StopDelivered,
)
from tower.domain.messages import Attempt, Message
from tower.domain.records import Subject
from tower.domain.rulebook import OutreachPolicy
from tower.domain.words import MessageState
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.attempts import begun, came_to, given_up
from tower.gateway.telling.handover import Handover
from tower.gateway.telling.steps import (
    Begin,
    Doubt,
    GiveUp,
    Inquire,
    Repeat,
    Step,
    Wait,
    next_step,
)
from tower.outreach.outgoing import outgoing
from tower.outreach.policy import Bar, Clear, Hold, gate
from tower.outreach.port import Assurance, Outgoing, Taken

ADDRESS = "+447700900001"
MOODS = [Mood.GOOD, Mood.BUSY, Mood.LOST_BEFORE, Mood.LOST_AFTER, Mood.TAKES_LATE]
CHANGES = ("opt_out", "opt_in", "quiet", "no_consent", "default", "deliver", "cancel")
MOST_STEPS = 60
STEP = timedelta(seconds=0.3)


class WatchedWorld(World):
    """Its provider asks the policy itself before it takes anything."""

    def __init__(self, assurance: Assurance, moods: list[Mood]) -> None:
        super().__init__(assurance, moods)
        self.asked = 0
        self.forbidden: list[Hold | Bar] = []

    async def send(self, sent: Outgoing) -> Taken:
        """Take a message, and note where it may not be sent at this moment."""
        message = self.state.messages[MESSAGE]
        assert message.last is not None
        reach, number = message.last.reach, message.last.number
        verdict = gate(self.state, message, reach, self.now(), number)
        if not isinstance(verdict, Clear):
            self.forbidden.append(verdict)
        self.asked += 1
        return await super().send(sent)

    def happen(self, change: str) -> None:
        """Something a customer, a driver or a supervisor does now."""
        for body in self._bodies(change):
            self.append([told(self.now(), Subject(stop_id="S1", message_id=MESSAGE), body)])
        self.pass_time(self.now())

    def _bodies(self, change: str) -> Iterator[AnyBody]:
        version = 1 + max((entry.version for entry in self.state.policies.values()), default=0)
        match change:
            case "opt_out" | "opt_in":
                yield ConsentSet(address=ADDRESS, allowed=change == "opt_in")
            case "quiet":
                policy = OutreachPolicy(quiet_from="11:00", quiet_until="12:01")
                yield OutreachPolicySet(version=version, policy=policy)
            case "no_consent":
                yield OutreachPolicySet(version=version, policy=OutreachPolicy(assumed=()))
            case "default":
                yield OutreachPolicySet(version=version, policy=OutreachPolicy())
            case "deliver":
                yield StopDelivered()
            case "cancel":
                message = self.state.messages[MESSAGE]
                yield MessageCancelled(version=message.version + 1, why="Ann cancelled it.")


async def _work(world: WatchedWorld, changes: list[str]) -> None:
    """A courier's whole work, with something happening in the middle of each of its steps."""
    account = account_of("test", world)  # type: ignore[arg-type]

    def pack(message: Message, attempt: Attempt, _: Account) -> Outgoing:
        return outgoing(message, attempt.number, world.state, world.now())

    handover = Handover(world, world, world, gate, pack)  # type: ignore[arg-type]
    for _ in range(MOST_STEPS):
        message = world.state.messages[MESSAGE]
        step = next_step(message, world.state, Accounts([account]), gate, world.now())
        if isinstance(step, Begin):
            event = begun(world.state, message, step.reach, account.name, world.now())
            world.append([event])
        if changes:
            world.happen(changes.pop())
        if isinstance(step, Begin | Repeat | Inquire):
            await _handed_over(step, handover, account)
        elif not _recorded(step, world):
            return
        world.pass_time(world.now() + STEP)


async def _handed_over(step: Begin | Repeat | Inquire, handover: Handover, at: Account) -> None:
    match step:
        case Begin():
            await handover.send(MESSAGE, at)
        case Repeat():
            await handover.repeat(MESSAGE, at)
        case Inquire():
            await handover.inquire(MESSAGE, at)


def _recorded(step: Step, world: WatchedWorld) -> bool:
    """Do what needs no provider; False where nothing is left to do."""
    message, now = world.state.messages[MESSAGE], world.now()
    match step:
        case Doubt(attempt):
            world.append([came_to(world.state, message, attempt, MessageState.UNKNOWN, now)])
        case GiveUp(why):
            world.append([given_up(world.state, message, why, now)])
        case Wait(until):
            world.pass_time(_soon(until, now))
            return until is not None
    return True


def _soon(until: datetime | None, now: datetime) -> datetime:
    return min(until or now, now + timedelta(minutes=1))


@given(
    assurance=st.sampled_from(Assurance),
    moods=st.lists(st.sampled_from(MOODS), max_size=6),
    changes=st.lists(st.sampled_from(("", "", *CHANGES)), max_size=12),
)
def test_a_provider_is_handed_nothing_the_policy_forbids_at_that_moment(
    assurance: Assurance, moods: list[Mood], changes: list[str]
) -> None:
    world = WatchedWorld(assurance, moods)
    asyncio.run(_work(world, changes))
    assert world.forbidden == []
    assert world.got[MESSAGE] <= 1
    if not changes and not world.asked:
        assert world.state.messages[MESSAGE].state is not MessageState.SENT


def test_undisturbed_it_is_handed_the_message() -> None:
    world = WatchedWorld(Assurance.KEY, [])
    asyncio.run(_work(world, []))
    assert world.asked == 1
    assert world.state.messages[MESSAGE].state is MessageState.SENT
    assert world.now() >= NOON
