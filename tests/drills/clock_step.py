"""Sets the clock of the gateway's machine two hours forward, and two hours back, while it runs.

The gateway is a real process whose `time.time` is off by what a file says (`_stepped`). Carriers,
dispatcher and desktop keep the right time, as they would. Nothing may be refused, lost, doubled or
out of order, no claim may lapse, and no arrival may move by more than minutes.
"""

import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.drills import _stepped
from tests.drills._gateway import CARRIERS, GatewayProcess, free_port
from tests.drills._outcome import Outcome
from tests.drills._room import Room
from tests.drills._senders import ask, connect
from tests.drills._single import run_alone
from tests.drills._watcher import until
from tests.report import Line
from tower.domain.words import ExceptionState

NAME = "clock_step"
WORDS = "the clock of the gateway's machine is set two hours forward, then two hours back"

_HOURS_S = 7200.0
_STEPS_S = (_HOURS_S, -_HOURS_S)
_STEP_LASTS_S = 8.0
_ENOUGH = 60
_STOPS = 5
_PACE_S = 0.05
_ARRIVALS_MAY_MOVE = timedelta(minutes=10)


def run(seed: int, seconds: float = _STEP_LASTS_S) -> Outcome:  # noqa: ARG001 - nothing is random
    """Set the clock both ways, for so long each time."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(Path(folder), seconds)


def drill(folder: Path, seconds: float) -> Outcome:
    """Set the clock both ways.

    Args:
        folder: for the settings, the log and the data.
        seconds: how long the clock is wrong each time.
    """
    clock = folder / "clock"
    with _gateway(folder, clock) as gateway:
        _plan(gateway.port)
        with Room(gateway.port, pace_s=_PACE_S) as room:
            room.work(_ENOUGH)
            claimed, expected = _claim(room), _arrivals(room)
            recovered_s, is_served = 0.0, True
            for step_s in _STEPS_S:
                _stepped.set_off_by(clock, step_s)
                is_served &= _works_on(room, seconds) and room.watcher.until_saw(_way(step_s))
                _stepped.set_off_by(clock, 0.0)
                stepped_back = time.monotonic()
                is_served &= room.work(1) and room.watcher.until_well()
                recovered_s = max(recovered_s, time.monotonic() - stepped_back)
            moved = _most_moved(expected, _arrivals(room))
            cleared = room.finish()
        gateway.end()
    holds = room.watcher.state.exceptions[claimed].work.state is ExceptionState.CLAIMED
    refused = sum(one.refused for one in room.watcher.health.values())
    lines = (
        Line("steps", len(_STEPS_S), "times the clock was set, and set right again"),
        Line("claim_holds", holds, "a claim made before holds"),
        Line("arrivals", len(expected), "arrivals predicted"),
        Line("arrivals_moved_s", moved.total_seconds(), "... moved at most by", "s"),
        Line("refused_as_misdated", refused, "messages refused for their time"),
    )
    kept = holds and refused == 0 and bool(expected) and moved < _ARRIVALS_MAY_MOVE
    good = cleared and is_served and kept
    return room.outcome(NAME, gateway.data, recovered_s, cleared=good, more=lines)


@contextmanager
def _gateway(folder: Path, clock: Path) -> Iterator[GatewayProcess]:
    program = ("-m", "tests.drills._stepped")
    environment = {_stepped.VARIABLE: str(clock)}
    port = free_port()
    with GatewayProcess(folder, port=port, program=program, environment=environment) as gateway:
        yield gateway


def _plan(port: int) -> None:
    """Hand in a route of some stops, and send its vehicle off."""
    now = datetime.now(UTC)
    stops = [
        {
            "id": f"S{number}",
            "route": "R",
            "lat": 47.14 + 0.004 * number,
            "lon": 9.52,
            "window_end": (now + timedelta(hours=6)).isoformat(),
        }
        for number in range(_STOPS)
    ]
    starts_at = (now + timedelta(minutes=5)).isoformat()
    vehicle = {"reference": "van-0", "carrier": CARRIERS[0]}
    route = {"id": "R", "carrier": CARRIERS[0], "vehicle": "van-0", "starts_at": starts_at}
    body = json.dumps({"vehicles": [vehicle], "routes": [route], "stops": stops}).encode()
    with closing(connect(port)) as line:
        answer = ask(line, "POST", "/v1/manifest?name=drill.json", body)
    if answer.status != http.client.OK or b'"problems":[]' not in answer.body:
        raise RuntimeError(f"the stops were not taken in: {answer.body[:500]!r}")


def _claim(room: Room) -> str:
    """Claim an exception; its id."""
    known = next(iter(room.watcher.state.exceptions))
    command = {"type": "claim_exception", "exception_id": known, "version": 0}
    with closing(connect(room.port)) as line:
        body = json.dumps(command).encode()
        answer = ask(line, "POST", "/v1/commands", body, Idempotency_Key="the claim")
    if answer.status != http.client.OK:
        raise RuntimeError(f"nothing could be claimed: {answer.words}")
    return known


def _works_on(room: Room, seconds: float) -> bool:
    """Wait so long; True where things were acknowledged all the time."""
    ends, is_served = time.monotonic() + seconds, True
    while time.monotonic() < ends:
        is_served &= room.work(1, seconds)
    return is_served


def _arrivals(room: Room) -> dict[str, datetime]:
    """When each stop is expected to be reached, as the desktop shows it."""
    ids = [f"S{number}" for number in range(_STOPS)]
    until(lambda: all(room.watcher.arrivals.row(id_) for id_ in ids), 20.0)
    rows = {id_: room.watcher.arrivals.row(id_) for id_ in ids}
    return {id_: row.p50 for id_, row in rows.items() if row is not None}


def _most_moved(before: dict[str, datetime], after: dict[str, datetime]) -> timedelta:
    moved = [abs(after[id_] - at) for id_, at in before.items() if id_ in after]
    return max(moved, default=timedelta())


def _way(step_s: float) -> str:
    return "h forward" if step_s > 0 else "h back"


if __name__ == "__main__":
    run_alone(NAME)
