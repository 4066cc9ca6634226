"""Writes the inputs fuzzing begins with into the corpus: `python -m tests.fuzz.seeds`.

What stands in the corpus already is left alone: it may once have been somebody's undoing.
"""

from tests.fuzz.decoders import DECODERS


def main() -> None:
    """Write those that are not there yet."""
    for decoder in DECODERS.values():
        decoder.folder.mkdir(parents=True, exist_ok=True)
        for name, data in decoder.seeds().items():
            path = decoder.folder / name
            if not path.exists():
                path.write_bytes(data)


if __name__ == "__main__":
    main()
