"""`python -m tower`, and what the command `tower` starts."""

import sys

from tower.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
