"""The port a carrier's adapter plugs into."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from tower.carriers.observations import AnyObservation
from tower.domain.moments import Now

LARGEST_PAYLOAD = 1 << 20
"""Bytes of one message; larger ones are refused unread, so an adapter that fetches cuts them."""


class Refused(msgspec.Struct, frozen=True):
    """One part of a message that could not be understood.

    Attributes:
        reason: what is wrong with it, in words its sender can act on.
        excerpt: the offending bytes, or their beginning.
    """

    reason: str
    excerpt: bytes = b""


class Decoded(msgspec.Struct, frozen=True):
    """What an adapter made of one message: the good parts, and why the others are not."""

    observations: Sequence[AnyObservation] = ()
    refusals: Sequence[Refused] = ()


@runtime_checkable
class Adapter(Protocol):
    """Understands one carrier format. Plugins expose one as an entry point of `tower.carriers`."""

    @property
    def name(self) -> str:
        """The word in `/v1/ingest/{name}` and in the settings."""
        ...

    @property
    def title(self) -> str:
        """What people call the format."""
        ...

    @property
    def content_types(self) -> tuple[str, ...]:
        """Media types it accepts, the usual one first."""
        ...

    def decode(self, payload: bytes, content_type: str) -> Decoded:
        """Read one message.

        Pure: no clock, no memory, no I/O. Never raises: what is not understood is refused.
        """
        ...


Emit = Callable[[bytes, str], Awaitable[None]]
"""Takes one raw message and its content type; returns once the gateway has taken it in."""


class PullConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Where an adapter that fetches finds its carrier.

    Attributes:
        carrier_id: whose messages these are.
        clock: the gateway's clock.
        url: address of the carrier's service.
        path: a recorded file or a folder of them, instead of an address.
        token: secret for the service; never logged.
        poll_s: seconds between two questions to a service that has to be asked.
        to_present: move the times of a recording to now, keeping their distances.
        speed: how many recorded seconds pass in one, for a folder of recordings.
        loop: begin a recording again when it has ended.
    """

    carrier_id: str
    clock: Now
    url: str = ""
    path: str = ""
    token: str = ""
    poll_s: float = 15.0
    to_present: bool = True
    speed: float = 1.0
    loop: bool = False

    def __repr__(self) -> str:
        source = self.url or self.path
        return f"PullConfig(carrier_id={self.carrier_id!r}, source={source!r})"


class PullError(Exception):
    """A carrier's service cannot be used as configured; the message says what to change."""


@runtime_checkable
class PullAdapter(Adapter, Protocol):
    """An adapter that can also fetch its messages from the carrier's service."""

    async def pull(self, config: PullConfig, emit: Emit) -> None:
        """Fetch until cancelled (or until a recording ends), reconnecting with back-off.

        Raises:
            PullError: the settings cannot work; trying again would not help.
        """
        ...
