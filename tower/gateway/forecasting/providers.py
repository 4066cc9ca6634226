"""Providers of weather and traffic, asked for as long as the gateway runs."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from tower.carriers.backoff import Backoff
from tower.conditions.port import (
    Area,
    ConditionsError,
    ConditionsPlugin,
    ConditionsProvider,
    ProviderConfig,
    Told,
    Web,
)
from tower.conditions.registry import find_providers
from tower.conditions.web import HttpWeb
from tower.domain.conditions import Conditions, Disturbance
from tower.domain.geometry import LatLon, distance_m
from tower.feed.clock import Clock
from tower.gateway.errors import SettingsError
from tower.gateway.room import Room
from tower.gateway.settings import ConditionsSettings

_log = logging.getLogger(__name__)

NEAR_M = 30_000.0
"""A disturbance further from the operation than this touches none of its ways."""

MOST = 500
"""Disturbances of one provider that are heeded, the nearest to the middle of the operation."""

_NOWHERE_S = 30.0
"""Seconds until it is looked again where the operation works."""


class ProviderPull:
    """Asks one provider again and again.

    Attributes:
        trouble: why nothing comes from it, in words; "" while it answers.
    """

    def __init__(
        self,
        settings: ConditionsSettings,
        provider: ConditionsProvider,
        web: Web,
        area: Callable[[], Area | None],
        clock: Clock,
    ) -> None:
        """Make it.

        Args:
            settings: how often, and what it is called.
            provider: the service.
            web: asks over HTTP.
            area: where the operation works, None while nobody knows.
            clock: the gateway's.
        """
        self.trouble = ""
        self._settings = settings
        self._provider = provider
        self._web = web
        self._area = area
        self._clock = clock
        self._refused: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What is done, for the log."""
        return f"asking conditions {self._settings.name}"

    @property
    def id(self) -> str:
        """What the provider is called in the journal."""
        return self._settings.name

    async def run(self, room: Room) -> None:
        """Ask until cancelled, or until that turns out hopeless; ever later while it fails."""
        backoff = Backoff(first_s=5.0, longest_s=60.0 * self._settings.every_min)
        while True:
            area = self._area()
            if area is None:
                await asyncio.sleep(_NOWHERE_S)
                continue
            try:
                await self._ask(room, area)
            except ConditionsError as error:
                self._fail(room, str(error))
                if not error.again:
                    return
                await backoff.wait()
                continue
            backoff.succeeded()
            await asyncio.sleep(60.0 * self._settings.every_min)

    async def _ask(self, room: Room, area: Area) -> None:
        told = await self._provider.fetch(self._web, area, self._clock.now())
        conditions = replace(told.conditions, id=self._settings.name)
        try:
            await room.report_conditions(_heeded(conditions, area))
        except msgspec.ValidationError as error:
            raise ConditionsError(
                f"A figure of {self._settings.name} cannot be: {error}."
            ) from None
        self.trouble = ""
        self._tell_refused(room, told)

    def _fail(self, room: Room, words: str) -> None:
        """Told once for each trouble, not at every try."""
        if words != self.trouble:
            room.complain(self._settings.name, self._settings.plugin, f"Not fetched: {words}")
        self.trouble = words

    def _tell_refused(self, room: Room, told: Told) -> None:
        refused = frozenset(told.refused)
        for words in sorted(refused - self._refused):
            room.complain(self._settings.name, self._settings.plugin, words)
        self._refused = refused


class Providers:
    """All providers of a gateway.

    Attributes:
        pulls: those of the settings, once opened.
    """

    def __init__(
        self, settings: Sequence[ConditionsSettings], area: Callable[[], Area | None], clock: Clock
    ) -> None:
        """Make it.

        Args:
            settings: the providers.
            area: where the operation works, None while nobody knows.
            clock: the gateway's.
        """
        self.pulls: Sequence[ProviderPull] = ()
        self._settings = settings
        self._area = area
        self._clock = clock
        self._web = HttpWeb()

    def open(self, environment: Mapping[str, str] = os.environ) -> Sequence[ProviderPull]:
        """The providers of the settings, ready to be asked.

        Args:
            environment: where tokens are.

        Raises:
            SettingsError: no such plugin, a token that is not set, or options that cannot work.
        """
        plugins = find_providers() if self._settings else {}
        self.pulls = [
            ProviderPull(
                one, _opened(one, plugins, environment), self._web, self._area, self._clock
            )
            for one in self._settings
        ]
        return self.pulls

    async def close(self) -> None:
        """Give back what is held open."""
        await self._web.close()


def _opened(
    settings: ConditionsSettings,
    plugins: Mapping[str, ConditionsPlugin],
    environment: Mapping[str, str],
) -> ConditionsProvider:
    plugin = plugins.get(settings.plugin)
    if plugin is None:
        known = ", ".join(sorted(plugins)) or "none is installed"
        raise SettingsError(
            f"Conditions {settings.name}: there is no plugin {settings.plugin!r}; known: {known}."
        )
    if settings.token_env and settings.token_env not in environment:
        raise SettingsError(f"Conditions {settings.name}: {settings.token_env} is not set.")
    token = environment.get(settings.token_env, "") if settings.token_env else ""
    config = ProviderConfig(name=settings.name, options=settings.options, token=token)
    try:
        return plugin.open(config)
    except ConditionsError as error:
        raise SettingsError(str(error)) from error


def _heeded(conditions: Conditions, area: Area) -> Conditions:
    """Without disturbances far from the operation, and not too many of them."""
    near = [one for one in conditions.disturbances if _is_near(one, area)]
    if len(near) > MOST:
        _log.warning("conditions %s: only %d disturbances are heeded", conditions.id, MOST)
        near.sort(key=lambda one: distance_m(one.position, area.center))
    return replace(conditions, disturbances=tuple(near[:MOST]))


def _is_near(one: Disturbance, area: Area) -> bool:
    lat = min(max(one.lat, area.south), area.north)
    lon = min(max(one.lon, area.west), area.east)
    return distance_m(one.position, LatLon(lat, lon)) <= one.radius_m + NEAR_M
