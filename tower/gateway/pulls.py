"""Carriers whose messages are fetched: their adapters as sources."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from tower.carriers.port import Adapter, PullAdapter, PullConfig, PullError
from tower.domain.records import Carrier
from tower.feed.clock import Clock
from tower.gateway.errors import SettingsError
from tower.gateway.room import Room
from tower.gateway.settings import CarrierSettings

_log = logging.getLogger(__name__)


def carrier_of(settings: CarrierSettings) -> Carrier:
    """The carrier the settings describe."""
    return Carrier(
        id=settings.id,
        name=settings.name or settings.id,
        kind=settings.kind,
        adapter=settings.adapter,
        silent_after_s=settings.silent_after_s,
    )


class Pull:
    """Fetches one carrier's messages for as long as the gateway runs."""

    def __init__(self, adapter: PullAdapter, config: PullConfig) -> None:
        self._adapter = adapter
        self._config = config

    @property
    def name(self) -> str:
        """What is done, for the log."""
        return f"fetching carrier {self._config.carrier_id}"

    async def run(self, room: Room) -> None:
        """Fetch until cancelled, until the recording ends, or until that turns out hopeless."""

        async def emit(payload: bytes, content_type: str) -> None:
            await room.intake(self._config.carrier_id, self._adapter.name, payload, content_type)

        try:
            await self._adapter.pull(self._config, emit)
        except PullError as error:
            room.complain(self._config.carrier_id, self._adapter.name, f"Not fetched: {error}")
            return
        _log.info("nothing more comes from carrier %s", self._config.carrier_id)


def pull_of(
    settings: CarrierSettings,
    adapters: Mapping[str, Adapter],
    clock: Clock,
    environment: Mapping[str, str] = os.environ,
) -> Pull:
    """The fetching the settings describe.

    Raises:
        SettingsError: no such adapter, one that cannot fetch, a token that is not set, or no such
            recording.
    """
    adapter = adapters.get(settings.adapter)
    if adapter is None:
        known = ", ".join(sorted(adapters)) or "none is installed"
        raise SettingsError(
            f"Carrier {settings.id}: there is no adapter {settings.adapter!r}; known: {known}."
        )
    if not isinstance(adapter, PullAdapter):
        raise SettingsError(
            f"Carrier {settings.id}: {adapter.title} cannot be fetched. Leave out url and file "
            f"and have the carrier send to /v1/ingest/{adapter.name}."
        )
    if settings.token_env and settings.token_env not in environment:
        raise SettingsError(f"Carrier {settings.id}: {settings.token_env} is not set.")
    if settings.file and not Path(settings.file).exists():
        raise SettingsError(f"Carrier {settings.id}: there is no recording {settings.file}.")
    config = PullConfig(
        carrier_id=settings.id,
        clock=clock,
        url=settings.url,
        path=settings.file,
        token=environment.get(settings.token_env, "") if settings.token_env else "",
        poll_s=settings.poll_s,
        to_present=settings.to_present,
    )
    return Pull(adapter, config)
