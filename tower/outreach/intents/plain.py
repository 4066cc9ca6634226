"""Clauses that say one plain thing and nothing else."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from tower.domain.messages import Recognised
from tower.domain.words import Intent
from tower.outreach.intents.speech import Speech, one_of
from tower.outreach.intents.text import Clause

_SAID = "said"
_GAP, _NO_GAP = r"[\s-]+", r"[\s-]*"
_LONGEST_CLAUSE = 160


class Patterns(NamedTuple):
    """What a clause of one language is held against; `said` is what it names."""

    wait: re.Pattern[str]
    time: re.Pattern[str]
    place: re.Pattern[str]
    where: re.Pattern[str]
    polite: re.Pattern[str]


def patterns(speech: Speech) -> Patterns:
    """The patterns of a language, put together from its pieces."""
    named = f"(?P<{_SAID}> {_one(speech.place)}{_any(speech.place_on)})"
    place = f"(?:{named}| {_one(speech.other_place)})"
    return Patterns(
        wait=_whole(speech, f" {_one(speech.wait)}{_any(speech.wait_on)}"),
        time=_whole(speech, _time(speech)),
        place=_whole(speech, _any(speech.leave) + place + _any(speech.leave)),
        where=_whole(speech, f" {_one(speech.where)}"),
        polite=_whole(speech, ""),
    )


def plainly(clause: Clause, of: Patterns) -> Iterable[Recognised]:
    """What a clause asks for in one language; nothing where it says anything besides."""
    text = f" {clause.folded}"
    if len(text) > _LONGEST_CLAUSE:
        return
    if of.where.fullmatch(text):
        yield Recognised(intent=Intent.WHERE, quote=clause.said)
    if not clause.asks and of.wait.fullmatch(text):
        yield Recognised(intent=Intent.WAIT, quote=clause.said)
    for intent, pattern in ((Intent.RESCHEDULE, of.time), (Intent.SAFE_PLACE, of.place)):
        found = pattern.fullmatch(text)
        if found:
            yield Recognised(intent=intent, value=_named(clause, found), quote=clause.said)


def is_polite(clause: Clause, of: Patterns) -> bool:
    """True for a clause of politeness alone."""
    return of.polite.fullmatch(f" {clause.folded}"[:_LONGEST_CLAUSE]) is not None


def _named(clause: Clause, found: re.Match[str]) -> str:
    names = (name for name, text in found.groupdict().items() if text)
    name = next(names, "")
    if not name:
        return ""
    start, end = found.span(name)
    return clause.original(max(start - 1, 0), end - 1)


def _whole(speech: Speech, said: str) -> re.Pattern[str]:
    """A pattern for a clause that says this, politeness aside.

    Every piece begins with a gap and none ends with one, so that a text is taken apart in one
    way only and no reply can keep the matching busy.
    """
    polite = _any(speech.fillers)
    return re.compile(f"{polite}(?:{said}){polite}".replace(" ?", _NO_GAP).replace(" ", _GAP))


def _time(speech: Speech) -> str:
    day, time = one_of(*speech.day), one_of(*speech.time)
    greeting = one_of(*speech.greeting_day, *speech.day)
    lead, trail = f"(?: {_one(speech.time_lead)})", f"(?: {_one(speech.time_trail)})"
    when = f"(?: {greeting}\\b(?: {time}\\b)?| {time}\\b(?: {greeting}\\b)?)"
    named = one_of(
        f"{lead}+(?P<{_SAID}>{when}){trail}*",
        f"(?P<{_SAID}2>{when}){trail}+",
        f"(?P<{_SAID}3> {day}\\b(?: {time}\\b)?)",
        f"(?P<{_SAID}4> {greeting} {time}\\b)",
    )
    return f"{named}|{lead}* {_one(speech.other_time)}{trail}*"


def _one(pieces: Iterable[str]) -> str:
    return f"{one_of(*pieces)}(?!\\w)"


def _any(pieces: Iterable[str]) -> str:
    return f"(?: {_one(pieces)})*"
