"""The lines of all routes: computed in one worker thread, kept on disk by content.

So the second start of the same shift has its lines at once.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from tower.gateway.line import LineWish, RouteLine, compute_line
from tower.gateway.regions import Roads
from tower.road.engine import RoutingEngine
from tower.road.live import SpeedMap
from tower.road.pack import RegionPackError

_log = logging.getLogger(__name__)

_AGAIN_S = 60.0
"""Lines made of estimates because the roads did not answer are wanted again after this long."""

_AT_A_TIME, _TURN_S = 200, 0.05
"""So many lines, and so many seconds, until others may ask the roads in between."""

_Answer = TypeVar("_Answer")


class LineShelf:
    """Computed lines on disk, one small file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._decoder = msgspec.msgpack.Decoder(RouteLine)

    def find(self, key: str) -> RouteLine | None:
        """The line with this key, or None; an unreadable file counts as none."""
        try:
            return self._decoder.decode(self._path(key).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("cached route line %s is unreadable (%s); computing it again", key, error)
            return None

    def keep(self, line: RouteLine) -> None:
        """Write a line; a full disk costs the cache, not the line."""
        path = self._path(line.key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".part")
            draft.write_bytes(msgspec.msgpack.encode(line))
            draft.replace(path)
        except OSError as error:
            _log.warning("route line %s cannot be kept on disk: %s", line.key, error)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.line"


class _Done(NamedTuple):
    """What became of a wish: its line, None where there is none."""

    wish: LineWish
    line: RouteLine | None
    is_estimated: bool


class RouteLines:
    """The lines of all routes, always on their way to the newest sequence.

    Lives on the event loop; only the computing leaves it.
    """

    def __init__(
        self,
        roads: Roads,
        shelf: LineShelf,
        changed: Callable[[], None],
    ) -> None:
        """Make it.

        Args:
            roads: where travel times come from; opened in the worker thread when first needed.
            shelf: lines on disk.
            changed: called after new lines.
        """
        self._damage = self._outage = ""
        self._roads = roads
        self._speeds: SpeedMap | None = None
        self._engine: tuple[Roads, RoutingEngine] | None = None
        self._shelf = shelf
        self._changed = changed
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="route-lines")
        self._lines: dict[str, tuple[int, RouteLine]] = {}
        self._wanted: dict[str, LineWish] = {}
        self._estimated: dict[str, LineWish] = {}
        self._again: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def line(self, route_id: str) -> RouteLine | None:
        """The newest line there is for a route."""
        known = self._lines.get(route_id)
        return known[1] if known else None

    def all(self) -> dict[str, tuple[int, RouteLine]]:
        """Every route's line with the version of the sequence it belongs to."""
        return self._lines

    def kept(self, wish: LineWish) -> RouteLine | None:
        """A line computed before by the same roads, None where it is not kept; for any thread."""
        roads = self._roads
        return self._shelf.find(wish.key(roads.name)) if roads.lasts else None

    @property
    def fault(self) -> str:
        """Why travel times are estimates where they need not be, in words; "" while all is well."""
        if self._damage or not self._outage:
            return self._damage
        return f"{self._outage} Until then travel times are estimates."

    @property
    def tag(self) -> str:
        """Changes whenever any line does, and is the same after a restart."""
        parts = sorted(f"{i}:{version}:{line.key}" for i, (version, line) in self._lines.items())
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    def use(self, roads: Roads) -> None:
        """Take travel times from elsewhere; lines wanted from now on come from there."""
        if roads != self._roads:
            self._damage = self._outage = ""
        self._roads = roads

    def heed(self, speeds: SpeedMap) -> None:
        """Ask the roads by these speeds from now on; lines stay those of free flow."""
        self._speeds = speeds
        if self._engine is not None:
            self._engine[1].heed(speeds)

    def want(self, wish: LineWish) -> None:
        """Ask for a line; a newer wish for the same route takes the place of an older one."""
        version, line = self._lines.get(wish.route_id, (-1, None))
        if line is not None and version == wish.version and line.key == wish.key(self._roads.name):
            return
        self._wanted[wish.route_id] = wish
        self._start()

    async def asked(self, ask: Callable[[RoutingEngine], _Answer]) -> _Answer:
        """Ask the roads something, in the thread that has them open; lines wait meanwhile.

        Raises:
            RoutingError: what `ask` lets through.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self._answered, ask)

    async def settled(self) -> None:
        """Wait until no line is being computed."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop computing."""
        self._wanted.clear()
        if self._again is not None:
            self._again.cancel()
        await self.settled()
        self._worker.submit(self._hang_up)
        self._worker.shutdown(wait=False)

    async def _compute_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted:
            wishes = list(islice(self._wanted.values(), _AT_A_TIME))
            done = await loop.run_in_executor(self._worker, self._find_or_compute_some, wishes)
            for one in done:
                self._take(one)
            self._changed()
        if self._estimated and self._again is None:
            self._again = loop.call_later(_AGAIN_S, self._want_again)

    def _take(self, done: "_Done") -> None:
        """Another wish for the route may have come meanwhile; it has its turn later."""
        wish = done.wish
        if self._wanted.get(wish.route_id) is wish:
            del self._wanted[wish.route_id]
        if done.line is not None:
            self._lines[wish.route_id] = (wish.version, done.line)
            if done.is_estimated:
                self._estimated[wish.route_id] = wish

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._compute_all())

    def _want_again(self) -> None:
        self._again = None
        estimated, self._estimated = self._estimated, {}
        self._wanted = {**estimated, **self._wanted}
        self._start()

    # In the worker thread

    def _answered(self, ask: Callable[[RoutingEngine], _Answer]) -> _Answer:
        engine = self._opened()[1]
        answer = ask(engine)
        self._outage = engine.fault
        return answer

    def _find_or_compute_some(self, wishes: Sequence[LineWish]) -> list["_Done"]:
        """As many as there is time for, one at least.

        To change threads takes longer than to find a line.
        """
        done: list[_Done] = []
        ends = time.perf_counter() + _TURN_S
        for wish in wishes:
            done.append(self._tried(wish))
            if time.perf_counter() > ends:
                break
        return done

    def _tried(self, wish: LineWish) -> "_Done":
        try:
            line = self._find_or_compute(wish)
        except Exception:  # noqa: BLE001 - an engine may fail in any way; other routes go on
            _log.exception(
                "no line for route %s: its times and its drawing are missing", wish.route_id
            )
            return _Done(wish, None, is_estimated=False)
        return _Done(wish, line, is_estimated=bool(self._outage))

    def _find_or_compute(self, wish: LineWish) -> RouteLine:
        lasts, key = self._roads.lasts, wish.key(self._roads.name)
        found = self._shelf.find(key) if lasts else None
        if found is not None:
            return found
        roads, engine = self._opened()
        line = compute_line(wish, engine, roads.name)
        self._outage = engine.fault
        if roads.lasts:
            self._shelf.keep(line)
        return line

    def _opened(self) -> tuple[Roads, RoutingEngine]:
        """The roads in use, straight lines where their file is damaged."""
        roads = self._roads
        try:
            return roads, self._engine_of(roads)
        except RegionPackError as error:
            self._damage = f"{error} Until then travel times are estimates."
            _log.error("%s", self._damage)
            self._do_without(roads)
            return self._opened()

    def _do_without(self, damaged: Roads) -> None:
        """Straight lines from now on, unless other roads were named meanwhile."""
        if self._roads == damaged:
            self._roads = damaged.without_pack()

    def _engine_of(self, roads: Roads) -> RoutingEngine:
        if self._engine is None or self._engine[0] != roads:
            self._hang_up()
            engine = roads.open()
            if self._speeds is not None:
                engine.heed(self._speeds)
            self._engine = (roads, engine)
        return self._engine[1]

    def _hang_up(self) -> None:
        if self._engine is not None:
            self._engine[1].close()
