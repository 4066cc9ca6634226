"""The words of an HTML letter, without what it quotes.

Read once from front to back: the parser of the standard library takes half a minute for 200 kB of
comments that are never closed, and anybody may send us a letter.
"""

import re
from collections.abc import Iterator
from html import unescape

_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3"})
_HIDDEN = frozenset({"style", "script", "head", "title", "blockquote"})
_QUOTES = ("gmail_quote", "moz-cite-prefix", "yahoo_quoted", "divRplyFwdMsg", "appendonsend")
_NEVER_CLOSED = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
_NAME = re.compile(r"/?\s*([a-z][a-z0-9]{0,20})", re.IGNORECASE)
_LONGEST = 200_000
_LONGEST_TAG = 2_000


def text_of_html(html: str) -> str:
    """The words a reader sees, a line each; quoted letters are left out."""
    reader = _Reader()
    for text, tag in _pieces(html[:_LONGEST]):
        reader.read(text)
        if named := _NAME.match(tag):
            reader.pass_tag(named[1].lower(), tag[:_LONGEST_TAG])
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    return "\n".join(lines).strip()


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Text, and what is in the angle brackets after it; comments have nothing in them."""
    at = 0
    while (begin := html.find("<", at)) >= 0:
        closing = "-->" if html.startswith("<!--", begin) else ">"
        end = html.find(closing, begin)
        if end < 0:
            break
        yield html[at:begin], html[begin + 1 : end] if closing == ">" else ""
        at = end + len(closing)
    yield html[at:] if begin < 0 else html[at:begin], ""


class _Reader:
    """Keeps what is seen; below a tag that hides, nothing is until that tag is closed again."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._hidden_in = ""
        self._depth = 0

    def read(self, text: str) -> None:
        if not self._depth:
            self.said.append(unescape(text).replace("\n", " "))

    def pass_tag(self, name: str, tag: str) -> None:
        if name == "body":  # it ends a head that nobody closed
            self._depth = 0
        if self._depth:
            self._deeper(name, is_end=tag.startswith("/"))
        elif name not in _NEVER_CLOSED and not tag.startswith("/") and _hides(name, tag):
            self._hidden_in, self._depth = name, 1
        elif name in _BREAKS:
            self.said.append("\n")

    def _deeper(self, name: str, *, is_end: bool) -> None:
        if name == self._hidden_in:
            self._depth += -1 if is_end else 1


def _hides(name: str, tag: str) -> bool:
    return name in _HIDDEN or any(quote in tag for quote in _QUOTES)
