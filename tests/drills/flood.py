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

from tests.drills._gateway import GatewayProcess
from tests.drills._journal import alarms_in, lost_and_doubled
from tests.drills._outcome import Outcome
from tests.drills._senders import Answer, ask, connect
from tests.drills._single import run_alone
from tests.drills._watcher import Watcher, until
from tests.report import Line
from tower.feed.messages import CarrierHealth

NAME = "flood"
WORDS = "a carrier sends 1 MiB messages as fast as they are taken"

FLOODERS = 6
_SECONDS = 20.0
_WELL_AGAIN_MS = 250.0
"""The quiet carrier counts as served as before once it is answered in so long."""

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


class Flooded(NamedTuple):
    """What a flood did.

    Attributes:
        calm_ms: the quiet carrier's answers before the flood: median and worst, milliseconds.
        flooded_ms: during it.
        sent: messages of the flood, by HTTP status.
        lost: acknowledged alarms of the quiet carrier that are not in the journal; doubled: those
            that are there twice.
        recovered_s: seconds after the flood until the quiet carrier is answered as before.
        seen: what the flooding carrier was told, and what a desktop showed of it.
    """

    calm_ms: tuple[float, float]
    flooded_ms: tuple[float, float]
    acknowledged: int
    lost: int
    doubled: int
    sent: Counter[int]
    open_exceptions: int
    memory_mb: tuple[float, float]
    recovered_s: float
    seen: tuple[str, ...]

    def outcome(self) -> Outcome:
        """As all drills tell it."""
        return Outcome(
            name=NAME,
            acknowledged=self.acknowledged,
            lost=self.lost,
            doubled=self.doubled,
            recovered_s=self.recovered_s,
            seen=self.seen,
            cleared=self.recovered_s < _PATIENCE_S,
            more=tuple(self._lines()),
        )

    def _lines(self) -> list[Line]:
        before, after = self.memory_mb
        return [
            Line("flood_taken", self.sent[202], "messages of the flood taken in, 1 MiB each"),
            Line("flood_turned_away", self.sent[429], "… told to come again later"),
            Line("calm_median_ms", self.calm_ms[0], "quiet carrier answered in, before", "ms"),
            Line("calm_worst_ms", self.calm_ms[1], "… at worst", "ms"),
            Line("flooded_median_ms", self.flooded_ms[0], "quiet carrier, in the flood", "ms"),
            Line("flooded_worst_ms", self.flooded_ms[1], "… at worst", "ms"),
            Line("open_exceptions", self.open_exceptions, "exceptions the flood left open"),
            Line("memory_before_mb", before, "memory of the gateway before", "MB"),
            Line("memory_after_mb", after, "… and after", "MB"),
        ]


class Quiet:
    """A carrier that reports ten times a second, whatever others do."""

    def __init__(self, port: int) -> None:
        self.acknowledged: list[str] = []
        self.last_ms = 0.0
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
        with closing(connect(self._port)) as line:
            while not self._ended.wait(_PACE_S):
                number += 1
                vehicle = f"quiet-{number}"
                begun = time.perf_counter()
                answer = _post(line, "quiet", json.dumps(_alarm(vehicle)).encode())
                self.last_ms = (time.perf_counter() - begun) * 1000
                self._answers_ms.append(self.last_ms)
                if answer.status == http.client.ACCEPTED:
                    self.acknowledged.append(f"quiet:{vehicle}")


def run(seed: int, seconds: float = _SECONDS) -> Outcome:  # noqa: ARG001 - nothing is random
    """Flood a gateway for so long, on a journal of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(seconds, Path(folder)).outcome()


def drill(seconds: float, folder: Path) -> Flooded:
    """Flood a gateway for so long.

    Args:
        seconds: how long, after as long a calm of a quarter.
        folder: where its journal lies.
    """
    with GatewayProcess(folder, _SETTINGS) as gateway, Watcher(gateway.port) as watcher:
        process = psutil.Process(gateway.pid)
        quiet = Quiet(gateway.port)
        time.sleep(max(1.0, seconds / 4))
        calm, before = quiet.answers_ms(), process.memory_info().rss
        sent, words = _flood(gateway.port, seconds)
        flooded, after = quiet.answers_ms(), process.memory_info().rss
        ended = time.monotonic()
        until(lambda: quiet.last_ms < _WELL_AGAIN_MS, _PATIENCE_S)
        recovered_s = time.monotonic() - ended
        quiet.end()
    raised = alarms_in(folder / "data")
    lost, doubled = lost_and_doubled(quiet.acknowledged, raised)
    return Flooded(
        calm_ms=calm,
        flooded_ms=flooded,
        acknowledged=len(quiet.acknowledged),
        lost=lost,
        doubled=doubled,
        sent=sent,
        open_exceptions=sum(vehicle.startswith("flood:") for vehicle in raised),
        memory_mb=(before / _MIB, after / _MIB),
        recovered_s=recovered_s,
        seen=(*sorted(words), *_shown(watcher.health.get("flood"))),
    )


def _shown(health: CarrierHealth | None) -> list[str]:
    """What the carriers' panel shows of the one that floods."""
    if health is None or not health.refused:
        return []
    return [f"{health.carrier_id}: {health.refused:,} refused"]


def _flood(port: int, seconds: float) -> tuple[Counter[int], set[str]]:
    """Send from several connections; what was answered, by status, and the words of refusals."""
    sent, words = Counter[int](), set[str]()
    ends = time.monotonic() + seconds
    makers = [_alarms, _nonsense, _positions] * (FLOODERS // 3)

    def pour(number: int, make: Callable[[int, int], list[dict[str, object]]]) -> None:
        with closing(connect(port)) as line:
            turn = 0
            while time.monotonic() < ends:
                turn += 1
                answer = _post(line, "flood", json.dumps(make(number, turn)).encode()[:_MIB])
                sent[answer.status] += 1
                if answer.status == http.client.TOO_MANY_REQUESTS:
                    words.add(answer.words)

    pouring = [
        threading.Thread(target=pour, args=(number, make)) for number, make in enumerate(makers)
    ]
    for thread in pouring:
        thread.start()
    for thread in pouring:
        thread.join(_PATIENCE_S)
    return sent, words


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


def _post(line: http.client.HTTPConnection, carrier: str, body: bytes) -> Answer:
    return ask(line, "POST", "/v1/ingest/driver_app", body, X_Tower_Carrier=carrier)


if __name__ == "__main__":
    run_alone(NAME)
