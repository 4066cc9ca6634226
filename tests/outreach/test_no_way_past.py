"""Whatever is wished, answered, opted out of and set: nothing reaches a channel past the policy.

A fake channel keeps what it is handed and judges it by rules written down here a second time.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from tests.outreach.scene import MAIL, PHONE, ROSA, Coming, Scene
from tower.domain import events as e
from tower.domain.commands import MessageWish
from tower.domain.messages import Attempt, Message, Reach
from tower.domain.records import StopPlan
from tower.domain.words import Channel, MessageState
from tower.outreach.drafting import Drafted, draft
from tower.outreach.policy import Clear, gate
from tower.outreach.templates import Templates

TEMPLATES = Templates.load()
CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.WHATSAPP)
ZONES = {"s": "Europe/Vaduz", "t": "America/Santiago"}
STARTS = (  # the evenings before clocks change, in Europe and in Chile
    datetime(2026, 3, 28, 16, tzinfo=UTC),
    datetime(2026, 10, 24, 16, tzinfo=UTC),
    datetime(2026, 4, 4, 20, tzinfo=UTC),
    datetime(2026, 9, 5, 20, tzinfo=UTC),
)
CLOCKS = st.sampled_from(["00:00", "02:30", "03:00", "08:00", "21:00"])
TAKEN = (MessageState.SENT, MessageState.NOT_SENT, MessageState.UNKNOWN, MessageState.FAILED)
TOPICS = {template.name: template.topic for template in TEMPLATES.all} | {"": "words"}
NOTICES = ("delay_notice", "arriving_soon", "gate_code", "apology", "safe_place", "missed_you", "")


class Handed(NamedTuple):
    """Something the channel was handed."""

    message_id: str
    number: int
    reach: Reach
    cause: tuple[str, str, str]
    at: datetime


class Policy(RuleBasedStateMachine):
    """People wish, customers answer, clocks move; the channel watches."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(*(self.plan(stop_id) for stop_id in ZONES))
        self.arrived: list[Handed] = []
        self.heard: list[tuple[str, Channel, datetime]] = []
        self.refused: set[str] = set()
        self.done: set[str] = set()
        self.now = STARTS[0]

    @staticmethod
    def plan(stop_id: str) -> StopPlan:
        contact_by = (Channel.WHATSAPP,) if stop_id == "t" else ()
        return replace(ROSA, id=stop_id, timezone=ZONES[stop_id], contact_by=contact_by)

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: datetime) -> None:
        self.now = start

    def tick(self) -> None:
        self.now += timedelta(seconds=1)

    @rule(minutes=st.sampled_from([1, 5, 31, 61, 600]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(address=st.sampled_from([PHONE, MAIL]), allowed=st.sampled_from([True, True, False]))
    def customer_decides(self, address: str, allowed: bool) -> None:
        self.tick()
        self.scene.consent(address, self.now, allowed=allowed)
        (self.refused.discard if allowed else self.refused.add)(address)

    @rule(stop_id=st.sampled_from(list(ZONES)), channel=st.sampled_from(CHANNELS))
    def customer_writes(self, stop_id: str, channel: Channel) -> None:
        self.tick()
        address = MAIL if channel is Channel.EMAIL else PHONE
        self.scene.replied("Wann?", self.now, stop_id, channel, address)
        self.heard.append((stop_id, channel, self.now))

    @rule(quiet_from=CLOCKS, quiet_until=CLOCKS)
    def quiet_hours_change(self, quiet_from: str, quiet_until: str) -> None:
        self.scene.set(quiet_from=quiet_from, quiet_until=quiet_until)

    @rule(
        repeat=st.sampled_from([0.0, 600.0, 3600.0]),
        most=st.integers(1, 3),
        assumed=st.sets(st.sampled_from(CHANNELS)),
    )
    def limits_change(self, repeat: float, most: int, assumed: set[Channel]) -> None:
        self.scene.set(repeat_within_s=repeat, daily_most=most, assumed=tuple(sorted(assumed)))

    @precondition(lambda self: len(self.arrived) > 2)
    @rule(stop_id=st.sampled_from(list(ZONES)))
    def driver_delivers(self, stop_id: str) -> None:
        self.tick()
        self.scene.tell(e.StopDelivered(), self.now, stop_id=stop_id)
        self.done.add(stop_id)

    @rule(
        stop_id=st.sampled_from(list(ZONES)),
        template=st.sampled_from(NOTICES),
        exception_id=st.sampled_from(["", "x"]),
        channel=st.sampled_from([None, None, *CHANNELS]),
        ahead_min=st.integers(30, 700),
        comes=st.sampled_from([None, *TAKEN]),
    )
    def somebody_wishes(
        self,
        stop_id: str,
        template: str,
        exception_id: str,
        channel: Channel | None,
        ahead_min: int,
        comes: MessageState | None,
    ) -> None:
        self.tick()
        p50 = self.now + timedelta(minutes=ahead_min)
        arrival = Coming(p10=p50, p50=p50, p90=p50 + timedelta(minutes=9))
        wish = MessageWish(
            stop_id=stop_id,
            exception_id=exception_id,
            template=template,
            words="" if template else "Guten Tag",
            channel=channel,
        )
        drafted = draft(wish, self.scene.state, arrival, TEMPLATES, self.now)
        if isinstance(drafted, Drafted):
            message = self.scene.queued(drafted, self.now)
            if comes is not None:
                self.courier_takes(message, 1, drafted.plan.reaches[0], comes)

    @rule(data=st.data(), came=st.sampled_from(TAKEN))
    def courier_tries(self, data: st.DataObject, came: MessageState) -> None:
        waiting = [one for one in self.scene.state.messages.values() if not one.cancelled]
        if not waiting:
            return
        message = data.draw(st.sampled_from(waiting))
        assert message.plan is not None
        reach = data.draw(st.sampled_from(message.plan.reaches))
        last = message.last
        number = len(message.attempts) + 1
        if last is not None and last.state is MessageState.UNKNOWN and data.draw(st.booleans()):
            number = last.number  # nobody knows whether it was taken: the same key once more
            reach = Reach(channel=last.channel, address=last.address)
        self.courier_takes(message, number, reach, came)

    def courier_takes(
        self, message: Message, number: int, reach: Reach, came: MessageState
    ) -> None:
        self.tick()
        if gate(self.scene.state, message, reach, self.now, number) == Clear():
            self.channel_takes(message, number, reach, came)

    def channel_takes(
        self, message: Message, number: int, reach: Reach, came: MessageState
    ) -> None:
        assert message.plan is not None
        plan = message.plan
        cause = plan.stop_id, plan.exception_id, TOPICS[plan.template]
        handed = Handed(message.id, number, reach, cause, self.now)
        self.watch_consent(handed)
        self.watch_clock(handed)
        assert plan.stop_id not in self.done or plan.template in ("apology", "")
        if came is not MessageState.FAILED:
            self.watch_number(handed)
            self.arrived = [one for one in self.arrived if one[:2] != handed[:2]] + [handed]
        attempt = Attempt(
            number=number,
            channel=reach.channel,
            address=reach.address,
            provider="fake",
            state=came,
            at=self.now,
        )
        body = e.MessageProgressed(attempt=attempt)
        self.scene.tell(body, self.now, message_id=message.id)
        if came is MessageState.FAILED:  # a failure outranks: what arrived earlier is unsaid
            self.arrived = [one for one in self.arrived if one[:2] != handed[:2]]

    def watch_consent(self, handed: Handed) -> None:
        channel, address = handed.reach.channel, handed.reach.address
        stop_id, policy = handed.cause[0], self.scene.state.policy
        assert address not in self.refused
        wrote = any(
            medium is channel and self.now - at < timedelta(hours=24)
            for _, medium, at in self.heard
        )
        assert channel in self.plan(stop_id).contact_by or channel in policy.assumed or wrote

    def watch_clock(self, handed: Handed) -> None:
        policy = self.scene.state.policy
        local = handed.at.astimezone(ZoneInfo(ZONES[handed.cause[0]])).strftime("%H:%M")
        start, end = policy.quiet_from, policy.quiet_until
        is_quiet = start <= local < end if start <= end else local >= start or local < end
        assert not is_quiet, f"{local} lies in {start}-{end}"

    def watch_number(self, handed: Handed) -> None:
        policy = self.scene.state.policy
        others = [one for one in self.arrived if one[:2] != handed[:2]]
        lately = [
            one
            for one in others
            if one.reach.address == handed.reach.address
            and handed.at - one.at < timedelta(hours=24)
        ]
        assert len(lately) < policy.daily_most
        for one in others:
            if one.message_id == handed.message_id or not alike(one.cause, handed.cause):
                continue
            within = handed.at - one.at < timedelta(seconds=policy.repeat_within_s)
            answered = any(
                stop_id == handed.cause[0] and one.at < at for stop_id, _, at in self.heard
            )
            assert not within or answered


def alike(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """The same stop, and the same exception or topic."""
    same_exception = bool(one[1]) and one[1] == other[1]
    return one[0] == other[0] and (same_exception or one[2] == other[2])


TestPolicy = Policy.TestCase
TestPolicy.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
