"""How long the desktop takes from the command to the window, the map and the live vehicles.

Each round runs the real `tower --screenshot` on its own gateway and reads the line it prints.
The first round warms the disk's cache and the plan of the simulated shift, and is not counted.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path
from statistics import median

from tests.report import Line, argument_parser, show

PATIENCE_S = 180
GOALS_S = {"window": 2.0, "map": 3.0, "live": 4.0}


class StartFailed(Exception):
    """The desktop did not start."""


def measure(options: Namespace) -> list[Line]:
    """Start the desktop several times, without a display."""
    with tempfile.TemporaryDirectory(prefix="tower-start-") as folder:
        picture = Path(folder) / "window.png"
        cold = _start(picture)
        rounds = [_start(picture) for _ in range(options.rounds)]
    lines = [
        Line(f"{name}_s", _middle(rounds, name), f"Command to {name} (goal {goal:g} s)", "s")
        for name, goal in GOALS_S.items()
    ]
    worst = max(round_[f"start_to_{name}_s"] for round_ in rounds for name in GOALS_S)
    return [
        *lines,
        Line("worst_live_s", worst, "Slowest round to live vehicles", "s"),
        Line("first_live_s", cold["start_to_live_s"], "The round that was not counted", "s"),
        Line("rounds", len(rounds), "Rounds"),
        Line("vehicles", int(rounds[-1]["vehicles"]), "Vehicles shown"),
        Line("warm", True, "Everything was set up and read before"),
    ]


def _middle(rounds: list[dict[str, float]], name: str) -> float:
    return median(one[f"start_to_{name}_s"] for one in rounds)


def _start(picture: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tower", "--screenshot", str(picture), "--after", "0"]
    environment = {**os.environ}
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if done.returncode:
        raise StartFailed(f"tower ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    facts: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return facts


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.startup", str(__doc__))
    parser.add_argument("--rounds", type=int, default=3, help="counted starts (%(default)s)")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
