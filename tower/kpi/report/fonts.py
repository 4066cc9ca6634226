"""The letters a printed report is set in.

The desktop's own typeface where its page was built, which holds every Latin letter; else the one
that comes with reportlab, which holds those of Western Europe: what it lacks is written with the
letter it is made of.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

_BUILT = Path(__file__).resolve().parents[3] / "ui" / "web" / "dist" / "fonts"
_OWN = ("Inter-Regular.ttf", "Inter-SemiBold.ttf")
_COMING_ALONG = ("Vera.ttf", "VeraBd.ttf")
REGULAR, BOLD = "Tower", "Tower-Bold"
"""Names the fonts are known by in a document."""


class Letters(NamedTuple):
    """The letters the fonts hold, as code points."""

    held: frozenset[int]

    def fit(self, words: str) -> str:
        """Words with only letters that are held; what has no likeness is a question mark."""
        return "".join(map(self._fitting, unicodedata.normalize("NFC", words)))

    def _fitting(self, letter: str) -> str:
        if ord(letter) in self.held:
            return letter
        base = unicodedata.normalize("NFKD", letter)[0]
        return base if ord(base) in self.held else "?"


@lru_cache(maxsize=1)
def letters() -> Letters:
    """Make the fonts known to reportlab; the letters both of them hold."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - loaded with the first report

    fonts = _fonts()
    for font in fonts:
        pdfmetrics.registerFont(font)
    regular, bold = (frozenset(font.face.charToGlyph) for font in fonts)
    return Letters(regular & bold)


def _fonts() -> "tuple[TTFont, TTFont]":
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415 - loaded with the first report

    own = tuple(str(_BUILT / name) for name in _OWN)
    files = own if all(Path(name).is_file() for name in own) else _COMING_ALONG
    return TTFont(REGULAR, files[0]), TTFont(BOLD, files[1])
