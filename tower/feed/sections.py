"""What changed in one live table between two versions, in memory."""

from typing import Any

import msgspec
from numpy.typing import NDArray

from tower.feed.messages import CarrierHealth


class FeedError(Exception):
    """The other side of a live connection said something that cannot be used."""


class FrameGap(FeedError):
    """A frame continues from a version the mirror does not have; ask for everything anew."""


class Section(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Every row changed after version `since` and up to `upto`.

    Attributes:
        since: the version a mirror must have to take it; 0 replaces everything it has.
        first: handle of the first of `ids`; handles count up from there.
        ids: ids of rows new in this section.
        columns: arrays of one length; `handle` says which row each entry belongs to.
    """

    since: int
    upto: int
    first: int
    ids: tuple[str, ...]
    columns: dict[str, NDArray[Any]]

    @property
    def rows(self) -> int:
        """How many rows changed."""
        return len(self.columns["handle"])


class Frame(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What changed on the live tables since the frame before, as it reaches the desktop.

    Attributes:
        now: the gateway's clock when the frame was cut, seconds since 1970.
        rate: seconds of that clock in one second.
        vehicles: changed vehicles, None where none changed.
        arrivals: changed predictions, None where none changed.
        health: every carrier's health, where this frame carries it.
        trouble: with the health, what is wrong with the gateway itself; "" while all is well.
    """

    now: float
    rate: float = 1.0
    vehicles: Section | None = None
    arrivals: Section | None = None
    health: tuple[CarrierHealth, ...] | None = None
    trouble: str = ""
