"""Fuzzes one decoder, guided by what of it runs: `python -m tests.fuzz.atheris_run DECODER`.

Begins with the decoder's corpus. An input that is its undoing is written into the corpus, where
the tests find it again. atheris is optional (`pip install -e '.[fuzz]'`).
"""

import argparse
import importlib
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

_SECONDS = 60
_ONE_S = 10
_MOST_MB = 2_048


def main(words: Sequence[str] | None = None) -> int:
    """Fuzz until the time is over or something is found; the exit code says which."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.atheris_run", description=__doc__)
    parser.add_argument("decoder", metavar="DECODER", help="a folder of tests/fuzz/corpus")
    parser.add_argument("--seconds", type=int, default=_SECONDS, help="how long (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same inputs (%(default)s)")
    options = parser.parse_args(words)
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        parser.exit(2, "atheris is not installed: pip install -e '.[fuzz]'\n")
    with atheris.instrument_imports(include=["tower", "plugins"]):
        from tests.fuzz.decoders import DECODERS  # noqa: PLC0415 - instrumented while imported
    decoder = DECODERS.get(options.decoder)
    if decoder is None:
        parser.error(f"there is no decoder {options.decoder}; there are: {', '.join(DECODERS)}")
    arguments = [
        sys.argv[0],
        f"-max_total_time={options.seconds}",
        f"-seed={options.seed}",
        f"-timeout={_ONE_S}",
        f"-rss_limit_mb={_MOST_MB}",
        f"-max_len={decoder.longest}",
        f"-artifact_prefix={decoder.folder}/",
        "-print_final_stats=1",
    ]
    with tempfile.TemporaryDirectory() as found:
        atheris.Setup([*arguments, found, str(decoder.folder)], decoder.tried)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
