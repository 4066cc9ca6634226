"""Cutting from an answer what mail programs put below or around it of the letter answered.

There is no standard. What nearly all programs do is one of these: mark each line with `>`, below a
line that says who wrote when; put a rule with words in it; or repeat the header. Phones add what
they are, and a STOP is to be one from there too. Words that cannot be told apart from an answer
stay: a line too many is better than one lost.
"""

import re

_RULE = re.compile(r"\s*(-{2,}|_{2,}|={2,})\s?\S.{0,60}\S\s?\1\s*")
_UNDERSCORES = re.compile(r"\s*_{8,}\s*")
_HEADER = re.compile(r"\s*\*?(from|von|de|da|van|från|fra|od|от)\s?:\*?\s.+", re.IGNORECASE)
_HEADER_NEXT = re.compile(
    r"\s*\*?(sent|gesendet|date|datum|envoyé|inviato|data|enviado|fecha|verzonden|skickat|to|an|à|a|"
    r"para|aan|til|subject|betreff|objet|oggetto|asunto|assunto)\s?:\*?\s.+",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(on|am|le|il|el|em|op|den)\s.*\d.*\b(wrote|schrieb|geschrieben|a écrit|ha scritto|escribió|"
    r"escreveu|schreef|skrev)\b.{0,120}:\s*",
    re.IGNORECASE,
)
_SIGNATURE = "--"
_DEVICE = re.compile(
    r"(?=.{0,80}\b(iphone|ipad|ios|android|samsung|galaxy|huawei|outlook|mail|yahoo|gmx|web\.de|"
    r"handy|phone|mobile|smartphone|téléphone|telefono|teléfono|móvil|telemóvel)\b)"
    r"\s*(sent from|sent via|get outlook|gesendet (von|mit|aus)|von mein\w* .{1,40} gesendet|"
    r"envoyé (de|depuis|à partir)|inviato da|enviado (desde|do|a partir)|verzonden (van|vanaf))\b"
    r".{0,80}",
    re.IGNORECASE,
)
_LONGEST_MARK = 400
_MOST_LINES = 2_000


def without_quotation(text: str) -> str:
    """What the customer wrote themselves, above, between or below what they quote."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_MOST_LINES]
    kept: list[str] = []
    has_quoted = False
    number = 0
    while number < len(lines):
        said_who = _attribution(lines, number)
        if _ends(lines, number) or (said_who and not _is_quoted_next(lines, number + said_who)):
            break
        if _is_quoted(lines[number]):
            if not has_quoted:
                _drop_attribution(kept)
            has_quoted = True
        elif not said_who:
            kept.append(lines[number])
        number += said_who or 1
    return "\n".join(kept).strip()


def _ends(lines: list[str], number: int) -> bool:
    """True where everything below is not the customer's."""
    line = lines[number]
    if len(line) > _LONGEST_MARK:
        return False
    if line.rstrip() == _SIGNATURE:
        return True
    if any(mark.fullmatch(line) for mark in (_RULE, _UNDERSCORES, _DEVICE)):
        return True
    if not _HEADER.fullmatch(line):
        return False
    return any(_HEADER_NEXT.fullmatch(after[:_LONGEST_MARK]) for after in lines[number + 1 :][:2])


def _attribution(lines: list[str], number: int) -> int:
    """How many lines say who wrote when, as "On Mon, 2 Mar 2026 at 14:23, Acme wrote:"."""
    for count in (1, 2):
        line = " ".join(lines[number : number + count])
        if len(line) <= _LONGEST_MARK and _WROTE.fullmatch(line.strip()):
            return count
    return 0


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_quoted_next(lines: list[str], number: int) -> bool:
    following = (line for line in lines[number:] if line.strip())
    return _is_quoted(next(following, ""))


def _drop_attribution(kept: list[str]) -> None:
    """Before a quote stands who wrote when, in whatever language; it ends with a colon."""
    while kept and not kept[-1].strip():
        kept.pop()
    if kept and kept[-1].rstrip().endswith(":") and any(map(str.isdigit, kept[-1])):
        kept.pop()
