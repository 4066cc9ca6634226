"""What a rule found, before it is compared with what is known already."""

from datetime import datetime, timedelta

import msgspec

from tower.domain.records import Finding
from tower.domain.words import ExceptionKind

SOURCE = "tower:watch"
"""The source of findings made here."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that holds now.

    Attributes:
        about: id of the stop, vehicle or carrier it is about; with the kind it is its identity.
        since: when the condition began, as far as the rule can tell, UTC.
        ripe_after: how long it must have been found without a break before it counts.
        finding: what the exception will say; exception id and SLA are filled in later.
        is_fact: it happened once, at `since`, and does not go on; what a person resolved stays
            resolved until it happens again.
    """

    about: str
    since: datetime
    finding: Finding
    ripe_after: timedelta = timedelta(0)
    is_fact: bool = False

    @property
    def kind(self) -> ExceptionKind:
        """The kind of the exception."""
        return self.finding.kind
