"""The log of a process: whole lines, no tricks, and not the same thing for ever."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tower.cli.logs import OneLine, Sparing


@contextmanager
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine("%(levelname)s %(message)s"))
    handler.addFilter(Sparing())
    logger = logging.getLogger("tests.logs")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield logger, written
    logger.removeHandler(handler)


def test_a_message_is_one_line_and_moves_no_cursor() -> None:
    with log() as (logger, written):
        logger.info("said %s", "a\nINFO b\x1b[2J\u202e\x00 Grüße 東京")
    assert written.getvalue() == "INFO said a\\nINFO b\\x1b[2J\\u202e\\x00 Grüße 東京\n"


def test_a_stack_trace_cannot_look_like_a_message() -> None:
    with log() as (logger, written):
        logger.error("it failed", exc_info=_raised("x\nINFO all is well\x1b[2J"))
    first, *rest = written.getvalue().splitlines()
    assert first == "ERROR it failed"
    assert rest
    assert all(line.startswith("  ") for line in rest)
    assert "\x1b" not in written.getvalue()


def test_what_is_said_a_thousand_times_is_written_a_few_times() -> None:
    with log() as (logger, written):
        for number in range(1000):
            logger.warning("message %d is bad", number)
        logger.warning("something else")
    lines = written.getvalue().splitlines()
    assert len(lines) == 31
    assert lines[-1] == "WARNING something else"


def test_what_was_left_out_is_counted() -> None:
    with log() as (logger, written):
        for number in range(100):
            logger.warning("again %d", number)
        later = logger.makeRecord(logger.name, logging.WARNING, "", 0, "again %d", (100,), None)
        later.created += 61
        logger.handle(later)
    assert written.getvalue().splitlines()[-1] == "WARNING again 100 (70 more like it before)"


def _raised(words: str) -> Exception:
    """An error with a stack."""

    def fail() -> None:
        raise OSError(words)

    try:
        fail()
    except OSError as error:
        return error
    raise AssertionError("it did not fail")
