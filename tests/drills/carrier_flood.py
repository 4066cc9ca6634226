"""Lets one carrier send a hundred times as much as before, and measures what the others notice.

Every carrier sends an alarm and a position now and then. Then one of them opens hundreds of
connections and sends a hundred times its rate and more, as fast as it is let. What it is told,
what a desktop shows of it and how the others are answered meanwhile is the outcome.
"""

import asyncio
import http.client
import json
import multiprocessing
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from tests.drills._formats import FORMATS
from tests.drills._gateway import PATIENCE_S, TOKEN, GatewayProcess
from tests.drills._journal import alarms_in, lost_and_doubled
from tests.drills._outcome import Outcome
from tests.drills._senders import Answer, Sender, ask
from tests.drills._single import run_alone
from tests.drills._watcher import Watcher
from tests.report import Line

NAME = "carrier_flood"
WORDS = "one carrier sends a hundred times its rate"

CONNECTIONS = 400
"""Of the carrier that floods; more than messages of one carrier may wait (256)."""

_OTHERS = ("north", "south", "east")
_PACE_S = 0.5
_SECONDS = 20.0
_MIB = 1024 * 1024
_MAKE = FORMATS[1].make
_SETTINGS = "".join(
    f'[[carrier]]\nid = "{name}"\nadapter = "driver_app"\n\n' for name in (*_OTHERS, "west")
)
_TURNED_AWAY = (http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE)


class Steady(Sender):
    """A carrier that sends an alarm of a vehicle of its own twice a second."""

    safe = http.client.ACCEPTED

    def __init__(self, port: int, carrier: str) -> None:
        super().__init__(port, 1, _PACE_S)
        self.carrier = carrier

    def send(self, line: http.client.HTTPConnection, number: int) -> Answer:
        """One alarm."""
        message = _MAKE(f"van-{number}")
        return ask(line, "POST", "/v1/ingest/driver_app", message, X_Tower_Carrier=self.carrier)

    def vehicles(self) -> list[str]:
        """Whose alarms were acknowledged."""
        return [f"{self.carrier}:van-{number}" for number in self.acknowledged]


class Poured(NamedTuple):
    """What a flood was answered.

    Attributes:
        answers: how many, by HTTP status.
        taken: numbers of messages acknowledged with nothing of them refused.
        refused: messages of which something was refused with its reason.
    """

    answers: Counter[int]
    taken: list[int]
    refused: int

    def vehicles(self) -> list[str]:
        """Whose alarms were acknowledged."""
        return [f"west:flood-{number}" for number in self.taken]


class Flood:
    """Hundreds of connections of one carrier, each sending as soon as it is answered."""

    def __init__(self, port: int) -> None:
        self.poured = Poured(Counter(), [], 0)
        self._port, self._newest = port, 0

    async def pour(self, seconds: float) -> None:
        """Send for so long."""
        ends = time.monotonic() + seconds
        async with asyncio.TaskGroup() as connections:
            for _ in range(CONNECTIONS):
                connections.create_task(self._connection(ends))

    async def _connection(self, ends: float) -> None:
        while time.monotonic() < ends:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    while time.monotonic() < ends:
                        await self._message(reader, writer)
                finally:
                    writer.close()

    async def _message(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._newest += 1
        number = self._newest
        message = _MAKE(f"flood-{number}")
        writer.write(_HEAD % len(message) + message)
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        self._note(number, status, await reader.readexactly(int(length)))

    def _note(self, number: int, status: int, body: bytes) -> None:
        answers, taken, refused = self.poured
        answers[status] += 1
        if status == http.client.ACCEPTED:
            is_whole = not json.loads(body)["refused"]
            if is_whole:
                taken.append(number)
            self.poured = Poured(answers, taken, refused + (not is_whole))


def pour(port: int, seconds: float) -> Poured:
    """Flood for so long; run in a process of its own, so that it takes nobody's time here."""
    flood = Flood(port)
    asyncio.run(flood.pour(seconds))
    return flood.poured


_HEAD = (
    f"POST /v1/ingest/driver_app HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    "X-Tower-Carrier: west\r\nContent-Type: application/json\r\nContent-Length: "
).encode() + b"%d\r\n\r\n"


class _Served(NamedTuple):
    """How the other carriers were served for a while: answers, and 95 of 100 within."""

    answers: int
    p95_ms: float


def run(seed: int, seconds: float = _SECONDS) -> Outcome:  # noqa: ARG001 - nothing is random
    """Flood a gateway for so long, on a journal of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(seconds, Path(folder))


def drill(seconds: float, folder: Path) -> Outcome:
    """Flood a gateway for so long, after as long a calm.

    Args:
        seconds: how long.
        folder: where its journal lies.
    """
    with (
        GatewayProcess(folder, _SETTINGS) as gateway,
        Watcher(gateway.port) as watcher,
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart,
    ):
        process = psutil.Process(gateway.pid)
        others = [Steady(gateway.port, name) for name in _OTHERS]
        for one in others:
            one.__enter__()
        time.sleep(seconds)
        calm, before_mb = _served(others), process.memory_info().rss / _MIB
        busy_s = sum(process.cpu_times()[:2])
        poured = apart.submit(pour, gateway.port, seconds).result()
        busy_s = sum(process.cpu_times()[:2]) - busy_s
        flooded, ended = _served(others, calm.answers), time.monotonic()
        after_mb, told = process.memory_info().rss / _MIB, watcher.seen
        cleared = watcher.until_well()
        recovered_s = time.monotonic() - ended
        for one in others:
            one.end()
    acknowledged = [*poured.vehicles(), *(name for one in others for name in one.vehicles())]
    lost, doubled = lost_and_doubled(acknowledged, alarms_in(folder / "data"))
    turned_away = sum(poured.answers[status] for status in _TURNED_AWAY)
    return Outcome(
        name=NAME,
        acknowledged=len(acknowledged),
        lost=lost,
        doubled=doubled,
        recovered_s=recovered_s,
        seen=told if turned_away else (),
        cleared=cleared,
        more=(
            *_flood_lines(poured, turned_away, seconds),
            *_others_lines(calm, flooded),
            Line("cpu_share", busy_s / seconds, "processor the gateway had in the flood, of one"),
            Line("memory_before_mb", before_mb, "memory of the gateway before", "MB"),
            Line("memory_after_mb", after_mb, "... and after", "MB"),
        ),
    )


def _flood_lines(poured: Poured, turned_away: int, seconds: float) -> tuple[Line, ...]:
    rate = poured.answers.total() / seconds
    return (
        Line("flood_rate", rate, "the flood", "messages/s"),
        Line("flood_times", rate * _PACE_S, "... so many times the rate of the others"),
        Line("flood_taken", len(poured.taken), "... taken in"),
        Line("flood_refused", poured.refused, "... refused with a reason (1,000 alarms are open)"),
        Line("flood_turned_away", turned_away, "... told to come again later (429, 503)"),
    )


def _others_lines(calm: _Served, flooded: _Served) -> tuple[Line, ...]:
    return (
        Line("others_before", calm.answers, "answers to the others before"),
        Line("others_during", flooded.answers, "... and in the flood"),
        Line("others_p95_before_ms", calm.p95_ms, "answered within, 95 of 100, before", "ms"),
        Line("others_p95_during_ms", flooded.p95_ms, "... in the flood", "ms"),
    )


def _served(others: list[Steady], before: int = 0) -> _Served:
    """How they were served since so many answers were there, of all of them together."""
    each = before // len(others)
    latencies = [taken for one in others for taken in one.latencies_s[each:]]
    p95_s = float(np.percentile(latencies, 95)) if latencies else PATIENCE_S
    return _Served(len(latencies), p95_s * 1000)


if __name__ == "__main__":
    run_alone(NAME)
