"""Whom a message to several customers goes to, each with what the policy says. Knows no widgets."""

from collections.abc import Sequence
from typing import NamedTuple

from tower.domain.commands import MessageWish
from tower.domain.records import Route, Stop
from tower.gateway.telling.answers import Preview, Previews, PreviewVerdict
from ui.outreach.affected import affected_stops
from ui.outreach.phrases import (
    CHANNEL_WORDS,
    joined,
    money_words,
    on_one_line,
    verdict_words,
)
from ui.outreach.wire import may_be_sent
from ui.session import Session

DELAY_NOTICE = "delay_notice"
"""What customers of a late vehicle are told where a playbook names nothing else."""


class Recipient(NamedTuple):
    """A customer who may be told.

    Attributes:
        name: `Stop 18 · Almacén Doña Rosa`.
        why: why they ought to hear from us, "" where they are on time.
    """

    stop: Stop
    name: str
    why: str


def recipients(session: Session, route: Route, *, everybody: bool) -> tuple[Recipient, ...]:
    """The customers of a route who ought to hear from us, in the order they are served.

    Args:
        session: the shift.
        route: whose vehicle is late.
        everybody: those who get their delivery as promised, too, after the others.
    """
    affected = {one.stop.id: one.why for one in affected_stops(session, route)}
    waiting = [
        stop
        for stop in session.state.stops_of(route)
        if not stop.is_done and stop.plan is not None and stop.plan.kind.is_customer
    ]
    told = [stop for stop in waiting if stop.id in affected]
    others = [stop for stop in waiting if stop.id not in affected] if everybody else []
    return tuple(
        Recipient(stop, _name(session, stop), affected.get(stop.id, ""))
        for stop in (*told, *others)
    )


def _name(session: Session, stop: Stop) -> str:
    number = session.links.number_of_stop.get(stop.id)
    customer = stop.plan.customer if stop.plan else ""
    return joined(f"Stop {number}" if number else "Stop", on_one_line(customer))


def wishes_for(
    chosen: Sequence[Recipient], template: str, exception_id: str
) -> tuple[MessageWish, ...]:
    """A message of one template to each of some customers."""
    return tuple(
        MessageWish(stop_id=one.stop.id, exception_id=exception_id, template=template)
        for one in chosen
    )


def way_words(preview: Preview) -> str:
    """`SMS to +423791…`; "" where it goes nowhere."""
    if preview.channel is None:
        return ""
    return f"{CHANNEL_WORDS[preview.channel]} to {on_one_line(preview.address, 40)}"


def says_words(session: Session, preview: Preview, currency: str) -> str:
    """What the policy says of one message, and what it costs."""
    verdict = verdict_words(session, preview)
    price = money_words(preview.cost, currency) if may_be_sent(preview) else ""
    return joined(verdict, price)


def total_words(shown: Previews, chosen: frozenset[str]) -> str:
    """`5 of 7 · 1 held · 1 not allowed · 0.35 EUR`, of the stops that are chosen."""
    picked = [one for one in shown.previews if one.wish.stop_id in chosen and may_be_sent(one)]
    held = sum(1 for one in picked if one.verdict is PreviewVerdict.HELD)
    barred = sum(1 for one in shown.previews if not may_be_sent(one))
    cost = sum(one.cost for one in picked)
    return joined(
        f"{len(picked)} of {len(shown.previews)} customers",
        f"{held} held" if held else "",
        f"{barred} not allowed" if barred else "",
        money_words(cost, shown.currency) if picked else "",
    )
