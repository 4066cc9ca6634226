"""What is next for a message in the outbox. Pure: the journal says all there is to know.

An attempt is begun once: its beginning is recorded before the provider is asked, and the version
it bears is given out once. What became of it is learnt. Where nobody knows, the provider's
assurance says what may be done: ask again with the same key, ask whether it has the message, or
nothing. So a gateway that is killed at any moment neither says a thing twice nor forgets it.
"""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from tower.domain.messages import Attempt, Message, Reach
from tower.domain.state import State
from tower.domain.words import MessageState
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.attempts import back_off, tries, untried
from tower.outreach.history import History
from tower.outreach.policy import Bar, Clear, Hold
from tower.outreach.port import Assurance


class Gate(Protocol):
    """Whether an attempt may be made now; see `tower.outreach.policy.gate`."""

    def __call__(
        self,
        state: State,
        message: Message,
        reach: Reach,
        now: datetime,
        number: int | None = None,
        history: History | None = None,
    ) -> Clear | Hold | Bar:
        """What the policy says; `number` is the attempt's, None for the next one."""
        ...


class Begin(msgspec.Struct, frozen=True):
    """Begin a new attempt over an account."""

    reach: Reach
    account: Account


class PassOver(msgspec.Struct, frozen=True):
    """A way that cannot be used; the next one is tried."""

    reach: Reach
    why: str


class GiveUp(msgspec.Struct, frozen=True):
    """Do not send the message (any more)."""

    why: str


class Doubt(msgspec.Struct, frozen=True):
    """The attempt was under way when the gateway ended: nobody knows what became of it."""

    attempt: Attempt


class Repeat(msgspec.Struct, frozen=True):
    """Hand the same attempt over again, with its own key."""

    attempt: Attempt
    account: Account


class Inquire(msgspec.Struct, frozen=True):
    """Ask the provider what became of an attempt."""

    attempt: Attempt
    account: Account


class Wait(msgspec.Struct, frozen=True):
    """Nothing before `until`; None for nothing until something changes."""

    until: datetime | None = None


Step = Begin | PassOver | GiveUp | Doubt | Repeat | Inquire | Wait

NOTHING = Wait()


def is_settled(message: Message) -> bool:
    """True once the courier has nothing to do with a message whatever the time and the accounts."""
    last = message.last
    if last is None:
        return bool(message.cancelled)
    if last.state is MessageState.FAILED:
        return bool(message.cancelled) or not (last.again or untried(message))
    return last.state not in (MessageState.SENDING, MessageState.UNKNOWN)


def next_step(
    message: Message, state: State, accounts: Accounts, gate: Gate, now: datetime
) -> Step:
    """What is to be done about a message now.

    Args:
        message: one of the outbox that nobody here is sending at the moment.
        state: the shift.
        accounts: the ways to providers.
        gate: the policy.
        now: the gateway's time.
    """
    last = message.last
    if message.plan is None or is_settled(message):
        return NOTHING
    if last is None:
        return _begin(message, list(message.plan.reaches), state, accounts, gate, now)
    if last.state is MessageState.SENDING:
        return Doubt(last)
    if last.state is MessageState.UNKNOWN:
        return _unknown(message, last, state, accounts, gate, now)
    if not last.again:
        return _begin(message, untried(message), state, accounts, gate, now)
    due = last.at + back_off(_retry_s(accounts, last), tries(message, last))
    if now < due:
        return Wait(due)
    return _begin(message, [last.reach, *untried(message)], state, accounts, gate, now)


def _begin(
    message: Message,
    reaches: list[Reach],
    state: State,
    accounts: Accounts,
    gate: Gate,
    now: datetime,
) -> Step:
    """Begin with the first way; pass it over where it is barred and another is left."""
    plan = message.plan
    if not reaches or plan is None:
        return GiveUp("There is no way left to reach the customer.")
    if plan.send_after is not None and now < plan.send_after:
        return Wait(plan.send_after)
    reach = reaches[0]
    verdict = gate(state, message, reach, now)
    if isinstance(verdict, Hold):
        return Wait(verdict.until)
    if isinstance(verdict, Bar):
        is_over = verdict.whole or len(reaches) == 1
        return GiveUp(verdict.why) if is_over else PassOver(reach, verdict.why)
    account = accounts.carrying(reach.channel)
    if account is None:
        return PassOver(reach, f"No account of this gateway carries {reach.channel}.")
    return Begin(reach, account)


def _unknown(
    message: Message,
    last: Attempt,
    state: State,
    accounts: Accounts,
    gate: Gate,
    now: datetime,
) -> Step:
    account = accounts.named(last.provider)
    if account is None or not account.is_open:
        return NOTHING
    due = last.at + timedelta(seconds=account.settings.retry_s)
    if now < due:
        return Wait(due)
    if message.cancelled or not _may_repeat(message, account, now):
        return Inquire(last, account)
    verdict = gate(state, message, last.reach, now, last.number)
    if isinstance(verdict, Hold):
        return Wait(verdict.until)
    if isinstance(verdict, Bar):
        return GiveUp(f"Nobody knows whether it was sent; it is not tried again: {verdict.why}")
    return Repeat(last, account)


def _may_repeat(message: Message, account: Account, now: datetime) -> bool:
    """True while the provider still remembers the key, however long the gateway was away."""
    since = message.queued_at or now
    lasts = timedelta(seconds=account.settings.key_lasts_s)
    return account.assurance is Assurance.KEY and now < since + lasts


def _retry_s(accounts: Accounts, attempt: Attempt) -> float:
    account = accounts.named(attempt.provider)
    return account.settings.retry_s if account else 0.0
