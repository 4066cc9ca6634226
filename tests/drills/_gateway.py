"""A real gateway in a process of its own, to be killed, starved and started again."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

TOKEN = "drill"
PATIENCE_S = 60.0
CARRIERS = tuple(f"drill{number}" for number in range(12))
"""Several, because no carrier may leave more than a thousand alarms open."""

SETTINGS = "".join(f'[[carrier]]\nid = "{id_}"\nadapter = "traccar"\n' for id_ in CARRIERS)


class GatewayProcess:
    """A gateway that runs until it is killed or ended.

    Attributes:
        port: where it listens on loopback.
        data: its data folder.
    """

    def __init__(
        self,
        folder: Path,
        settings: str = SETTINGS,
        *,
        port: int = 0,
        data: Path | None = None,
        program: Sequence[str] = ("-m", "tower"),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it, and wait until it serves.

        Args:
            folder: for its settings, its log, and its data where `data` is None.
            settings: the settings file's text.
            port: 0 for any.
            data: its data folder.
            program: what Python runs, before `gateway`.
            environment: added to this process's own.

        Raises:
            RuntimeError: it ended at its start; the message has its last words.
        """
        self.data = data or folder / "data"
        (folder / "settings.toml").write_text(settings, encoding="utf-8")
        self.log = folder / "gateway.log"
        words = ["gateway", "--port", str(port), "--announce", "--data", str(self.data)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *program, *words, "--config", str(folder / "settings.toml")],
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **(environment or {}), "TOWER_TOKEN": TOKEN},
            )
        announced = self._process.stdout.readline() if self._process.stdout else b""
        if not announced:
            self.exit_code = self._process.wait()
            raise GatewayEnded(self.exit_code, last_words(self.log))
        self.port = int(json.loads(announced)["port"])

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """Kill -9, and wait until it is dead."""
        self._signal(signal.SIGKILL)

    def end(self) -> int:
        """Ask it to end, and wait until it has; its exit code."""
        return self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> int:
        self._process.send_signal(number)
        code = self._process.wait(PATIENCE_S)
        if self._process.stdout:
            self._process.stdout.close()
        return code


class GatewayEnded(RuntimeError):
    """A gateway ended at its start.

    Attributes:
        code: its exit code; words: the last it said.
    """

    def __init__(self, code: int, words: str) -> None:
        self.code, self.words = code, words
        super().__init__(f"the gateway ended with {code} at its start: {words}")


def last_words(log: Path) -> str:
    """The last line of a gateway's log, "" where it said nothing."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def free_port() -> int:
    """A port on loopback nobody listens on, for a gateway that comes back where it was."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
