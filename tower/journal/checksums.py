"""What tells a damaged event from a sound one: SQLite keeps no checksum of what is in its pages."""

import zlib

_SEQ_BYTES = 8


def checksum_of(seq: int, body: bytes) -> int:
    """CRC-32 of an event's place and body, as it is kept beside them."""
    return zlib.crc32(body, zlib.crc32(seq.to_bytes(_SEQ_BYTES, "little")))


def is_sound(seq: int, body: bytes, checksum: int | None) -> bool:
    """True where an event is as it was written; those of older journals have no checksum."""
    return checksum is None or checksum_of(seq, body) == checksum
