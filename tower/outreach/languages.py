"""The words of each language that every template shares: days, dates, how to opt out."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

ENGLISH = "en"


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """What is said alike in every message of a language.

    Attributes:
        name: in the language itself.
        today, tomorrow: the days nearest.
        weekdays: Monday first.
        date: another day, of `{weekday}`, `{day}` and `{month}`.
        opt_out: how to get no more messages.
    """

    name: str
    today: str
    tomorrow: str
    weekdays: Annotated[tuple[str, ...], Meta(min_length=7, max_length=7)]
    date: str
    opt_out: str

    @property
    def days(self) -> Mapping[int, str]:
        """The days that have a word of their own, by how far ahead they are."""
        return {0: self.today, 1: self.tomorrow}


class LanguagesBroken(ValueError):
    """A file of languages cannot be used; the message names it and says what to change."""


def read_languages(path: Path) -> dict[str, Language]:
    """The languages of a file, by their code.

    Raises:
        LanguagesBroken: the file cannot be read, or something is missing in it.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        languages = msgspec.convert(told, dict[str, Language])
        for language in languages.values():
            language.date.format(weekday="", day=1, month=1)
    except (OSError, ValueError, LookupError) as trouble:
        raise LanguagesBroken(f"{path}: {trouble}") from trouble
    return languages


def nearest(wanted: str, written: Mapping[str, object] | frozenset[str], *others: str) -> str:
    """The language to write in: the one wanted, else the nearest, else the others in turn.

    Args:
        wanted: as `de-CH`; "" where nobody knows.
        written: the languages there are.
        others: what to fall back on before English.

    Returns:
        One of `written`, which must not be empty.
    """
    for tag in (wanted, *others, ENGLISH):
        parts = tag.lower().replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            if (found := "-".join(parts[:length])) in written:
                return found
    return min(written)
