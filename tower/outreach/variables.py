"""The names a template may use, and what each says of a case in a language."""

from collections.abc import Callable

from tower.domain.timezones import clock_time
from tower.outreach.case import MessageCase, Span
from tower.outreach.languages import Language
from tower.outreach.times import day_words, outward, span_words, told

_Said = Callable[[MessageCase, Language], str | tuple[str, ...]]


def values_of(case: MessageCase, language: Language) -> dict[str, str | tuple[str, ...]]:
    """Everything a template may name, in the words of a language; "" for what is not known."""
    return {name: say(case, language) for name, say in _SAID.items()}


def _arrival(case: MessageCase, language: Language) -> str:
    if case.arrival is None:
        return ""
    return told(outward(case.arrival), case.zone, case.said_at, language)


def _arrival_span(case: MessageCase, _: Language) -> str:
    return span_words(outward(case.arrival), case.zone) if case.arrival else ""


def _arrival_day(case: MessageCase, language: Language) -> str:
    if case.arrival is None:
        return ""
    return day_words(case.arrival.start, case.zone, case.said_at, language)


def _before(case: MessageCase, _: Language) -> str:
    return span_words(case.before, case.zone) if case.before else ""


def _window(case: MessageCase, language: Language) -> str:
    return told(case.window, case.zone, case.said_at, language) if case.window else ""


def _done(case: MessageCase, language: Language) -> str:
    if case.done_at is None:
        return ""
    day = day_words(case.done_at, case.zone, case.said_at, language)
    return f"{day} {clock_time(case.done_at, case.zone)}"


def _slots(case: MessageCase, language: Language) -> tuple[str, ...]:
    return tuple(
        f"{number}: {day_words(slot.start, case.zone, case.said_at, language)} "
        f"{span_words(Span(start=slot.start, end=slot.end), case.zone)}"
        for number, slot in enumerate(case.slots, 1)
    )


_SAID: dict[str, _Said] = {
    "customer": lambda case, _: case.customer,
    "brand": lambda case, _: case.brand,
    "reference": lambda case, _: case.reference,
    "address": lambda case, _: case.address,
    "parcels": lambda case, _: str(case.parcels or ""),
    "safe_place": lambda case, _: case.safe_place,
    "arrival": _arrival,
    "arrival_day": _arrival_day,
    "arrival_span": _arrival_span,
    "before": _before,
    "window": _window,
    "done": _done,
    "slots": _slots,
    "point": lambda case, _: case.point.name if case.point else "",
    "point_address": lambda case, _: case.point.address if case.point else "",
}

VARIABLES = frozenset(_SAID)
"""Every name a template may use."""

LISTS = frozenset({"slots"})
"""Those that are lists; the others are text."""
