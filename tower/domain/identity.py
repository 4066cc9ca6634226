"""Identifiers: UUIDv7 for what happens here, and derived ones for what carriers repeat."""

import hashlib
import uuid
from datetime import datetime

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_BITS = (1 << 76) - 1


def event_id(at: datetime, entropy: bytes) -> str:
    """A UUIDv7 (RFC 9562) for something that happened at `at`.

    Args:
        at: when it happened; sets the leading 48 bits, so ids sort by time.
        entropy: at least ten bytes. Random bytes make a new id; the digest of a carrier's own
            reference makes the same id for the same message, however often it is sent.

    Raises:
        ValueError: `entropy` is shorter than ten bytes or `at` has no time zone.
    """
    if len(entropy) < 10:
        raise ValueError("an event id needs ten bytes of entropy")
    if at.tzinfo is None:
        raise ValueError("an event id needs an aware time")
    milliseconds = max(0, int(at.timestamp() * 1000)) & ((1 << 48) - 1)
    random_bits = int.from_bytes(entropy[:10], "big") & _RANDOM_BITS
    rand_a, rand_b = random_bits >> 62 & 0xFFF, random_bits & ((1 << 62) - 1)
    return str(uuid.UUID(int=milliseconds << 80 | _VERSION_7 | rand_a << 64 | _VARIANT | rand_b))


def derived_event_id(at: datetime, *parts: str) -> str:
    """The one id of an event a carrier may report many times.

    Args:
        at: when it happened.
        parts: what makes the event itself: carrier, subject, type, the carrier's own reference.
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest()
    return event_id(at, digest)


def subject_id(*parts: str) -> str:
    """A short stable id for a thing named by its parts (an exception of a stop, say)."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=9)
    return digest.hexdigest()
