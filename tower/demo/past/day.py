"""One made-up day as facts, in columns."""

from collections.abc import Callable
from datetime import date

import numpy as np

from tower.demo.past.aside import claims, contacts, exceptions, messages, returns, surveys
from tower.demo.past.columns import Columns, about, ones
from tower.demo.past.operation import Numbers, Operation
from tower.demo.past.served import Served, served
from tower.demo.past.tours import carriers, routes
from tower.domain.words import AttemptReason
from tower.kpi.facts import LEADS_MIN, FactKind

_WINDOWED, _MOVED = 0.93, 0.035
_DOOR_S, _DOOR_SPREAD = 150.0, 0.45
_COVERED_Z = 1.45
_HOUR_S = 3_600.0
_NARROWS = {15: 0.35, 30: 0.55, 60: 1.0, 120: 1.45}
"""Predictions so many minutes ahead are off by so much of what those an hour ahead are."""

_REASONS = {
    AttemptReason.NOT_HOME: 0.46,
    AttemptReason.NO_ACCESS: 0.17,
    AttemptReason.ADDRESS_NOT_FOUND: 0.10,
    AttemptReason.CLOSED: 0.09,
    AttemptReason.REFUSED: 0.06,
    AttemptReason.WINDOW_MISSED: 0.05,
    AttemptReason.NO_SAFE_PLACE: 0.04,
    AttemptReason.DAMAGED: 0.02,
    AttemptReason.WRONG_ITEM: 0.01,
}


def facts_of(operation: Operation, day: date, seed: int, prefix: str) -> list[Columns]:
    """Everything that happened on a day, by kind; nothing where nobody worked.

    The same operation, day and seed give the same facts.

    Args:
        operation: who drives, and where to.
        day: local.
        seed: of the whole past.
        prefix: what the ids of the facts begin with.
    """
    rng = np.random.default_rng((seed, day.toordinal()))
    stops = served(operation, day, rng, prefix)
    if not stops.amount:
        return []
    kinds: tuple[Callable[[Served, np.random.Generator], Columns], ...]
    kinds = (_stops, _attempts, exceptions, contacts, messages, returns, claims, surveys, routes)
    return [*(make(stops, rng) for make in kinds), carriers(stops, prefix, rng)]


def _stops(stops: Served, rng: np.random.Generator) -> Columns:
    windowed = rng.random(stops.amount) < _WINDOWED
    moved = rng.random(stops.amount) < _MOVED
    door = _DOOR_S * rng.lognormal(0.0, _DOOR_SPREAD, stops.amount)
    return {
        **about(stops, np.arange(stops.amount), FactKind.STOP, ""),
        "eta_error": _steps(stops),
        "stops": ones(stops.amount),
        "done": (~stops.has_failed | stops.is_saved) * 1.0,
        "windowed": windowed * 1.0,
        "on_time": (windowed & stops.is_on_time) * 1.0,
        "windowed_at_dispatch": windowed * 1.0,
        "on_time_at_dispatch": (windowed & stops.is_on_time & ~moved) * 1.0,
        "first_tries": ones(stops.amount),
        "first_successes": (~stops.has_failed) * 1.0,
        "door_s": np.round(door),
        "doors": ones(stops.amount),
        **_predicted(stops, rng),
    }


def _predicted(stops: Served, rng: np.random.Generator) -> Columns:
    """How predictions of each stop, made so long ahead, turned out."""
    found: Columns = {}
    for lead in LEADS_MIN:
        known = stops.after_s > 60.0 * lead
        off = stops.late_s * _NARROWS[lead]
        spread = 420.0 * _NARROWS[lead] * rng.normal(1.0, 0.05, stops.amount)
        found[f"eta_n_{lead}"] = known * 1.0
        found[f"eta_abs_s_{lead}"] = np.round(np.abs(off) * known)
        found[f"eta_covered_{lead}"] = (known & (np.abs(off) <= _COVERED_Z * spread)) * 1.0
    return found


def _steps(stops: Served) -> Numbers:
    """By how much the prediction an hour ahead was off, in steps of five minutes."""
    step = np.clip(5.0 * np.round(stops.late_s / 300.0), -30.0, 30.0)
    return np.where(stops.after_s > _HOUR_S, step, np.nan)


def _attempts(stops: Served, rng: np.random.Generator) -> Columns:
    which = np.flatnonzero(stops.has_failed)
    words = np.array([reason.value for reason in _REASONS], dtype=object)
    shares = np.array(list(_REASONS.values()))
    label = words[rng.choice(len(words), len(which), p=shares / shares.sum())]
    return {
        **about(stops, which, FactKind.ATTEMPT, "a"),
        "label": label,
        "failed": ones(len(which)),
    }
