"""Drivers' apps, and carriers without a format of their own: Tower's open JSON, or OwnTracks."""

import msgspec

from plugins.driver_app.messages import AnyItem, OwnTracksLocation
from plugins.driver_app.translate import observation, of_owntracks
from tower.carriers.json_items import JSON_ERRORS, refused, split
from tower.carriers.observations import AnyObservation
from tower.carriers.port import Decoded, Refused

_ITEM: msgspec.json.Decoder[AnyItem] = msgspec.json.Decoder(AnyItem)
_ITEMS: msgspec.json.Decoder[list[AnyItem]] = msgspec.json.Decoder(list[AnyItem])
_LOCATION = msgspec.json.Decoder(OwnTracksLocation)


class DriverAppAdapter:
    """Reads one message or a list of them; each stands for itself."""

    name = "driver_app"
    title = "Driver app"
    content_types = ("application/json",)

    def decode(self, payload: bytes, content_type: str) -> Decoded:  # noqa: ARG002 - one form
        """Read one message; see `tower.carriers.port.Adapter.decode`."""
        whole = _whole(payload)
        if whole is not None:
            return Decoded(whole, [])
        refusals: list[Refused] = []
        found: list[AnyObservation] = []
        for item in split(payload, refusals):
            try:
                found.append(_read(bytes(item)))
            except (*JSON_ERRORS, ValueError) as error:
                refusals.append(refused(error, bytes(item)))
        return Decoded(found, refusals)


def _whole(payload: bytes) -> list[AnyObservation] | None:
    """A list of sound messages at once; None where each needs a look of its own."""
    try:
        return [observation(item) for item in _ITEMS.decode(payload)]
    except (*JSON_ERRORS, ValueError):
        return None


def _read(item: bytes) -> AnyObservation:
    if b'"_type"' in item and b'"type"' not in item:
        return of_owntracks(_LOCATION.decode(item))
    return observation(_ITEM.decode(item))


adapter = DriverAppAdapter()
"""What the entry point names."""
