"""What several commands agree on: where the demo takes place, and what a recording may be."""

from pathlib import Path

DEMO_REGION = "liechtenstein"
"""Where the simulated shift takes place unless told otherwise."""

LINES = (".jsonl", ".ndjson")
"""Endings of recordings with one Traccar message a line."""

JOURNALS = (".db", ".sqlite")
"""Endings of recorded journals."""


def is_journal(file: Path) -> bool:
    """Whether a recording is a journal: events alone, no positions of vehicles."""
    return file.suffix.lower() in JOURNALS
