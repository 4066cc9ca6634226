"""What was said of a provider in trouble, once nobody asks it any more."""

from datetime import UTC, datetime, timedelta

from tests.gateway.telling.channels import Provider, account_of
from tower.gateway.telling.accounts import Account, Accounts
from tower.gateway.telling.lapsing import STAYS, Lapsing

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


class Clock:
    """Stands still until it is set."""

    at = NOON

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.at


def failing() -> Account:
    account = account_of("sms", Provider())
    for _ in range(3):
        account.failed("out of order")
    return account


def test_trouble_stays_while_something_waits_for_the_provider() -> None:
    account, clock = failing(), Clock()
    lapsing = Lapsing(Accounts([account]), clock)
    for hours in range(5):
        clock.at = NOON + timedelta(hours=hours)
        lapsing.look({"sms"})
    assert account.trouble == "Channel sms does not take messages: out of order"
    assert lapsing.has_work


def test_trouble_lapses_a_while_after_the_last_message() -> None:
    account, clock = failing(), Clock()
    lapsing = Lapsing(Accounts([account]), clock)
    lapsing.look(())
    assert account.is_failing, "it may be read first"
    clock.at += STAYS
    lapsing.look(())
    assert account.trouble == ""
    assert not lapsing.has_work


def test_a_message_that_comes_in_between_begins_it_anew() -> None:
    account, clock = failing(), Clock()
    lapsing = Lapsing(Accounts([account]), clock)
    lapsing.look(())
    lapsing.look({"sms"})
    clock.at += STAYS
    lapsing.look(())
    assert account.is_failing
