"""Messages as they would be sent, shown before they are and afterwards."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from tower.domain.commands import MessageWish
from tower.domain.messages import Message
from tower.domain.moments import Now
from tower.domain.state import State
from tower.gateway.telling.answers import Preview, Previews, PreviewVerdict
from tower.gateway.telling.drafts import Telling
from tower.outreach.drafting import Drafted
from tower.outreach.outgoing import outgoing
from tower.outreach.policy import Barred

_AT_A_TIME = 20
"""Messages drafted at a stretch: some 20 ms."""


async def previews(
    wishes: Sequence[MessageWish], telling: Telling, state: State, clock: Now
) -> Previews:
    """What the wishes would send to whom now, and what that would cost.

    Many take a while; others have their turn in between.
    """
    shown: list[Preview] = []
    for start in range(0, len(wishes), _AT_A_TIME):
        some, now = wishes[start : start + _AT_A_TIME], clock.now()
        drafts = telling.drafts(some, state, now)
        pairs = zip(some, drafts, strict=True)
        shown += [_preview(wish, drafted, state, now) for wish, drafted in pairs]
        await asyncio.sleep(0)
    cost = sum(one.cost for one in shown)
    return Previews(previews=tuple(shown), cost=cost, currency=state.policy.currency)


def _preview(wish: MessageWish, drafted: Drafted | Barred, state: State, now: datetime) -> Preview:
    if isinstance(drafted, Barred):
        return Preview(wish=wish, verdict=PreviewVerdict.BARRED, why=drafted.why)
    plan = drafted.plan
    sent = outgoing(Message(id=drafted.message_id, plan=plan), 1, state, now)
    return Preview(
        wish=wish,
        verdict=PreviewVerdict.HELD if drafted.held else PreviewVerdict.ALLOWED,
        why=drafted.held,
        send_after=plan.send_after,
        channel=sent.medium,
        address=sent.to,
        language=plan.language,
        subject=sent.subject,
        words=sent.text,
        html=sent.html,
        segments=drafted.segments.parts if drafted.segments else 1,
        cost=drafted.cost,
        moved_s=drafted.moved_s,
        message_id=drafted.message_id,
    )
