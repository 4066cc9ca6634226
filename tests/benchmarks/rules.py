"""How noisy the rules are: what they raise in simulated shifts against what really went wrong.

Whole shifts run headless, without carriers' alarms. Thresholds are chosen on the tuning seeds; the
figures that count are those of the held-out seeds, which nobody looked at before.
"""

import json
import sys
import time
from argparse import Namespace
from datetime import date
from pathlib import Path

import platformdirs

from tests.benchmarks._rules_marks import Marks, marks
from tests.benchmarks._rules_shift import watch_shift
from tests.report import argument_parser
from tower.demo.plan import DemoPlan
from tower.demo.regimes import SUPPOSED_DATE, Regime
from tower.demo.store import demo_plan
from tower.demo.truth import troubles
from tower.domain.words import ExceptionKind
from tower.gateway.regions import Regions
from tower.road.pack import RegionPack

TUNING_SEEDS = (1, 2, 3)
"""Thresholds may be chosen on these."""

HELD_OUT_SEEDS = (101, 102)
"""The figures are those of these."""

REGION = "liechtenstein"

_FIGURES = ("troubles", "raised", "right", "false", "again")


def plan_of(seed: int, regime: Regime = Regime.ORDINARY, on: date = SUPPOSED_DATE) -> DemoPlan:
    """The simulated shift of a seed, on a day of a sort."""
    folder = Path(platformdirs.user_cache_path("tower")) / "demo"
    with RegionPack.open(Regions.at_hand().find(REGION)) as pack:
        return demo_plan(pack, seed, folder, regime=regime, on=on)


def measured(seed: int, *, alarms: bool) -> list[Marks]:
    """How every rule did in the shift of a seed."""
    plan = plan_of(seed)
    raised = watch_shift(plan, alarms=alarms).raised
    true = troubles(plan)
    return [marks(kind, true, raised) for kind in ExceptionKind]


def main() -> int:
    """Run the shifts and print the figures."""
    asked = _asked()
    total = {kind: Marks(kind=kind) for kind in ExceptionKind}
    for seed in asked.seeds:
        begun = time.monotonic()
        for own in measured(seed, alarms=asked.alarms):
            total[own.kind].add(own)
        sys.stderr.write(f"seed {seed}: {time.monotonic() - begun:.0f} s\n")
    if not asked.json:
        sys.stdout.write(_table(list(total.values())) + "\n")
        if asked.names:
            sys.stdout.write(_names(list(total.values())) + "\n")
    sys.stdout.write(json.dumps({kind: _figures(own) for kind, own in total.items()}) + "\n")
    return 0


def _asked() -> Namespace:
    parser = argument_parser("tests.benchmarks.rules", __doc__ or "")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=HELD_OUT_SEEDS, help="which shifts (held-out ones)"
    )
    parser.add_argument("--tuning", action="store_const", const=TUNING_SEEDS, dest="seeds")
    parser.add_argument("--alarms", action="store_true", help="let carriers raise alarms as well")
    parser.add_argument("--names", action="store_true", help="name what was missed and was false")
    return parser.parse_args()


def _figures(own: Marks) -> dict[str, float | None]:
    is_ahead = own.kind in (ExceptionKind.LATE_RISK, ExceptionKind.LATE)
    figures: dict[str, float | None] = {name: getattr(own, name) for name in _FIGURES}
    return figures | {
        "precision": _rounded(own.precision),
        "recall": _rounded(own.recall),
        "lead_min" if is_ahead else "delay_min": _rounded(own.median_lead_min),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _table(rows: list[Marks]) -> str:
    titles = ("kind", "truth", "raised", "right", "false", "again", "precision", "recall", "min")
    lines = ["{:<17} {:>6} {:>6} {:>6} {:>6} {:>6} {:>9} {:>7} {:>7}".format(*titles)]
    for own in rows:
        counts = " ".join(f"{getattr(own, name):>6}" for name in _FIGURES)
        lead = "—" if own.median_lead_min is None else f"{own.median_lead_min:.1f}"
        precision, recall = _share(own.precision), _share(own.recall)
        lines.append(f"{own.kind.value:<17} {counts} {precision:>9} {recall:>7} {lead:>7}")
    lines.append("min: late_risk, late: median minutes from the raise to the end of the window;")
    lines.append("     others: median minutes from the begin to the raise")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _names(rows: list[Marks]) -> str:
    lines = []
    for own in rows:
        lines += [f"{own.kind.value} missed  {words}" for words in own.missing]
        lines += [f"{own.kind.value} false   {words}" for words in own.wrong]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
