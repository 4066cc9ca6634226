"""What a change does, in the words of the preview box. Knows no widgets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from tower.domain.words import Punctuality
from tower.eta.schedule import Arrival
from tower.routes.evaluate import Prospect
from tower.routes.impact import Impact, RouteImpact, StopImpact
from tower.routes.violations import Rule, Violation
from ui.draft.words import is_elsewhere, route_words, stop_of_route_words, stop_words
from ui.session import Session

MOST_STOPS = 4
"""Stops named one by one in a line; of more it says how many."""

MOST_LATE = 3
"""Stops whose lateness grows (or shrinks) are named, the most changed first; the rest counted."""

MOST_ROUTES = 2
"""Of more routes the whole is told first, and each of them last."""

MOST_REASONS = 4
"""Broken constraints told with their reasons; of more it says how many."""

_MINUTE_S = 60.0
_HOURS = frozenset({Rule.DUTY, Rule.DRIVING, Rule.BREAK})
_TOLD_ELSEWHERE = frozenset({Rule.WINDOW})


class Phrase(NamedTuple):
    """A piece of a line.

    Attributes:
        tone: `plain`, `muted`, `after` for what will be, `good`, `risk` or `bad`.
        stops: ids of the stops it speaks of; a click lists them.
    """

    words: str
    tone: str = "plain"
    stops: tuple[str, ...] = ()


Line = tuple[Phrase, ...]
"""Phrases set apart by middle dots."""

_Namer = Callable[[str], str]
"""What a stop is called, by its id."""


def consequences(session: Session, impact: Impact) -> tuple[Line, ...]:
    """Everything a change does.

    One line a route (end, distance, energy, hours, load, cold chain), one for each constraint
    only a supervisor may break, one of windows broken and saved, one of who would have to be told,
    and one for each other constraint newly broken. Of many routes what they come to stands first,
    and each of them at the end.
    """
    count = len(impact.routes)
    routes = [
        _route_line(session, one, impact, named=count > 1 or is_elsewhere(session, one.route_id))
        for one in impact.routes
    ]
    name = partial(stop_of_route_words if count > 1 else stop_words, session)
    effects = [
        *_reasons(session, impact.hard, name),
        tuple(_windows(impact, name)),
        tuple(_people(impact)),
        *_reasons(session, [one for one in impact.raised if _is_soft_news(one)], name),
    ]
    if count > MOST_ROUTES:
        whole = (Phrase(f"{count} routes"), Phrase(_distance(impact.distance_m)))
        found = [whole, *effects, *routes]
    else:
        found = [*routes, *effects]
    return tuple(line for line in found if line)


def brief(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines without what stays as it is, for where there is little room."""
    short = (
        tuple(one for one in line if not one.words.endswith(" OK") and "±0 " not in one.words)
        for line in lines
    )
    return tuple(line for line in short if line)


def _touched(impact: Impact) -> list[StopImpact]:
    """The stops that are late before or after; the others have no window to speak of."""
    late = Punctuality.LATE
    return [
        stop
        for stop in impact.stops
        if (stop.before is not None and stop.before.punctuality is late)
        or (stop.after is not None and stop.after.punctuality is late)
    ]


def _route_line(session: Session, one: RouteImpact, impact: Impact, *, named: bool) -> Line:
    before, after = one.before, one.after
    name = (Phrase(route_words(session, one.route_id)),) if named else ()
    was, will = session.clock_text(before.ends_at), session.clock_text(after.ends_at)
    end: Line = (Phrase(f"route end {was}"),)
    if was != will:
        end = (Phrase(f"route end {was} →"), Phrase(will, "after"))
    return (
        *name,
        *end,
        Phrase(_distance(one.distance_m)),
        Phrase(f"{_energy_word(after)} {signed(one.energy, after.energy.unit)}"),
        *_hours(one, impact),
        *_load(one, impact),
        *_cold(one, impact),
    )


def _distance(metres: float) -> str:
    return f"distance {signed(metres / 1000, 'km')}"


def _energy_word(prospect: Prospect) -> str:
    return "fuel" if prospect.energy.unit == "l" else "energy"


def _hours(one: RouteImpact, impact: Impact) -> Iterator[Phrase]:
    plan = one.after.case.route.plan
    if plan is None or not (plan.duty_ends_at or plan.longest_driving_s or plan.breaks):
        return
    yield _verdict("driver hours", _broken(one, _HOURS), _raised(one, impact, _HOURS))


def _load(one: RouteImpact, impact: Impact) -> Iterator[Phrase]:
    share = one.after.load_share
    if share > 0:
        rules = frozenset({Rule.CAPACITY})
        phrase = _verdict("load", _broken(one, rules), _raised(one, impact, rules))
        yield phrase._replace(words=f"load {share:.0%}" if phrase.tone != "plain" else "load OK")


def _cold(one: RouteImpact, impact: Impact) -> Iterator[Phrase]:
    stops = (stop.plan for stop in one.after.remaining)
    if any(
        plan and (plan.temperature_limit_c is not None or plan.longest_aboard_s) for plan in stops
    ):
        rules = frozenset({Rule.COLD_CHAIN})
        yield _verdict("cold chain", _broken(one, rules), _raised(one, impact, rules))


def _verdict(what: str, broken: Sequence[Violation], raised: Sequence[Violation]) -> Phrase:
    """OK; broken by this change; or broken as it was before."""
    stops = tuple(one.stop_id for one in broken if one.stop_id)
    if raised:
        return Phrase(f"{what} broken", "bad", stops)
    return Phrase(f"{what} still broken", "risk", stops) if broken else Phrase(f"{what} OK")


def _broken(one: RouteImpact, rules: frozenset[Rule]) -> list[Violation]:
    return [broken for broken in one.after.violations if broken.rule in rules]


def _raised(one: RouteImpact, impact: Impact, rules: frozenset[Rule]) -> list[Violation]:
    return [new for new in impact.raised if new.route_id == one.route_id and new.rule in rules]


def _windows(impact: Impact, name: _Namer) -> Iterator[Phrase]:
    """Lateness over all stops; windows broken, then saved, and stops that stay late."""
    stops = _touched(impact)
    yield from _total(impact)
    broken = [stop for stop in stops if stop.is_broken]
    saved = [stop for stop in stops if stop.is_saved]
    late = [(stop, *both) for stop in stops if (both := _lateness(stop)) is not None]
    late.sort(key=lambda one: one[2] - one[1])
    yield from _some(name, broken, "misses its window", "miss their windows", "bad")
    yield from _later(name, [one for one in reversed(late) if one[2] > one[1]], "later", "bad")
    yield from _some(name, saved, "back inside its window", "back inside theirs", "good")
    yield from _later(name, [one for one in late if one[2] < one[1]], "earlier", "good")


def _total(impact: Impact) -> Iterator[Phrase]:
    minutes = round(impact.lateness_s / _MINUTE_S)
    if minutes:
        words = f"lateness {'+' if minutes > 0 else '−'}{abs(minutes)} min"
        yield Phrase(words, "bad" if minutes > 0 else "good")


def _later(
    name: _Namer, late: Sequence[tuple[StopImpact, int, int]], side: str, tone: str
) -> Iterator[Phrase]:
    """Stops late before and after, the most changed first."""
    for stop, was, will in late[:MOST_LATE]:
        words = f"{name(stop.stop_id)} late {was} → {will} min"
        yield Phrase(words, tone, (stop.stop_id,))
    if rest := tuple(stop.stop_id for stop, _, _ in late[MOST_LATE:]):
        what = "late stop" if len(rest) == 1 else "late stops"
        yield Phrase(f"{len(rest)} more {what} {side}", tone, rest)


def _some(
    name: _Namer, stops: Sequence[StopImpact], one: str, many: str, tone: str
) -> Iterator[Phrase]:
    if len(stops) > MOST_STOPS:
        yield Phrase(f"{len(stops)} stops {many}", tone, tuple(stop.stop_id for stop in stops))
        return
    for stop in stops:
        by = _over(stop) if stop.is_broken else 0
        words = f"{name(stop.stop_id)} {one}{f' by {by} min' if by else ''}"
        yield Phrase(words, tone, (stop.stop_id,))


def _over(stop: StopImpact) -> int:
    """Minutes a stop would be late."""
    if stop.after is None or stop.window_end is None:
        return 0
    return _minutes_late(stop.after, stop.window_end)


def _lateness(stop: StopImpact) -> tuple[int, int] | None:
    """Minutes late before and after, where it is late both times and the minutes change."""
    if stop.before is None or stop.after is None or stop.window_end is None:
        return None
    late = Punctuality.LATE
    if stop.before.punctuality is not late or stop.after.punctuality is not late:
        return None
    was = _minutes_late(stop.before, stop.window_end)
    will = _minutes_late(stop.after, stop.window_end)
    return (was, will) if was != will else None


def _minutes_late(arrival: Arrival, window_end: datetime) -> int:
    """Minutes, at least one."""
    return max(1, round((arrival.p50 - window_end).total_seconds() / _MINUTE_S))


def _people(impact: Impact) -> Iterator[Phrase]:
    told = tuple(stop.stop_id for stop in impact.to_tell)
    if told:
        words = "1 customer to tell" if len(told) == 1 else f"{len(told)} customers to tell"
        yield Phrase(words, "after", told)
    if impact.estimated:
        yield Phrase("some travel times are estimates", "muted")


def _is_soft_news(broken: Violation) -> bool:
    return not broken.hard and broken.rule not in _TOLD_ELSEWHERE


def _reasons(session: Session, said: Sequence[Violation], name: _Namer) -> Iterator[Line]:
    for one in said[:MOST_REASONS]:
        yield (_reason(session, one, name),)
    if rest := said[MOST_REASONS:]:
        stops = tuple(dict.fromkeys(one.stop_id for one in rest if one.stop_id))
        tone = "bad" if any(one.hard for one in rest) else "risk"
        yield (Phrase(f"{len(rest)} more constraints broken", tone, stops),)


def reason(session: Session, violation: Violation) -> Phrase:
    """`■ stop 20 needs a tail lift`: hard ones by shape and colour, soft ones by theirs."""
    return _reason(session, violation, partial(stop_words, session))


def _reason(session: Session, violation: Violation, name: _Namer) -> Phrase:
    stop_id = violation.stop_id
    subject = name(stop_id) if stop_id else route_words(session, violation.route_id)
    mark, tone = ("■", "bad") if violation.hard else ("▲", "risk")
    return Phrase(f"{mark} {subject} {violation.words}", tone, (stop_id,) if stop_id else ())


def signed(amount: float, unit: str) -> str:
    """`−2.1 km`, `+0.3 l`, `±0 km`."""
    rounded = round(amount, 1)
    if not rounded:
        return f"±0 {unit}"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f} {unit}"


def as_text(lines: Iterable[Line]) -> str:
    """Lines as plain text, for the clipboard and a screen reader."""
    return "\n".join(
        " · ".join(phrase.words for phrase in line).replace("→ · ", "→ ") for line in lines
    )
