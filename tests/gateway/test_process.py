"""A gateway as a process of its own: how it says that it is ready, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.gateway.running import PATIENCE_S, asked_until
from tower.feed.clock import SystemClock
from tower.gateway.server import open_journal

TOKEN = "a-secret-of-this-test"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Child:
    """A gateway started as the desktop starts its own."""

    def __init__(self, *words: str) -> None:
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tower", "gateway", "--port", "0", "--announce", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "TOWER_TOKEN": TOKEN},
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.ready_s = time.perf_counter() - begun
        self.announced = json.loads(self.said)

    def client(self) -> httpx.Client:
        url = f"http://127.0.0.1:{self.announced['port']}"
        return httpx.Client(base_url=url, headers=HEADERS, timeout=PATIENCE_S)


@contextmanager
def child(*words: str) -> Iterator[Child]:
    """A gateway that is certainly gone afterwards."""
    running = Child(*words)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait(PATIENCE_S)
        for pipe in (running.process.stdin, running.process.stdout, running.process.stderr):
            if pipe is not None:
                pipe.close()


def test_it_is_ready_quickly_and_says_where(tmp_path: Path) -> None:
    with child("--data", str(tmp_path)) as running:
        assert running.announced["pid"] == running.process.pid
        with running.client() as http:
            assert http.get("/v1/me").json()["role"] == "supervisor"
    assert running.ready_s < 5.0


def test_it_ends_when_its_desktop_does_and_keeps_everything(tmp_path: Path) -> None:
    with child("--data", str(tmp_path), "--die-with-parent") as running:
        with running.client() as http:
            before = http.get("/v1/health").json()["seq"]
            done = http.post(
                "/v1/manifest?name=day.csv",
                content=b"route,stop,sequence,lat,lon\nR1,S1,1,47.1,9.5\n",
            ).json()
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(PATIENCE_S) == 0
    with closing(open_journal(tmp_path, SystemClock())) as journal:
        assert journal.seq - before == done["events"] > 0
        assert "S1" in journal.load_state().stops


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.parametrize("one", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, one: signal.Signals) -> None:
    with child("--data", str(tmp_path)) as running:
        running.process.send_signal(one)
        _, noise = running.process.communicate(timeout=PATIENCE_S)
        assert running.process.returncode == 0
    assert b"Traceback" not in noise
    assert TOKEN.encode() not in noise + running.said


@pytest.mark.slow
def test_the_simulated_shift_is_alive_within_seconds(tmp_path: Path) -> None:
    words = ("--demo", "--data", str(tmp_path), "--speed", "60")
    with child(*words) as running, running.client() as http:
        asked_until(http, "/v1/carriers", lambda answer: _all_heard(answer.json()))
        asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 60)
        late = asked_until(http, "/v1/events?after=4400", lambda answer: answer.json()["events"])
        health = http.get("/v1/health").json()
    assert health["rate"] == 60
    assert health["ok"]
    assert late.json()["events"]


def _all_heard(carriers: list[dict[str, object]]) -> bool:
    return len(carriers) == 5 and all(carrier["last_heard"] for carrier in carriers)
