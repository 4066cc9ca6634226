"""The text of a file, whatever encoding it was saved in."""

from typing import NamedTuple

from tower.carriers.manifest.entries import Problem

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class NotText(Exception):
    """The file is no text in an encoding Tower knows; the message says what to do."""


class Text(NamedTuple):
    """Decoded text, and a warning where the encoding had to be guessed."""

    text: str
    problems: list[Problem]


def decode_text(data: bytes) -> Text:
    """Decode UTF-8 (with or without BOM), UTF-16 with BOM, or, with a warning, Windows-1252.

    Raises:
        NotText: the file is none of these.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Text(_decode(data, encoding), [])
    if b"\x00" in data[:4096]:
        raise NotText(
            "This is not a text file, or UTF-16 without its byte order mark; save it as UTF-8."
        )
    try:
        return Text(data.decode("utf-8"), [])
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    warning = Problem(
        line=line,
        field="",
        message="Not UTF-8 from this line on; read as Windows-1252. Check accents and umlauts.",
        refused=False,
    )
    return Text(_decode(data, "cp1252"), [warning])


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotText(
            f"Line {line} cannot be read as {encoding.removesuffix('-sig')}; save it as UTF-8."
        ) from error
