"""What one click would do about something a reply asks for. Nothing is done by itself."""

from tower.domain.messages import Recognised
from tower.domain.records import PickupPoint, Record, Stop, StopChanges
from tower.domain.state import State
from tower.domain.words import Intent
from tower.outreach.case import Span, zone_of
from tower.outreach.slots import NoSlots, Slot, slots_of
from tower.outreach.times import span_words

_WAITS = "Customer waits."


class Deed(Record, frozen=True, kw_only=True):
    """Something that may be done about a reply, with one click.

    Attributes:
        words: what the button says.
        changes: what is written down about the stop; None for nothing.
        template: what may be answered with, "" for no answer.
    """

    words: str
    changes: StopChanges | None = None
    template: str = ""


def deeds(state: State, stop_id: str, intents: tuple[Recognised, ...]) -> tuple[Deed, ...]:
    """What may be done about everything a reply asks for.

    Args:
        state: the shift.
        stop_id: the stop the reply is about.
        intents: what the reply asks for; opt-outs were seen to when it came in.

    Returns:
        Nothing where the stop is unknown, or done for good.
    """
    stop = state.stops.get(stop_id)
    if stop is None or stop.plan is None:
        return ()
    if stop.is_done and not stop.state.may_be_tried_again:
        return ()
    found = (_deed(state, stop, one) for one in intents)
    return tuple(deed for deed in found if deed is not None)


def stop_words(state: State, stop: Stop) -> str:
    """A stop as people call it: `stop 18`, by its place on its route."""
    route = state.routes.get(stop.route_id)
    if route is None or stop.id not in route.sequence:
        return "the stop"
    return f"stop {route.sequence.index(stop.id) + 1}"


def _deed(state: State, stop: Stop, asked: Recognised) -> Deed | None:
    of_stop, value = stop_words(state, stop), asked.value
    match asked.intent:
        case Intent.GATE_CODE if value:
            return Deed(
                words=f"Attach {value} to {of_stop}",
                changes=StopChanges(access_code=value),
            )
        case Intent.SAFE_PLACE:
            return _safe_place(asked)
        case Intent.RESCHEDULE:
            return _window(state, stop, asked)
        case Intent.PICKUP_POINT:
            return _pickup(state, asked)
        case Intent.WHERE:
            return Deed(words="Tell them when we come", template="where_is_it")
        case Intent.WAIT if (changes := _waits(stop)) is not None:
            return Deed(words="Note for the driver: customer waits", changes=changes)
    return None


def _safe_place(asked: Recognised) -> Deed:
    if not asked.value:
        return Deed(words="Ask where to leave it", template="safe_place")
    changes = StopChanges(safe_place=asked.value)
    return Deed(words=f"Leave it: {asked.value}", changes=changes)


def _window(state: State, stop: Stop, asked: Recognised) -> Deed:
    slot = _slot(asked.value)
    if slot is None or stop.plan is None:
        day = f" ({asked.value})" if asked.value else ""
        return Deed(words=f"Offer another time{day}", template="new_slot")
    zone = zone_of(state, stop.plan)
    day = slot.start.astimezone(zone).strftime("%d.%m.")
    return Deed(
        words=f"Promise {day} {span_words(Span(start=slot.start, end=slot.end), zone)}",
        changes=StopChanges(window_start=slot.start, window_end=slot.end),
    )


def _slot(value: str) -> Slot | None:
    try:
        return next(iter(slots_of(value)), None)
    except NoSlots:  # a day or a time of day in the customer's words
        return None


def _pickup(state: State, asked: Recognised) -> Deed | None:
    entry = state.pickup_points.get(asked.value)
    if entry is None:
        return None
    point: PickupPoint = entry.value
    return Deed(
        words=f"Bring it to {point.name}",
        changes=StopChanges(address=f"{point.name}, {point.address}", lat=point.lat, lon=point.lon),
    )


def _waits(stop: Stop) -> StopChanges | None:
    note = stop.plan.note if stop.plan else ""
    return None if _WAITS in note else StopChanges(note=f"{note} {_WAITS}".strip())
