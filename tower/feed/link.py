"""How a desktop's connection to its gateway stands, as the window shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from tower.domain.events import Event
from tower.domain.state import State
from tower.feed.sections import Frame

Status = Literal["connecting", "live", "stale", "lost", "refused"]

LATE_S = 1.5
"""A feed that comes so many seconds late is said to be late, though it is live."""

_WORST_FIRST: tuple[Status, ...] = ("refused", "lost", "stale", "connecting", "live")


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """How the connection stands.

    Attributes:
        status: `live`; `stale` where nothing was heard for too long though the connection
            stands; `lost` where it is gone and will be tried again; `refused` where the gateway
            does not let us in; `connecting` before it ever was live.
        reason: why it is not live, in words for a dispatcher.
        since: when it came to stand so, UTC by the desktop's clock.
        retry_in_s: seconds from `since` until the next try, None where none is waited for.
        lag_s: seconds from the gateway's cut of the newest frame to its arrival here, and half the
            way there and back where that is longer.
        seq: last sequence number of the journal that is here.
    """

    status: Status
    reason: str = ""
    since: datetime | None = None
    retry_in_s: float | None = None
    lag_s: float | None = None
    seq: int = 0

    @property
    def is_late(self) -> bool:
        """True where it is live and yet what comes is seconds old."""
        return self.status == "live" and self.lag_s is not None and self.lag_s > LATE_S


class FeedSink(Protocol):
    """Where the feed goes; called in the feed thread, in order."""

    def state_replaced(self, state: State, epoch: str) -> None:
        """Put this state in the place of whatever there was; it is the sink's from now on."""
        ...

    def events_arrived(self, events: list[Event]) -> None:
        """Fold these; they continue the state without a gap."""
        ...

    def frame_arrived(self, frame: Frame) -> None:
        """Apply this to the mirrors of vehicles and arrivals, in order."""
        ...

    def link_changed(self, link: Link) -> None:
        """Show this; also called about once a second while live, with the newest lag."""
        ...


def worst(links: Iterable[Link]) -> Link:
    """The one of several connections that a dispatcher must know of."""
    return min(links, key=lambda link: _WORST_FIRST.index(link.status))
