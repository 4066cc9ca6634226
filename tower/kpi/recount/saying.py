"""What was said in which order, and what of it holds at a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from tower.domain import events as e
from tower.domain.events import Event

COMPLETES = timedelta(days=2)
"""Plans and registrations said so long after a moment tell of it where nothing was said by then."""


class Said(Protocol):
    """Something said of a moment."""

    @property
    def at(self) -> datetime:
        """When it was so, UTC."""
        ...


class Told(Said, Protocol):
    """Likewise, known by an id."""

    @property
    def id(self) -> str:
        """Its id, never used for another one."""
        ...


AnySaid = TypeVar("AnySaid", bound=Said)
AnyTold = TypeVar("AnyTold", bound=Told)


def of_type(
    events: Iterable[Event], body: type[e.Body], until: datetime | None = None
) -> list[Any]:
    """Events with such a body by the time they happened, those after a moment left out."""
    found = (one for one in events if isinstance(one.body, body))
    return in_order(one for one in found if until is None or one.at <= until)


def in_force(said: Sequence[AnySaid], at: datetime) -> list[AnySaid]:
    """Of what was said, in order, all until a moment; where that is nothing, the first soon after.

    So a manifest imported with the vehicles already under way tells of what they had done, while
    what is said after it moves nothing.
    """
    until = [one for one in said if one.at <= at]
    return until or [one for one in said[:1] if one.at <= at + COMPLETES]


def in_order(told: Iterable[AnyTold]) -> list[AnyTold]:
    """Events by the time they happened; of one moment, the same way everywhere."""
    return sorted(told, key=lambda one: (one.at, one.id))
