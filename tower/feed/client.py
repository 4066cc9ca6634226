"""The desktop's live connection: both websockets, resumed after every loss."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from tower.feed.clock import FollowingClock
from tower.feed.codec import CODECS
from tower.feed.events_client import Arrived, EventsClient, Replaced
from tower.feed.line import Address, Line
from tower.feed.link import FeedSink, Link, worst
from tower.feed.messages import MESSAGEPACK, EventFilter
from tower.feed.talker import Told
from tower.feed.vehicles_client import VehiclesClient

__all__ = ["FeedClient", "FeedSink", "Link"]

EVENTS_PATH = "/v1/live/events"
VEHICLES_PATH = "/v1/live/vehicles"

EVENTS_STALE_S = 11.0
"""Quiet on the events socket beyond two heartbeats of five seconds."""

VEHICLES_STALE_S = 2.0
"""Quiet on the vehicles socket, which says something each second."""

REPORT_S = 1.0
"""How often the lag and the sequence number are told while live."""


class Followed(Protocol):
    """A clock that keeps to the gateway's."""

    def time(self) -> float:
        """The time in seconds since 1970."""
        ...

    def follow(self, time: float, rate: float) -> None:
        """Take note of the gateway's time and rate."""
        ...


class FeedClient:
    """Follows a gateway and hands a sink everything, without a gap and without a repetition.

    The sink's state is replaced at first, and again only where the gateway cannot continue from
    what is here (another journal, or one that no longer keeps so old events).
    """

    def __init__(
        self,
        url: str,
        token: str,
        sink: FeedSink,
        *,
        subprotocol: str = MESSAGEPACK,
        clock: Followed | None = None,
        wanted: EventFilter | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Nothing is connected before `run`.

        Args:
            url: of the gateway, `ws://host:port` or `wss://…`, without a path.
            token: the bearer token; sent at the upgrade, never in an address.
            sink: called in the thread that runs `run`.
            subprotocol: `tower.v1` or `tower.v1.json`.
            clock: made to follow the gateway's clock.
            wanted: which events to hear of; None for all.
            chance: random numbers in [0, 1) for the back-off.
        """
        codec = CODECS[subprotocol]
        self._sink = sink
        self.clock: Followed = clock or FollowingClock(time.time())
        self._lag_s: float | None = None
        self._reported = Link(status="connecting")
        self._reported_at = float("-inf")
        self._events = EventsClient(codec, wanted)
        self._vehicles = VehiclesClient(codec)
        self._lines = (
            Line(
                Address(url + EVENTS_PATH, token, EVENTS_STALE_S),
                codec,
                self._events,
                take=self._on_events_message,
                changed=self._on_line_changed,
                chance=chance,
            ),
            Line(
                Address(url + VEHICLES_PATH, token, VEHICLES_STALE_S),
                codec,
                self._vehicles,
                take=self._on_vehicles_message,
                changed=self._on_line_changed,
                chance=chance,
            ),
        )

    @property
    def link(self) -> Link:
        """How the connection stands."""
        return replace(
            worst(line.link for line in self._lines), lag_s=self._lag_s, seq=self._events.seq
        )

    async def run(self) -> None:
        """Follow the gateway until cancelled."""
        self._sink.link_changed(self.link)
        async with asyncio.TaskGroup() as lines:
            for line in self._lines:
                lines.create_task(line.run())

    def retry_now(self) -> None:
        """Try again now instead of waiting; call it in the loop that runs `run`."""
        for line in self._lines:
            line.retry_now()

    def _on_events_message(self, data: bytes | str) -> None:
        for happening in self._events.receive(data):
            if isinstance(happening, Told):
                self._follow(happening)
            elif isinstance(happening, Replaced):
                self._sink.state_replaced(happening.state, happening.epoch)
            elif isinstance(happening, Arrived):
                self._sink.events_arrived(happening.events)

    def _on_vehicles_message(self, data: bytes | str) -> None:
        for happening in self._vehicles.receive(data):
            if isinstance(happening, Told):
                self._follow(happening)
                lag_s = (self.clock.time() - happening.now) / happening.rate
                # A clock that follows late times comes to agree with them; a round trip tells.
                self._lag_s = max(0.0, lag_s, (self._lines[1].round_trip_s or 0.0) / 2)
            else:
                self._sink.frame_arrived(happening)
        if time.monotonic() >= self._reported_at + REPORT_S:
            self._report()

    def _follow(self, told: Told) -> None:
        self.clock.follow(told.now, told.rate)

    def _on_line_changed(self) -> None:
        """Where one socket gets through, the other need not wait for its own back-off."""
        if any(line.link.status == "live" for line in self._lines):
            for line in self._lines:
                if line.link.status == "lost":
                    line.retry_now()
        self._report()

    def _report(self) -> None:
        link = self.link
        if link != self._reported:
            self._reported, self._reported_at = link, time.monotonic()
            self._sink.link_changed(link)
