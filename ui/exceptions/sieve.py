"""What of the queue is shown. It bears on nothing but the list. Knows no widgets."""

import msgspec

from tower.domain.words import ExceptionKind, Severity
from ui.exceptions.rows import ExceptionRow


class Sieve(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lets through what fits everything that is set; nothing set lets everything through.

    Attributes:
        words: every one of them stands somewhere in the row.
        kinds: only these kinds; likewise severities, carriers, depots and service levels.
        unread: only where a reply waits to be read.
        past_sla: only where somebody should have acted already.
        escalated: only where a supervisor was asked.
        unclaimed: only what nobody works on.
    """

    words: str = ""
    kinds: frozenset[ExceptionKind] = frozenset()
    severities: frozenset[Severity] = frozenset()
    carriers: frozenset[str] = frozenset()
    depots: frozenset[str] = frozenset()
    service_levels: frozenset[str] = frozenset()
    unread: bool = False
    past_sla: bool = False
    escalated: bool = False
    unclaimed: bool = False

    def __bool__(self) -> bool:
        """True while it holds anything back."""
        return self != _OPEN_SIEVE

    @property
    def wanted(self) -> tuple[str, ...]:
        """The words, in small letters."""
        return tuple(self.words.casefold().split())

    @property
    def looks_closer(self) -> bool:
        """True where something besides words holds rows back."""
        return msgspec.structs.replace(self, words="") != _OPEN_SIEVE

    def lets(self, row: ExceptionRow, now: float) -> bool:
        """Whether a row passes, its words aside.

        Args:
            row: an exception.
            now: seconds since 1970 by the gateway's clock.
        """
        return self._is_listed(row) and self._stands_so(row, now)

    def _is_listed(self, row: ExceptionRow) -> bool:
        place = row.place
        return (
            (not self.kinds or row.of in self.kinds)
            and (not self.severities or row.severity in self.severities)
            and (not self.carriers or place.carrier_id in self.carriers)
            and (not self.depots or place.depot_id in self.depots)
            and (not self.service_levels or place.service_level in self.service_levels)
        )

    def _stands_so(self, row: ExceptionRow, now: float) -> bool:
        is_past = row.due is not None and row.due < now
        return (
            (not self.unread or row.unread > 0)
            and (not self.past_sla or is_past)
            and (not self.escalated or row.is_escalated)
            and (not self.unclaimed or not row.owner)
        )


_OPEN_SIEVE = Sieve()
