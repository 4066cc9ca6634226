"""The process atheris fuzzes in; started by `tests.fuzz.atheris_run`."""

import importlib
import sys
from typing import Any

_ONE_S = 10
"""Seconds one input may take."""

_MOST_MB = 2_048


def main() -> None:
    """Fuzz one decoder, so many seconds, with this seed; inputs worth keeping go to a folder."""
    name, seconds, seed, found = sys.argv[1:]
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tower", "plugins"]):
        decoder = importlib.import_module("tests.fuzz.decoders").DECODERS[name]
    arguments = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-timeout={_ONE_S}",
        f"-rss_limit_mb={_MOST_MB}",
        f"-max_len={decoder.longest}",
        f"-artifact_prefix={decoder.folder}/",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *arguments, found, str(decoder.folder)], decoder.tried)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
