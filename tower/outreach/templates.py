"""Templates of messages: what is declared of each, its text by language, and filling it in.

A template is a folder: `about.toml` and one text per language, as `de.txt`. Ours stand in
resources/templates; an operator's folder of the same form adds to them and goes before them, file
by file. docs/outreach.md tells how to write one.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from tower.domain.words import Intent, StopState
from tower.outreach.case import MessageCase
from tower.outreach.languages import Language, nearest, read_languages
from tower.outreach.sandbox import SUBJECT, WORDS, Sheet, TemplateBroken
from tower.outreach.variables import VARIABLES, values_of

BUILT_IN = Path(__file__).resolve().parents[2] / "resources" / "templates"
"""Tower's own templates."""

LANGUAGES = "languages.toml"
ABOUT = "about.toml"


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is declared of a template.

    Attributes:
        title: what a button says.
        about: when to use it.
        topic: what it is about; one topic is told once within the policy's window.
        languages: it is written in.
        tells_arrival: it says when the vehicle comes.
        is_notice: it is told because the arrival moved.
        after: outcomes of the stop after which it still makes sense.
        lasts_min: minutes after which it makes no sense any more.
        needs: what must be known of the case, by the names texts use.
        options: what has to be chosen before it is sent: `slots`, `point`.
        answers: what the numbers 1, 2, 3 mean as a reply.
        asks: the one thing it asks for, so that a reply of nothing but that is plain.
        parameters: names in the order a provider's own template of this name takes them.
    """

    name: str = ""
    title: str
    about: str
    topic: str
    languages: tuple[str, ...] = ()
    tells_arrival: bool = False
    is_notice: bool = False
    after: tuple[StopState, ...] = ()
    lasts_min: Annotated[int, Meta(ge=1, le=10_080)] = 720
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    answers: tuple[Intent, ...] = ()
    asks: Intent | None = None
    parameters: tuple[str, ...] = ()


class Rendered(NamedTuple):
    """A template filled in.

    Attributes:
        language: the one it is written in.
        parameters: what was put into it, in the order a provider's own template wants it.
    """

    subject: str
    words: str
    language: str
    parameters: tuple[str, ...]


class Trouble(NamedTuple):
    """A file of an operator's that is not used; what was there before holds.

    Attributes:
        line: counted from 1; 0 for the whole file.
    """

    file: Path
    line: int
    why: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else f"{self.file}"
        return f"{place}: {self.why}"


class UnknownTemplate(LookupError):
    """No template has the name."""


class NothingToSay(ValueError):
    """What a template needs is not known of the case; the words say what."""


class TemplatesBroken(ValueError):
    """Tower's own templates cannot be used: the installation is damaged."""


class Templates:
    """Every template there is.

    Attributes:
        troubles: what of the operator's own folders is not used, and why.
    """

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self.troubles: list[Trouble] = []
        self._languages = dict(languages)
        self._declared: dict[str, Template] = {}
        self._sheets: dict[str, dict[str, Sheet]] = {}

    @classmethod
    def load(cls, *own: Path) -> "Templates":
        """Tower's own templates, then those of an operator's folders.

        A broken file of an operator's is left out and told in `troubles`; the built-in one holds.

        Raises:
            TemplatesBroken: Tower's own cannot be read.
        """
        try:
            templates = cls(read_languages(BUILT_IN / LANGUAGES))
        except ValueError as trouble:
            raise TemplatesBroken(str(trouble)) from trouble
        templates._read(BUILT_IN)
        if templates.troubles:
            raise TemplatesBroken("; ".join(str(one) for one in templates.troubles))
        for folder in own:
            if folder.resolve() != BUILT_IN:
                templates._read(folder)
        return templates

    @property
    def all(self) -> tuple[Template, ...]:
        """Every template, by name."""
        return tuple(self[name] for name in sorted(self._sheets))

    def __getitem__(self, name: str) -> Template:
        """A template by its name.

        Raises:
            UnknownTemplate: there is none.
        """
        if name not in self._sheets:
            raise UnknownTemplate(f"There is no template {name}.")
        languages = tuple(sorted(self._sheets[name]))
        return msgspec.structs.replace(self._declared[name], languages=languages)

    def __contains__(self, name: str) -> bool:
        return name in self._sheets

    def language(self, code: str) -> Language:
        """The words all messages of a language share; English for one nobody wrote down."""
        return self._languages[nearest(code, self._languages)]

    def language_for(self, name: str, wanted: str, *others: str) -> str:
        """The language a template is written in for somebody: theirs, the nearest, or others."""
        return nearest(wanted, self._sheets[self[name].name], *others)

    def render(self, name: str, language: str, case: MessageCase) -> Rendered:
        """A template filled in.

        Args:
            name: of the template.
            language: wanted; the nearest there is is taken.
            case: what it speaks of.

        Raises:
            UnknownTemplate: there is none of that name.
            NothingToSay: the case lacks what the template needs.
            TemplateBroken: an operator's text fails with this case.
        """
        template = self[name]
        language = self.language_for(name, language)
        values = values_of(case, self.language(language))
        missing = [one for one in template.needs if not values[one]]
        if missing:
            raise NothingToSay(f"Not known: {', '.join(_MISSING.get(o, o) for o in missing)}.")
        sheet = self._sheets[name][language]
        return Rendered(
            subject=" ".join(sheet.fill(SUBJECT, values).split()),
            words=_tidy(sheet.fill(WORDS, values)),
            language=language,
            parameters=tuple(_parameter(values[one]) for one in template.parameters),
        )

    def _read(self, folder: Path) -> None:
        own = folder / LANGUAGES
        if folder != BUILT_IN and own.exists():
            try:
                self._languages |= read_languages(own)
            except ValueError as trouble:
                self.troubles.append(Trouble(own, 0, str(trouble)))
        for place in sorted(path for path in _listed(folder) if path.is_dir()):
            self._read_template(place)

    def _read_template(self, place: Path) -> None:
        about = place / ABOUT
        try:
            if about.exists() or place.name not in self._declared:
                self._declared[place.name] = _declaration(about)
        except TemplateBroken as trouble:
            self.troubles.append(Trouble(about, trouble.line, str(trouble)))
        if place.name in self._declared:
            for text in sorted(place.glob("*.txt")):
                if text.stem in self._languages:
                    self._read_sheet(place.name, text)
                else:
                    why = f"{LANGUAGES} has no language {text.stem}"
                    self.troubles.append(Trouble(text, 0, why))

    def _read_sheet(self, name: str, text: Path) -> None:
        try:
            sheet = Sheet(_text(text))
        except TemplateBroken as trouble:
            self.troubles.append(Trouble(text, trouble.line, str(trouble)))
        else:
            self._sheets.setdefault(name, {})[text.stem] = sheet


_MISSING = {
    "arrival": "when the vehicle comes",
    "slots": "which windows to offer",
    "point": "which pick-up point to offer",
    "safe_place": "where the parcel may be left",
    "done": "when the stop was served",
    "address": "the address",
}


def _listed(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.is_dir() else ()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise TemplateBroken(f"it cannot be read: {trouble}") from trouble


def _declaration(path: Path) -> Template:
    try:
        said = tomllib.loads(_text(path)) | {"name": path.parent.name}
        template = msgspec.convert(said, Template)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as trouble:
        raise TemplateBroken(str(trouble)) from trouble
    unknown = {*template.needs, *template.parameters} - VARIABLES
    if unknown:
        raise TemplateBroken(f"{', '.join(sorted(unknown))}: not known of a case")
    return template


def _tidy(words: str) -> str:
    """No space at either end of a line, no more than one empty line together."""
    lines: list[str] = []
    for line in (" ".join(line.split()) for line in words.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()


def _parameter(value: str | tuple[str, ...]) -> str:
    words = value if isinstance(value, str) else " / ".join(value)
    return " ".join(words.split()) or "–"
