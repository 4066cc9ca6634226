"""Time windows offered to a customer, as they travel through a message's options."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from tower.domain.moments import rfc3339


class Slot(NamedTuple):
    """A window that may be promised, UTC."""

    start: datetime
    end: datetime

    @property
    def written(self) -> str:
        """As an ISO 8601 interval."""
        return f"{_brief(self.start)}/{_brief(self.end)}"


class NoSlots(ValueError):
    """What should name slots does not; the words say why."""


def written(slots: Iterable[Slot]) -> str:
    """Slots as an option of a message: ISO 8601 intervals with spaces between them."""
    return " ".join(slot.written for slot in slots)


def slots_of(option: str) -> tuple[Slot, ...]:
    """The slots an option names.

    Raises:
        NoSlots: one of them is no interval, or ends before it starts.
    """
    return tuple(_slot(one) for one in option.split())


def _slot(interval: str) -> Slot:
    try:
        start, end = (datetime.fromisoformat(part) for part in interval.split("/"))
        if start.tzinfo is not None and end.tzinfo is not None and start < end:
            return Slot(start, end)
    except ValueError as trouble:
        raise NoSlots(f"{interval[:80]} is not a time window") from trouble
    raise NoSlots(f"{interval[:80]} is not a time window")


def _brief(at: datetime) -> str:
    return rfc3339(at.replace(second=0, microsecond=0)).replace(":00.000Z", "Z")
