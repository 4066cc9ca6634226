"""A gateway whose machine's clock can be set while it runs: `python -m tests.drills._stepped`.

Everything in `tower` learns the wall's time from `time.time` (a test holds that), so that one
function is replaced before anything of Tower is imported. How far the clock is off is read from
the file named in TOWER_DRILL_CLOCK each time; the steady clocks of the system are left alone, as
they are when somebody sets a real clock.
"""

import os
import sys
import time
from pathlib import Path

VARIABLE = "TOWER_DRILL_CLOCK"


def off_by(file: Path) -> float:
    """Seconds the clock is off, as the file says; 0 where it says nothing yet."""
    words = file.read_text(encoding="ascii") if file.exists() else ""
    return float(words) if words else 0.0


def set_off_by(file: Path, seconds: float) -> None:
    """Have the clock off by so much from now on."""
    written = file.with_suffix(".new")
    written.write_text(repr(seconds), encoding="ascii")
    written.replace(file)


def main() -> int:
    """Run `tower` with the words of the command line, by a clock that can be set."""
    true_time, file = time.time, Path(os.environ[VARIABLE])

    def stepped() -> float:
        return true_time() + off_by(file)

    time.time = stepped
    from tower.cli.main import main as tower_main  # noqa: PLC0415 - only by the clock that was set

    return tower_main()


if __name__ == "__main__":
    sys.exit(main())
