"""Receipts: what providers say became of the messages they were given."""

from datetime import datetime

from msgspec.structs import replace

from tower.domain.events import Event, MessageProgressed
from tower.domain.identity import derived_event_id
from tower.domain.messages import Attempt, Message
from tower.domain.moments import Now
from tower.domain.records import Actor
from tower.domain.state import Changed, State
from tower.domain.words import MessageState
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.live_state import LiveState
from tower.gateway.telling.accounts import Account
from tower.gateway.telling.attempts import attempt_of, subject_of
from tower.gateway.telling.sound import MOST_REASON, MOST_REF, sound
from tower.journal.port import Appender
from tower.outreach.outgoing import attempt_key
from tower.outreach.port import Receipt

_TELLABLE = frozenset(
    {MessageState.SENT, MessageState.DELIVERED, MessageState.READ, MessageState.FAILED}
)

Found = tuple[Message, Attempt]


class Receipts:
    """Takes receipts in: each progresses the attempt it is about, if it is news."""

    def __init__(self, live: LiveState, journal: Appender, clock: Now) -> None:
        self._live = live
        self._journal = journal
        self._clock = clock
        self._by_ref: dict[tuple[str, str], tuple[str, int]] = {}
        for message in live.state.messages.values():
            self._note(message)
        live.listen(self._on_events_folded)

    def is_known(self, account: Account, receipt: Receipt) -> bool:
        """True where the gateway knows the attempt a receipt is about."""
        return self._find(account, receipt) is not None

    async def take(self, account: Account, receipt: Receipt) -> str:
        """Take one receipt in; what is no news changes nothing.

        Returns:
            Why it could not be used, in words; "" where it could.

        Raises:
            JournalError: it could not be recorded.
        """
        if receipt.state not in _TELLABLE:
            return f"A receipt says {receipt.state}, which providers do not decide."
        found = self._find(account, receipt)
        if found is None:
            return f"A receipt is about a message this gateway did not send: {_named(receipt)}."
        message, attempt = found
        if not _is_news(attempt, receipt):
            return ""
        event = _progressed(self._live.state, message, attempt, receipt, self._clock.now())
        await self._live.after_commit(self._journal.append([event]))
        return ""

    def _find(self, account: Account, receipt: Receipt) -> Found | None:
        """The attempt, by our key or the provider's id, if it went over this account."""
        state = self._live.state
        found = attempt_of(state, receipt.key) if receipt.key else None
        known = self._by_ref.get((account.name, receipt.ref))
        if found is None and receipt.ref and known is not None:
            found = attempt_of(state, attempt_key(*known))
        return found if found is not None and found[1].provider == account.name else None

    def named(self, account: Account, name: str) -> str:
        """Our key of the attempt that a key or a provider's id names, "" where there is none."""
        found = self._find(account, Receipt(state=MessageState.SENT, key=name, ref=name))
        return attempt_key(found[0].id, found[1].number) if found else ""

    def _note(self, message: Message) -> None:
        for attempt in message.attempts:
            if attempt.provider_ref:
                key = attempt.provider, attempt.provider_ref
                self._by_ref[key] = message.id, attempt.number

    def _on_events_folded(self, _: list[Event], changed: frozenset[Changed]) -> None:
        for table, id_ in changed:
            if table == "messages":
                self._note(self._live.state.messages[id_])


def believed(at: datetime | None, now: datetime) -> datetime:
    """A provider's time; ours where there is none, or it lies ahead of when we were told."""
    return now if at is None else min(at, now)


def _is_news(attempt: Attempt, receipt: Receipt) -> bool:
    return receipt.state.rank > attempt.state.rank


def _progressed(
    state: State, message: Message, attempt: Attempt, receipt: Receipt, now: datetime
) -> Event:
    at = max(believed(receipt.at, now), attempt.at)
    known = replace(
        attempt,
        state=receipt.state,
        at=at,
        provider_ref=sound(receipt.ref, MOST_REF) or attempt.provider_ref,
        why=sound(receipt.why, MOST_REASON),
        again=False,
    )
    actor = Actor(kind="channel", id=attempt.provider, name=attempt.provider)
    event = new_event(now, actor, subject_of(state, message), MessageProgressed(attempt=known))
    # A provider that says it twice at once says it with one id.
    key = attempt_key(message.id, attempt.number)
    return replace(event, id=derived_event_id(at, attempt.provider, key, receipt.state), at=at)


def _named(receipt: Receipt) -> str:
    return (receipt.key or receipt.ref or "no name")[:80]
