"""How benchmarks and drills speak: a table for a person, one JSON object for a machine."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """One result.

    Attributes:
        key: its name in the JSON object.
        title: what it is, for a person.
        unit: seconds, events a second and so on; "" for plain counts.
    """

    key: str
    value: float | int | str | bool | None
    title: str
    unit: str = ""


def argument_parser(program: str, description: str) -> argparse.ArgumentParser:
    """A parser with `--help` and `--json`; add what else the program needs."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object and no table")
    return parser


def show(lines: Sequence[Line], *, as_json: bool) -> None:
    """Print the results."""
    text = _json(lines) if as_json else _table(lines)
    sys.stdout.write(text + "\n")


def show_whole(lines: Sequence[Line], *, as_json: bool) -> None:
    """Print the JSON object, and before it the table unless only the object is wanted."""
    if not as_json:
        sys.stdout.write("\n")
        show(lines, as_json=False)
    show(lines, as_json=True)


def _json(lines: Sequence[Line]) -> str:
    return json.dumps({line.key: _rounded(line.value) for line in lines})


def _rounded(value: float | str | bool | None) -> float | int | str | bool | None:
    return round(value, 4) if isinstance(value, float) else value


def _table(lines: Sequence[Line]) -> str:
    width = max(len(line.title) for line in lines)
    return "\n".join(
        f"{line.title:<{width}}  {_said(line.value):>12} {line.unit}" for line in lines
    )


def _said(value: float | str | bool | None) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3f}"
        case _:
            return value
