"""What may come over a websocket and what has to be answered, numbered as in Autobahn's suite.

That suite expects a server that echoes. This one does not, so "echoed" becomes: a greeting is
taken and welcomed, whatever it is cut into; and a text that is none is refused with 1007. Where a
test of the suite sends more than a desktop may (9.*), the refusal is what is expected.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from tests.protocol.wire import (
    BINARY,
    CLOSE,
    CONTINUED,
    PING,
    PONG,
    TEXT,
    close,
    frame,
    in_pieces,
    more,
    octets,
    text,
)
from tower.feed.messages import LIMITS

_LIMIT = LIMITS.client_frame_bytes
_FORM_ONLY = "close 4400"
"""The text is taken, and then is no message of ours."""

_WELCOME = "welcome"
_BROKEN = "close 1002"
_NO_TEXT = "close 1007"
_TOO_LONG = "close 1009"


class Case(NamedTuple):
    """One case.

    Attributes:
        number: Autobahn's.
        about: what is sent, in words.
        sent: pieces, each written to the connection on its own.
        heard: what must be answered, in turn; other messages of the server do not count. Where
            it ends with a close, the server closed; else the connection is still good.
        subprotocol: which.
        first: sent before, in pieces, and welcomed.
    """

    number: str
    about: str
    sent: list[bytes]
    heard: tuple[str, ...]
    subprotocol: str = "tower.v1.json"
    first: tuple[bytes, ...] = ()

    @property
    def ends_open(self) -> bool:
        """The connection is still good in the end."""
        return not self.heard[-1].startswith("close")


def greeting(words: bytes = b"", size: int = 0) -> bytes:
    """A greeting that carries these bytes in a string, filled up to a size."""
    head, tail = b'{"type":"hello","filter":{"routes":["', b'"]}}'
    return head + words + b"x" * (size - len(head) - len(words) - len(tail)) + tail


def packed_greeting(size: int = 0) -> bytes:
    """The same in MessagePack; the filling is a text of so many bytes with its own head."""
    hello = {"type": "hello", "filter": {"routes": [""]}}
    empty = len(msgspec.msgpack.encode(hello))
    for head in (0, 1, 2, 4):
        hello["filter"] = {"routes": ["x" * max(0, size - empty - head)]}
        if len(made := msgspec.msgpack.encode(hello)) == size:
            return made
    return made


HELLO = greeting()
_HALF = len(HELLO) // 2
_CUT = (HELLO[:_HALF], HELLO[_HALF:])
_KOSME = "Hello-µ@ßöäüàá-UTF-8!!".encode()
_GREEK = "κόσμε".encode()
_BAD = _GREEK + b"\xed\xa0\x80" + b"edited"


def _together(frames: Iterable[bytes]) -> list[bytes]:
    return [b"".join(frames)]


_SIZES = (125, 126, 127, 128, 65_535, 65_536)

FRAMING = [
    Case("1.1.1", "empty text", [text(b"")], (_FORM_ONLY,)),
    *(
        Case(f"1.1.{at}", f"text of {size}", [text(greeting(size=size))], (_WELCOME,))
        for at, size in enumerate(_SIZES, 2)
    ),
    Case(
        "1.1.8",
        "text of 65,536 in chops of 997",
        [frame(TEXT, greeting(size=65_536))[at : at + 997] for at in range(0, 65_550, 997)],
        (_WELCOME,),
    ),
    Case("1.2.1", "empty binary", [frame(BINARY)], (_FORM_ONLY,), "tower.v1"),
    *(
        Case(
            f"1.2.{at}",
            f"binary of {size}",
            [frame(BINARY, packed_greeting(size))],
            (_WELCOME,),
            "tower.v1",
        )
        for at, size in enumerate(_SIZES, 2)
    ),
    Case(
        "1.2.8",
        "binary of 65,536 in chops of 997",
        [frame(BINARY, packed_greeting(65_536))[at : at + 997] for at in range(0, 65_550, 997)],
        (_WELCOME,),
        "tower.v1",
    ),
]

_TEN = [frame(PING, b"payload-%d" % number) for number in range(10)]
_TEN_PONGS = tuple(f"pong payload-{number}" for number in range(10))

PINGS = [
    Case("2.1", "ping without payload", [frame(PING)], ("pong ",)),
    Case("2.2", "ping with text", [frame(PING, b"Hello, world!")], ("pong Hello, world!",)),
    Case(
        "2.3",
        "ping with bytes",
        [frame(PING, b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff")],
        ("pong \x00\xff\xfe\xfd\xfc\xfb\x00\xff",),
    ),
    Case("2.4", "ping of 125", [frame(PING, b"\xfe" * 125)], ("pong " + "\xfe" * 125,)),
    Case("2.5", "ping of 126", [frame(PING, b"\xfe" * 126)], (_BROKEN,)),
    Case("2.6", "in octets", octets(frame(PING, b"\xfe" * 125)), ("pong " + "\xfe" * 125,)),
    Case("2.7", "pong nobody asked for", [frame(PONG), text(HELLO)], (_WELCOME,)),
    Case("2.8", "... with payload", [frame(PONG, b"unasked"), text(HELLO)], (_WELCOME,)),
    Case("2.9", "... then a ping", [frame(PONG, b"unasked"), frame(PING, b"p")], ("pong p",)),
    Case("2.10", "ten pings", _together(_TEN), _TEN_PONGS),
    Case("2.11", "ten pings in octets", octets(*_TEN), _TEN_PONGS),
]


def _reserved(bits: int, code: int = TEXT, payload: bytes = b"Hello, world!") -> bytes:
    return frame(code, payload, reserved=bits)


RESERVED_BITS = [
    Case("3.1", "reserved bits 1", [_reserved(1)], (_BROKEN,)),
    Case("3.2", "2, after a good text", [_reserved(2)], (_BROKEN,), first=(text(HELLO),)),
    Case("3.3", "3, in one go", _together([_reserved(3), frame(PING)]), (_BROKEN,)),
    Case("3.4", "4, in octets", octets(_reserved(4), frame(PING)), (_BROKEN,)),
    Case("3.5", "5, binary", [_reserved(5, BINARY, bytes(8))], (_BROKEN,)),
    Case("3.6", "6, ping", [_reserved(6, PING)], (_BROKEN,)),
    Case("3.7", "7, close", [_reserved(7, CLOSE, b"\x03\xe8")], (_BROKEN,)),
]

OPCODES = [
    *(
        Case(number, f"opcode {code}", [frame(code, payload)], (_BROKEN,))
        for number, code, payload in (
            ("4.1.1", 3, b""),
            ("4.1.2", 4, b"reserved opcode payload"),
            ("4.1.5", 7, b""),
            ("4.2.1", 11, b""),
            ("4.2.2", 12, b"reserved opcode payload"),
            ("4.2.5", 15, b""),
        )
    ),
    *(
        Case(
            number,
            f"opcode {code} after a good text",
            [frame(code, payload), frame(PING)],
            (_BROKEN,),
            first=(text(HELLO),),
        )
        for number, code, payload in (
            ("4.1.3", 5, b""),
            ("4.1.4", 6, b"reserved opcode payload"),
            ("4.2.3", 13, b""),
            ("4.2.4", 14, b"reserved opcode payload"),
        )
    ),
]

_TWO = [text(_CUT[0], last=False), more(_CUT[1], last=True)]
_TWO_AND_PING = [_TWO[0], frame(PING, b"between"), _TWO[1]]
_FIVE = [HELLO[at : at + 12] for at in range(0, 60, 12)]
_STRAY = frame(CONTINUED, b"non-continuation payload")
_STRAY_OPEN = frame(CONTINUED, b"non-continuation payload", last=False)
_MANY = in_pieces(HELLO, 12)
_MANY_AND_PINGS = [piece for one in _MANY for piece in (frame(PING, b"again"), one)]
_MANY_HEARD = (*("pong again" for _ in _MANY), _WELCOME)

FRAGMENTS = [
    Case("5.1", "ping in two", [frame(PING, b"a", last=False), more(b"b", last=True)], (_BROKEN,)),
    Case("5.2", "pong in two", [frame(PONG, b"a", last=False), more(b"b", last=True)], (_BROKEN,)),
    Case("5.3", "text in two, in one go", _together(_TWO), (_WELCOME,)),
    Case("5.4", "text in two, frame by frame", _TWO, (_WELCOME,)),
    Case("5.5", "text in two, in octets", octets(*_TWO), (_WELCOME,)),
    Case("5.6", "a ping between", _together(_TWO_AND_PING), ("pong between", _WELCOME)),
    Case("5.7", "... frame by frame", _TWO_AND_PING, ("pong between", _WELCOME)),
    Case("5.8", "... in octets", octets(*_TWO_AND_PING), ("pong between", _WELCOME)),
    Case("5.9", "nothing to continue", _together([_STRAY, text(HELLO)]), (_BROKEN,)),
    Case("5.10", "... frame by frame", [_STRAY, text(HELLO)], (_BROKEN,)),
    Case("5.11", "... in octets", octets(_STRAY, text(HELLO)), (_BROKEN,)),
    Case("5.12", "... and no end", _together([_STRAY_OPEN, text(HELLO)]), (_BROKEN,)),
    Case("5.13", "... frame by frame", [_STRAY_OPEN, text(HELLO)], (_BROKEN,)),
    Case("5.14", "... in octets", octets(_STRAY_OPEN, text(HELLO)), (_BROKEN,)),
    Case("5.15", "after a good text", [_STRAY_OPEN, text(HELLO)], (_BROKEN,), first=(*_TWO,)),
    Case("5.16", "twice, no end", _together([_STRAY_OPEN, text(HELLO)] * 2), (_BROKEN,)),
    Case("5.17", "twice, an end", _together([_STRAY, text(HELLO)] * 2), (_BROKEN,)),
    Case("5.18", "a text in a text", [text(_CUT[0], last=False), text(_CUT[1])], (_BROKEN,)),
    Case("5.19", "many and pings, frame by frame", _MANY_AND_PINGS, _MANY_HEARD),
    Case("5.20", "many and pings, in one go", _together(_MANY_AND_PINGS), _MANY_HEARD),
]

CLOSING = [
    Case("7.1.1", "text, then close", [close(1000)], ("close 1000",), first=(text(HELLO),)),
    Case("7.1.2", "close twice", _together([close(1000), close(1000)]), ("close 1000",)),
    Case("7.1.3", "ping after close", _together([close(1000), frame(PING)]), ("close 1000",)),
    Case("7.1.4", "text after close", _together([close(1000), text(HELLO)]), ("close 1000",)),
    Case(
        "7.1.5",
        "close within a text",
        _together([text(_CUT[0], last=False), close(1000), more(_CUT[1], last=True)]),
        ("close 1000",),
    ),
    Case(
        "7.1.6",
        "a long text, close, ping",
        [close(1000), frame(PING)],
        ("close 1000",),
        first=(text(greeting(size=60_000)),),
    ),
    Case("7.3.1", "close without a code", [close()], ("close",)),
    Case("7.3.2", "close of one byte", [frame(CLOSE, b"a")], (_BROKEN,)),
    Case("7.3.3", "close with a code", [close(1000)], ("close 1000",)),
    Case("7.3.4", "... and a reason", [close(1000, b"Hello World!")], ("close 1000",)),
    Case("7.3.5", "... of 123 bytes", [close(1000, b"*" * 123)], ("close 1000",)),
    Case("7.3.6", "... of 124 bytes", [close(1000, b"*" * 124)], (_BROKEN,)),
    Case("7.5.1", "... that is no UTF-8", [close(1000, _BAD)], (_NO_TEXT,)),
    *(
        Case(f"7.7.{at}", f"close {code}", [close(code)], (f"close {code}",))
        for at, code in enumerate(
            (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999), 1
        )
    ),
    *(
        Case(f"7.9.{at}", f"close {code}", [close(code)], (_BROKEN,))
        for at, code in enumerate((0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999), 1)
    ),
    *(
        Case(f"7.13.{at}", f"close {code}", [close(code)], (_BROKEN,))
        for at, code in enumerate((5000, 65_535), 1)
    ),
]

_HEARTBEAT = text(b'{"type":"heartbeat"}')

LIMITED = [
    Case("9.1.1", "text of 64 KiB", [text(greeting(size=_LIMIT))], (_WELCOME,)),
    Case("9.1.2", "text of one byte more", [text(greeting(size=_LIMIT + 1))], (_TOO_LONG,)),
    Case("9.1.6", "text of 16 MiB, announced", [b"\x81\xff" + (2**24).to_bytes(8)], (_TOO_LONG,)),
    Case("9.2.6", "binary of 2^62, announced", [b"\x82\xff" + (2**62).to_bytes(8)], (_TOO_LONG,)),
    Case("9.2.7", "a length of 64 bits", [b"\x82\xff" + (2**64 - 1).to_bytes(8)], (_TOO_LONG,)),
    Case("9.3.1", "64 KiB in frames of 64", in_pieces(greeting(size=_LIMIT), 64), (_WELCOME,)),
    Case(
        "9.3.2",
        "more than 64 KiB in frames of 4,096",
        in_pieces(greeting(size=_LIMIT + 4_096), 4_096),
        (_TOO_LONG,),
    ),
    Case(
        "9.5.1",
        "64 KiB in chops of 64",
        [text(greeting(size=_LIMIT))[at : at + 64] for at in range(0, _LIMIT + 20, 64)],
        (_WELCOME,),
    ),
    Case(
        "9.7.1",
        "a thousand messages and a ping",
        [text(HELLO), *([_HEARTBEAT] * 1_000), frame(PING, b"end")],
        (_WELCOME, "pong end"),
    ),
    Case(
        "10.1.1", "64 KiB in frames of 1,300", in_pieces(greeting(size=_LIMIT), 1_300), (_WELCOME,)
    ),
    Case("12.1.1", "a packed text, unagreed", [_reserved(4, TEXT, b"\xf2\x48\xcd\0")], (_BROKEN,)),
    Case("12.1.2", "a packed piece", [_TWO[0], _reserved(4, CONTINUED, b"\0")], (_BROKEN,)),
    Case("13.1.1", "a packed ping", [_reserved(4, PING, b"")], (_BROKEN,)),
]

MASKING = [
    Case("5.1 (RFC)", "a frame without a mask", [frame(TEXT, HELLO, masked=False)], (_BROKEN,)),
    Case("5.2 (RFC)", "a ping without a mask", [frame(PING, masked=False)], (_BROKEN,)),
]
