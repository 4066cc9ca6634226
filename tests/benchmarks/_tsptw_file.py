"""Files of travelling salesman problems with time windows, form `tsptw-neutral-1`."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

FORMAT = "tsptw-neutral"
_READ_TO = Decimal("1e-9")
_OBJECTIVES = ("travel_cost", "makespan")

Window = tuple[Decimal, Decimal | None]


class BadInstances(Exception):
    """The file does not say what the form says it should."""


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """One problem. Numbers are exact, as they stand in the file, to a billionth.

    Attributes:
        depot: the node where the tour begins and ends.
        objective: `travel_cost` or `makespan`.
        windows: open and close of each node, None where it never closes.
        matrix: travel from each node to each other one, service at the first included.
        best_known: by the objective, None where the file does not say.
    """

    name: str
    depot: int
    objective: str
    windows: tuple[Window, ...]
    matrix: tuple[tuple[Decimal, ...], ...]
    best_known: Decimal | None

    @property
    def nodes(self) -> int:
        """How many nodes, the depot included."""
        return len(self.matrix)


def read_instances(path: Path) -> list[Instance]:
    """Read a file.

    Raises:
        BadInstances: it is not there, not JSON or not of this form; the message says where.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise BadInstances(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise BadInstances(f"{path} is not JSON: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("instances"), list):
        raise BadInstances(f"{path} has no list called instances")
    if not str(content.get("format", "")).startswith(FORMAT):
        raise BadInstances(f"{path} is of format {content.get('format')!r}, not {FORMAT}-1")
    return [_instance(one, place) for place, one in enumerate(content["instances"])]


def _instance(one: object, place: int) -> Instance:
    if not isinstance(one, dict):
        raise BadInstances(f"instance {place} is no object")
    name = str(one.get("name", f"instance {place}"))
    try:
        return _read(name, one)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise BadInstances(f"{name}: {reason}") from error


def _read(name: str, one: dict[str, Any]) -> Instance:
    matrix = tuple(tuple(_number(entry) for entry in row) for row in one["matrix"])
    windows = tuple(_window(window) for window in one["time_windows"])
    depot, objective = one.get("depot", 0), one.get("objective", "travel_cost")
    if not matrix or any(len(row) != len(matrix) for row in matrix):
        raise ValueError(f"the matrix of {len(matrix)} rows is not square")
    if len(windows) != len(matrix):
        raise ValueError(f"{len(windows)} time windows for {len(matrix)} nodes")
    if any(entry < 0 for row in matrix for entry in row):
        raise ValueError("the matrix has entries below zero")
    if not isinstance(depot, int) or not 0 <= depot < len(matrix):
        raise ValueError(f"depot {depot!r} is none of the {len(matrix)} nodes")
    if objective not in _OBJECTIVES:
        raise ValueError(f"objective {objective!r} is none of {', '.join(_OBJECTIVES)}")
    best = one.get(f"best_known_{objective}")
    return Instance(
        name=name,
        depot=depot,
        objective=objective,
        windows=windows,
        matrix=matrix,
        best_known=None if best is None else _number(best),
    )


def _window(window: Any) -> Window:  # noqa: ANN401 - whatever stands in the file
    opens, closes = window
    if closes is None or closes == float("inf"):
        return _number(opens), None
    if _number(opens) > _number(closes):
        raise ValueError(f"a window opens at {opens} and closes at {closes}")
    return _number(opens), _number(closes)


def _number(entry: object) -> Decimal:
    if isinstance(entry, bool) or not isinstance(entry, int | Decimal):
        raise TypeError(f"{entry!r} is no number")
    return Decimal(entry).quantize(_READ_TO)
