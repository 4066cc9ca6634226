"""How fast carriers' messages come in: Traccar's websocket form, up to fixes and journal events.

A fleet reports positions as Traccar sends them. Beside the adapter with the normaliser runs the
bare decoder: the same bytes into the same records, and nothing done with them. Alarms then go
through the same way into a journal on the disk, as the gateway would append them.
"""

import json
import shutil
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from plugins.traccar import adapter
from plugins.traccar.messages import Message
from tests.report import Line, argument_parser, show
from tower.carriers.normaliser import Normaliser
from tower.domain.events import CarrierRegistered, Event
from tower.domain.fold import fold
from tower.domain.records import Actor, Carrier, Subject
from tower.domain.state import State
from tower.journal.journal import Journal

NOW = datetime(2026, 11, 20, 14, 23, tzinfo=UTC)
FLEET = 500
ROUNDS = 5
ALARMS_A_MESSAGE = 10


class StandingClock:
    """Stands still, so that every round is the same."""

    def now(self) -> datetime:
        """The time, UTC."""
        return NOW


def position(number: int) -> dict[str, Any]:
    """Report `number` of the fleet, with the attributes trackers usually send."""
    device = number % FLEET + 1
    at = (NOW - timedelta(seconds=60) + timedelta(milliseconds=number % 60_000)).isoformat()
    return {
        "id": number,
        "deviceId": device,
        "protocol": "teltonika",
        "serverTime": at,
        "deviceTime": at,
        "fixTime": at,
        "outdated": False,
        "valid": True,
        "latitude": 47.05 + device * 1e-4,
        "longitude": 9.5 + number % 997 * 1e-5,
        "altitude": 455.0,
        "speed": 22.4,
        "course": float(number % 360),
        "address": None,
        "accuracy": 5.0,
        "network": None,
        "attributes": {
            "priority": 0,
            "sat": 14,
            "event": 0,
            "ignition": True,
            "motion": True,
            "rssi": 4,
            "batteryLevel": 81,
            "temp1": 4.5,
            "distance": 12.83,
            "totalDistance": 10423423.2,
            "hours": 3600000,
        },
    }


def alarm(number: int) -> dict[str, Any]:
    """An alarm of one vehicle."""
    at = NOW - timedelta(seconds=3600) + timedelta(milliseconds=number)
    return {
        "id": number,
        "type": "alarm",
        "eventTime": at.isoformat(),
        "deviceId": number % FLEET + 1,
        "positionId": number,
        "attributes": {"alarm": "temperature"},
    }


def messages(key: str, items: Sequence[dict[str, Any]], batch: int) -> list[bytes]:
    """Websocket messages with `batch` items each."""
    starts = range(0, len(items), batch)
    return [json.dumps({key: items[start : start + batch]}).encode() for start in starts]


def shift() -> tuple[Normaliser, State]:
    """A normaliser that knows the carrier and all devices of its fleet."""
    registered = Event(
        id="carrier",
        at=NOW,
        recorded_at=NOW,
        actor=Actor(kind="rule", id="benchmark"),
        subject=Subject(),
        body=CarrierRegistered(carrier=Carrier(id="own", name="Own vans")),
    )
    state = fold([registered])
    normaliser = Normaliser(state, StandingClock())
    devices = [{"id": n, "uniqueId": f"van-{n}", "name": f"Van {n}"} for n in range(1, FLEET + 1)]
    fold(_heard(normaliser, messages("devices", devices, FLEET)), state)
    return normaliser, state


def _heard(normaliser: Normaliser, payloads: Sequence[bytes]) -> list[Event]:
    """The events of messages, all of which must be believed."""
    events: list[Event] = []
    for payload in payloads:
        intake = normaliser.accept("own", adapter, payload, "application/json")
        if intake.refusals:
            raise SystemExit(f"a benchmark message was refused: {intake.refusals[0].reason}")
        events += intake.events
    return events


def measure(options: Namespace) -> list[Line]:
    """Decode, take in, and journal; every time is the middle one of five."""
    normaliser, _ = shift()
    payloads = messages("positions", [position(n) for n in range(options.events)], options.batch)
    singly = messages("positions", [position(n) for n in range(options.events // 5)], 1)
    bare = msgspec.json.Decoder(Message)
    decode_s, intake_s, singly_s = _middle_times(
        lambda: [bare.decode(payload) for payload in payloads],
        lambda: _heard(normaliser, payloads),
        lambda: _heard(normaliser, singly),
    )
    journaled, journal_s = _journaled(options.alarms)
    accepted, decoded = options.events / intake_s, options.events / decode_s
    return [
        Line("events", options.events, "Position reports"),
        Line("batch", options.batch, "Reports in a message"),
        Line("events_per_s", accepted, "Taken in", "events/s"),
        Line("decoder_per_s", decoded, "Bare decoder", "events/s"),
        Line("ratio", accepted / decoded, "Taken in over bare decoder"),
        Line("single_events_per_s", len(singly) / singly_s, "Taken in, one a message", "events/s"),
        Line("journal_events_per_s", journaled / journal_s, "Alarms, synced to disk", "events/s"),
    ]


def _journaled(count: int) -> tuple[int, float]:
    """Take in alarms and append what they become; how many events, and in how many seconds."""
    folder = Path(tempfile.mkdtemp(prefix="tower-ingest-"))
    try:
        journal = Journal.open(folder / "journal.db", StandingClock())
        normaliser, _ = shift()
        payloads = messages("events", [alarm(n) for n in range(count)], ALARMS_A_MESSAGE)
        begun = time.perf_counter()
        waiting = [journal.append(_heard(normaliser, [payload])) for payload in payloads]
        journaled = sum(len(appended.result()) for appended in waiting)
        took_s = time.perf_counter() - begun
        journal.close()
    finally:
        shutil.rmtree(folder)
    return journaled, took_s


def _middle_times(*works: Callable[[], object]) -> list[float]:
    """Seconds each piece of work takes; they take turns, so that a busy machine is fair to all."""
    times = [[_timed_s(work) for work in works] for _ in range(ROUNDS)]
    return [median(column) for column in zip(*times, strict=True)]


def _timed_s(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.ingest", str(__doc__))
    parser.add_argument("--events", type=int, default=50_000, help="positions (%(default)s)")
    parser.add_argument("--batch", type=int, default=10, help="reports a message (%(default)s)")
    parser.add_argument("--alarms", type=int, default=10_000, help="alarms (%(default)s)")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
