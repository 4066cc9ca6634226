"""A provider to test with: it does what it is told, and remembers what customers got."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence

from tower.domain.words import Channel as Medium
from tower.gateway.settings import ChannelSettings
from tower.gateway.telling.accounts import Account, Accounts
from tower.outreach.port import (
    Assurance,
    ChannelConfig,
    ChannelError,
    Forged,
    Heard,
    Option,
    Outgoing,
    Receipt,
    Request,
    Taken,
    Unreadable,
)

Answer = Taken | Exception | Callable[[Outgoing], Taken]
"""What comes of one message handed over."""


class Provider:
    """One provider behind one account; `answers` are given in turn, then it takes all.

    Attributes:
        sent: every message handed over, repetitions included.
        got: how often each customer got something.
        receipts: what `ask` says, by key.
        heard: what `hear` says, or raises.
        times_heard: requests it was asked to hear.
        held: while it is not set, the answers to messages wait.
    """

    def __init__(
        self,
        assurance: Assurance = Assurance.NONE,
        answers: Iterable[Answer] = (),
        carries: Sequence[Medium] = (Medium.SMS,),
    ) -> None:
        self.assurance = assurance
        self.answers = deque(answers)
        self.carries = tuple(carries)
        self.sent: list[Outgoing] = []
        self.asked: list[str] = []
        self.got: Counter[str] = Counter()
        self.receipts: dict[str, Receipt] = {}
        self.heard: Heard | Exception = Heard()
        self.closed = False
        self.held: asyncio.Event | None = None
        self.times_heard = 0
        self.most_at_once = 0
        self._at_once = 0

    async def send(self, outgoing: Outgoing) -> Taken:
        """Take a message as the next answer says."""
        self.sent.append(outgoing)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.held is not None:
                await self.held.wait()
            return self._take(outgoing)
        finally:
            self._at_once -= 1

    def _take(self, outgoing: Outgoing) -> Taken:
        answer = self.answers.popleft() if self.answers else Taken(ref=f"ref-{len(self.sent)}")
        if isinstance(answer, Exception):
            raise answer
        self.got[outgoing.to] += 1
        return answer if isinstance(answer, Taken) else answer(outgoing)

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:
        """What it was told to say."""
        del ref, to
        self.asked.append(key)
        return self.receipts.get(key)

    def hear(self, request: Request) -> Heard:
        """What it was told to hear; the header `x-forged` is no signature of this provider."""
        self.times_heard += 1
        if "x-forged" in request.headers:
            raise Forged("the signature is wrong")
        if isinstance(self.heard, Exception):
            raise self.heard
        return self.heard

    async def close(self) -> None:
        """Remember it."""
        self.closed = True


class ProviderPlugin:
    """Opens a provider of the test's own."""

    title = "Provider of a test"
    options: tuple[Option, ...] = (Option(name="token", about="any", secret=True),)
    sends = True

    def __init__(self, provider: Provider, name: str = "test", fault: str = "") -> None:
        self.name = name
        self.carries = provider.carries
        self.config: ChannelConfig | None = None
        self._provider = provider
        self._fault = fault

    def open(self, config: ChannelConfig) -> Provider:
        """The provider, unless it cannot be opened."""
        if self._fault:
            raise ChannelError(self._fault)
        self.config = config
        return self._provider


def accounts_of(**providers: Provider) -> Accounts:
    """An account for each provider, by its name; retries come at once."""
    return Accounts([account_of(name, provider) for name, provider in providers.items()])


def account_of(name: str, provider: Provider, retry_s: float = 0.05) -> Account:
    """The account of one provider."""
    settings = ChannelSettings(
        name=name,
        plugin="test",
        at_once=4,
        per_second=1_000.0,
        timeout_s=5.0,
        settle_s=1.0,
        retry_s=retry_s,
    )
    return Account(settings, ProviderPlugin(provider), provider)


UNREADABLE = Unreadable("there is no message in it")
