"""One drill on its own: `python -m tests.drills.NAME [--seed N] [--json]`."""

import sys

from tests.drills.__main__ import main


def run_alone(name: str) -> None:
    """Run one drill with the options of the command line, then exit."""
    sys.exit(main([name, *sys.argv[1:]]))
