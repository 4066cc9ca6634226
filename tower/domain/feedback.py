"""What is heard of a delivery afterwards: claims and disputes, answers to surveys."""

from datetime import datetime

from tower.domain.records import NEVER, Record, Stamp
from tower.domain.words import ClaimKind, ClaimOutcome


class Claim(Record, frozen=True, kw_only=True):
    """Somebody wants something put right about a stop.

    Attributes:
        filed_at: when it reached us, UTC; None while only its settlement is known.
        settled_at: when it was decided, UTC.
        amount: what is asked for, in the operation's currency; 0 where nothing was named.
    """

    id: str
    stop_id: str = ""
    kind: ClaimKind = ClaimKind.OTHER
    filed_at: datetime | None = None
    words: str = ""
    amount: float = 0.0
    filed_stamp: Stamp = NEVER
    outcome: ClaimOutcome | None = None
    settled_at: datetime | None = None
    settlement: str = ""
    settled_stamp: Stamp = NEVER

    @property
    def is_open(self) -> bool:
        """True while it waits to be decided."""
        return self.outcome is None


class Survey(Record, frozen=True, kw_only=True):
    """What a customer answered when asked about a delivery.

    Attributes:
        csat: satisfaction from 1 to 5, None where not asked or not answered.
        nps: how likely they would recommend us, 0 to 10; None likewise.
    """

    id: str
    stop_id: str
    at: datetime
    csat: int | None = None
    nps: int | None = None
    words: str = ""
    stamp: Stamp = NEVER
