"""How many parts an SMS is sent in, and what a message costs.

An SMS carries 140 octets. In the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1) that is 160
letters, and 153 a part where there are several; letters of the extension table take two. One
letter outside makes the whole text UCS-2: 70 units of 16 bits, and 67 a part.
"""

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from tower.domain.rulebook import OutreachPolicy
from tower.domain.words import Channel

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENSION
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2013\u2014\u2212\u2022", "-")
    | dict.fromkeys("\u00a0\u2009\u202f\t", " ")
    | {"\u2026": "...", "\u200b": ""}
)
"""Quotes, dashes, spaces, ellipsis."""


class Segments(NamedTuple):
    """How an SMS travels.

    Attributes:
        is_gsm: in the GSM alphabet; else in UCS-2.
        units: septets in the GSM alphabet, 16-bit units in UCS-2.
        parts: messages the customer's phone puts together, and the provider charges.
    """

    is_gsm: bool
    units: int
    parts: int


def sms_text(words: str) -> str:
    """Words as an SMS carries them.

    Quotes, dashes and spaces of print become those of a keyboard. Accents the GSM alphabet lacks
    are left off where that saves a part: one `í` makes every part hold 67 letters, not 153.
    """
    written = words.translate(_TYPOGRAPHY)
    if _GSM.issuperset(written):
        return written
    bare = "".join(letter if letter in _GSM else _bare(letter) for letter in written)
    return bare if segments(bare).parts < segments(written).parts else written


def segments(words: str) -> Segments:
    """How words travel by SMS."""
    if _GSM.issuperset(words):
        return _cut(words, _EXTENSION.__contains__, is_gsm=True, alone=160, joined=153)
    return _cut(words, _is_a_pair, is_gsm=False, alone=70, joined=67)


def _bare(letter: str) -> str:
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first in _GSM else letter


def _is_a_pair(letter: str) -> bool:
    return ord(letter) > 0xFFFF


def _cut(
    words: str, is_double: Callable[[str], bool], is_gsm: bool, alone: int, joined: int
) -> Segments:
    doubles = sum(map(is_double, words))
    units = len(words) + doubles
    if units <= alone:
        return Segments(is_gsm, units, 1)
    if not doubles:
        return Segments(is_gsm, units, -(-units // joined))
    parts, room = 1, joined
    for letter in words:  # a letter of two units is never cut in half
        size = 2 if is_double(letter) else 1
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return Segments(is_gsm, units, parts)


def cost(policy: OutreachPolicy, channel: Channel, words: str) -> float:
    """What a message costs by the policy's prices, in its currency; an SMS costs each part."""
    price = policy.costs.get(channel, 0.0)
    return price * segments(sms_text(words)).parts if channel is Channel.SMS else price
