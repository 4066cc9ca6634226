"""What was heard of each device, so that a gap can be closed after a lost connection."""

from datetime import datetime, timedelta
from typing import NamedTuple

from plugins.traccar.messages import Parts, Position, first_of

LONGEST_GAP = timedelta(hours=12)
"""A longer gap is closed from here on only: older positions would not help anybody now."""


class Gap(NamedTuple):
    """A stretch of time in which a device reported and we did not hear it."""

    device_id: int
    since: datetime
    until: datetime


class Heard:
    """The newest position heard of each device, and which devices are no strangers."""

    def __init__(self) -> None:
        self._newest: dict[int, datetime] = {}
        self._introduced: set[int] = set()

    def note(self, parts: Parts) -> None:
        """Remember what a message brought; a device nobody introduced is asked about once."""
        self._introduced.update(device.id for device in parts.devices)
        self._introduced.update(position.device_id for position in parts.positions)
        for device_id, at in _times(parts):
            known = self._newest.get(device_id)
            if known is None or at > known:
                self._newest[device_id] = at

    def strangers(self, parts: Parts) -> bool:
        """True where a message has positions of devices that were not heard of before."""
        introduced = {device.id for device in parts.devices} | self._introduced
        return any(position.device_id not in introduced for position in parts.positions)

    def gaps(self, latest: Parts) -> list[Gap]:
        """Where devices heard before have moved on meanwhile, by their last known positions."""
        found = []
        for device_id, at in _times(latest):
            known = self._newest.get(device_id)
            if known is not None and at > known:
                found.append(Gap(device_id, max(known, at - LONGEST_GAP), at))
        return found


def _times(parts: Parts) -> list[tuple[int, datetime]]:
    times = ((position.device_id, _time_of(position)) for position in parts.positions)
    return [(device_id, at) for device_id, at in times if at is not None]


def _time_of(position: Position) -> datetime | None:
    try:
        return first_of(position.fix_time, position.device_time)
    except (ValueError, OverflowError, OSError):
        return None
