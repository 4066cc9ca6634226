"""What a person may ask the gateway to do.

A command is checked against the state and the version it was made against, becomes an event in
the journal or is refused with a reason, and never changes anything else.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(max_length=256)]
Words = Annotated[str, Meta(max_length=2000)]


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """Base of every command; the tag is an order."""


class ClaimException(Command, frozen=True, kw_only=True, tag="claim_exception"):
    """Take an exception; the claim is a lease that lapses when its holder falls silent."""

    exception_id: Id
    version: int


class ReleaseException(Command, frozen=True, kw_only=True, tag="release_exception"):
    """Give a claimed exception back to the queue."""

    exception_id: Id
    version: int


class ResolveException(Command, frozen=True, kw_only=True, tag="resolve_exception"):
    """Close an exception with its cause."""

    exception_id: Id
    version: int
    cause: Words = ""


class ReopenException(Command, frozen=True, kw_only=True, tag="reopen_exception"):
    """Put a resolved exception back into the queue."""

    exception_id: Id
    version: int


class SequenceWish(msgspec.Struct, frozen=True, kw_only=True):
    """The order wanted for one route, and the version it was looked at in."""

    route_id: Id
    version: int
    stops: tuple[Id, ...]


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """A visit to be made so that a vehicle takes over parcels from another, or from a depot.

    Attributes:
        stop_id: id the new stop is to have; it stands in the wish of the route that collects.
        lat: where the parcels are met, degrees; lon likewise.
        stops: the stops whose parcels are taken over.
        address: where that is, in words.
        service_s: seconds it takes.
    """

    stop_id: Id
    lat: float
    lon: float
    stops: tuple[Id, ...]
    address: Words = ""
    service_s: float = 120.0


class SequenceRoutes(Command, frozen=True, kw_only=True, tag="sequence_routes"):
    """Set the order of one or more routes together; stops left out become unassigned.

    Attributes:
        override: carry it out although hard constraints are broken; a supervisor's right, and
            only with a reason.
        handovers: visits to be added; each is a new stop.
        cancels: visits that are not needed any more; each is left off every route and cancelled.
    """

    routes: tuple[SequenceWish, ...]
    reason: Words = ""
    override: bool = False
    handovers: tuple[Handover, ...] = ()
    cancels: tuple[Id, ...] = ()


class LockStops(Command, frozen=True, kw_only=True, tag="lock_stops"):
    """Lock stops where they are because they are promised, or release them."""

    stops: tuple[Id, ...]
    locked: bool = True
    reason: Words = ""


AnyCommand = (
    ClaimException
    | ReleaseException
    | ResolveException
    | ReopenException
    | SequenceRoutes
    | LockStops
)
