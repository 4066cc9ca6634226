"""A stop, its customer and what was said to them, told as events."""

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import apply
from tower.domain.identity import derived_event_id
from tower.domain.messages import Attempt, Message, MessagePlan
from tower.domain.moments import utc
from tower.domain.records import Actor, PickupPoint, Shift, StopPlan, Subject
from tower.domain.rulebook import Brand, OutreachPolicy
from tower.domain.state import State
from tower.domain.words import Channel, MessageState
from tower.outreach.drafting import Drafted

EIGHT = utc(1_795_590_000)
"""08:00 in Vaduz, 07:00 UTC, on Wednesday 25 November 2026."""

PHONE, MAIL = "+41791234567", "rosa@example.org"
BRAND = Brand(id="b", name="Beispielhof", colour="#1f6feb", language="de")
POINT = PickupPoint(id="kiosk", name="Kiosk am Platz", address="Platz 1", lat=47.1, lon=9.5)


def at(clock: str, days: int = 0) -> datetime:
    """A time of the day in Vaduz, that many days on."""
    hours, minutes = clock.split(":")
    return EIGHT + timedelta(days=days, hours=int(hours) - 8, minutes=int(minutes))


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A predicted arrival."""

    p10: datetime
    p50: datetime
    p90: datetime


def coming(clock: str, early: int = 4, late: int = 6) -> Coming:
    """Expected at a time of the day, with the minutes it may be earlier and later."""
    p50 = at(clock)
    return Coming(p10=p50 - timedelta(minutes=early), p50=p50, p90=p50 + timedelta(minutes=late))


ROSA = StopPlan(
    id="s",
    lat=47.1,
    lon=9.5,
    customer="Rosa Muster",
    phone="+41 79 123 45 67",
    email="Rosa@Example.org",
    language="de",
    address="Lindenweg 12",
    window_start=at("14:00"),
    window_end=at("14:45"),
    planned_at=at("14:40"),
)


class Scene:
    """Tells what happened; `state` is where that leads."""

    def __init__(self, *plans: StopPlan, policy: OutreachPolicy | None = None) -> None:
        self.state = State()
        self._told = 0
        shift = Shift(
            id="day",
            name="Day",
            date="2026-11-25",
            timezone="Europe/Vaduz",
            starts_at=at("7:00"),
            ends_at=at("19:00"),
        )
        self.tell(e.ShiftOpened(shift=shift), at("7:00"))
        self.policy(policy or OutreachPolicy(brands=(BRAND,)))
        self.tell(e.PickupPointRegistered(point=POINT), at("7:00"))
        for plan in plans or (ROSA,):
            self.tell(e.StopPlanned(plan=plan), at("7:00"), stop_id=plan.id)

    def tell(self, body: e.AnyBody, moment: datetime, **subject: str) -> "Scene":
        """Something happened."""
        self._told += 1
        event = Event(
            id=derived_event_id(moment, str(self._told)),
            at=moment,
            recorded_at=moment + timedelta(microseconds=self._told),
            actor=Actor(kind="person", id="anna", name="Anna"),
            subject=Subject(**subject),
            body=body,
            seq=self._told,
        )
        apply(self.state, event)
        return self

    def policy(self, policy: OutreachPolicy) -> "Scene":
        """A supervisor set the policy."""
        entry = self.state.policies.get("room")
        version = entry.version + 1 if entry else 1
        return self.tell(e.OutreachPolicySet(version=version, policy=policy), at("7:00"))

    def set(self, **rules: object) -> "Scene":
        """A supervisor changed some rules of the policy."""
        return self.policy(replace(self.state.policy, **rules))

    def consent(self, address: str, moment: datetime, *, allowed: bool) -> "Scene":
        return self.tell(e.ConsentSet(address=address, allowed=allowed), moment)

    def queued(self, drafted: object, moment: datetime) -> Message:
        """What was drafted is in the outbox."""
        assert isinstance(drafted, Drafted), drafted
        return self.queue(drafted.message_id, drafted.plan, moment)

    def queue(self, message_id: str, plan: MessagePlan, moment: datetime) -> Message:
        body = e.MessageQueued(plan=plan)
        self.tell(body, moment, message_id=message_id, stop_id=plan.stop_id)
        return self.state.messages[message_id]

    def attempted(
        self,
        message_id: str,
        moment: datetime,
        state: MessageState = MessageState.SENT,
        way: int = 0,
        ref: str = "",
    ) -> Message:
        """An attempt over one of the ways came so far."""
        message = self.state.messages[message_id]
        assert message.plan is not None
        reach = message.plan.reaches[way]
        attempt = Attempt(
            number=way + 1,
            channel=reach.channel,
            address=reach.address,
            provider="local",
            state=state,
            at=moment,
            provider_ref=ref,
        )
        self.tell(e.MessageProgressed(attempt=attempt), moment, message_id=message_id)
        return self.state.messages[message_id]

    def sent(self, drafted: object, moment: datetime) -> Message:
        """What was drafted was queued and sent."""
        return self.attempted(self.queued(drafted, moment).id, moment)

    def replied(
        self,
        words: str,
        moment: datetime,
        stop_id: str = "s",
        channel: Channel = Channel.SMS,
        address: str = PHONE,
    ) -> "Scene":
        body = e.ReplyReceived(
            reply_id=f"reply {self._told}", channel=channel, address=address, words=words
        )
        return self.tell(body, moment, stop_id=stop_id)
