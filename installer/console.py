"""What set-up says while it works, and the programs it runs quietly behind that."""

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

LAST_LINES = 25
"""How much of a failed program's output is shown; the log has the rest."""

_STATUS_WIDTH = 72
_STATUS_EVERY_S = 0.2


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do about it."""


class Console:
    """Prints one line a step and keeps every tool's output in a log.

    Args:
        log: The file that collects the output of the tools.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._live = sys.stdout.isatty()
        self._shown_at = 0.0

    def say(self, text: str) -> None:
        """Print one line."""
        self._clear_status()
        print(text, flush=True)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        doing: str,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run a program to its end; its output goes to the log.

        Args:
            command: The program and its arguments.
            doing: What it is for, as it reads after "while".
            folder: Where it runs.
            environment: Variables on top of the present ones.

        Raises:
            SetupError: The program is missing or failed; its last lines are in the message.
        """
        words = [str(part) for part in command]
        last: deque[str] = deque(maxlen=LAST_LINES)
        try:
            code = self._follow(words, folder, {**os.environ, **(environment or {})}, last)
        except FileNotFoundError as error:
            raise SetupError(f"{words[0]} is missing, needed while {doing}.") from error
        if code != 0:
            raise SetupError(self._failure(words, doing, code, last))

    def _follow(
        self, words: list[str], folder: Path | None, environment: dict[str, str], last: deque[str]
    ) -> int:
        with (
            self._log.open("a", encoding="utf-8") as log,
            subprocess.Popen(
                words,
                cwd=folder,
                env=environment,
                stdin=None if self._live else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as process,
        ):
            log.write(f"$ {' '.join(words)}\n")
            for line in process.stdout or ():
                log.write(line)
                last.append(line.rstrip())
                self._show_status(line)
        self._clear_status()
        return process.returncode

    def _failure(self, words: list[str], doing: str, code: int, last: deque[str]) -> str:
        shown = "\n".join(f"    {line}" for line in last) or "    (it said nothing)"
        return (
            f"{Path(words[0]).name} failed with code {code} while {doing}. It said:\n{shown}\n"
            f"The whole output is in {self._log}. When the cause is gone, run the same command "
            "again: what is done stays done."
        )

    def _show_status(self, line: str) -> None:
        now = time.monotonic()
        if not self._live or not line.strip() or now - self._shown_at < _STATUS_EVERY_S:
            return
        self._shown_at = now
        print(f"\r\x1b[2K    {line.strip()[:_STATUS_WIDTH]}", end="", flush=True)

    def _clear_status(self) -> None:
        if self._live:
            print("\r\x1b[2K", end="", flush=True)
