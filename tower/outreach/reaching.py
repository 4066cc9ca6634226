"""The ways a customer may be reached: their addresses, their consent, and how often."""

from datetime import datetime, timedelta

from tower.domain.messages import Reach
from tower.domain.records import StopPlan
from tower.domain.state import State
from tower.domain.words import Channel
from tower.outreach.addresses import NONE_KNOWN, NoAddress, normalised, region_of
from tower.outreach.history import History

A_DAY = timedelta(hours=24)

SESSION = timedelta(hours=24)
"""So long after a customer wrote to us over a channel they may be answered there."""

NAMES = {
    Channel.SMS: "SMS",
    Channel.EMAIL: "e-mail",
    Channel.WHATSAPP: "WhatsApp",
    Channel.VOICE: "a call",
}
"""Channels as people say them."""


def reaches_of(
    state: State,
    plan: StopPlan,
    only: Channel | None,
    history: History,
    now: datetime,
    is_free: bool = False,
) -> tuple[tuple[Reach, ...], list[str]]:
    """The ways to reach the customer of a stop that are allowed now, the preferred first.

    What the customer agreed to comes first, in their order, then the policy's order.

    Args:
        state: the shift.
        plan: the stop's.
        only: no other channel than this one; None for all.
        history: what was said so far.
        now: the present, UTC.
        is_free: the words are no template's.

    Returns:
        The ways, and why each of the others is none, in words.
    """
    reaches: list[Reach] = []
    refusals: dict[str, None] = {}
    missing: dict[str, list[str]] = {}
    channels = (only,) if only else tuple(dict.fromkeys((*plan.contact_by, *state.policy.order)))
    for channel in channels:
        try:
            reach = Reach(channel=channel, address=address_of(state, plan, channel))
        except NoAddress as trouble:
            missing.setdefault(str(trouble), []).append(NAMES[channel])
            continue
        why = refusal_of(state, plan, reach, history, now, is_free)
        why = why or too_many(state, reach, history, now)
        if why:
            refusals[why] = None
        else:
            reaches.append(reach)
    return tuple(reaches), [*refusals, *_nowhere(missing, len(channels))]


def _nowhere(missing: dict[str, list[str]], asked: int) -> list[str]:
    """Why there is no address, each reason once; `missing` names the channels by it."""
    if 1 < asked == len(missing.get(NONE_KNOWN, ())):
        return ["nobody knows an address of this customer"]
    return [f"{', '.join(names)}: {why}" for why, names in missing.items()]


def is_in_session(wrote: datetime | None, now: datetime) -> bool:
    """True where somebody who wrote to us then may be answered in words of our own now."""
    return wrote is not None and wrote > now - SESSION


def address_of(state: State, plan: StopPlan, channel: Channel) -> str:
    """The address of a stop's customer on a channel, normalised.

    Raises:
        NoAddress: there is none, or it cannot be written to.
    """
    if channel is Channel.EMAIL:
        return normalised(channel, plan.email)
    return normalised(channel, plan.phone or plan.masked_phone, region_for(state, plan))


def region_for(state: State, plan: StopPlan) -> str:
    """The country a customer's number is in where it does not say: that of their time zone."""
    shift = state.shift
    return region_of(plan.timezone or (shift.timezone if shift else ""))


def refusal_of(
    state: State,
    plan: StopPlan,
    reach: Reach,
    history: History,
    now: datetime,
    is_free: bool = False,
) -> str:
    """Why a customer must not be written to this way, in words; "" where they may be.

    Args:
        state: the shift.
        plan: the stop's.
        reach: the way.
        history: what was said so far.
        now: the present, UTC.
        is_free: the words are no template's, which WhatsApp carries only as an answer.
    """
    consent = state.consents.get(reach.address)
    if consent is not None and not consent.allowed:
        return f"{reach.address} does not want messages"
    wrote = history.wrote(reach.channel, reach.address)
    if is_in_session(wrote, now):
        return ""
    if reach.channel not in plan.contact_by and reach.channel not in state.policy.assumed:
        return f"{NAMES[reach.channel]}: the customer did not agree to it"
    if is_free and reach.channel is Channel.WHATSAPP:
        return "WhatsApp: words of one's own only within 24 hours of the customer's"
    return ""


def too_many(
    state: State,
    reach: Reach,
    history: History,
    now: datetime,
    own: tuple[str, int] | None = None,
) -> str:
    """Why an address has had enough for a day, in words; "" where it has not.

    Args:
        state: the shift.
        reach: the way.
        history: what was said so far.
        now: the present, UTC.
        own: message id and number of an attempt that does not count, as it is the one asked for.
    """
    most = state.policy.daily_most
    had = {
        (message_id, attempt.number)
        for message_id, attempt in history.attempts_to(reach.address, now - A_DAY)
    }
    if len(had - {own}) < most:
        return ""
    return f"{reach.address} had {most} messages in 24 hours already"
