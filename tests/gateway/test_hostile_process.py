"""A gateway process and what it leaves behind: no secret anywhere, nothing others may read."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.gateway.running import PATIENCE_S
from tests.gateway.test_process import TOKEN, child
from tower.gateway.options import ExitCode

OWN = "a-carriers-secret-of-this-test"
SETTINGS = """
[[token]]
id = "own-app"
role = "carrier"
carrier = "own"
env = "OWN_TOKEN"

[[carrier]]
id = "own"
adapter = "driver_app"
"""
FAKE = "x\n2026-01-01 00:00:00,000 INFO tower: all is well\x1b[2J\u202e"

posix = pytest.mark.skipif(sys.platform == "win32", reason="file modes are of POSIX")


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command line of a gateway with a carrier's token."""
    monkeypatch.setenv("OWN_TOKEN", OWN)
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    return ["--data", str(tmp_path / "data"), "--config", str(settings)]


def misuse(url: str) -> None:
    """Everything a clumsy integrator does with a token."""
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as http:
        for token in (TOKEN, OWN):
            http.get(f"/v1/events?token={token}")
            http.get(f"/v1/{token}")
            http.get("/v1/me", headers={"Authorization": f"Basic {token}"})
            http.get("/v1/me", headers={"Authorization": f"Bearer Bearer {token}"})
            http.post("/v1/commands", content="{", headers={"Authorization": f"Bearer {token}"})
            http.delete("/v1/me", headers={"Authorization": f"Bearer {token}"})
        signed = {"Authorization": f"Bearer {OWN}"}
        http.post("/v1/ingest/driver_app", content="{", headers=signed)
        http.post("/v1/ingest/driver_app", content="{}", headers={**signed, "X-Token": OWN})


def test_no_token_is_ever_written_down(tmp_path: Path, words: list[str]) -> None:
    with child(*words) as running:
        misuse(f"http://127.0.0.1:{running.announced['port']}")
        command = Path(f"/proc/{running.process.pid}/cmdline")
        said = command.read_bytes() if command.exists() else b""
        running.process.send_signal(signal.SIGTERM)
        output, log = running.process.communicate(timeout=PATIENCE_S)
    kept = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert len(kept) >= 2
    for token in (TOKEN, OWN):
        assert token.encode() not in b"".join([said, running.said, output, log, *kept])


@posix
def test_what_it_keeps_is_for_its_user_alone(tmp_path: Path, words: list[str]) -> None:
    before = os.umask(0o000)
    try:
        with child(*words):
            kept = list((tmp_path / "data").rglob("*"))
            assert {path.name for path in kept} >= {"journal.db", "journal.db.lock"}
            assert not [path for path in kept if path.stat().st_mode & 0o077]
            assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    finally:
        os.umask(before)


@posix
def test_a_journal_others_could_read_is_closed_to_them(tmp_path: Path, words: list[str]) -> None:
    with child(*words) as running:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(PATIENCE_S)
    journal = tmp_path / "data" / "journal.db"
    journal.chmod(0o644)
    with child(*words):
        assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_strangers_cannot_write_lines_into_the_log(words: list[str]) -> None:
    with child(*words) as running:
        url = f"http://127.0.0.1:{running.announced['port']}"
        with httpx.Client(base_url=url, timeout=PATIENCE_S) as http:
            http.headers["Authorization"] = f"Bearer {TOKEN}"
            http.get("/v1/%0aINFO%20tower:%20all%20is%20well")
            http.post("/v1/manifest?name=%0aINFO%20tower.csv", content=FAKE.encode())
            http.post(
                "/v1/ingest/driver_app",
                content=json.dumps({"type": "stop", "stop": FAKE}),
                headers={"X-Tower-Carrier": "own"},
            )
        running.process.send_signal(signal.SIGTERM)
        _, log = running.process.communicate(timeout=PATIENCE_S)
    assert b"\x1b" not in log
    lines = log.decode().splitlines()
    assert not [line for line in lines if line.startswith("2026-01-01") or "all is well" in line]


def test_a_second_gateway_on_the_same_journal_is_told_who_has_it(words: list[str]) -> None:
    with child(*words) as running:
        second = subprocess.run(
            [sys.executable, "-m", "tower", "gateway", "--port", "0", *words],
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
            env={**os.environ, "TOWER_TOKEN": "other"},
        )
        assert second.returncode == ExitCode.DATA
        assert f"process {running.process.pid}" in second.stderr.decode()
        assert len(second.stderr.splitlines()) == 1
        with running.client() as http:
            assert http.get("/v1/health").json()["ok"]
