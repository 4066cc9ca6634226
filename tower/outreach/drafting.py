"""From a wish to a message that may be queued: the same for a preview and for the command."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.commands import MessageWish
from tower.domain.messages import MessagePlan, message_id
from tower.domain.records import Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import Channel
from tower.outreach.case import (
    POINT,
    SLOTS,
    CaseMissing,
    Expected,
    Span,
    brand_of,
    message_case,
)
from tower.outreach.history import History
from tower.outreach.moved import moved_s
from tower.outreach.policy import Allowed, Barred, Draft, judge
from tower.outreach.sandbox import TemplateBroken
from tower.outreach.segments import Segments, cost, segments, sms_text
from tower.outreach.slots import NoSlots
from tower.outreach.templates import (
    NothingToSay,
    Rendered,
    Template,
    Templates,
    UnknownTemplate,
)
from tower.outreach.times import outward

BY_HAND = "words"
"""Topic of messages written by hand."""

_BY_HAND_LASTS = timedelta(hours=12)
_OPTION_NAMES = {SLOTS: "which windows to offer", POINT: "which pick-up point to offer"}


class Drafted(NamedTuple):
    """A message that may be queued.

    Attributes:
        message_id: the id it is to have: the same wish again, while nothing else was said, has
            the same, so it is queued once.
        plan: what `MessageQueued` carries.
        cost: by the policy, of the first way to reach the customer.
        segments: how it travels, where that way is SMS.
        held: why it is not sent at once, in words; "" where it is.
        moved_s: seconds the arrival moved from what the customer believes, None where not known.
    """

    message_id: str
    plan: MessagePlan
    cost: float
    segments: Segments | None
    held: str = ""
    moved_s: float | None = None


def draft(
    wish: MessageWish,
    state: State,
    arrival: Expected | None,
    templates: Templates,
    now: datetime,
    history: History | None = None,
) -> Drafted | Barred:
    """What a wish would send, or why the customer may not be told.

    Args:
        wish: what somebody wants to say to whom.
        state: the shift.
        arrival: when the vehicle is expected at the stop, None where nobody knows.
        templates: every template there is.
        now: the present, UTC.
        history: made from the same state, where many wishes are drafted at once.
    """
    stop = state.stops.get(wish.stop_id)
    if stop is None or stop.plan is None:
        return Barred("The stop is not planned: nobody knows its customer.")
    try:
        template = _template_of(wish, templates, stop)
        said = _draft_of(wish, template, arrival, now)
        history = history or History(state)
        verdict = judge(state, said, now, arrival, history)
        if isinstance(verdict, Barred):
            return verdict
        return _drafted(
            _Wanted(wish, stop.plan, template, arrival),
            said,
            verdict,
            state,
            templates,
            now,
            history,
        )
    except (UnknownTemplate, NothingToSay, CaseMissing, NoSlots) as trouble:
        return Barred(str(trouble))
    except TemplateBroken as trouble:
        return Barred(f"The template {wish.template} fails here: {trouble}.")


class _Wanted(NamedTuple):
    wish: MessageWish
    plan: StopPlan
    template: Template
    arrival: Expected | None


def _template_of(wish: MessageWish, templates: Templates, stop: Stop) -> Template:
    if wish.template:
        template = templates[wish.template]
        missing = [option for option in template.options if not wish.options.get(option)]
        if missing:
            words = ", ".join(_OPTION_NAMES.get(option, option) for option in missing)
            raise NothingToSay(f"To be chosen first: {words}.")
        return template
    if not wish.words.strip():
        raise NothingToSay("There are no words to send.")
    return Template(
        title="",
        about="",
        topic=BY_HAND,
        after=(stop.state,) if stop.is_done else (),
        lasts_min=int(_BY_HAND_LASTS.total_seconds() // 60),
    )


def _draft_of(
    wish: MessageWish, template: Template, arrival: Expected | None, now: datetime
) -> Draft:
    expires_at = now + timedelta(minutes=template.lasts_min)
    if template.tells_arrival and arrival is not None:
        until = outward(Span(start=arrival.p10, end=max(arrival.p90, now))).end
        expires_at = min(expires_at, until)
    return Draft(
        stop_id=wish.stop_id,
        exception_id=wish.exception_id,
        topic=template.topic,
        is_notice=template.is_notice,
        after=template.after,
        channel=wish.channel,
        expires_at=expires_at,
    )


def _drafted(
    wanted: _Wanted,
    said: Draft,
    verdict: Allowed,
    state: State,
    templates: Templates,
    now: datetime,
    history: History,
) -> Drafted:
    wish, plan, template, arrival = wanted
    rendered = _rendered(wanted, verdict, state, templates, now)
    words = wish.words.strip() or rendered.words
    first = verdict.reaches[0]
    if not history.was_written_to(first.address):
        words = f"{words}\n\n{templates.language(rendered.language).opt_out}"
    brand = brand_of(state, plan)
    queued = MessagePlan(
        stop_id=wish.stop_id,
        exception_id=wish.exception_id,
        template=wish.template,
        episode=_episode(wish, history),
        reaches=verdict.reaches,
        language=rendered.language,
        subject=rendered.subject,
        words=words,
        parameters=rendered.parameters,
        brand=brand.id if brand else "",
        told_at=arrival.p50 if arrival and template.tells_arrival else None,
        send_after=verdict.send_after,
        expires_at=said.expires_at,
        topic=template.topic,
        options=wish.options,
        after=template.after,
    )
    is_sms = first.channel is Channel.SMS
    return Drafted(
        message_id=message_id(wish.stop_id, wish.template, wish.exception_id, queued.episode),
        plan=queued,
        cost=cost(state.policy, first.channel, words),
        segments=segments(sms_text(words)) if is_sms else None,
        held=verdict.held,
        moved_s=moved_s(state, wish.stop_id, arrival) if arrival else None,
    )


def _rendered(
    wanted: _Wanted, verdict: Allowed, state: State, templates: Templates, now: datetime
) -> Rendered:
    wish, plan, template, arrival = wanted
    brand = brand_of(state, plan)
    default = brand.language if brand else ""
    wanted_language = wish.language or plan.language
    if not wish.template:
        language = wanted_language or default or "en"
        return Rendered(brand.name if brand else "", "", language, ())
    language = templates.language_for(template.name, wanted_language, default)
    read_at = verdict.send_after or now
    case = message_case(state, wish.stop_id, arrival, wish.options, read_at)
    rendered = templates.render(template.name, language, case)
    return rendered if not wish.words else rendered._replace(parameters=())


def _episode(wish: MessageWish, history: History) -> int:
    return 1 + history.episodes(wish.stop_id, wish.template, wish.exception_id)
