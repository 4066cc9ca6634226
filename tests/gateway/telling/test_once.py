"""Whatever providers do and whenever the gateway is killed, nobody is told a thing twice."""

import asyncio
from collections import Counter
from concurrent.futures import Future
from datetime import datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.shift import NOON, stop_plan, told
from tests.gateway.telling.channels import account_of
from tower.domain.events import Event, MessageQueued, StopPlanned
from tower.domain.fold import apply, fold
from tower.domain.messages import Message, MessagePlan, Reach, message_id
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.words import Channel, MessageState
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.attempts import begun, came_to
from tower.gateway.telling.handover import Handover
from tower.gateway.telling.steps import (
    Begin,
    Doubt,
    Inquire,
    Repeat,
    Step,
    Wait,
    is_settled,
    next_step,
)
from tower.outreach.history import History
from tower.outreach.outgoing import outgoing
from tower.outreach.policy import Bar, Clear, Hold
from tower.outreach.port import (
    Assurance,
    Heard,
    NotTaken,
    Outgoing,
    Receipt,
    Request,
    Taken,
    Unsure,
)

MESSAGE = message_id("S1", "", "", 1)
_MOST_STEPS = 400
_TAKES_LATE = timedelta(seconds=0.9)
"""Less than the second after which the provider's no is believed."""


class Killed(BaseException):
    """The gateway is killed at this moment."""


class Mood(StrEnum):
    """What happens to one request."""

    GOOD = "good"
    BUSY = "busy"
    REFUSES = "refuses"
    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    TAKES_LATE = "takes_late"
    KILLED_BEFORE = "killed_before"
    KILLED_AFTER = "killed_after"
    KILLED_BUT_TAKES_LATE = "killed_but_takes_late"
    KILLED_UNRECORDED = "killed_unrecorded"


class World:
    """A state that a journal folds at once, a clock, and a provider that outlives the gateway."""

    carries = (Channel.SMS,)

    def __init__(self, assurance: Assurance, moods: list[Mood]) -> None:
        self.assurance = assurance
        self.moods = moods
        self.state = _queued()
        self.got: Counter[str] = Counter()
        self._now = NOON
        self._keys: set[str] = set()
        self._late: list[tuple[datetime, str]] = []
        self._is_killed_next = False

    def now(self) -> datetime:
        """The time."""
        return self._now

    def pass_time(self, until: datetime) -> None:
        """Let time pass; what the provider takes late, it takes by then."""
        self._now = max(self._now, until) + timedelta(milliseconds=1)
        due = [key for at, key in self._late if at <= self._now]
        self._late = [one for one in self._late if one[0] > self._now]
        for key in due:
            self._take(key)

    def forget_keys(self) -> None:
        """A provider keeps keys for a day."""
        self._keys.clear()

    def append(self, events: list[Event], **_: object) -> "Future[list[Event]]":
        """Record events, unless the gateway is killed before that."""
        if self._is_killed_next:
            self._is_killed_next = False
            raise Killed
        for event in events:
            apply(self.state, event)
        done: Future[list[Event]] = Future()
        done.set_result(events)
        return done

    async def after_commit(self, appended: "Future[list[Event]]") -> list[Event]:
        """They are folded already."""
        return appended.result()

    async def send(self, sent: Outgoing) -> Taken:
        """Do what the next mood says."""
        mood = self.moods.pop() if self.moods else Mood.GOOD
        if mood is Mood.REFUSES and self.assurance is Assurance.KEY and sent.key in self._keys:
            mood = Mood.GOOD  # honouring a key means to answer it alike
        if mood in (Mood.TAKES_LATE, Mood.KILLED_BUT_TAKES_LATE):
            self._late.append((self._now + _TAKES_LATE, sent.key))
        elif mood in (Mood.GOOD, Mood.LOST_AFTER, Mood.KILLED_AFTER, Mood.KILLED_UNRECORDED):
            self._take(sent.key)
        match mood:
            case Mood.BUSY:
                raise NotTaken("busy", again=True)
            case Mood.REFUSES:
                raise NotTaken("no such number")
            case Mood.LOST_BEFORE | Mood.LOST_AFTER | Mood.TAKES_LATE:
                raise Unsure("no answer")
            case Mood.KILLED_BEFORE | Mood.KILLED_AFTER | Mood.KILLED_BUT_TAKES_LATE:
                raise Killed
            case Mood.KILLED_UNRECORDED:
                self._is_killed_next = True
        return Taken(ref=sent.key)

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:
        """Whether the message was taken, where that can be asked."""
        del ref, to
        if self.moods and self.moods[-1] in (Mood.LOST_BEFORE, Mood.LOST_AFTER):
            self.moods.pop()
            raise Unsure("no answer")
        if self.assurance is Assurance.STATUS and key in self._keys:
            return Receipt(state=MessageState.SENT, key=key, ref=key)
        return None

    def hear(self, request: Request) -> Heard:
        """Nothing is ever told."""
        del request
        return Heard()

    async def close(self) -> None:
        """Nothing is held."""

    def _take(self, key: str) -> None:
        if self.assurance is not Assurance.KEY or key not in self._keys:
            self.got[MESSAGE] += 1
        self._keys.add(key)


def _queued() -> State:
    plan = MessagePlan(
        stop_id="S1",
        reaches=(Reach(channel=Channel.SMS, address="+447700900001"),),
        words="Hello",
    )
    planned = told(NOON, Subject(stop_id="S1"), StopPlanned(plan=stop_plan(1)))
    queued = told(NOON, Subject(message_id=MESSAGE, stop_id="S1"), MessageQueued(plan=plan))
    return fold([planned, queued])


def _clear(
    state: State,
    message: Message,
    reach: Reach,
    now: datetime,
    number: int | None = None,
    history: History | None = None,
) -> Clear | Hold | Bar:
    del state, message, reach, now, number, history
    return Clear()


def _no_packing(message: Message, attempt: object, account: object) -> Outgoing:
    raise AssertionError(f"{message.id} was to be sent {attempt} {account}")


async def _live(world: World, account: Account) -> None:
    """One life of a gateway: until nothing is left to do, or it is killed."""
    accounts = Accounts([account])

    def pack(message: Message, attempt: object, account: object) -> Outgoing:
        del attempt, account
        number = message.attempts[-1].number
        return outgoing(message, number, world.state, world.now())

    handover = Handover(world, world, world, _clear, pack)  # type: ignore[arg-type]
    for _ in range(_MOST_STEPS):
        message = world.state.messages[MESSAGE]
        step = next_step(message, world.state, accounts, _clear, world.now())
        if not await _do(step, world, handover, account):
            return
        world.pass_time(world.now())
    raise AssertionError("it never came to an end")


async def _do(step: Step, world: World, handover: Handover, account: Account) -> bool:
    state, now = world.state, world.now()
    message = state.messages[MESSAGE]
    match step:
        case Begin(reach, _):
            world.append([begun(state, message, reach, account.name, now)])
            await handover.send(MESSAGE, account)
        case Doubt(attempt):
            world.append([came_to(state, message, attempt, MessageState.UNKNOWN, now)])
        case Repeat():
            if not await handover.repeat(MESSAGE, account):
                world.pass_time(now + timedelta(seconds=0.3))
        case Inquire():
            settled = await handover.inquire(MESSAGE, account)
            if not settled and account.assurance is Assurance.NONE:
                return False
            world.pass_time(now + timedelta(seconds=0.3))
        case Wait(until):
            if until is None:
                return False
            world.pass_time(until)
    return True


def _lives(world: World) -> None:
    """Gateways, one after the other, until one has nothing left to do."""
    account = account_of("test", world)  # type: ignore[arg-type]
    while True:
        try:
            asyncio.run(_live(world, account))
        except Killed:
            continue
        world.pass_time(world.now() + 2 * _TAKES_LATE)
        return


@pytest.mark.parametrize("assurance", [Assurance.KEY, Assurance.STATUS])
@given(
    moods=st.lists(st.sampled_from([one for one in Mood if one is not Mood.REFUSES]), max_size=8)
)
def test_a_provider_that_can_be_relied_on_delivers_exactly_once(
    assurance: Assurance, moods: list[Mood]
) -> None:
    world = World(assurance, moods)
    _lives(world)
    assert world.got[MESSAGE] == 1
    assert world.state.messages[MESSAGE].state is MessageState.SENT


@given(moods=st.lists(st.sampled_from(Mood), max_size=8))
def test_a_provider_that_offers_nothing_delivers_at_most_once_and_doubt_is_shown(
    moods: list[Mood],
) -> None:
    world = World(Assurance.NONE, moods)
    _lives(world)
    message = world.state.messages[MESSAGE]
    assert world.got[MESSAGE] <= 1
    if message.state is MessageState.SENT:
        assert world.got[MESSAGE] == 1
    else:
        assert message.state in (MessageState.UNKNOWN, MessageState.FAILED)
        assert message.last is not None


def test_a_key_the_provider_has_forgotten_is_not_used_again() -> None:
    world = World(Assurance.KEY, [Mood.KILLED_AFTER])
    account = account_of("test", world)  # type: ignore[arg-type]
    with pytest.raises(Killed):
        asyncio.run(_live(world, account))
    world.pass_time(NOON + timedelta(days=3))
    world.forget_keys()
    for _ in range(3):
        message = world.state.messages[MESSAGE]
        step = next_step(message, world.state, Accounts([account]), _clear, world.now())
        assert not isinstance(step, Repeat)
        handover = Handover(world, world, world, _clear, _no_packing)  # type: ignore[arg-type]
        asyncio.run(_do(step, world, handover, account))
    assert world.got[MESSAGE] == 1
    assert world.state.messages[MESSAGE].state is MessageState.UNKNOWN


@given(st.sampled_from(Assurance), st.lists(st.sampled_from(Mood), max_size=8))
def test_what_the_room_is_told_is_what_happened(assurance: Assurance, moods: list[Mood]) -> None:
    world = World(assurance, moods)
    _lives(world)
    message = world.state.messages[MESSAGE]
    if message.state is MessageState.FAILED:
        assert world.got[MESSAGE] == 0
        assert is_settled(message)
    if message.state is MessageState.SENT:
        assert world.got[MESSAGE] == 1
