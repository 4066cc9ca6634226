"""Runs drills: `python -m tests.drills [NAME ...] [--seed N] [--json]`."""

import importlib
import inspect
import logging
import pkgutil
import sys
import time
from collections.abc import Mapping, Sequence

import tests.drills
from tests.drills._outcome import Drill, Outcome, as_json, as_table
from tests.report import argument_parser

_ABOUT = """Faults, tried on real processes: what was acknowledged, lost and doubled.

The exit code is 1 where anything acknowledged was lost, anything is there twice, the user saw
nothing of the fault, or it did not clear by itself."""

_SOME_TAKE = ("kills", "seconds", "intents")
"""Options of `run` besides the seed; a drill takes those it names."""

Given = Mapping[str, int | float | None]


def names() -> list[str]:
    """Every drill of this folder: a module without an underscore."""
    found = [one.name for one in pkgutil.iter_modules(tests.drills.__path__)]
    return [name for name in found if not name.startswith(("_", "test_"))]


def load(name: str) -> Drill:
    """The drill of this name."""
    drill: Drill = importlib.import_module(f"tests.drills.{name}")
    return drill


def run(drill: Drill, seed: int, given: Given) -> Outcome:
    """Run one drill.

    Args:
        drill: which.
        seed: decides what is random in it.
        given: options some drills take, as `kills`; None for their own choice.
    """
    takes = inspect.signature(drill.run).parameters
    extra = {name: value for name, value in given.items() if name in takes and value is not None}
    return drill.run(seed, **extra)


def main(words: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argument_parser("tests.drills", _ABOUT)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; all where none is named")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same trouble (%(default)s)")
    parser.add_argument("--kills", type=int, help="kills, in drills that kill")
    parser.add_argument("--seconds", type=float, help="how long, in drills that last")
    parser.add_argument("--intents", type=int, help="messages to customers, in outreach")
    parser.add_argument("--list", action="store_true", help="say which drills there are, and end")
    options = parser.parse_args(words)
    if options.list:
        sys.stdout.write("".join(f"{name:<18} {load(name).WORDS}\n" for name in names()))
        return 0
    if unknown := sorted(set(options.names) - set(names())):
        parser.error(f"there is no drill {', '.join(unknown)}; there are: {', '.join(names())}")
    logging.disable(logging.WARNING)  # a lost connection is what a drill is about
    given = {name: getattr(options, name) for name in _SOME_TAKE}
    outcomes = [_announced(load(name), options.seed, given) for name in options.names or names()]
    sys.stdout.write((as_json if options.json else as_table)(outcomes) + "\n")
    return 0 if all(one.is_good for one in outcomes) else 1


def _announced(drill: Drill, seed: int, given: Given) -> Outcome:
    sys.stderr.write(f"{drill.NAME}: {drill.WORDS} …\n")
    begun = time.monotonic()
    outcome = run(drill, seed, given)
    sys.stderr.write(f"{drill.NAME}: {time.monotonic() - begun:.0f} s\n")
    return outcome


if __name__ == "__main__":
    sys.exit(main())
