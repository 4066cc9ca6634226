"""Cutting what the server sends at once into messages no longer than the gateway takes."""

from collections.abc import Iterator

from plugins.traccar.read import records
from tower.carriers.port import LARGEST_PAYLOAD


def pieces(payload: bytes, limit: int = LARGEST_PAYLOAD) -> Iterator[bytes]:
    """The payload as it is, or lists of its records where it is longer than `limit` bytes.

    One that is too long and cannot be read is passed on whole, to be refused with its reason.
    """
    found = records(payload) if len(payload) > limit else []
    if not found:
        yield payload
        return
    held: list[bytes] = []
    size = len(b"[]")
    for record in map(bytes, found):
        if held and size + len(record) + 1 > limit:
            yield _listed(held)
            held, size = [], len(b"[]")
        held.append(record)
        size += len(record) + 1
    yield _listed(held)


def _listed(records_: list[bytes]) -> bytes:
    return b"[" + b",".join(records_) + b"]"
