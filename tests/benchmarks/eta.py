"""How good arrivals are: learnt on simulated shifts, held against others the learning never saw.

Whole shifts are recorded through a real gateway (recordings are kept and used again). A model is
learnt from ordinary days as `tower eta train` learns it, and asked of later days: ordinary ones,
and days of heavier traffic, of rain all day, with a bridge closed. Each prediction is made anew as
it could be made then and corrected by the day's arrivals so far. Beside it, known the same things:
the distance left over the fleet's average speed (a), the plan of the day (b), the plan shifted by
the delay of the moment (c). A prediction counts for a lead when it is the newest made so many
minutes before the arrival, or up to twenty more.
"""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np

from tests.benchmarks._eta_days import TEST_SEEDS, TRAINING_SEEDS, test_days, training_days
from tests.benchmarks._eta_fleet import predict_ms
from tests.benchmarks._eta_judging import Judged, judged_shift
from tests.benchmarks._eta_naive import average_mps
from tests.benchmarks._eta_shifts import record_all
from tests.report import Line, argument_parser, show_whole
from tower.demo.regimes import Regime
from tower.eta.learning.model import LearntModel
from tower.eta.learning.train import Learnt, train
from tower.gateway.server import JOURNAL_FILE
from tower.kpi.facts import LEADS_MIN

_JOBS = 2
_MIN_S = 60.0
_LATE_LEAD = 60


def measure(options: Namespace) -> list[Line]:
    """Record what is missing, learn, and judge."""
    test = test_days(options.test_seeds)
    wanted = [*training_days(options.train_seeds), *test]
    _say(f"{len(wanted)} shifts; those not recorded yet take half a minute each")
    journals = [folder / JOURNAL_FILE for folder in record_all(wanted, jobs=_JOBS)]
    learnt = train(journals[: -len(test)], datetime(2026, 3, 22, tzinfo=UTC), _say)
    model = LearntModel("learnt-1", learnt.laws, learnt.residuals, learnt.quality)
    _say("Holding it against the other days …")
    speed_mps = average_mps(journals[: -len(test)])
    # One after the other: a process forked where trees were grown waits for their threads forever.
    shifts = [judged_shift(model, speed_mps, journal) for journal in journals[-len(test) :]]
    by_regime: dict[Regime, list[Judged]] = {}
    for day, judged in zip(test, shifts, strict=True):
        by_regime.setdefault(day.regime, []).extend(judged)
    return [*_lines(by_regime), *_about(learnt), _speed(model)]


def _lines(by_regime: dict[Regime, list[Judged]]) -> list[Line]:
    judged = [one for own in by_regime.values() for one in own]
    lines = [Line("judged", len(judged), "Predictions judged")]
    for name, words, p50 in _METHODS:
        lines += [_mae_line(name, words, p50, judged, lead) for lead in LEADS_MIN]
    own = _mae(_ours, judged, _LATE_LEAD)
    lines += [
        Line("ratio_naive_60", own / _mae(_distance, judged, 60), "P50 over (a), 60 min ahead"),
        Line("ratio_delay_60", own / _mae(_delayed, judged, 60), "P50 over (c), 60 min ahead"),
        Line("ratio_driving_60", own / _mae(_driving, judged, 60), "P50 over 25 km/h"),
        Line("ratio_doors_60", own / _mae(_doors, judged, 60), "over 25 km/h and planned doors"),
        Line("coverage", _coverage(judged), "Share between P10 and P90"),
        Line("before_p10", float(np.mean([j.came_s < j.said.p10 for j in judged])), "Before P10"),
        Line("after_p90", float(np.mean([j.came_s > j.said.p90 for j in judged])), "After P90"),
    ]
    for lead in LEADS_MIN:
        share = _coverage([one for one in judged if one.lead == lead])
        lines.append(Line(f"coverage_{lead}", share, f"Likewise, {lead} min ahead"))
    for regime, some in by_regime.items():
        lines += _of_regime(regime, some)
    return [*lines, *_late(judged)]


def _of_regime(regime: Regime, judged: Sequence[Judged]) -> list[Line]:
    own = _mae(_ours, judged, 60)
    return [
        Line(f"coverage_{regime}", _coverage(judged), f"Likewise, {regime}"),
        Line(f"mae_60_{regime}", own, f"60 min ahead, {regime}", "min"),
        Line(f"ratio_delay_60_{regime}", own / _mae(_delayed, judged, 60), "over (c)"),
    ]


def _ours(one: Judged) -> float:
    return one.said.p50


def _distance(one: Judged) -> float:
    return one.said.naive.distance


def _driving(one: Judged) -> float:
    return one.said.naive.driving


def _doors(one: Judged) -> float:
    return one.said.naive.doors


def _schedule(one: Judged) -> float:
    return one.said.naive.schedule


def _delayed(one: Judged) -> float:
    return one.said.naive.delayed


_METHODS: tuple[tuple[str, str, Callable[[Judged], float]], ...] = (
    ("mae", "P50", _ours),
    ("naive", "(a) distance", _distance),
    ("schedule", "(b) plan", _schedule),
    ("delay", "(c) plan and delay", _delayed),
)


def _mae_line(
    name: str, words: str, p50: Callable[[Judged], float], judged: Sequence[Judged], lead: int
) -> Line:
    key = f"{name}_{lead}" if name == "mae" else f"mae_{name}_{lead}"
    return Line(key, _mae(p50, judged, lead), f"{words}, {lead} min ahead", "min")


def _mae(p50: Callable[[Judged], float], judged: Sequence[Judged], lead: int) -> float:
    off = [abs(p50(one) - one.came_s) for one in judged if one.lead == lead]
    return float(np.mean(off)) / _MIN_S


def _coverage(judged: Sequence[Judged]) -> float:
    return float(np.mean([one.said.p10 <= one.came_s <= one.said.p90 for one in judged]))


def _late(judged: Sequence[Judged]) -> list[Line]:
    """Stops said to be more likely late than not an hour ahead, and those that were late."""
    promised = [one for one in judged if one.lead == _LATE_LEAD and one.said.closes_s >= 0.0]
    said = np.array([one.said.p50 > one.said.closes_s for one in promised])
    was = np.array([one.came_s > one.said.closes_s for one in promised])
    right = float((said & was).sum())
    return [
        Line("late_said", int(said.sum()), "Said to be late, an hour ahead"),
        Line("late_came", int(was.sum()), "Came late"),
        Line("late_precision", right / max(1, said.sum()), "Said late: were"),
        Line("late_recall", right / max(1, was.sum()), "Came late: were said"),
    ]


def _about(learnt: Learnt) -> list[Line]:
    return [
        Line("train_shifts", learnt.shifts, "Shifts learnt from"),
        Line("train_samples", learnt.samples, "Predictions learnt from"),
        Line("train_coverage", learnt.quality.coverage, "Coverage on shifts held apart there"),
    ]


def _speed(model: LearntModel) -> Line:
    return Line("predict_10k_ms", predict_ms(model), "10,000 stops predicted anew", "ms")


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.eta", str(__doc__))
    parser.add_argument("--train-seeds", type=int, nargs="+", default=TRAINING_SEEDS)
    parser.add_argument("--test-seeds", type=int, nargs="+", default=TEST_SEEDS)
    options = parser.parse_args()
    show_whole(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
