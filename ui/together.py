"""Stops that are marked in a list, and so move as one wherever one of them is dragged."""

from collections.abc import Callable, Sequence
from typing import Protocol

Together = Callable[[str], tuple[str, ...]]
"""The stops that move with a stop, itself included."""


class Marked(Protocol):
    """A list in which stops can be marked."""

    @property
    def picked(self) -> tuple[str, ...]:
        """Ids of the marked ones, from the top."""
        ...


def alone(stop_id: str) -> tuple[str, ...]:
    """Nothing is marked: a stop moves by itself."""
    return (stop_id,)


def marked_in(lists: Sequence[Marked]) -> Together:
    """The stops marked in the same list; a stop that is not marked moves by itself."""
    return lambda stop_id: next(
        (rows.picked for rows in lists if stop_id in rows.picked), alone(stop_id)
    )
