"""Which routing servers to ask, as people write it down."""

from collections.abc import Iterable
from datetime import tzinfo
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from tower.road.engine import RoutingEngine
from tower.road.osrm import OsrmEngine
from tower.road.region_engine import RegionEngine
from tower.road.roads import Profile
from tower.road.server import RoutingServer
from tower.road.valhalla import ValhallaEngine


class ServerKind(StrEnum):
    """What a server understands."""

    OSRM = "osrm"
    VALHALLA = "valhalla"


_ENGINES = {ServerKind.OSRM: OsrmEngine, ServerKind.VALHALLA: ValhallaEngine}
_DRIVES_BY = {
    # An OSRM server drives by one profile; cars' times are the best there is for trucks.
    ServerKind.OSRM: (Profile.CAR, Profile.TRUCK),
    ServerKind.VALHALLA: tuple(Profile),
}


class ServerAddressError(ValueError):
    """What was written names no routing server."""

    def __init__(self, text: str) -> None:
        kinds, profiles = ", ".join(ServerKind), ", ".join(Profile)
        super().__init__(
            f"{text!r} names no routing server. Write KIND=URL or KIND:PROFILE=URL, as in "
            f"osrm=http://localhost:5000; kinds are {kinds}, profiles are {profiles}"
        )


class ServerAddress(NamedTuple):
    """A routing server, and who travels as it says.

    Attributes:
        profile: The only profile it is asked for; None for all its kind drives by.
    """

    kind: ServerKind
    profile: Profile | None
    url: str

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles it is asked for."""
        return (self.profile,) if self.profile else _DRIVES_BY[self.kind]


def server_address(text: str) -> ServerAddress:
    """Read `osrm=http://localhost:5000` or `osrm:bicycle=http://localhost:5001`.

    Raises:
        ServerAddressError: It is something else.
    """
    name, _, url = text.partition("=")
    kind, colon, profile = name.strip().partition(":")
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerAddressError(text)
        only = Profile(profile) if colon else None
        return ServerAddress(ServerKind(kind), only, url.strip())
    except ValueError as error:
        raise ServerAddressError(text) from error


def server_engine(
    addresses: Iterable[ServerAddress], zone: tzinfo, estimate: RoutingEngine
) -> RoutingEngine:
    """An engine that asks servers, and another one where they do not answer.

    An address for one profile goes before one for several; else the first goes.

    Args:
        addresses: Whom to ask.
        zone: Time zone of the roads, for the hour of the traffic.
        estimate: What stands in; it never fails.
    """
    chosen: dict[ServerKind, dict[Profile, RoutingServer]] = {}
    taken: set[Profile] = set()
    for address in sorted(addresses, key=lambda one: one.profile is None):
        server = RoutingServer(address.url)
        for profile in address.profiles:
            if profile not in taken:
                chosen.setdefault(address.kind, {})[profile] = server
                taken.add(profile)
    engine = estimate
    for kind, servers in chosen.items():
        engine = RegionEngine(_ENGINES[kind](servers, zone), engine)
    return engine
