"""Kills a gateway in the middle of ingest, again and again, and counts what was lost.

A carrier sends Traccar messages over HTTP, each with an alarm of a vehicle of its own. Every
answer 202 is an acknowledgement. After each kill -9 the gateway is started again on the same
journal, and every message that got no answer is sent again, as a real carrier would.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from tests.drills._journal import alarms_in
from tests.report import Line, argument_parser, show

TOKEN = "drill"
SENDERS = 4
BEFORE_A_KILL = (20, 200)
"""Messages acknowledged between a start and the next kill: at least, at most."""

_PATIENCE_S = 30.0
_SETTINGS = """
[[carrier]]
id = "drill"
adapter = "traccar"
"""


class Outcome(NamedTuple):
    """What a drill found.

    Attributes:
        acknowledged: messages answered with 202.
        lost: acknowledged messages that are not in the journal.
        doubled: messages that are in the journal more than once.
        resent: messages sent again because no answer came.
    """

    times: int
    acknowledged: int
    lost: int
    doubled: int
    resent: int

    def lines(self) -> list[Line]:
        """For the report."""
        return [
            Line("times", self.times, "kill -9 in the middle of ingest"),
            Line("acknowledged", self.acknowledged, "messages acknowledged"),
            Line("lost", self.lost, "… of these not in the journal"),
            Line("doubled", self.doubled, "messages in the journal twice"),
            Line("resent", self.resent, "messages sent again for want of an answer"),
        ]


class GatewayProcess:
    """A real gateway in a process of its own."""

    def __init__(self, folder: Path, carriers: str = _SETTINGS) -> None:
        settings = folder / "settings.toml"
        settings.write_text(carriers, encoding="utf-8")
        words = ["gateway", "--port", "0", "--announce", "--data", str(folder / "data")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tower", *words, "--config", str(settings)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "TOWER_TOKEN": TOKEN},
        )
        announced = self._process.stdout.readline() if self._process.stdout else b""
        if not announced:
            raise RuntimeError(f"the gateway ended with {self._process.wait()} at its start")
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
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(_PATIENCE_S)
        if self._process.stdout:
            self._process.stdout.close()


class Carrier:
    """Sends numbered messages, and remembers which were acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: set[int] = set()
        self.resent = 0
        self._at = datetime.now(UTC).isoformat()
        self._unanswered: list[int] = []
        self._newest = 0
        self._lock = threading.Lock()

    def send_until(self, stop: threading.Event, port: int, enough: int) -> None:
        """Send from several threads until the gateway is gone.

        Args:
            stop: set once so many messages were acknowledged.
            port: where the gateway listens.
            enough: how many that is.
        """
        target = len(self.acknowledged) + enough
        senders = [
            threading.Thread(target=self._send_all, args=(stop, port, target))
            for _ in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        self._senders = senders

    def join(self) -> None:
        """Wait until every sender has noticed that the gateway is gone."""
        for sender in self._senders:
            sender.join(_PATIENCE_S)

    def send_rest(self, port: int) -> None:
        """Send everything that got no answer, until nothing is left."""
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)) as line:
            while self._unanswered:
                number = self._unanswered.pop()
                self.resent += 1
                if not self._send(line, number):
                    raise RuntimeError("the gateway does not take messages")

    def _send_all(self, stop: threading.Event, port: int, target: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)) as line:
            number = self._take()
            while self._send(line, number):
                if len(self.acknowledged) >= target:
                    stop.set()
                number = self._take()

    def _take(self) -> int:
        """The number to send next: one that got no answer before, else a new one."""
        with self._lock:
            if self._unanswered:
                self.resent += 1
                return self._unanswered.pop()
            self._newest += 1
            return self._newest

    def _send(self, line: http.client.HTTPConnection, number: int) -> bool:
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Tower-Carrier": "drill"}
        try:
            line.request("POST", "/v1/ingest/traccar", self._message(number), headers)
            response = line.getresponse()
            acknowledged = response.status == http.client.ACCEPTED
            response.read()
        except (OSError, http.client.HTTPException):
            acknowledged = False
        with self._lock:
            if acknowledged:
                self.acknowledged.add(number)
            else:
                self._unanswered.append(number)
        return acknowledged

    def _message(self, number: int) -> bytes:
        position = {
            "id": number,
            "deviceId": number,
            "fixTime": self._at,
            "latitude": 47.14,
            "longitude": 9.52,
            "valid": True,
            "attributes": {"alarm": "sos"},
        }
        device = {"id": number, "uniqueId": f"van-{number}", "name": f"Van {number}"}
        return json.dumps({"position": position, "device": device}).encode()


def drill(times: int, folder: Path, seed: int = 1) -> Outcome:
    """Kill a gateway so many times.

    Args:
        times: how often.
        folder: where its journal lies.
        seed: decides when it is killed.
    """
    rng = random.Random(seed)
    carrier = Carrier()
    for _ in range(times):
        with GatewayProcess(folder) as gateway:
            enough = threading.Event()
            carrier.send_until(enough, gateway.port, rng.randint(*BEFORE_A_KILL))
            enough.wait(_PATIENCE_S)
            gateway.kill()
            carrier.join()
    with GatewayProcess(folder) as gateway:
        carrier.send_rest(gateway.port)
    recorded = alarms_in(folder / "data")
    return Outcome(
        times=times,
        acknowledged=len(carrier.acknowledged),
        lost=sum(1 for number in carrier.acknowledged if not recorded[f"drill:van-{number}"]),
        doubled=sum(1 for count in recorded.values() if count > 1),
        resent=carrier.resent,
    )


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.drills.gateway_kill", str(__doc__))
    parser.add_argument("--times", type=int, default=20, help="kills (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show(drill(options.times, Path(folder)).lines(), as_json=options.json)


if __name__ == "__main__":
    main()
