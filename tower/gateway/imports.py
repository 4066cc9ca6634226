"""Manifests on their way in: read off the event loop, decided upon on it."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from tower.carriers.manifest import Manifest, manifest_events, read_manifest
from tower.carriers.manifest.changes import IMPORTER
from tower.domain.geometry import LatLon
from tower.domain.records import Actor
from tower.feed.clock import Clock
from tower.gateway.answers import ManifestProblem, ManifestReceipt
from tower.gateway.desk import Desk


class Imports:
    """Takes manifests in."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        region: str = "",
        home: Callable[[], LatLon | None] = lambda: None,
    ) -> None:
        """Make it.

        Args:
            desk: where it is decided what changes.
            clock: the gateway's.
            region: what manifests that name no region are taken to be about.
            home: where the operation works, None while that is not known.
        """
        self._desk = desk
        self._clock = clock
        self._region = region
        self._home = home

    async def take_in(self, payload: bytes, name: str, actor: Actor = IMPORTER) -> ManifestReceipt:
        """Read a manifest and record what it changes; the same file again changes nothing.

        Args:
            payload: the file.
            name: its name, which tells CSV from JSON where the content leaves it open.
            actor: who hands it in.

        Raises:
            JournalError: nothing was recorded.
        """
        read = await asyncio.to_thread(read_manifest, payload, name, self._home())
        manifest = self._placed(read)
        new = await self._desk.record(
            lambda state: manifest_events(manifest, state, self._clock, actor)
        )
        return receipt_of(manifest, len(new))

    def _placed(self, manifest: Manifest) -> Manifest:
        shift = manifest.shift
        if shift is None or shift.region:
            return manifest
        return replace(manifest, shift=replace(shift, region=self._region))


def receipt_of(manifest: Manifest, events: int) -> ManifestReceipt:
    """What is told about a manifest that was taken in with so many events."""
    return ManifestReceipt(
        routes=len(manifest.routes),
        stops=len(manifest.stops),
        events=events,
        problems=tuple(
            ManifestProblem(
                line=one.line, field=one.field, message=one.message, refused=one.refused
            )
            for one in manifest.problems
        ),
    )
