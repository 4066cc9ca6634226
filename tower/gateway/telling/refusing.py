"""What providers told that could not be used, kept where people read what was refused."""

import logging

from tower.carriers.refusal import EXCERPT_BYTES, Refusal
from tower.domain.moments import Now
from tower.gateway.telling.accounts import Account
from tower.gateway.telling.sound import MOST_REASON, sound
from tower.journal.refusals import RefusedLog

_log = logging.getLogger(__name__)


class Refusals:
    """Keeps refusals of the accounts beside those of the carriers."""

    def __init__(self, log: RefusedLog, clock: Now) -> None:
        self._kept = log
        self._clock = clock

    def keep(self, account: Account, reason: str, excerpt: bytes = b"") -> None:
        """Keep what an account told, with why it was not used."""
        _log.warning("channel %s: %s", account.name, sound(reason, MOST_REASON))
        refusal = Refusal(
            carrier_id=source_of(account.name),
            adapter=account.plugin.name,
            at=self._clock.now(),
            reason=sound(reason, MOST_REASON),
            excerpt=excerpt[:EXCERPT_BYTES],
        )
        self._kept.add([refusal])


def source_of(account: str) -> str:
    """What an account is called among those whose messages are refused."""
    return f"channel:{account}"
