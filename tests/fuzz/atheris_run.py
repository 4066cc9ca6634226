"""Fuzzes one decoder, guided by what of it runs: `python -m tests.fuzz.atheris_run DECODER`.

Begins with the decoder's corpus. An input that is its undoing is written into the corpus, where
the tests find it again. atheris is optional (`pip install -e '.[fuzz]'`).
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from tests.fuzz.decoders import DECODERS

_SECONDS = 60


def main(words: Sequence[str] | None = None) -> int:
    """Fuzz until the time is over or something is found; the exit code says which."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.atheris_run", description=__doc__)
    parser.add_argument("decoder", metavar="DECODER", help="a folder of tests/fuzz/corpus")
    parser.add_argument("--seconds", type=int, default=_SECONDS, help="how long (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same inputs (%(default)s)")
    options = parser.parse_args(words)
    if options.decoder not in DECODERS:
        parser.error(f"there is no decoder {options.decoder}; there are: {', '.join(DECODERS)}")
    if importlib.util.find_spec("atheris") is None:
        parser.exit(2, "atheris is not installed: pip install -e '.[fuzz]'\n")
    with tempfile.TemporaryDirectory() as found:
        arguments = [options.decoder, str(options.seconds), str(options.seed), found]
        # It ends its process when it is done, whatever is left to do.
        return subprocess.run(
            [sys.executable, "-m", "tests.fuzz._guided", *arguments], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
