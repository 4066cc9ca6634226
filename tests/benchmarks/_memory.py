"""The memory of a window's processes over time."""

import time
from pathlib import Path
from typing import NamedTuple

_KB = 1024.0
_MB = 1_000_000.0


class Used(NamedTuple):
    """Memory of a process or several, megabytes (10^6 bytes).

    Attributes:
        pss: its share of what it has in memory; pages shared with others are divided.
        rss: all it has in memory.
        own: its share of what was made while running: no files, whose share changes with every
            other program on the machine that has the same library loaded.
    """

    pss: float = 0.0
    rss: float = 0.0
    own: float = 0.0

    def plus(self, other: "Used") -> "Used":
        """Both together."""
        return Used(*(one + another for one, another in zip(self, other, strict=True)))


def used_by(pid: int) -> Used:
    """What a process has now; nothing where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return Used()
    words = [line.split() for line in lines if line.endswith("kB")]
    mb = {name.rstrip(":"): float(kb) * _KB / _MB for name, kb, _ in words}
    return Used(mb["Pss"], mb["Rss"], mb["Pss_Anon"] + mb["Pss_Shmem"] + mb["SwapPss"])


class Sample(NamedTuple):
    """One look at all processes.

    Attributes:
        at_s: when, seconds since the first look.
        parts: what each part of Tower has.
    """

    at_s: float
    parts: dict[str, Used]


class Diary:
    """Looks at the processes again and again."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.samples: list[Sample] = []

    def look(self, processes: dict[int, str]) -> Sample:
        """Note what every process has; those of one part together."""
        parts: dict[str, Used] = {}
        for pid, part in processes.items():
            parts[part] = parts.get(part, Used()).plus(used_by(pid))
        self.samples.append(Sample(time.monotonic() - self._began, parts))
        return self.samples[-1]

    def after(self, seconds: float) -> "list[Sample]":
        """The looks after the caches were filled; all of them where too few are."""
        late = [sample for sample in self.samples if sample.at_s >= seconds]
        return late if len(late) > 1 else self.samples


def together(samples: list[Sample], name: str, parts: tuple[str, ...]) -> list[Sample]:
    """The same looks with some parts as one more."""
    found = []
    for sample in samples:
        whole = Used()
        for part in parts:
            whole = whole.plus(sample.parts.get(part, Used()))
        found.append(Sample(sample.at_s, {**sample.parts, name: whole}))
    return found
