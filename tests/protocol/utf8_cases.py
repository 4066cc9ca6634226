"""Texts that are UTF-8 and texts that are not: Autobahn's section 6, after Kuhn's stress test."""

from tests.protocol.cases import Case, greeting
from tests.protocol.wire import in_pieces, more, octets, text

_WELCOME, _NO_TEXT, _FORM_ONLY = "welcome", "close 1007", "close 4400"
_GREEK = "κόσμε".encode()
_BAD = _GREEK + b"\xed\xa0\x80edited"
_GOOD = greeting("Hello-µ@ßöäüàá-UTF-8!!".encode())
_LONG = greeting(_GREEK)
_SPLIT = len(greeting()) - 4 + 1
"""Within the first letter that needs two bytes."""

WHOLE = [
    Case("6.1.1", "empty", [text(b"")], (_FORM_ONLY,)),
    Case(
        "6.1.2",
        "three empty pieces",
        [text(b"", last=False), more(b""), more(b"", last=True)],
        (_FORM_ONLY,),
    ),
    Case(
        "6.1.3",
        "an empty piece on each side",
        [text(b"", last=False), more(_GOOD), more(b"", last=True)],
        (_WELCOME,),
    ),
    Case("6.2.1", "good", [text(_GOOD)], (_WELCOME,)),
    Case("6.2.2", "good, cut between letters", in_pieces(_GOOD, 37), (_WELCOME,)),
    Case("6.2.3", "good, byte by byte", in_pieces(_GOOD, 1), (_WELCOME,)),
    Case("6.2.4", "good, byte by byte", in_pieces(_LONG, 1), (_WELCOME,)),
    Case("6.3.1", "bad", [text(greeting(_BAD))], (_NO_TEXT,)),
    Case("6.3.2", "bad, byte by byte", in_pieces(greeting(_BAD), 1), (_NO_TEXT,)),
]

FAIL_FAST = [
    Case(
        "6.4.1",
        "refused at the piece that is bad, before the end",
        [text(_GREEK, last=False), more(b"\xf4\x90\x80\x80")],
        (_NO_TEXT,),
    ),
    Case(
        "6.4.2",
        "... which is bad only with the one before",
        [text(_GREEK + b"\xf4", last=False), more(b"\x90")],
        (_NO_TEXT,),
    ),
    Case(
        "6.4.3",
        "in octets; refused at the frame's end at the latest",
        octets(text(_GREEK + b"\xf4\x90\x80\x80", last=False)),
        (_NO_TEXT,),
    ),
    Case(
        "6.4.4",
        "the last byte of a letter never comes",
        [text(_GREEK, last=False), more(b"\xf4", last=True)],
        (_NO_TEXT,),
    ),
]

CUT_LETTERS = [
    Case(
        f"6.5.{at}",
        f"cut at byte {cut}",
        [text(_LONG[:cut], last=False), more(_LONG[cut:], last=True)],
        (_WELCOME,),
    )
    for at, cut in enumerate(range(_SPLIT - 2, _SPLIT + 3), 1)
]

_BEYOND = "beyond what UTF-8 can say"
_ALONE = "a byte alone"
_OVERLONG = "longer than needed"

_BYTES: list[tuple[str, str, bytes, bool]] = [
    ("6.6.1", "a letter cut short", b"\xce", False),
    ("6.6.2", "one whole", b"\xce\xba", True),
    ("6.6.3", "and the next cut short", b"\xce\xba\xe1", False),
    ("6.6.4", "and a little more", b"\xce\xba\xe1\xbd", False),
    ("6.6.5", "two", b"\xce\xba\xe1\xbd\xb9", True),
    ("6.6.7", "three", b"\xce\xba\xe1\xbd\xb9\xcf\x83", True),
    ("6.6.9", "four", b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc", True),
    ("6.6.11", "five", b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5", True),
    ("6.7.2", "the first of two bytes", b"\xc2\x80", True),
    ("6.7.3", "of three", b"\xe0\xa0\x80", True),
    ("6.7.4", "of four", b"\xf0\x90\x80\x80", True),
    ("6.8.1", _BEYOND, b"\xf8\x88\x80\x80\x80", False),
    ("6.8.2", _BEYOND, b"\xfc\x84\x80\x80\x80\x80", False),
    ("6.9.1", "the last of one byte", b"\x7f", True),
    ("6.9.2", "of two", b"\xdf\xbf", True),
    ("6.9.3", "of three", b"\xef\xbf\xbf", True),
    ("6.9.4", "of four", b"\xf4\x8f\xbf\xbf", True),
    ("6.10.1", _BEYOND, b"\xf7\xbf\xbf\xbf", False),
    ("6.10.2", _BEYOND, b"\xfb\xbf\xbf\xbf\xbf", False),
    ("6.10.3", _BEYOND, b"\xfd\xbf\xbf\xbf\xbf\xbf", False),
    ("6.11.1", "before the surrogates", b"\xed\x9f\xbf", True),
    ("6.11.2", "after them", b"\xee\x80\x80", True),
    ("6.11.3", "the mark for what is none", b"\xef\xbf\xbd", True),
    ("6.11.4", "the very last", b"\xf4\x8f\xbf\xbf", True),
    ("6.11.5", "one beyond", b"\xf4\x90\x80\x80", False),
    ("6.12.1", _ALONE, b"\x80", False),
    ("6.12.2", _ALONE, b"\xbf", False),
    *((f"6.12.{2 + n}", _ALONE, b"\x80\xbf" * n, False) for n in range(1, 6)),
    ("6.12.8", _ALONE, bytes(range(0x80, 0xC0)), False),
    ("6.13.1", _ALONE, b" ".join(bytes([n]) for n in range(0xC0, 0xE0)), False),
    ("6.13.2", _ALONE, b" ".join(bytes([n]) for n in range(0xE0, 0xF0)), False),
    ("6.13.3", _ALONE, b" ".join(bytes([n]) for n in range(0xF0, 0xF8)), False),
    ("6.13.4", _ALONE, b"\xf8 \xf9 \xfa \xfb", False),
    ("6.13.5", _ALONE, b"\xfc \xfd", False),
    ("6.14.1", "a letter without its end", b"\xc0", False),
    ("6.14.2", "a letter without its end", b"\xe0\x80", False),
    ("6.14.3", "a letter without its end", b"\xf0\x80\x80", False),
    ("6.14.6", "a letter without its end", b"\xdf", False),
    ("6.14.7", "a letter without its end", b"\xef\xbf", False),
    ("6.14.8", "a letter without its end", b"\xf7\xbf\xbf", False),
    ("6.15.1", "all of these", b"\xc0\xe0\x80\xf0\x80\x80\xdf\xef\xbf\xf7\xbf\xbf", False),
    ("6.16.1", "a byte that is never there", b"\xfe", False),
    ("6.16.2", "a byte that is never there", b"\xff", False),
    ("6.16.3", "bytes that are never there", b"\xfe\xfe\xff\xff", False),
    ("6.17.1", _OVERLONG, b"\xc0\xaf", False),
    ("6.17.2", _OVERLONG, b"\xe0\x80\xaf", False),
    ("6.17.3", _OVERLONG, b"\xf0\x80\x80\xaf", False),
    ("6.17.4", _OVERLONG, b"\xf8\x80\x80\x80\xaf", False),
    ("6.17.5", _OVERLONG, b"\xfc\x80\x80\x80\x80\xaf", False),
    ("6.18.1", _OVERLONG, b"\xc1\xbf", False),
    ("6.18.2", _OVERLONG, b"\xe0\x9f\xbf", False),
    ("6.18.3", _OVERLONG, b"\xf0\x8f\xbf\xbf", False),
    ("6.19.1", _OVERLONG, b"\xc0\x80", False),
    ("6.19.2", _OVERLONG, b"\xe0\x80\x80", False),
    ("6.19.3", _OVERLONG, b"\xf0\x80\x80\x80", False),
    *(
        (f"6.20.{at}", "a surrogate", b"\xed" + rest, False)
        for at, rest in enumerate(
            (
                b"\xa0\x80",
                b"\xad\xbf",
                b"\xae\x80",
                b"\xaf\xbf",
                b"\xb0\x80",
                b"\xbe\x80",
                b"\xbf\xbf",
            ),
            1,
        )
    ),
    *(
        (f"6.21.{at}", "a pair of surrogates", b"\xed" + one + b"\xed" + other, False)
        for at, (one, other) in enumerate(
            (
                (b"\xa0\x80", b"\xb0\x80"),
                (b"\xa0\x80", b"\xbf\xbf"),
                (b"\xad\xbf", b"\xb0\x80"),
                (b"\xad\xbf", b"\xbf\xbf"),
                (b"\xae\x80", b"\xb0\x80"),
                (b"\xae\x80", b"\xbf\xbf"),
                (b"\xaf\xbf", b"\xb0\x80"),
                (b"\xaf\xbf", b"\xbf\xbf"),
            ),
            1,
        )
    ),
    ("6.22.1", "no letter, and good", b"\xef\xbf\xbe", True),
    ("6.22.2", "no letter, and good", b"\xef\xbf\xbf", True),
    *(
        (
            f"6.22.{1 + 2 * plane + low}",
            "no letter, and good",
            chr(plane << 16 | 0xFFFE | low).encode(),
            True,
        )
        for plane in range(1, 17)
        for low in (0, 1)
    ),
    *((f"6.23.{at}", "a special one", chr(0xFFF8 + at).encode(), True) for at in range(1, 8)),
]

LETTERS = [
    Case(number, about, [text(greeting(bytes_))], (_WELCOME if is_good else _NO_TEXT,))
    for number, about, bytes_, is_good in _BYTES
]
LETTERS += [Case("6.7.1", "the very first", [text(greeting(b"\0"))], (_FORM_ONLY,))]
