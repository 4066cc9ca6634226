"""Recorded feeds, played again as if they came in now."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from google.protobuf.message import DecodeError
from google.transit.gtfs_realtime_pb2 import FeedMessage

from tower.carriers.port import LARGEST_PAYLOAD, PullConfig, PullError
from tower.domain.moments import Now, utc

Sleep = Callable[[float], Awaitable[None]]
"""Waits for a number of seconds."""

_GLANCE_S = 0.2
_GREATEST_TIME = (1 << 64) - 1

_log = logging.getLogger(__name__)


class Recorded(NamedTuple):
    """One recorded feed: when it was sent (seconds since 1970, 0 where unknown), and its bytes."""

    sent_at: int
    payload: bytes


async def played(config: PullConfig, sleep: Sleep = asyncio.sleep) -> AsyncGenerator[bytes]:
    """The recorded feeds, each when it is due by the gateway's clock.

    Args:
        config: the recording, and how it is to be played.
        sleep: waits for a number of seconds.

    Raises:
        PullError: there is nothing at the path that can be played.
    """
    frames = await asyncio.to_thread(_read, Path(config.path))
    while True:
        begun = config.clock.now()
        for frame in frames:
            passed_s = (frame.sent_at - frames[0].sent_at) / max(config.speed, 1e-3)
            due = begun + timedelta(seconds=passed_s)
            await _until(due, config.clock, sleep)
            yield at_present(frame, due) if config.to_present else frame.payload
        if not config.loop:
            return
        await _until(config.clock.now() + timedelta(seconds=config.poll_s), config.clock, sleep)


def at_present(frame: Recorded, now: datetime) -> bytes:
    """The feed as if it had been sent now; ages inside it stay as they were."""
    feed = FeedMessage.FromString(frame.payload)
    shift = int(now.timestamp()) - frame.sent_at
    feed.header.timestamp = frame.sent_at + shift
    for entity in feed.entity:
        if entity.HasField("vehicle") and entity.vehicle.timestamp:
            moved = entity.vehicle.timestamp + shift
            entity.vehicle.timestamp = min(max(1, moved), _GREATEST_TIME)
    return feed.SerializeToString()


async def _until(due: datetime, clock: Now, sleep: Sleep) -> None:
    while (left := (due - clock.now()).total_seconds()) > 0:
        # In glances, because the gateway's clock may be set to run faster meanwhile.
        await sleep(min(left, _GLANCE_S))


def _read(path: Path) -> list[Recorded]:
    if not path.exists():
        raise PullError(f"There is no recording at {path}.")
    files = sorted(path.glob("*.pb")) if path.is_dir() else [path]
    frames = [frame for file in files if (frame := _read_file(file)) is not None]
    if not frames:
        raise PullError(
            f"{path} holds no GTFS-realtime recording (a .pb file, or a folder of them)."
        )
    dated = [frame for frame in frames if frame.sent_at]
    if dated and len(dated) < len(frames):
        _log.warning("%s: feeds without any time are left out of the replay", path)
    return sorted(dated or frames)


def _read_file(file: Path) -> Recorded | None:
    if file.stat().st_size > LARGEST_PAYLOAD:
        _log.warning("%s is larger than 1 MiB and is left out of the replay", file)
        return None
    payload = file.read_bytes()
    try:
        feed = FeedMessage.FromString(payload)
    except DecodeError:
        _log.warning("%s is not a GTFS-realtime feed and is left out of the replay", file)
        return None
    if not feed.IsInitialized():
        _log.warning("%s has no feed header and is left out of the replay", file)
        return None
    try:
        sent_at = int(utc(_sent_at(feed)).timestamp())
    except (ValueError, OverflowError, OSError):
        _log.warning("%s has an impossible time and is left out of the replay", file)
        return None
    return Recorded(sent_at, payload)


def _sent_at(feed: FeedMessage) -> int:
    """By its header, or its newest vehicle where that has no time."""
    vehicles = (entity.vehicle for entity in feed.entity if entity.HasField("vehicle"))
    return feed.header.timestamp or max((one.timestamp for one in vehicles), default=0)
