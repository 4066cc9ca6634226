"""From the journals of earlier shifts to a model.

The most recent fifth of the shifts (at least one) is held apart: doors, legs, hold-ups and trees
are learnt on the others, the sides of P10-P90 are calibrated on it, and how good the model is is
measured there. The coverage told is that of calibration by the other half of what was held apart.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.eta.learning.conformal import Calibration, calibrated, coverage
from tower.eta.learning.doors import learnt_doors
from tower.eta.learning.driven import Driven, Driving
from tower.eta.learning.errors import TooLittle
from tower.eta.learning.history import told
from tower.eta.learning.holdups import learnt_holdups
from tower.eta.learning.legs import learnt_legs
from tower.eta.learning.model import (
    HORIZONS_MIN,
    LawModel,
    Laws,
    Residuals,
    asked,
    scale_of,
)
from tower.eta.learning.quantiles import QuantileTrees, Settings, grow
from tower.eta.learning.samples import Samples, Sampling, joined
from tower.eta.model import Floats, Quality, Rows
from tower.journal.reading import read_events

LEAST_SHIFTS, LEAST_SAMPLES = 3, 2_000
"""With fewer shifts, or predictions with what came of them, the schedule goes on predicting."""

HELD_APART = 0.2
"""Share of the shifts, the most recent ones, that calibrate and measure."""

LEADS_MIN = (15, 30, 60, 120)
LEAD_KEEPS_MIN = 20.0
"""A prediction counts for a lead when it was made so long ahead, or up to so much longer."""

LONGEST_S = 6.0 * 3_600.0
"""Predictions further ahead are not learnt from: what lies beyond is the plan's."""

MOST_SAMPLES = 600_000
"""More do not make the trees better, and take long."""

SETTINGS = Settings()

Progress = Callable[[str], None]
"""Told in words what is being done."""


class Learnt(NamedTuple):
    """What came of a training.

    Attributes:
        laws: doors and legs; residuals: the rest; quality: on the shifts held apart.
        shifts: how many it learnt from, those held apart included.
        began, ended: when the first of them and the last began, UTC.
        samples: how many predictions it rests on.
    """

    laws: Laws
    residuals: Residuals
    quality: Quality
    shifts: int
    began: datetime
    ended: datetime
    samples: int


class _Shift(NamedTuple):
    name: str
    began: datetime
    journal: Path
    driven: Driven


def train(
    journals: Sequence[Path], now: datetime, progress: Progress, settings: Settings = SETTINGS
) -> Learnt:
    """Learn a model from journals.

    Args:
        journals: their files; a gateway may be writing them meanwhile.
        now: the present, UTC.
        progress: is told what is being done.
        settings: how trees are grown.

    Raises:
        TooLittle: there are too few shifts or predictions; the words say what is missing.
        JournalError: a journal cannot be read.
    """
    shifts = _shifts(journals, progress)
    learning, apart = _parted(shifts)
    progress(f"Learning doors and legs from {_count(len(learning), 'shift')} …")
    laws = _laws([shift.driven for shift in learning], settings.threads)
    samples = _samples(shifts, laws, progress)
    _check(shifts, samples)
    own = joined([samples[shift.name] for shift in learning])
    held = joined([samples[shift.name] for shift in apart])
    progress(f"Learning from {len(own.came_s):,} predictions …")
    residuals = _residuals(own, settings)
    progress("Calibrating on the most recent shifts …")
    told_s = residuals.uncalibrated(held.rows)
    residuals = residuals._replace(calibration=_calibrated(told_s, held.came_s))
    return Learnt(
        laws=laws,
        residuals=residuals,
        quality=_quality(told_s, held, len(apart), now),
        shifts=len(shifts),
        began=shifts[0].began,
        ended=shifts[-1].began,
        samples=len(own.came_s) + len(held.came_s),
    )


def _shifts(journals: Sequence[Path], progress: Progress) -> list[_Shift]:
    """Every shift in which something was driven, the oldest first.

    Raises:
        TooLittle: there are too few.
    """
    found = []
    for journal in journals:
        progress(f"Reading {journal} …")
        driving = Driving()
        end = told(read_events(journal), str(journal), [driving])
        driven = ((name, began, driving.of(name)) for name, began in end.shifts.items())
        found += [_Shift(name, began, journal, own) for name, began, own in driven if own.doors]
    if len(found) < LEAST_SHIFTS:
        raise TooLittle(
            f"Only {_count(len(found), 'shift')} to learn from, {LEAST_SHIFTS} are needed. "
            "The schedule goes on predicting; train again after some more shifts."
        )
    return sorted(found, key=lambda shift: (shift.began, shift.name))


def _parted(shifts: Sequence[_Shift]) -> tuple[Sequence[_Shift], Sequence[_Shift]]:
    apart = max(1, math.ceil(HELD_APART * len(shifts)))
    return shifts[:-apart], shifts[-apart:]


def _laws(driven: Sequence[Driven], threads: int) -> Laws:
    doors = [door for one in driven for door in one.doors]
    legs = [leg for one in driven for leg in one.legs]
    return Laws(learnt_doors(doors, threads), learnt_legs(legs))


def _samples(shifts: Sequence[_Shift], laws: Laws, progress: Progress) -> dict[str, Samples]:
    """What was known at each prediction of each shift, and what came."""
    found: dict[str, Samples] = {}
    for journal in dict.fromkeys(shift.journal for shift in shifts):
        progress(f"Going through {journal} again …")
        sampling = Sampling(LawModel(laws))
        end = told(read_events(journal), str(journal), [sampling])
        for shift in shifts:
            if shift.journal == journal and (own := sampling.of(shift.name, end.state)):
                found[shift.name] = own.chosen(own.came_s <= LONGEST_S)
    return found


def _check(shifts: Sequence[_Shift], samples: dict[str, Samples]) -> None:
    count = sum(len(one.came_s) for one in samples.values())
    lacking = [shift for shift in shifts if shift.name not in samples]
    if count < LEAST_SAMPLES or len(shifts) - len(lacking) < LEAST_SHIFTS:
        raise TooLittle(
            f"There are {count:,} predictions with what came of them in "
            f"{_count(len(shifts) - len(lacking), 'shift')}; {LEAST_SAMPLES:,} in {LEAST_SHIFTS} "
            "shifts are needed. The schedule goes on predicting; train again after some more."
        )


def _residuals(own: Samples, settings: Settings) -> Residuals:
    """What holds vehicles up, and trees for what is left with that in the projection."""
    step = math.ceil(len(own.came_s) / MOST_SAMPLES)
    some = own.chosen(np.arange(0, len(own.came_s), step)) if step > 1 else own
    holdups = learnt_holdups(own.rows, own.came_s, settings.threads)
    return Residuals(holdups, _trees(holdups.heeded(some.rows), some.came_s, settings))


def _trees(rows: Rows, came_s: Floats, settings: Settings) -> QuantileTrees:
    """Trees for the share by which vehicles come later than projected.

    Shares are of the time ahead and ten minutes; weighed with that, the loss is one of seconds.
    """
    base_s = rows.column("base_s")
    scale = scale_of(base_s)
    return grow(asked(rows.x), (came_s - base_s) / scale, settings, scale / scale.mean())


def _calibrated(quantiles: Floats, came_s: Floats) -> Calibration:
    return calibrated(quantiles, came_s, quantiles[:, 1] / 60.0, HORIZONS_MIN)


def _quality(quantiles: Floats, held: Samples, shifts: int, now: datetime) -> Quality:
    off_s, came_min = np.abs(held.came_s - quantiles[:, 1]), held.came_s / 60.0
    mae_s = {
        lead: float(off_s[which].mean())
        for lead in LEADS_MIN
        if (which := (came_min >= lead) & (came_min <= lead + LEAD_KEEPS_MIN)).any()
    }
    return Quality(
        coverage=_held_coverage(quantiles, held, _halves(held)),
        mae_s=mae_s,
        arrivals=len(held.came_s),
        shifts=shifts,
        measured_at=now,
    )


def _halves(held: Samples) -> NDArray[np.bool_]:
    """One half of the time and the other: errors of one hour go together."""
    return np.asarray(held.made_s // 3_600.0 % 2 == 0)


def _held_coverage(quantiles: Floats, held: Samples, first: NDArray[np.bool_]) -> float:
    """Coverage where each half is calibrated by the other."""
    told_s = quantiles.copy()
    for part, other in ((first, ~first), (~first, first)):
        if part.any() and other.any():
            calibration = _calibrated(quantiles[other], held.came_s[other])
            told_s[part] = calibration.applied(quantiles[part], quantiles[part, 1] / 60.0)
    return coverage(told_s, held.came_s)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
