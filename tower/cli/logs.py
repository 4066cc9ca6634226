"""The log of a process: one line a message, whatever the message repeats of what strangers sent."""

import copy
import logging
from typing import TextIO

_A_MINUTE_S = 60.0
_MOST_A_MINUTE = 30


def begin_log(stream: TextIO) -> None:
    """Log to this stream from now on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Sparing())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


class OneLine(logging.Formatter):
    """Writes what cannot be printed as escapes.

    So no message can begin a line that looks like another message, or make a terminal do
    something; the lines of a stack trace are indented for the same reason.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; what another formatter kept in it is not used."""
        fresh = copy.copy(record)
        fresh.exc_text = None
        return super().format(fresh)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line of a record."""
        record.message = _printable(record.message)
        return super().formatMessage(record)

    def formatException(self, ei) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001, N802
        """The stack trace of a record."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(f"  {_printable(line)}" for line in lines)


class Sparing(logging.Filter):
    """Leaves out what is said again and again: a flood must not fill the disk with its log."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], _Said] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """True for the first few of a kind in each minute; the next minute says how many went."""
        key = (record.name, str(record.msg))
        said = self._said.get(key)
        if said is None or record.created - said.since >= _A_MINUTE_S:
            self._said[key] = _Said(record.created)
            if said is not None and said.left_out:
                record.msg = f"{record.getMessage()} ({said.left_out} more like it before)"
                record.args = ()
            return True
        said.count += 1
        said.left_out += said.count > _MOST_A_MINUTE
        return said.count <= _MOST_A_MINUTE


class _Said:
    def __init__(self, since: float) -> None:
        self.since, self.count, self.left_out = since, 1, 0


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
