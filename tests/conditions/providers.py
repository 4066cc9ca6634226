"""A service of weather or traffic on loopback, asked once."""

import asyncio
from datetime import UTC, datetime

from tests.plugins.provider_server import Answer, Asked, ProviderServer
from tower.conditions.port import Area, ConditionsPlugin, ProviderConfig, Told
from tower.conditions.web import HttpWeb

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HERE = Area(47.0, 9.4, 47.3, 9.7)


def told(
    plugin: ConditionsPlugin, *answers: Answer, token: str = "", timeout_s: float = 5.0
) -> tuple[Told, Asked]:
    """What a plugin makes of a service's answer, and what it asked.

    Raises:
        ConditionsError: what the plugin raises.
    """

    async def asked() -> tuple[Told, Asked]:
        web = HttpWeb(timeout_s)
        async with ProviderServer(answers).running() as server:
            config = ProviderConfig(name="here", options={"url": server.url}, token=token)
            try:
                return await plugin.open(config).fetch(web, HERE, NOW), server.asked[0]
            finally:
                await web.close()

    return asyncio.run(asked())
