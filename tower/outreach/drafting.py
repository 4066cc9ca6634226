"""From a wish to a message that may be queued: the same for a preview and for the command."""

from collections.abc import Container
from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.commands import MessageWish
from tower.domain.messages import MessagePlan, message_id
from tower.domain.records import PublishedArrival, Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import Channel
from tower.outreach.case import (
    POINT,
    SLOTS,
    CaseMissing,
    Expected,
    brand_of,
    coming,
    message_case,
)
from tower.outreach.history import History
from tower.outreach.languages import ENGLISH
from tower.outreach.moved import moved_s
from tower.outreach.policy import Allowed, Barred, Draft, judge
from tower.outreach.reaching import NAMES
from tower.outreach.sandbox import TemplateBroken
from tower.outreach.segments import Segments, cost, segments, sms_text
from tower.outreach.slots import NoSlots, slots_of
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
    carried: Container[Channel] | None = None,
) -> Drafted | Barred:
    """What a wish would send, or why the customer may not be told.

    Args:
        wish: what somebody wants to say to whom.
        state: the shift.
        arrival: when the vehicle is expected at the stop, None where nobody knows.
        templates: every template there is.
        now: the present, UTC.
        history: made from the same state, where many wishes are drafted at once.
        carried: the channels there is an account for; None for all.
    """
    stop = state.stops.get(wish.stop_id)
    if stop is None or stop.plan is None:
        return Barred("The stop is not planned: nobody knows its customer.")
    try:
        template = _template_of(wish, templates, stop)
        wanted = _Wanted(wish, stop.plan, template, arrival, stop.published)
        said = history or History(state)
        return _Drafting(state, templates, now, said, carried).draft(wanted)
    except (UnknownTemplate, NothingToSay, CaseMissing, NoSlots) as trouble:
        return Barred(str(trouble))
    except TemplateBroken as trouble:
        return Barred(f"The template {wish.template} fails here: {trouble}.")


class _Wanted(NamedTuple):
    wish: MessageWish
    plan: StopPlan
    template: Template
    arrival: Expected | None
    published: PublishedArrival | None


class _Drafting(NamedTuple):
    """What every draft of one moment rests on."""

    state: State
    templates: Templates
    now: datetime
    history: History
    carried: Container[Channel] | None

    def draft(self, wanted: _Wanted) -> Drafted | Barred:
        said = _draft_of(wanted, self.now)
        verdict = judge(self.state, said, self.now, wanted.arrival, self.history)
        verdict = self._carried(verdict)
        if isinstance(verdict, Barred):
            return verdict
        rendered = self._rendered(wanted, verdict.send_after or self.now)
        return self._drafted(wanted, said, verdict, rendered)

    def _carried(self, verdict: Allowed | Barred) -> Allowed | Barred:
        """Leave out the ways no account carries."""
        if isinstance(verdict, Barred) or self.carried is None:
            return verdict
        reaches = tuple(one for one in verdict.reaches if one.channel in self.carried)
        if reaches:
            return verdict._replace(reaches=reaches)
        names = ", ".join(NAMES[one.channel] for one in verdict.reaches)
        return Barred(f"This gateway has no account that carries {names}.")

    def _rendered(self, wanted: _Wanted, read_at: datetime) -> Rendered:
        wish, plan, template, arrival, _ = wanted
        brand = brand_of(self.state, plan.brand)
        language = wish.language or plan.language
        default = brand.language if brand else ""
        if not wish.template:
            subject = " ".join(filter(None, (brand.name if brand else "", plan.reference)))
            return Rendered(subject, wish.words.strip(), language or default or ENGLISH, ())
        language = self.templates.language_for(template.name, language, default)
        case = message_case(self.state, wish.stop_id, arrival, wish.options, read_at, self.history)
        rendered = self.templates.render(template.name, language, case)
        words = wish.words.strip()
        return rendered._replace(words=words, parameters=()) if words else rendered

    def _drafted(
        self, wanted: _Wanted, said: Draft, verdict: Allowed, rendered: Rendered
    ) -> Drafted:
        wish, _, _, arrival, _ = wanted
        first, words = verdict.reaches[0], self._with_opt_out(rendered, verdict)
        queued = self._plan(wanted, said, verdict, rendered._replace(words=words))
        return Drafted(
            message_id=message_id(wish.stop_id, wish.template, wish.exception_id, queued.episode),
            plan=queued,
            cost=cost(self.state.policy, first.channel, words),
            segments=segments(sms_text(words)) if first.channel is Channel.SMS else None,
            held=verdict.held,
            moved_s=moved_s(self.state, wish.stop_id, arrival, self.history) if arrival else None,
        )

    def _plan(
        self, wanted: _Wanted, said: Draft, verdict: Allowed, rendered: Rendered
    ) -> MessagePlan:
        wish, plan, template, arrival, _ = wanted
        brand = brand_of(self.state, plan.brand)
        return MessagePlan(
            stop_id=wish.stop_id,
            exception_id=wish.exception_id,
            template=wish.template,
            episode=1 + self.history.episodes(wish.stop_id, wish.template, wish.exception_id),
            reaches=verdict.reaches,
            language=rendered.language,
            subject=rendered.subject,
            words=rendered.words,
            parameters=rendered.parameters,
            brand=brand.id if brand else "",
            told_at=arrival.p50 if arrival and template.tells_arrival else None,
            send_after=verdict.send_after,
            expires_at=said.expires_at,
            topic=template.topic,
            options=wish.options,
            after=template.after,
        )

    def _with_opt_out(self, rendered: Rendered, verdict: Allowed) -> str:
        """The first message to an address says how to get no more of them."""
        if self.history.was_written_to(verdict.reaches[0].address):
            return rendered.words
        return f"{rendered.words}\n\n{self.templates.language(rendered.language).opt_out}"


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
    after = (stop.state,) if stop.is_done else ()
    return Template(title="", about="", topic=BY_HAND, after=after)


def _draft_of(wanted: _Wanted, now: datetime) -> Draft:
    wish, _, template, arrival, published = wanted
    expires_at = now + timedelta(minutes=template.lasts_min)
    if template.tells_arrival and arrival is not None:
        expires_at = min(expires_at, outward(coming(arrival, now, published)).end)
    offered = slots_of(wish.options.get(SLOTS, "")) if template.name else ()
    if offered:  # nobody can choose a window that has begun
        expires_at = min(expires_at, *(slot.start for slot in offered))
    return Draft(
        stop_id=wish.stop_id,
        exception_id=wish.exception_id,
        topic=template.topic,
        is_notice=template.is_notice,
        is_free=bool(wish.words.strip()) or not template.parameters,
        after=template.after,
        channel=wish.channel,
        expires_at=expires_at,
    )
