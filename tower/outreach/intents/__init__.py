"""What a reply plainly asks for; whatever is not plain is nothing.

A clause counts only where all of it is understood, but for gate codes, which are known by their
name. Questions and negations name no code. A wrong guess would be offered to a dispatcher as a
button, so that a missed reply, which is read anyway, is the better mistake.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from tower.domain.messages import Recognised
from tower.domain.words import Intent
from tower.outreach.intents.codes import CodePatterns, code_patterns, codes_in
from tower.outreach.intents.english import ENGLISH
from tower.outreach.intents.french import FRENCH
from tower.outreach.intents.german import GERMAN
from tower.outreach.intents.italian import ITALIAN
from tower.outreach.intents.optout import means_start, means_stop
from tower.outreach.intents.plain import Patterns, is_polite, patterns, plainly
from tower.outreach.intents.portuguese import PORTUGUESE
from tower.outreach.intents.spanish import SPANISH
from tower.outreach.intents.text import Clause, clauses

LONGEST = 2_000
"""Nobody asks for anything plain in more letters; what comes after them is not looked at."""

_LANGUAGES = (GERMAN, ENGLISH, SPANISH, FRENCH, ITALIAN, PORTUGUESE)
_NUMBER = re.compile(
    r"(?:option|opcion|opzione|opcao|nummer|number|numero|nr\.?|no\.?|die|la|le|a)?[\s#]*"
    r"(?P<number>\d)(?:[\s.):-]+(?P<rest>\S.*))?\s*"
)


@cache
def _plain_patterns() -> tuple[Patterns, ...]:
    return tuple(patterns(speech) for speech in _LANGUAGES)


@cache
def _code_patterns() -> tuple[CodePatterns, ...]:
    return tuple(code_patterns(speech) for speech in _LANGUAGES)


def prepare() -> None:
    """Make ready to recognise, once: it takes up to a second, which nobody should wait for."""
    _plain_patterns()
    _code_patterns()


def recognise(
    words: str, offered: Sequence[Recognised] = (), asked: Intent | None = None
) -> tuple[Recognised, ...]:
    """What a customer's words plainly ask for, in any of the languages there are.

    Args:
        words: what they wrote.
        offered: what the numbers 1, 2, … mean, if the message they answer offered numbers.
        asked: what that message asked for, if one thing.

    Returns:
        Each intent once at most, in the order said; nothing where the message contradicts itself.
    """
    words = words[:LONGEST]
    if means_stop(words):
        return (Recognised(intent=Intent.STOP, quote=words.strip()),)
    if means_start(words):
        return (Recognised(intent=Intent.START, quote=words.strip()),)
    parts = clauses(words)
    numbered = tuple(_numbered(parts, offered))
    found = [
        *numbered,
        *_plain(parts),
        *codes_in(parts, _code_patterns(), asked is Intent.GATE_CODE),
    ]
    return _agreed(found, numbered)


def _plain(parts: Iterable[Clause]) -> Iterable[Recognised]:
    for clause in parts:
        for language in _plain_patterns():
            yield from plainly(clause, language)


def _numbered(parts: Sequence[Clause], offered: Sequence[Recognised]) -> Iterable[Recognised]:
    """What the numbers that stand alone in a clause choose of what was offered."""
    for clause in parts if offered else ():
        found = _NUMBER.fullmatch(clause.folded)
        if found is None or not 1 <= int(found["number"]) <= len(offered):
            continue
        chosen = offered[int(found["number"]) - 1]
        rest = clauses(clause.said[found.start("rest") :]) if found["rest"] else ()
        said = {one.intent for one in _plain(rest)}
        if not rest or chosen.intent in said or all(map(_is_polite, rest)):
            yield Recognised(intent=chosen.intent, value=chosen.value, quote=clause.said)


def _is_polite(clause: Clause) -> bool:
    return any(is_polite(clause, language) for language in _plain_patterns())


def _agreed(found: Sequence[Recognised], numbered: Sequence[Recognised]) -> tuple[Recognised, ...]:
    """One of each intent; none of those that contradict each other."""
    if len({(one.intent, one.value) for one in numbered}) > 1:
        return ()
    by_intent: dict[Intent, list[Recognised]] = {}
    for one in found:
        by_intent.setdefault(one.intent, []).append(one)
    if Intent.WAIT in by_intent and Intent.RESCHEDULE in by_intent:
        del by_intent[Intent.WAIT], by_intent[Intent.RESCHEDULE]
    settled = (_settled(several, numbered) for several in by_intent.values())
    return tuple(one for one in settled if one is not None)


def _settled(several: Sequence[Recognised], numbered: Sequence[Recognised]) -> Recognised | None:
    """What was said of one intent, if it was said of one thing."""
    chosen = next((one for one in several if one in numbered and one.value), None)
    if chosen is not None:
        return chosen
    values = list(dict.fromkeys(one.value for one in several if one.value))
    first = several[0]
    if len(values) <= 1:
        return Recognised(intent=first.intent, value="".join(values), quote=first.quote)
    if first.intent is Intent.RESCHEDULE:  # several times suit; which one is for people to agree
        return Recognised(intent=first.intent, quote="; ".join(one.quote for one in several))
    return None
