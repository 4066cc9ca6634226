"""Kills the real desktop with commands in flight, and opens it again.

It is a process with the real window; it claims exceptions and writes notes through its session,
as its panels do. A carrier raises alarms, a colleague's desktop follows. After each kill -9 what it
was told to be safe has to be there once, its claims have to go back to the queue by themselves,
and the next start has to work.
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.drills._desk import CLAIMS
from tests.drills._gateway import PATIENCE_S, SETTINGS, GatewayProcess
from tests.drills._journal import events_of, found_in, lost_and_doubled
from tests.drills._outcome import Outcome
from tests.drills._senders import Alarms, ask, connect
from tests.drills._single import run_alone
from tests.drills._watcher import Watcher, until
from tests.report import Line
from tower.domain.events import ExceptionWorked
from tower.domain.words import ExceptionState

NAME = "desktop_kill"
WORDS = "the desktop is killed with -9 with commands in flight"

KILLS = 5
_LEASE_S = 6.0
_NOTES = (20, 120)
"""Notes acknowledged between a start and its kill: at least, at most."""

_START_S = 60.0
_TOKEN = "desk"
_SETTINGS = f"""
lease_s = {_LEASE_S}
{SETTINGS}
[[token]]
id = "kim"
name = "Kim"
role = "dispatcher"
sha256 = "{hashlib.sha256(_TOKEN.encode()).hexdigest()}"
"""
_MANIFEST = b"route,stop,sequence,lat,lon,customer,carrier\n" + b"".join(
    b"R-1,S-%d,%d,47.1%d,9.5%d,Customer %d,drill0\n" % (n, n, n, n, n) for n in range(1, 6)
)


class DeskProcess:
    """A desktop in a process of its own, and what it was told to be safe.

    Attributes:
        started_s: seconds from its start until it had the shift and was live; None before.
        claimed: exceptions it holds; noted: notes that were acknowledged.
        lost: what its start said of a draft that was lost.
    """

    def __init__(self, port: int, run: int, home: Path) -> None:
        self.started_s: float | None = None
        self.claimed: list[str] = []
        self.noted: list[str] = []
        self.lost: list[str] = []
        places = {f"XDG_{one}_HOME": str(home) for one in ("CONFIG", "DATA", "CACHE", "STATE")}
        drawn = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
        alone = {"QTWEBENGINE_DISABLE_SANDBOX": "1"} if os.geteuid() == 0 else {}
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills._desk", f"ws://127.0.0.1:{port}", str(run)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **places, **drawn, **alone, "TOWER_TOKEN": _TOKEN},
            start_new_session=True,
        )
        self._thread = threading.Thread(target=self._hear)
        self._thread.start()

    def kill(self) -> None:
        """Kill -9, with the processes that draw its map."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_S)
        self._thread.join(PATIENCE_S)

    def _hear(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as said:
            for line in said:
                self._take(*line.strip().partition(" ")[::2])

    def _take(self, kind: str, words: str) -> None:
        if kind == "live":
            self.started_s = time.monotonic() - self._began
        elif kind == "claimed":
            self.claimed.append(words)
        elif kind == "noted":
            self.noted.append(words)
        elif kind == "lost":
            self.lost.append(words)


class _Life(NamedTuple):
    """One desktop from its start to its kill.

    Attributes:
        started_s: seconds until it was live; None where it never was.
        noted: notes acknowledged; claims: exceptions it held.
        released_s: seconds from its kill until a colleague saw all of them free; None for never.
        lost: what its start said of the draft of the one before.
    """

    started_s: float | None
    noted: list[str]
    claims: int
    released_s: float | None
    lost: list[str]


def run(seed: int, kills: int = KILLS) -> Outcome:
    """Kill a desktop so many times, on a journal of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return drill(kills, Path(folder), seed)


def drill(kills: int, folder: Path, seed: int = 1) -> Outcome:
    """Kill a desktop so many times.

    Args:
        kills: how often.
        folder: where the gateway's journal and the desktop's settings lie.
        seed: decides when it is killed.
    """
    rng, lives = random.Random(seed), list[_Life]()
    with (
        GatewayProcess(folder, _SETTINGS) as gateway,
        Watcher(gateway.port) as colleague,
        Alarms(gateway.port, 1, pace_s=0.5) as alarms,
    ):
        _plan(gateway.port)
        until(lambda: len(colleague.state.exceptions) > CLAIMS)
        for number in range(kills):
            desk = DeskProcess(gateway.port, number, folder / "home")
            lives.append(_live(desk, colleague, rng.randint(*_NOTES)))
        alarms.rest()
        is_well = until(lambda: alarms.is_done) and colleague.until_well()
    return _outcome(lives, alarms, folder / "data", colleague, is_well=is_well)


def _plan(port: int) -> None:
    """Hand in a route, for the desktop to try a change of."""
    with closing(connect(port)) as line:
        ask(line, "POST", "/v1/manifest?name=day.csv", _MANIFEST, Content_Type="text/csv")


def _live(desk: DeskProcess, colleague: Watcher, notes: int) -> _Life:
    until(lambda: len(desk.noted) >= notes and len(desk.claimed) == CLAIMS, _START_S)
    desk.kill()
    killed = time.monotonic()
    is_free = until(lambda: not _held(colleague), 4 * _LEASE_S)
    released_s = time.monotonic() - killed if is_free else None
    return _Life(desk.started_s, desk.noted, len(desk.claimed), released_s, desk.lost)


def _held(colleague: Watcher) -> list[str]:
    """What a colleague sees claimed."""
    known = list(colleague.state.exceptions.values())
    return [one.id for one in known if one.work.state is ExceptionState.CLAIMED]


def _outcome(
    lives: list[_Life], alarms: Alarms, data: Path, colleague: Watcher, *, is_well: bool
) -> Outcome:
    found = found_in(data, colleague.state)
    notes = [words for one in lives for words in one.noted]
    raised = [alarms.vehicle(number) for number in alarms.acknowledged]
    pairs = (lost_and_doubled(notes, found.notes), lost_and_doubled(raised, found.alarms))
    lapsed = _lapsed(data)
    claims = sum(one.claims for one in lives)
    released = [one.released_s for one in lives]
    starts = [one.started_s for one in lives]
    all_free, all_start = None not in released, None not in starts
    told = [words for one in lives[1:] for words in one.lost]
    return Outcome(
        name=NAME,
        acknowledged=len(notes) + claims + len(raised),
        lost=sum(lost for lost, _ in pairs),
        doubled=sum(doubled for _, doubled in pairs),
        recovered_s=max((one for one in starts if one is not None), default=None),
        seen=(*lapsed, *dict.fromkeys(told)),
        cleared=(
            (is_well and all_free and all_start and len(told) == len(lives) - 1)
            and (found.in_order and found.follower_agrees)
        ),
        more=(
            Line("kills", len(lives), "kills"),
            Line("starts", sum(one is not None for one in starts), "starts that worked"),
            Line("drafts_told", len(told), "starts that said which draft was lost before"),
            Line("notes", len(notes), "notes acknowledged before a kill"),
            Line("claims", claims, "exceptions claimed"),
            Line("lease_s", _LEASE_S, "a claim holds without a sign of life", "s"),
            Line("released_s", _worst(released), "claims were free again after, at worst", "s"),
        ),
    )


def _worst(seconds: list[float | None]) -> float | None:
    return max((one for one in seconds if one is not None), default=None)


def _lapsed(data: Path) -> dict[str, None]:
    """What colleagues read of claims that were given back by themselves."""
    return {
        f"{event.actor.name}: back in the queue": None
        for event in events_of(data)
        if isinstance(event.body, ExceptionWorked)
        and event.actor.kind == "rule"
        and event.body.state is ExceptionState.OPEN
    }


if __name__ == "__main__":
    run_alone(NAME)
