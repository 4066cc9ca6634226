"""Messages as they would be sent, shown before they are and afterwards."""

from datetime import datetime

from tower.domain.commands import MessageWish
from tower.domain.messages import Message
from tower.domain.state import State
from tower.gateway.telling.answers import Preview, Previews, PreviewVerdict
from tower.gateway.telling.drafts import Telling
from tower.outreach.drafting import Drafted
from tower.outreach.outgoing import outgoing
from tower.outreach.policy import Barred


def previews(
    wishes: tuple[MessageWish, ...], telling: Telling, state: State, now: datetime
) -> Previews:
    """What the wishes would send to whom now, and what that would cost."""
    drafts = telling.drafts(wishes, state, now)
    shown = tuple(
        _preview(wish, drafted, state, now) for wish, drafted in zip(wishes, drafts, strict=True)
    )
    cost = sum(one.cost for one in shown)
    return Previews(previews=shown, cost=cost, currency=state.policy.currency)


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
