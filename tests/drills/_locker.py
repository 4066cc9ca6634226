"""A program of somebody else's that has the journal open: `python _locker.py FILE SECONDS`.

It begins an exclusive transaction, says so on standard output, and gives it up after so long.
"""

import sqlite3
import sys
import time
from contextlib import closing


def main(path: str, seconds: float) -> None:
    """Hold the database."""
    with closing(sqlite3.connect(path, timeout=60.0, isolation_level=None)) as raw:
        raw.execute("BEGIN EXCLUSIVE")
        sys.stdout.write("held\n")
        sys.stdout.flush()
        time.sleep(seconds)
        raw.execute("ROLLBACK")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
