"""Hands a report to its readers: to each over the first account that takes it."""

import asyncio

from tower.domain.words import Channel, MessageState
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.attempts import back_off
from tower.gateway.telling.handover import answered
from tower.outreach.port import NotTaken, Outgoing, Taken, Unsure

_TRIES = 4


def mail_accounts(accounts: Accounts) -> list[Account]:
    """Those that send e-mail, in the order of the settings."""
    return [one for one in accounts if one.carries(Channel.EMAIL) and one.plugin.sends]


async def handed_over(outgoing: Outgoing, accounts: list[Account]) -> tuple[MessageState, str]:
    """Hand a letter to the first account that takes it; what is unsure goes to no other.

    Returns:
        `sent`, `unknown` or `failed`, and why.
    """
    refusals: list[str] = []
    for account in accounts:
        try:
            await _taken(outgoing, account)
        except NotTaken as error:
            refusals.append(str(error))
        except Unsure as error:
            return MessageState.UNKNOWN, str(error)
        else:
            return MessageState.SENT, ""
    return MessageState.FAILED, " ".join(refusals)


async def _taken(outgoing: Outgoing, account: Account) -> None:
    """Ask an account to take a letter, again a little later where that may help.

    Raises:
        NotTaken: it certainly has not.
        Unsure: nobody knows.
    """
    for tried in range(1, _TRIES + 1):
        try:
            await _asked(outgoing, account)
        except NotTaken as error:
            if error.again:
                account.failed(str(error))
            if not error.again or tried == _TRIES:
                raise
            await asyncio.sleep(back_off(account.settings.retry_s, tried).total_seconds())
        else:
            account.succeeded()
            return


async def _asked(outgoing: Outgoing, account: Account) -> Taken:
    channel = account.channel
    if channel is None:
        raise NotTaken(account.trouble)
    return await answered(account, lambda: channel.send(outgoing), NotTaken, Unsure)


def together(
    readers: int, problems: dict[str, tuple[MessageState, str]]
) -> tuple[MessageState, str]:
    """What became of a run of several letters: one that is unsure makes it unsure.

    Args:
        readers: how many there are.
        problems: what became of the letters that were not sent, by address.
    """
    words = " ".join(f"{to}: {why}" for to, (_, why) in problems.items())
    states = {state for state, _ in problems.values()}
    if MessageState.UNKNOWN in states:
        return MessageState.UNKNOWN, words
    if len(problems) == readers:
        return MessageState.FAILED, words
    return MessageState.SENT, f"Not everybody got it. {words}" if words else ""
