"""Following a Traccar server live, through lost connections and the gaps they leave."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

from plugins.traccar.catch_up import Gap, Heard
from plugins.traccar.pieces import pieces
from plugins.traccar.read import read
from plugins.traccar.session import (
    CONTENT_TYPE,
    LinkLost,
    TraccarSession,
    live_messages,
    signed_in,
)
from tower.carriers.backoff import Backoff
from tower.carriers.port import Emit, PullConfig, PullError

_GAPS_AT_ONCE = 4

_log = logging.getLogger(__name__)


async def follow(config: PullConfig, emit: Emit, backoff: Backoff | None = None) -> None:
    """Pass on everything the server sends until cancelled.

    Raises:
        PullError: the settings cannot work, or the server does not accept the token.
    """
    if not config.url.startswith(("http://", "https://")):
        raise PullError("A Traccar carrier needs the url of its server, as https://host.")
    follower = _Follower(config, emit, backoff or Backoff())
    while True:
        try:
            await follower.one_connection()
        except LinkLost as error:
            _log.warning("Traccar of %s: %s; connecting again", config.carrier_id, error)
        await follower.backoff.wait()


class _Follower:
    def __init__(self, config: PullConfig, emit: Emit, backoff: Backoff) -> None:
        self._config = config
        self._emit = emit
        self._heard = Heard()
        self.backoff = backoff

    async def one_connection(self) -> None:
        """Sign in, catch up, then pass on live messages until the connection ends."""
        config = self._config
        async with signed_in(config) as session, live_messages(config, session) as live:
            # The websocket is open before catching up, so that nothing falls in between.
            await self._pass_on(await session.devices())
            await self._catch_up(session)
            self.backoff.succeeded()
            await self._pass_on_live(session, live)

    async def _pass_on_live(self, session: TraccarSession, live: AsyncIterator[bytes]) -> None:
        async for payload in live:
            if payload.strip() == b"{}":  # Traccar's keep-alive
                continue
            parts = read(payload, [])
            if self._heard.strangers(parts):
                await self._pass_on(await session.devices())
            await self._tell(payload)
            self._heard.note(parts)

    async def _catch_up(self, session: TraccarSession) -> None:
        latest = await session.last_positions()
        await self._close_all(self._heard.gaps(read(latest, [])), session)
        await self._pass_on(latest)

    async def _close_all(self, gaps: Sequence[Gap], session: TraccarSession) -> None:
        room = asyncio.Semaphore(_GAPS_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as closing:
                for gap in gaps:
                    closing.create_task(self._close(gap, session, room))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _close(self, gap: Gap, session: TraccarSession, room: asyncio.Semaphore) -> None:
        async with room:
            missed = await session.positions_between(gap.device_id, gap.since, gap.until)
            await self._tell(missed)

    async def _pass_on(self, payload: bytes) -> None:
        await self._tell(payload)
        self._heard.note(read(payload, []))

    async def _tell(self, payload: bytes) -> None:
        for piece in pieces(payload):
            await self._emit(piece, CONTENT_TYPE)
