"""What a channel is handed: a message as one attempt sends it."""

import re
from datetime import datetime

from tower.domain.messages import Message, MessagePlan, Reach
from tower.domain.rulebook import Brand
from tower.domain.state import State
from tower.domain.words import Channel
from tower.outreach.case import brand_of
from tower.outreach.html import html_of
from tower.outreach.port import Outgoing
from tower.outreach.reaching import is_in_session
from tower.outreach.segments import sms_text

_KEY = re.compile(r"(.*)-([0-9]{1,9})", re.DOTALL)


class NothingPlanned(ValueError):
    """A message of which it is not known what it says cannot be sent."""


def outgoing(
    message: Message, number: int, state: State, now: datetime, status_url: str = ""
) -> Outgoing:
    """A message as an attempt hands it to a channel.

    The same attempt gives the same key however often it is asked for.

    Args:
        message: what is to be sent.
        number: of the attempt, from 1; one that was not begun takes the next way to reach the
            customer that was not tried.
        state: the shift.
        now: the present, UTC.
        status_url: where receipts of the attempt may be sent to, "" for nowhere.

    Raises:
        NothingPlanned: nobody knows what the message says.
    """
    plan = message.plan
    if plan is None:
        raise NothingPlanned(f"Message {message.id} has no words.")
    reach = _reach(message, plan, number)
    brand = brand_of(state, plan.brand) or Brand(id="", name="")
    is_mail = reach.channel is Channel.EMAIL
    return Outgoing(
        key=attempt_key(message.id, number),
        message_id=message.id,
        medium=reach.channel,
        to=reach.address,
        text=_text(plan, brand, reach.channel),
        language=plan.language,
        subject=plan.subject if is_mail else "",
        html=html_of(plan, brand) if is_mail else "",
        sender=brand.name,
        reply_to=brand.reply_to if is_mail else "",
        template=plan.template if plan.parameters else "",
        parameters=plan.parameters,
        in_session=_in_session(state, reach, now),
        status_url=status_url,
    )


def attempt_key(message_id: str, number: int) -> str:
    """The name of an attempt, as providers are told it."""
    return f"{message_id}-{number}"


def attempt_of(key: str) -> tuple[str, int] | None:
    """Message id and number of the attempt a key names; None where it names none."""
    found = _KEY.fullmatch(key)
    return (found[1], int(found[2])) if found else None


def _text(plan: MessagePlan, brand: Brand, channel: Channel) -> str:
    """The words as the channel carries them; an e-mail's say what its page says."""
    if channel is Channel.EMAIL:
        return "\n\n".join(filter(None, (plan.words, brand.footer)))
    return sms_text(plan.words) if channel is Channel.SMS else plan.words


def _reach(message: Message, plan: MessagePlan, number: int) -> Reach:
    begun = next((one for one in message.attempts if one.number == number), None)
    if begun is not None:
        return begun.reach
    tried = {attempt.reach for attempt in message.attempts}
    return next((reach for reach in plan.reaches if reach not in tried), plan.reaches[0])


def _in_session(state: State, reach: Reach, now: datetime) -> bool:
    return any(
        reply.channel is reach.channel
        and reply.address == reach.address
        and is_in_session(reply.at, now)
        for reply in state.replies.values()
    )
