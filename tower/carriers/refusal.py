"""What the gateway would not believe, kept with its reason."""

from datetime import datetime

import msgspec

EXCERPT_BYTES = 2048
"""How much of a refused message is kept."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One message, or one part of one, that was refused.

    Attributes:
        adapter: name of the adapter it came through.
        at: when the gateway refused it, UTC.
        reason: why, in words the carrier can act on.
        excerpt: the refused bytes, or their first 2 KiB.
    """

    carrier_id: str
    adapter: str
    at: datetime
    reason: str
    excerpt: bytes = b""


class Rejected(Exception):
    """One observation cannot be believed; the text says why."""
