"""What a message offered and asked, so that a reply of a number or a bare code is understood."""

from tower.domain.messages import MessagePlan, Recognised
from tower.domain.words import Intent
from tower.outreach.case import POINT, SLOTS
from tower.outreach.intents import recognise
from tower.outreach.slots import NoSlots, slots_of
from tower.outreach.templates import Templates


def understood(
    words: str, plan: MessagePlan | None, templates: Templates
) -> tuple[Recognised, ...]:
    """What a customer's words plainly ask for, as an answer to a message.

    Args:
        words: what they wrote.
        plan: of the message they answer, None where they answer none.
        templates: every template there is.
    """
    if plan is None or plan.template not in templates:
        return recognise(words)
    return recognise(words, offered(plan, templates), templates[plan.template].asks)


def offered(plan: MessagePlan | None, templates: Templates) -> tuple[Recognised, ...]:
    """What 1, 2, … mean as an answer to a message; empty where it offered no numbers.

    Args:
        plan: of the message that is answered, None where none is.
        templates: every template there is.
    """
    if plan is None or plan.template not in templates:
        return ()
    template = templates[plan.template]
    if SLOTS in template.options:
        return _slots(plan)
    value = {Intent.PICKUP_POINT: plan.options.get(POINT, "")}
    return tuple(
        Recognised(intent=intent, value=value.get(intent, "")) for intent in template.answers
    )


def _slots(plan: MessagePlan) -> tuple[Recognised, ...]:
    try:
        slots = slots_of(plan.options.get(SLOTS, ""))
    except NoSlots:  # was refused when it was drafted; journals of others may hold anything
        return ()
    return tuple(Recognised(intent=Intent.RESCHEDULE, value=slot.written) for slot in slots)
