"""The gateway a desktop works with: its own child process, or an operations room's.

No Qt here: the child is started before anything slow is loaded.
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tower.gateway.options import ExitCode, TowerError

_STOP_S = 5.0
_REVIVE_GAP_S = 5.0
_LINE_LIMIT = 65_536


class EmbeddedGatewayError(TowerError):
    """The desktop's own gateway did not start."""


class GatewayHost(Protocol):
    """Where the desktop's gateway comes from."""

    @property
    def words(self) -> str:
        """What the status bar calls it."""
        ...

    @property
    def token(self) -> str:
        """The bearer token."""
        ...

    def wait_ready(self) -> str:
        """Wait until it answers (blocking).

        Returns:
            Its address.

        Raises:
            TowerError: it does not, and why.
        """
        ...

    def revive(self) -> bool:
        """Start it again if it ended and that is ours to do; True where it was."""
        ...

    def stop(self) -> None:
        """The desktop closes."""
        ...


class EmbeddedGateway:
    """A gateway as a child process on loopback, with a token nobody else learns.

    The token travels in the child's environment only. The child ends when its standard input
    closes, so it never outlives the desktop.

    Args:
        command: the whole command line of the child.
        log_file: where the child's standard error goes.
    """

    words = "embedded gateway"

    def __init__(self, command: Sequence[str], log_file: Path) -> None:
        self.token = secrets.token_urlsafe(32)
        self._command, self._log_file = tuple(command), log_file
        self._port, self._revived_at = 0, float("-inf")
        self._process = self._spawn(self._command)

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def wait_ready(self) -> str:
        """Wait for the child's announcement.

        Raises:
            EmbeddedGatewayError: it ended before, with its last words.
        """
        if self._process.poll() is not None and not self._port:
            self._close_pipes()
            self._process = self._spawn(self._command)
        output = self._process.stdout
        line = output.readline(_LINE_LIMIT) if output is not None else b""
        if not line:
            raise self._failure()
        try:
            self._port = int(json.loads(line)["port"])
        except (ValueError, KeyError, TypeError) as error:
            raise EmbeddedGatewayError(
                "The embedded gateway announced itself in words this desktop does not know; "
                "both must be of one version. Run `make setup`."
            ) from error
        return f"http://127.0.0.1:{self._port}"

    def revive(self) -> bool:
        """Start the child again on its port if it ended; its journal continues."""
        waited_s = time.monotonic() - self._revived_at
        if not self._port or self._process.poll() is None or waited_s < _REVIVE_GAP_S:
            return False
        self._revived_at = time.monotonic()
        self._close_pipes()
        self._process = self._spawn(_on_port(self._command, self._port))
        return True

    def stop(self) -> None:
        """Ask the child to end by closing its standard input; waits at most five seconds."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_S)
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _spawn(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "TOWER_TOKEN": self.token}
        try:
            with self._log_file.open("ab" if self._port else "wb") as log:
                return subprocess.Popen(  # noqa: S603 - our own command line
                    list(command),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=environment,
                )
        except OSError as error:
            raise EmbeddedGatewayError(
                f"The gateway cannot be started: {error.strerror} ({command[0]})."
            ) from error

    def _failure(self) -> EmbeddedGatewayError:
        code = self._process.wait(_STOP_S)
        error = EmbeddedGatewayError(f"The embedded gateway ended: {self._last_words()}")
        if code in ExitCode.__members__.values() and code:
            error.exit_code = ExitCode(code)
        return error

    def _last_words(self) -> str:
        lines = self._log_file.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("tower: ") if lines else "it said nothing"


def _on_port(command: Sequence[str], port: int) -> list[str]:
    """The same command with a fixed port."""
    words = list(command)
    if "--port" in words:
        words[words.index("--port") + 1] = str(port)
        return words
    return [*words, "--port", str(port)]


def default_command() -> tuple[str, ...]:
    """The command of an embedded gateway on the simulated shift."""
    flags = ("--port", "0", "--demo", "--announce", "--die-with-parent")
    return (sys.executable, "-m", "tower", "gateway", *flags)
