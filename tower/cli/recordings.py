"""Recordings as something a gateway can run on: GTFS-realtime, Traccar lines, a journal."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from tower.carriers.observations import FixSeen
from tower.carriers.port import LARGEST_PAYLOAD, Adapter
from tower.carriers.registry import find_adapters
from tower.cli.kinds import LINES, is_journal
from tower.domain.records import Carrier
from tower.domain.words import CarrierKind
from tower.feed.clock import Clock, RunningClock, SystemClock
from tower.gateway.errors import DataError
from tower.gateway.room import Room, Source
from tower.gateway.server import JOURNAL_FILE, open_journal
from tower.gateway.settings import CarrierSettings, GatewaySettings

_CARRIER = "recording"
_FEED = "gtfs_realtime"
_JSON = "application/json"


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """How a gateway plays a recording.

    Attributes:
        carriers: whose messages are fetched from files.
        sources: who else brings messages.
        clock: the clock it plays by.
    """

    clock: Clock
    carriers: tuple[CarrierSettings, ...] = ()
    sources: tuple[Source, ...] = ()

    def settings(self, settings: GatewaySettings) -> GatewaySettings:
        """The settings, with the recording's carriers added."""
        return replace(settings, carrier=(*settings.carrier, *self.carriers))


def recording_of(file: Path, data: Path) -> Recording:
    """Make out what a recording is.

    Args:
        file: the recording.
        data: the gateway's data folder; a recorded journal is copied there.

    Raises:
        DataError: there is no such file, or nobody can play it.
    """
    if not file.exists():
        raise DataError(f"There is no recording {file}.")
    if is_journal(file):
        return _journal(file, data)
    if file.suffix.lower() in LINES:
        return _lines(file)
    _check_feeds(file)
    carrier = CarrierSettings(
        id=_CARRIER,
        name=file.name,
        adapter=_FEED,
        kind=CarrierKind.REGIONAL,
        file=str(file),
    )
    return Recording(clock=SystemClock(), carriers=(carrier,))


def _check_feeds(file: Path) -> None:
    """Find one recorded feed that can be played, or say what is wrong with the first."""
    feeds = sorted(file.glob("*.pb")) if file.is_dir() else [file]
    faults = []
    for feed in feeds:
        fault = _fault_of(feed)
        if not fault:
            return
        faults.append(fault)
    why = faults[0] if faults else "the folder holds no .pb file"
    raise DataError(
        f"{file} cannot be played: {why}. A recording is a GTFS-realtime file (.pb) or a folder "
        "of them, Traccar messages one a line (.jsonl), or a journal (.db)."
    )


def _fault_of(feed: Path) -> str:
    """Why a recorded feed cannot be played, or nothing."""
    try:
        if feed.stat().st_size > LARGEST_PAYLOAD:
            return "it has more than 1 MiB"
        decoded = _adapter(_FEED).decode(feed.read_bytes(), "application/x-protobuf")
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if decoded.observations:
        return ""
    return decoded.refusals[0].reason if decoded.refusals else "it holds no vehicle positions"


def _adapter(name: str) -> Adapter:
    adapter = find_adapters().get(name)
    if adapter is None:
        raise DataError(f"The {name} adapter is not installed, so the recording cannot be read.")
    return adapter


def _journal(file: Path, data: Path) -> Recording:
    """A copy of a journal, at the time of its last event."""
    data.mkdir(parents=True, exist_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as recorded,
            closing(sqlite3.connect(data / JOURNAL_FILE)) as copy,
        ):
            recorded.backup(copy)
    except sqlite3.Error as error:
        raise DataError(f"{file} cannot be read as a journal: {error}.") from error
    with closing(open_journal(data, SystemClock())) as journal:
        last = journal.read(journal.seq - 1, 1) if journal.seq else []
    return Recording(clock=RunningClock(last[0].recorded_at.timestamp()) if last else SystemClock())


def _lines(file: Path) -> Recording:
    adapter = _adapter("traccar")
    messages = [_Line(one, _time_of(one, adapter)) for one in _read_lines(file)]
    times = [message.at for message in messages if message.at is not None]
    if not times:
        raise DataError(f"{file} holds no Traccar position with a time.")
    clock = RunningClock(min(times).timestamp())
    return Recording(clock=clock, sources=(_Lines(messages, adapter.name, clock, file.name),))


def _read_lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as lines:
            yield from (line for line in lines if line.strip())
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error


def _time_of(payload: bytes, adapter: Adapter) -> datetime | None:
    observations = adapter.decode(payload, _JSON).observations
    times = [one.at for one in observations if isinstance(one, FixSeen) and one.at is not None]
    return max(times, default=None)


class _Line(msgspec.Struct, frozen=True):
    payload: bytes
    at: datetime | None


class _Lines:
    """Messages one a line, each when the clock has reached its time."""

    def __init__(self, messages: list[_Line], adapter: str, clock: Clock, name: str) -> None:
        self._messages = messages
        self._adapter = adapter
        self._clock = clock
        self._name = name

    async def run(self, room: Room) -> None:
        """Bring all messages, then end."""
        await room.register([Carrier(id=_CARRIER, name=self._name, adapter=self._adapter)])
        for message in self._messages:
            if message.at is not None:
                await self._until(message.at)
            await room.intake(_CARRIER, self._adapter, message.payload, _JSON)

    async def _until(self, at: datetime) -> None:
        ahead = (at - self._clock.now()).total_seconds()
        if ahead > 0:
            await asyncio.sleep(ahead / self._clock.rate)
