"""The thresholds of the rules: what each is, its default, and which value holds for what.

Every rule reads its numbers from here. Supervisors set those that differ (`ThresholdsSet`), for
everything or for a depot, a carrier or a service level; they hold from the next look on.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from tower.domain.rulebook import Threshold, Thresholds
from tower.domain.words import ExceptionKind, Severity


class Role(StrEnum):
    """What a threshold is for."""

    RAISE = "raise"
    CLEAR = "clear"
    LASTING = "lasting"
    SCOPE = "scope"
    GRADE = "grade"
    ESCALATE = "escalate"


class Unit(StrEnum):
    """What a threshold is measured in."""

    MINUTES = "min"
    SECONDS = "s"
    METRES = "m"
    PERCENT = "%"
    DEGREES = "°C"
    TIMES = "×"


class Declared(NamedTuple):
    """One threshold of one rule.

    Attributes:
        kind: whose rule.
        name: names it among the thresholds of its rule.
        words: what it decides, for a supervisor.
        unit: of `default`, `least`, `most` and of every value set.
        default: the rule's own value.
        least: no value below is accepted; `most` likewise above.
        role: raises, clears (hysteresis), how long it must last, or something else.
    """

    kind: ExceptionKind
    name: str
    words: str
    unit: Unit
    default: float
    least: float
    most: float
    role: Role = Role.RAISE

    @property
    def key(self) -> tuple[ExceptionKind, str]:
        """What the value is looked up by."""
        return self.kind, self.name


_K, _R, _U = ExceptionKind, Role, Unit


def _lasting(kind: ExceptionKind, seconds: float) -> Declared:
    words = "It must have been so for so long"
    return Declared(kind, "lasting", words, _U.SECONDS, seconds, 0, 3_600, _R.LASTING)


def _told_for(kind: ExceptionKind, minutes: float) -> Declared:
    words = "Nobody working on it, it is told for so long"
    return Declared(kind, "told_for", words, _U.MINUTES, minutes, 5, 1_440, _R.SCOPE)


_RULES: tuple[Declared, ...] = (
    Declared(_K.LATE_RISK, "raise_at", "Probability of missing the window", _U.PERCENT, 70, 5, 99),
    Declared(
        _K.LATE_RISK,
        "clear_at",
        "Cleared below this probability",
        _U.PERCENT,
        45,
        1,
        99,
        _R.CLEAR,
    ),
    _lasting(_K.LATE_RISK, 120),
    Declared(_K.LATE_RISK, "ahead", "Windows that end so soon", _U.MINUTES, 120, 15, 600, _R.SCOPE),
    Declared(
        _K.LATE_RISK, "major_at", "Major from this probability", _U.PERCENT, 90, 5, 100, _R.GRADE
    ),
    Declared(
        _K.LATE, "raise_past", "Expected so long after the window's end", _U.MINUTES, 5, 0, 240
    ),
    Declared(
        _K.LATE,
        "clear_past",
        "Cleared where it is expected less long after it",
        _U.MINUTES,
        2,
        0,
        240,
        _R.CLEAR,
    ),
    _lasting(_K.LATE, 60),
    Declared(
        _K.LATE, "major_past", "Major from so long after it", _U.MINUTES, 15, 0, 600, _R.GRADE
    ),
    Declared(
        _K.LATE, "critical_past", "Critical from so long after it", _U.MINUTES, 60, 0, 600, _R.GRADE
    ),
    Declared(
        _K.NO_ACCESS, "at_door", "At a door whose code the driver asks for", _U.MINUTES, 5, 1, 60
    ),
    _lasting(_K.NO_ACCESS, 0),
    Declared(
        _K.NO_SIGNAL,
        "raise_after",
        "No position for so long; 0 for the limit of its carrier",
        _U.SECONDS,
        0,
        0,
        7_200,
    ),
    Declared(
        _K.NO_SIGNAL,
        "clear_within",
        "Cleared by a position less old than this",
        _U.SECONDS,
        60,
        5,
        3_600,
        _R.CLEAR,
    ),
    _lasting(_K.NO_SIGNAL, 0),
    Declared(
        _K.NO_SIGNAL,
        "major_ahead",
        "Major where one of its windows ends so soon",
        _U.MINUTES,
        60,
        0,
        600,
        _R.GRADE,
    ),
    Declared(
        _K.OFF_ROUTE, "raise_away", "So far from the line of its route", _U.METRES, 500, 50, 20_000
    ),
    Declared(
        _K.OFF_ROUTE,
        "clear_away",
        "Cleared nearer to it than this",
        _U.METRES,
        250,
        20,
        20_000,
        _R.CLEAR,
    ),
    _lasting(_K.OFF_ROUTE, 240),
    Declared(
        _K.OFF_ROUTE, "near_depot", "Not so near to its depot", _U.METRES, 500, 0, 20_000, _R.SCOPE
    ),
    Declared(_K.LONG_DWELL, "at_door", "At a door for so long", _U.MINUTES, 15, 2, 240),
    Declared(
        _K.LONG_DWELL, "times_planned", "And so many times as long as planned", _U.TIMES, 3, 1, 20
    ),
    Declared(_K.LONG_DWELL, "elsewhere", "Standing elsewhere for so long", _U.MINUTES, 15, 3, 240),
    Declared(
        _K.LONG_DWELL,
        "moved",
        "It stands until it moves so far",
        _U.METRES,
        80,
        20,
        2_000,
        _R.CLEAR,
    ),
    _lasting(_K.LONG_DWELL, 0),
    Declared(_K.ADDRESS, "raise_away", "Arrived so far from the pin", _U.METRES, 150, 30, 20_000),
    Declared(
        _K.ADDRESS,
        "clear_away",
        "Cleared nearer to it than this",
        _U.METRES,
        75,
        10,
        20_000,
        _R.CLEAR,
    ),
    _lasting(_K.ADDRESS, 60),
    Declared(_K.TEMPERATURE, "raise_above", "So far above the limit", _U.DEGREES, 0.2, 0, 30),
    Declared(
        _K.TEMPERATURE, "clear_below", "Cleared so far below it", _U.DEGREES, 0.2, 0, 30, _R.CLEAR
    ),
    _lasting(_K.TEMPERATURE, 180),
    Declared(
        _K.TEMPERATURE,
        "critical_above",
        "Critical so far above it",
        _U.DEGREES,
        2,
        0,
        60,
        _R.GRADE,
    ),
    Declared(
        _K.POD_MISMATCH, "raise_away", "Handed over so far from the pin", _U.METRES, 120, 20, 20_000
    ),
    _lasting(_K.POD_MISMATCH, 0),
    _told_for(_K.POD_MISMATCH, 120),
    _lasting(_K.FAILED_ATTEMPT, 0),
    _told_for(_K.FAILED_ATTEMPT, 60),
    Declared(
        _K.RETURN_MISSED,
        "raise_past",
        "Its window over for so long, its vehicle past it",
        _U.MINUTES,
        5,
        0,
        240,
    ),
    _lasting(_K.RETURN_MISSED, 0),
    _lasting(_K.CUSTOMER_REQUEST, 0),
    _lasting(_K.WISMO, 0),
    Declared(_K.VEHICLE, "standing", "Standing between stops for so long", _U.MINUTES, 35, 5, 480),
    Declared(
        _K.VEHICLE,
        "raise_reserve",
        "Charge left at the end of the way below so much",
        _U.PERCENT,
        3,
        -50,
        80,
    ),
    Declared(
        _K.VEHICLE,
        "clear_reserve",
        "Cleared where more than so much would be left",
        _U.PERCENT,
        8,
        -50,
        90,
        _R.CLEAR,
    ),
    _lasting(_K.VEHICLE, 120),
    Declared(
        _K.CARRIER_SILENT,
        "raise_after",
        "No message for so long; 0 for the carrier's own limit",
        _U.SECONDS,
        0,
        0,
        7_200,
    ),
    Declared(
        _K.CARRIER_SILENT,
        "clear_within",
        "Cleared by a message less old than this",
        _U.SECONDS,
        60,
        5,
        3_600,
        _R.CLEAR,
    ),
    _lasting(_K.CARRIER_SILENT, 0),
)

UNCLAIMED: Mapping[Severity, float] = {
    Severity.CRITICAL: 3.0,
    Severity.MAJOR: 10.0,
    Severity.MINOR: 45.0,
    Severity.INFO: 0.0,
}
"""Minutes after which an exception nobody claimed goes to a supervisor; 0 for never."""


def unclaimed_name(severity: Severity) -> str:
    """The name of the threshold that escalates unclaimed exceptions of a severity."""
    return f"unclaimed_{severity}"


def _escalations(kind: ExceptionKind) -> Iterator[Declared]:
    for severity, minutes in UNCLAIMED.items():
        words = f"{severity.capitalize()} and unclaimed for so long goes to a supervisor; 0: never"
        name = unclaimed_name(severity)
        yield Declared(kind, name, words, _U.MINUTES, minutes, 0, 1_440, _R.ESCALATE)


DECLARED: tuple[Declared, ...] = (
    *_RULES,
    *(declared for kind in ExceptionKind for declared in _escalations(kind)),
)
"""Every threshold there is, rules first, then what escalates."""

BY_KEY: Mapping[tuple[ExceptionKind, str], Declared] = {one.key: one for one in DECLARED}


def thresholds_of(kind: ExceptionKind) -> tuple[Declared, ...]:
    """The thresholds of one kind, in the order they are shown."""
    return tuple(one for one in DECLARED if one.kind is kind)


def objection(threshold: Threshold) -> str:
    """Why a threshold cannot be set so, for whoever set it; "" where it can."""
    declared = BY_KEY.get((threshold.kind, threshold.name))
    if declared is None:
        return f"{threshold.kind} has no threshold called {threshold.name!r}."
    if not declared.least <= threshold.value <= declared.most:
        return (
            f"{threshold.kind} {threshold.name}: {threshold.value:g} is not between "
            f"{declared.least:g} and {declared.most:g} {declared.unit}."
        )
    return ""


_TIMES = {Unit.MINUTES: "minutes", Unit.SECONDS: "seconds"}


class Scope(NamedTuple):
    """What a threshold may differ by."""

    service_level: str = ""
    carrier_id: str = ""
    depot_id: str = ""


class Limits:
    """The values that hold for one scope.

    Attributes:
        values: by kind and name, in their declared units.
        spans: those that are times.
    """

    def __init__(self, values: Mapping[tuple[ExceptionKind, str], float]) -> None:
        self.values = values
        self.spans = {
            key: timedelta(**{_TIMES[BY_KEY[key].unit]: value})
            for key, value in values.items()
            if BY_KEY[key].unit in _TIMES
        }

    def number(self, kind: ExceptionKind, name: str) -> float:
        """The value of a threshold, in its declared unit.

        Raises:
            KeyError: no such threshold is declared.
        """
        return self.values[kind, name]

    def span(self, kind: ExceptionKind, name: str) -> timedelta:
        """The value of a threshold that is a time.

        Raises:
            KeyError: no such threshold is declared.
        """
        return self.spans[kind, name]


class LimitBook:
    """Which values hold for which scope, by what supervisors set.

    Args:
        set_: what differs from the rules' own; thresholds nobody declares are passed over.
    """

    def __init__(self, set_: Thresholds) -> None:
        self._set = [one for one in set_.thresholds if (one.kind, one.name) in BY_KEY]
        self._known: dict[Scope, Limits] = {}

    def limits(self, scope: Scope) -> Limits:
        """The values that hold for a scope; worked out once."""
        known = self._known.get(scope)
        if known is None:
            known = self._known[scope] = Limits(dict(self._values(scope)))
        return known

    def every(self, kind: ExceptionKind, name: str) -> tuple[float, ...]:
        """Every value in use of one threshold, the smallest first."""
        declared = BY_KEY[kind, name]
        own = {one.value for one in self._set if (one.kind, one.name) == (kind, name)}
        return tuple(sorted({declared.default, *own}))

    @cached_property
    def general(self) -> Limits:
        """The values that hold where nothing narrower is known."""
        return self.limits(Scope())

    def _values(self, scope: Scope) -> Iterator[tuple[tuple[ExceptionKind, str], float]]:
        for declared in DECLARED:
            yield declared.key, declared.default
        # The weightier come later, and what comes later holds.
        fitting = [one for one in self._set if _fits(one, scope)]
        for one in sorted(fitting, key=_weight):
            yield (one.kind, one.name), one.value


def _fits(one: Threshold, scope: Scope) -> bool:
    return (
        one.service_level in ("", scope.service_level)
        and one.carrier_id in ("", scope.carrier_id)
        and one.depot_id in ("", scope.depot_id)
    )


def _weight(one: Threshold) -> int:
    return 4 * bool(one.service_level) + 2 * bool(one.carrier_id) + bool(one.depot_id)
