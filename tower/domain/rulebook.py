"""What supervisors set for the room: thresholds, playbooks, the outreach policy."""

from typing import Annotated

from msgspec import Meta, field

from tower.domain.records import NEVER, Record, Stamp
from tower.domain.words import Channel, ExceptionKind, StepAction

_Short = Annotated[str, Meta(max_length=256)]
_Many = 500

ROOM = "room"
"""The key of what holds for the whole room, in the tables that have one row."""


class Threshold(Record, frozen=True, kw_only=True):
    """One threshold of one rule, where it differs from the rule's own.

    Where several fit a stop, the one for its service level goes before the one for its carrier,
    that before the one for its depot, and all of them before one for everything; one that names
    more goes before one that names less.

    Attributes:
        kind: whose rule.
        name: the threshold's name, as `tower.watch.thresholds` declares it.
        value: in the unit declared there.
        depot_id: only for routes of this depot, "" for all; likewise the others.
    """

    kind: ExceptionKind
    name: _Short
    value: float
    depot_id: _Short = ""
    carrier_id: _Short = ""
    service_level: _Short = ""


class PlaybookStep(Record, frozen=True, kw_only=True):
    """One thing a good dispatcher would do.

    Attributes:
        title: what the button says.
        template: for messages, which one.
    """

    title: _Short
    action: StepAction
    template: _Short = ""


class Playbook(Record, frozen=True, kw_only=True):
    """The steps for one kind of exception, the best first; keys 1 to 9 fire them."""

    kind: ExceptionKind
    steps: Annotated[tuple[PlaybookStep, ...], Meta(max_length=9)]


class Brand(Record, frozen=True, kw_only=True):
    """How messages of one brand look.

    Attributes:
        name: what customers know it by.
        colour: of the head of e-mails, as `#1f6feb`.
        reply_to: where answers to e-mails go, "" for the account's own.
        footer: small words at the end of e-mails.
        language: what is written in where nobody knows the customer's, as `de`; "" for English.
    """

    id: _Short
    name: _Short
    colour: Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")] = "#1f6feb"
    reply_to: _Short = ""
    footer: Annotated[str, Meta(max_length=1000)] = ""
    language: Annotated[str, Meta(max_length=16)] = ""


_Time = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class OutreachPolicy(Record, frozen=True, kw_only=True):
    """When customers may be written to, and how.

    Attributes:
        quiet_from: nobody is written to from then on, in the customer's time zone; equal to
            `quiet_until` for no quiet hours.
        quiet_until: until then.
        repeat_within_s: seconds in which the same cause is told once.
        daily_most: messages to one address in 24 hours.
        moved_by_s: an arrival is told again once it moved by so many seconds.
        assumed: channels that need no consent of their own for messages about an order.
        order: channels in the order they are tried for customers who have no preference.
        costs: price of one message (one part of an SMS) by channel, in `currency`.
        brands: the first is worn where a stop names none.
    """

    quiet_from: _Time = "21:00"
    quiet_until: _Time = "08:00"
    repeat_within_s: Annotated[float, Meta(ge=0)] = 3600.0
    daily_most: Annotated[int, Meta(ge=1, le=100)] = 6
    moved_by_s: Annotated[float, Meta(ge=0)] = 600.0
    assumed: tuple[Channel, ...] = (Channel.SMS, Channel.EMAIL)
    order: tuple[Channel, ...] = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
    costs: dict[Channel, Annotated[float, Meta(ge=0)]] = field(
        default_factory=lambda: {Channel.SMS: 0.07, Channel.WHATSAPP: 0.05}
    )
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] = "EUR"
    brands: Annotated[tuple[Brand, ...], Meta(max_length=100)] = ()


class Thresholds(Record, frozen=True, kw_only=True):
    """Every threshold that differs from its rule's own."""

    thresholds: Annotated[tuple[Threshold, ...], Meta(max_length=_Many)] = ()
    stamp: Stamp = NEVER

    @property
    def version(self) -> int:
        """How often they were set."""
        return 0 if self.stamp == NEVER else int(self.stamp.order)


class Playbooks(Record, frozen=True, kw_only=True):
    """The playbook of each kind that has one."""

    playbooks: tuple[Playbook, ...] = ()
    stamp: Stamp = NEVER

    @property
    def version(self) -> int:
        """How often they were set."""
        return 0 if self.stamp == NEVER else int(self.stamp.order)

    def of(self, kind: ExceptionKind) -> tuple[PlaybookStep, ...]:
        """The steps for a kind of exception."""
        return next((one.steps for one in self.playbooks if one.kind is kind), ())


class PolicyEntry(Record, frozen=True, kw_only=True):
    """The outreach policy, stamped."""

    policy: OutreachPolicy = OutreachPolicy()
    stamp: Stamp = NEVER

    @property
    def version(self) -> int:
        """How often it was set."""
        return 0 if self.stamp == NEVER else int(self.stamp.order)
