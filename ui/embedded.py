"""The gateway a desktop starts for itself: a child process that ends with it."""

import logging
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Qt, Signal

from tower.gateway.options import ExitCode, TowerError

_STOP_S = 5.0
_LINE_LIMIT = 65_536
_log = logging.getLogger(__name__)


class EmbeddedGatewayError(TowerError):
    """The desktop's own gateway did not start."""


class Announcement(msgspec.Struct, frozen=True):
    """The line a gateway prints when it is ready."""

    port: int
    pid: int


class EmbeddedGateway(QObject):
    """A gateway as a child process on loopback, with a token nobody else learns.

    The token travels in the child's environment only. The child ends when its standard input
    closes, so it never outlives the desktop.

    Args:
        command: the whole command line of the child.
        log_file: where the child's standard error goes.

    Attributes:
        ready: address of the gateway once it listens.
        ended: exit code, when the child ended before it was stopped.
    """

    ready = Signal(str)
    ended = Signal(int)
    _line_read = Signal(object)

    def __init__(self, command: Sequence[str], log_file: Path) -> None:
        super().__init__()
        self.token = secrets.token_urlsafe(32)
        self.log_file = log_file
        self._stopping = False
        self._process = self._spawn(command)
        self._line_read.connect(self._on_line_read, Qt.ConnectionType.QueuedConnection)
        self._reader = threading.Thread(target=self._read, name="gateway-output", daemon=True)

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def listen(self) -> None:
        """Start to wait for the child's announcement; needs a running event loop."""
        self._reader.start()

    def stop(self) -> None:
        """Ask the child to end by closing its standard input; waits at most five seconds."""
        self._stopping = True
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            _log.warning("the embedded gateway took too long to close and was ended")
            self._process.kill()
            self._process.wait(_STOP_S)

    def last_words(self) -> str:
        """The last line the child wrote to its log, for the error message."""
        try:
            lines = self.log_file.read_text("utf-8", "replace").strip().splitlines()
        except OSError as error:
            return f"its log {self.log_file} cannot be read: {error.strerror}"
        return lines[-1].removeprefix("tower: ") if lines else "it said nothing"

    def _spawn(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "TOWER_TOKEN": self.token}
        try:
            with self.log_file.open("wb") as log:
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

    def _read(self) -> None:
        """Wait for the announcement, then for the end (in the reader thread)."""
        output = self._process.stdout
        if output is None:
            return
        while line := output.readline(_LINE_LIMIT):
            self._line_read.emit(line)
        self._process.wait()
        self._line_read.emit(None)

    def _on_line_read(self, line: bytes | None) -> None:
        if line is None:
            if not self._stopping:
                self.ended.emit(self._process.returncode)
            return
        try:
            announcement = msgspec.json.decode(line, type=Announcement)
        except msgspec.MsgspecError:
            _log.warning("the embedded gateway printed an unexpected line (%d bytes)", len(line))
            return
        self.ready.emit(f"http://127.0.0.1:{announcement.port}")


def failure(code: int, last_words: str) -> EmbeddedGatewayError:
    """What to tell the user when the child ended with an exit code before it was ready."""
    error = EmbeddedGatewayError(f"The embedded gateway ended: {last_words}")
    known = code in ExitCode.__members__.values()
    error.exit_code = ExitCode(code) if known and code else ExitCode.FAILED
    return error


def default_command() -> tuple[str, ...]:
    """The command of an embedded gateway on the simulated shift."""
    flags = ("--port", "0", "--demo", "--announce", "--die-with-parent")
    return (sys.executable, "-m", "tower", "gateway", *flags)
