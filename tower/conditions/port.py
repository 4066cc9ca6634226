"""The port a provider of weather or traffic plugs into.

None is required: without one, arrivals rest on the roads' own times and on the speeds of our
vehicles.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from tower.domain.conditions import Conditions
from tower.domain.geometry import LatLon


class ConditionsError(Exception):
    """A provider cannot be used as set, or did not answer; the message says what is wrong.

    Attributes:
        again: asking again later may help.
    """

    def __init__(self, words: str, *, again: bool = True) -> None:
        super().__init__(words)
        self.again = again


class Area(NamedTuple):
    """Where the operation works, degrees."""

    south: float
    west: float
    north: float
    east: float

    @property
    def center(self) -> LatLon:
        """Its middle."""
        return LatLon((self.south + self.north) / 2.0, (self.west + self.east) / 2.0)


class ProviderConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider is opened with.

    Attributes:
        name: as the settings name it; the id of the conditions it tells.
        options: what the settings say besides, by name.
        token: secret for the service, "" for none; never logged.
    """

    name: str
    options: Mapping[str, str | int | float | bool] = {}
    token: str = ""

    def __repr__(self) -> str:
        return f"ProviderConfig(name={self.name!r})"


class Told(msgspec.Struct, frozen=True):
    """What a provider said.

    Attributes:
        conditions: what is believed.
        refused: why other parts are not, in words its provider can act on.
    """

    conditions: Conditions
    refused: Sequence[str] = ()


class Web(Protocol):
    """Asks services over HTTP; guards time and size, so that no provider has to."""

    async def get(
        self, url: str, query: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The body of a good answer.

        Raises:
            ConditionsError: there is none; the message says why and quotes no secret.
        """
        ...


@runtime_checkable
class ConditionsProvider(Protocol):
    """One service, as the settings describe it."""

    async def fetch(self, web: Web, area: Area, now: datetime) -> Told:
        """What is so now.

        Args:
            web: asks for it.
            area: where the operation works.
            now: the gateway's time, UTC.

        Raises:
            ConditionsError: nothing can be had, or nothing that can be believed.
        """
        ...


@runtime_checkable
class ConditionsPlugin(Protocol):
    """Knows a service. Plugins expose one as an entry point of `tower.conditions`."""

    @property
    def name(self) -> str:
        """The word in the settings."""
        ...

    @property
    def title(self) -> str:
        """What people call the service."""
        ...

    @property
    def options(self) -> Sequence[str]:
        """Names of the options it understands, as the manual lists them."""
        ...

    def open(self, config: ProviderConfig) -> ConditionsProvider:
        """The service with these settings; nothing is asked yet.

        Raises:
            ConditionsError: the settings cannot work; the message says what to change.
        """
        ...
