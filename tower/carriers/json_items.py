"""Reading JSON messages so that one bad item refuses itself and not its neighbours."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from tower.carriers.port import Refused
from tower.carriers.refusal import EXCERPT_BYTES

T = TypeVar("T")

JSON_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Everything msgspec raises for bytes that are not the JSON expected."""


def refused(error: Exception, item: bytes, what: str = "message") -> Refused:
    """The refusal for an item that could not be read."""
    if isinstance(error, RecursionError):
        reason = "nested too deeply"
    elif isinstance(error, UnicodeDecodeError):
        reason = "text is not UTF-8"
    else:
        reason = str(error)
    return Refused(f"{what}: {reason}", bytes(item[:EXCERPT_BYTES]))


def read_items(
    items: Sequence[msgspec.Raw],
    decoder: msgspec.json.Decoder[T],
    refusals: list[Refused],
    what: str,
) -> list[T]:
    """Read each item for itself; those that cannot be read are added to `refusals`."""
    good: list[T] = []
    for item in items:
        try:
            good.append(decoder.decode(item))
        except JSON_ERRORS as error:
            refusals.append(refused(error, bytes(item), what))
    return good


def split(payload: bytes, refusals: list[Refused]) -> list[msgspec.Raw]:
    """The items of a JSON list, or the one object; nothing, and a refusal, where it is neither."""
    try:
        if payload.lstrip()[:1] == b"[":
            return _LIST.decode(payload)
        return [_ITEM.decode(payload)]
    except JSON_ERRORS as error:
        refusals.append(refused(error, payload))
        return []


_LIST: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])
_ITEM: msgspec.json.Decoder[Any] = msgspec.json.Decoder(msgspec.Raw)
