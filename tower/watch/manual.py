"""The manual of the rules, written from their declarations: `python -m tower.watch.manual`."""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tower.domain.words import ExceptionKind, Severity
from tower.watch.reconcile import (
    QUIET_AFTER_FALSE_ALARM,
    QUIET_AFTER_RESOLVED,
    REOPEN_WITHIN,
)
from tower.watch.rules import CARRIER_RULES, STOP_RULES, VEHICLE_RULES
from tower.watch.thresholds import UNCLAIMED, Declared, Role, thresholds_of
from tower.watch.words import minutes

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "exceptions.md"
"""The manual in the documentation."""

_HEAD = """\
# Exceptions

Every kind of exception Tower finds by itself, what raises it and what ends it. This page is
written from the rules and their thresholds by `python -m tower.watch.manual`.

An exception is named by its kind, what it is about, and the number of its episode: a trigger that
comes back renews its exception instead of making another. What clears by itself says why, and is
opened again where it comes back within {reopen}. What a person resolved stays quiet for {quiet},
what a person called a false alarm for {false}; what happened once (a failed attempt, a proof)
until it happens again. A duplicate stays quiet while the exception it was merged into is open.

Thresholds are set by supervisors in the settings, for everything or for a depot, a carrier or a
service level; the service level goes before the carrier, the carrier before the depot. They hold
from the next look of the rules on. Where a carrier raises an alarm of the same kind about the same
thing it is one exception, in the words of whoever spoke first; {ours} are told in Tower's own.

An exception nobody claims goes to a supervisor: {unclaimed}.
So does one past its SLA. A snoozed one comes back when its time is over, or when the reply, the
arrival or the outcome it waits for has come.
"""

_ARGS = re.compile(r"\n\s*(Args|Returns|Raises):.*", re.DOTALL)


def manual() -> str:
    """The manual as Markdown."""
    return _head() + "".join(_section(kind) for kind in ExceptionKind)


def _head() -> str:
    waits = [f"{severity} after {UNCLAIMED[severity]:g} min" for severity in list(Severity)[:3]]
    return _HEAD.format(
        reopen=minutes(REOPEN_WITHIN),
        quiet=minutes(QUIET_AFTER_RESOLVED),
        false=minutes(QUIET_AFTER_FALSE_ALARM),
        ours="lateness and silence",
        unclaimed=", ".join(waits),
    )


def _section(kind: ExceptionKind) -> str:
    said = [_told(find) for find in _finders(kind)]
    rows = [_row(one) for one in thresholds_of(kind) if one.role is not Role.ESCALATE]
    table = "\n".join(["| threshold | what it is | default | may be |", "|---|---|---|---|", *rows])
    return f"\n## `{kind}`\n\n" + "\n\n".join(said) + f"\n\n{table}\n"


def _row(one: Declared) -> str:
    default, most = f"{one.default:g} {one.unit}", f"{one.most:g}"
    return f"| `{one.name}` | {one.words} | {default} | {one.least:g} to {most} |"


def _finders(kind: ExceptionKind) -> Iterator[Callable[..., object]]:
    yield from (rule.find for rule in STOP_RULES if rule.kind is kind)
    yield from (rule.find for rule in VEHICLE_RULES if rule.kind is kind)
    yield from (rule.find for rule in CARRIER_RULES if rule.kind is kind)


def _told(find: Callable[..., object]) -> str:
    return _ARGS.sub("", inspect.getdoc(find) or "").strip()


if __name__ == "__main__":
    MANUAL.write_text(manual(), "utf-8")
