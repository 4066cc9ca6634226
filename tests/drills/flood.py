"""Floods a gateway with one carrier's messages and measures what another carrier notices.

One carrier sends full messages of 1 MiB from several connections as fast as they are taken: alarms
of ever new vehicles, reports about stops there are not, positions. Meanwhile another carrier
reports an alarm ten times a second, as before. Its answers, the gateway's memory and what is in
the journal afterwards tell whether the flood stays the flooding carrier's own affair.
"""

import http.client
import json
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.drills._journal import alarms_in
from tests.drills.gateway_kill import TOKEN, GatewayProcess
from tests.report import Line, argument_parser, show

FLOODERS = 6
_PACE_S = 0.1
_PATIENCE_S = 120.0
_MIB = 1024 * 1024
_SETTINGS = """
[[carrier]]
id = "flood"
adapter = "driver_app"

[[carrier]]
id = "quiet"
adapter = "driver_app"
"""


class Outcome(NamedTuple):
    """What a drill found.

    Attributes:
        calm_ms: the quiet carrier's answers before the flood: median and worst, milliseconds.
        flooded_ms: during it.
        sent: messages of the flood, by HTTP status.
        lost: acknowledged alarms of the quiet carrier that are not in the journal.
    """

    calm_ms: tuple[float, float]
    flooded_ms: tuple[float, float]
    acknowledged: int
    lost: int
    sent: Counter[int]
    open_exceptions: int
    memory_mb: tuple[float, float]

    def lines(self) -> list[Line]:
        """For the report."""
        before, after = self.memory_mb
        return [
            Line("flood_taken", self.sent[202], "messages of the flood taken in, 1 MiB each"),
            Line("flood_turned_away", self.sent[429], "… told to come again later"),
            Line("calm_median_ms", self.calm_ms[0], "quiet carrier answered in, before", "ms"),
            Line("calm_worst_ms", self.calm_ms[1], "… at worst", "ms"),
            Line("flooded_median_ms", self.flooded_ms[0], "quiet carrier, in the flood", "ms"),
            Line("flooded_worst_ms", self.flooded_ms[1], "… at worst", "ms"),
            Line("acknowledged", self.acknowledged, "alarms of the quiet carrier acknowledged"),
            Line("lost", self.lost, "… of these not in the journal"),
            Line("open_exceptions", self.open_exceptions, "exceptions the flood left open"),
            Line("memory_before_mb", before, "memory of the gateway before", "MB"),
            Line("memory_after_mb", after, "… and after", "MB"),
        ]


class Quiet:
    """A carrier that reports ten times a second, whatever others do."""

    def __init__(self, port: int) -> None:
        self.acknowledged: list[str] = []
        self._answers_ms: list[float] = []
        self._port, self._ended = port, threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def answers_ms(self) -> tuple[float, float]:
        """Median and worst since this was asked last, milliseconds."""
        answers, self._answers_ms = self._answers_ms, []
        if not answers:
            return _PATIENCE_S * 1000, _PATIENCE_S * 1000
        return statistics.median(answers), max(answers)

    def end(self) -> None:
        """Send no more."""
        self._ended.set()
        self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        number = 0
        with closing(_connect(self._port)) as line:
            while not self._ended.wait(_PACE_S):
                number += 1
                vehicle = f"quiet-{number}"
                begun = time.perf_counter()
                status = _post(line, "quiet", json.dumps(_alarm(vehicle)).encode())
                self._answers_ms.append((time.perf_counter() - begun) * 1000)
                if status == http.client.ACCEPTED:
                    self.acknowledged.append(f"quiet:{vehicle}")


def drill(seconds: float, folder: Path) -> Outcome:
    """Flood a gateway for so long.

    Args:
        seconds: how long, after as long a calm of a quarter.
        folder: where its journal lies.
    """
    with GatewayProcess(folder, _SETTINGS) as gateway:
        process = psutil.Process(gateway.pid)
        quiet = Quiet(gateway.port)
        time.sleep(max(1.0, seconds / 4))
        calm, before = quiet.answers_ms(), process.memory_info().rss
        sent = _flood(gateway.port, seconds)
        flooded, after = quiet.answers_ms(), process.memory_info().rss
        quiet.end()
    raised = set(alarms_in(folder / "data"))
    return Outcome(
        calm_ms=calm,
        flooded_ms=flooded,
        acknowledged=len(quiet.acknowledged),
        lost=len(set(quiet.acknowledged) - raised),
        sent=sent,
        open_exceptions=sum(vehicle.startswith("flood:") for vehicle in raised),
        memory_mb=(before / _MIB, after / _MIB),
    )


def _flood(port: int, seconds: float) -> Counter[int]:
    """Send from several connections; what was answered, by status."""
    sent: Counter[int] = Counter()
    ends = time.monotonic() + seconds
    makers = [_alarms, _nonsense, _positions] * (FLOODERS // 3)

    def pour(number: int, make: Callable[[int, int], list[dict[str, object]]]) -> None:
        with closing(_connect(port)) as line:
            turn = 0
            while time.monotonic() < ends:
                turn += 1
                sent[_post(line, "flood", json.dumps(make(number, turn)).encode()[:_MIB])] += 1

    pouring = [
        threading.Thread(target=pour, args=(number, make)) for number, make in enumerate(makers)
    ]
    for thread in pouring:
        thread.start()
    for thread in pouring:
        thread.join(_PATIENCE_S)
    return sent


def _alarms(number: int, turn: int) -> list[dict[str, object]]:
    return [_alarm(f"v{number}-{turn}-{one}") for one in range(5_000)]


def _nonsense(number: int, turn: int) -> list[dict[str, object]]:
    note = f"{number}-{turn} " * 150
    return [
        {"type": "stop", "stop": "nowhere", "status": "arrived", "at": _now(), "note": note}
        for _ in range(800)
    ]


def _positions(number: int, turn: int) -> list[dict[str, object]]:
    return [
        {
            "type": "position",
            "vehicle": f"v{number}-{one}",
            "at": _now(),
            "lat": 47.0 + (turn % 100) / 1000,
            "lon": 9.5,
        }
        for one in range(8_000)
    ]


def _alarm(vehicle: str) -> dict[str, object]:
    return {"type": "alarm", "kind": "vehicle", "vehicle": vehicle, "at": _now()}


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)


def _post(line: http.client.HTTPConnection, carrier: str, body: bytes) -> int:
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Tower-Carrier": carrier}
    line.request("POST", "/v1/ingest/driver_app", body, headers)
    response = line.getresponse()
    response.read()
    return response.status


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.drills.flood", str(__doc__))
    parser.add_argument("--seconds", type=float, default=20.0, help="of flood (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show(drill(options.seconds, Path(folder)).lines(), as_json=options.json)


if __name__ == "__main__":
    main()
