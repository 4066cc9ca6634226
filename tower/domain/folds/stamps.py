"""The stamps facts and decisions are told apart by."""

from tower.domain.events import Event
from tower.domain.records import Stamp


def observed(event: Event, rank: int = 0) -> Stamp:
    """Of what was observed: the newer holds."""
    return Stamp(event.at.timestamp(), rank, event.id)


def recorded(event: Event) -> Stamp:
    """Of what the gateway decided without counting versions: what it recorded later holds."""
    return Stamp(event.recorded_at.timestamp(), 0, event.id)


def decided(version: int, event: Event) -> Stamp:
    """Of what was decided against a version: the next version holds."""
    return Stamp(version, 0, event.id)
