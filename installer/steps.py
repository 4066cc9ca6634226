"""Steps of set-up, each done once for what it was done from."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.console import Console, SetupError


@dataclass(frozen=True)
class Step:
    """One thing set-up does.

    Attributes:
        name: What it is called on screen and in the stamps.
        why: What it is for, in a few words.
        fingerprint: Stands for everything the result depends on, asked when the step's turn comes;
            None where seeing the result is proof enough.
        present: Whether the result is there.
        act: Does it.
    """

    name: str
    why: str
    fingerprint: Callable[[], str] | None
    present: Callable[[], bool]
    act: Callable[[Console], None]


class Stamps:
    """Which steps were done, and from what, across runs.

    A file that cannot be read counts as empty: the steps are then done again.

    Args:
        path: Where the stamps are kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def matches(self, name: str, fingerprint: str) -> bool:
        """Whether the step was done from exactly this."""
        return self._read().get(name) == fingerprint

    def record(self, name: str, fingerprint: str) -> None:
        """Remember that the step was done, safe against being cut off half-way."""
        self._write({**self._read(), name: fingerprint})

    def forget(self, name: str) -> None:
        """Count the step as not done, before its result is touched."""
        stamps = self._read()
        if stamps.pop(name, None) is not None:
            self._write(stamps)

    def _read(self) -> dict[str, str]:
        try:
            stamps = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return stamps if isinstance(stamps, dict) else {}

    def _write(self, stamps: dict[str, str]) -> None:
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(stamps, indent=1, sort_keys=True), encoding="utf-8")
        draft.replace(self._path)


def run_steps(steps: Sequence[Step], stamps: Stamps, console: Console) -> int:
    """Do what is not done yet, in order.

    Returns:
        How many steps had to be done.

    Raises:
        SetupError: A step failed; those before it stay done.
    """
    done = 0
    for number, step in enumerate(steps, 1):
        fingerprint = step.fingerprint() if step.fingerprint else None
        if step.present() and (fingerprint is None or stamps.matches(step.name, fingerprint)):
            continue
        console.say(f"[{number}/{len(steps)}] {step.name}: {step.why}")
        began = time.monotonic()
        if fingerprint is not None:
            stamps.forget(step.name)
        _act(step, console)
        if fingerprint is not None:
            stamps.record(step.name, fingerprint)
        console.say(f"      done in {time.monotonic() - began:.1f} s")
        done += 1
    return done


def _act(step: Step, console: Console) -> None:
    step.act(console)
    if not step.present():
        raise SetupError(f"{step.name} ended without an error but its result is not there.")


def fingerprint_of(paths: Iterable[Path], *words: str) -> str:
    """A hash of files' names and contents, and of any words given.

    Args:
        paths: Files; one that is missing counts as empty.
        words: Anything else the result depends on.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    for word in words:
        digest.update(f"\0{word}".encode())
    return digest.hexdigest()
