"""Gate codes in what customers write."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tower.domain.messages import Recognised
from tower.domain.words import Intent
from tower.outreach.intents.speech import Speech, one_of
from tower.outreach.intents.text import Clause

_MARKED = r"[#*]{1,2}\d{2,10}[#*]{0,2}|\d{2,10}[#*]{1,2}"
_NO_UNIT = "[a-gi-ln-z]"  # 24h and 50m are no codes
_MIXED = rf"[#*]?[a-z]{{0,3}}\d{{3,8}}{_NO_UNIT}?[#*]?|\d{{2,4}}(?:[a-z]\d{{1,4}}|{_NO_UNIT})"
_CODE = f"(?:{_MARKED}|{_MIXED})"
_NO_MORE = r"(?![\w#*]|[.,:/-]?\d|[\s-]+\d|[\s]*(?:eur|chf|usd|€|\$|%|min|uhr|h\b|km|m\b|kg))"
_FLAT = r"\d{1,4}[a-z]"
_ALONE = re.compile(rf"(?P<code>{_MARKED})")
_BARE = re.compile(rf"(?:(?:it'?s|it is|es ist|ist|es|c'est|e)\s+)?(?P<code>{_CODE})")
_ANY = re.compile(rf"(?<![\w#*]){_CODE}(?![\w#*])")


class CodePatterns(NamedTuple):
    """What a clause of one language is held against."""

    named: re.Pattern[str]
    naming: re.Pattern[str]
    door: re.Pattern[str]
    other: re.Pattern[str]
    negation: re.Pattern[str]


def code_patterns(speech: Speech) -> CodePatterns:
    """The patterns of a language, put together from its pieces."""
    name = one_of(*(piece.replace(" ", r"[\s-]+") for piece in speech.code))
    gap = rf"(?:[\s:=,-]+{one_of(*speech.code_gap)}\b)*[\s:=-]*"
    return CodePatterns(
        named=re.compile(rf"(?<!\w){name}(?!\w){gap}(?<!\w)(?P<code>{_CODE}){_NO_MORE}"),
        naming=re.compile(rf"(?<!\w)(?P<code>{_CODE}){_NO_MORE}{gap}(?<!\w){name}(?!\w)"),
        door=re.compile(rf"(?<!\w){one_of(*speech.door)}[\s:]+(?P<code>{_FLAT})(?!\w)"),
        other=re.compile(rf"(?<!\w){one_of(*speech.other_code)}(?!\w)"),
        negation=re.compile(rf"(?<!\w){one_of(*speech.negation)}(?!\w)"),
    )


def codes_in(
    parts: Sequence[Clause], languages: Iterable[CodePatterns], asked: bool
) -> Iterable[Recognised]:
    """The gate codes a reply names.

    A clause that asks, negates, or speaks of another kind of number names none; nor does one
    that the next takes back.

    Args:
        parts: clauses of the reply.
        languages: patterns of every language.
        asked: the reply answers our question for the code, so that a bare one is plain.
    """
    languages = tuple(languages)
    if asked and len(parts) == 1:
        yield from _said(parts[0], _BARE.fullmatch(parts[0].folded))
    for place, clause in enumerate(parts):
        after = parts[place + 1] if place + 1 < len(parts) else None
        if clause.asks or _is_off(clause, languages) or (after and _takes_back(after, languages)):
            continue
        if len(_ANY.findall(clause.folded)) > 1:
            continue
        for of in languages:
            for pattern in (of.named, of.naming, of.door):
                for found in pattern.finditer(clause.folded):
                    yield from _said(clause, found)
        yield from _said(clause, _ALONE.fullmatch(clause.folded))


def _is_off(clause: Clause, languages: Iterable[CodePatterns]) -> bool:
    return any(
        of.other.search(clause.folded) or of.negation.search(clause.folded) for of in languages
    )


def _takes_back(clause: Clause, languages: Iterable[CodePatterns]) -> bool:
    """True for `doesn't work`, which says of the code before that it is none."""
    return any(of.negation.search(clause.folded) for of in languages) and _is_brief(clause)


def _is_brief(clause: Clause) -> bool:
    return len(clause.folded.split()) <= 5


def _said(clause: Clause, found: re.Match[str] | None) -> Iterable[Recognised]:
    if found is not None:
        code = clause.said[slice(*found.span("code"))].upper()
        yield Recognised(intent=Intent.GATE_CODE, value=code, quote=clause.said)
