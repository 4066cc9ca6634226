"""A real Kannel sends, reports delivery and brings a reply, all over HTTP on loopback."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_plus

from plugins.kannel import KannelChannel, plugin
from tests.carriers.shift import StandingClock
from tests.plugins.kannel.real_kannel import PATIENCE_S, install_or_skip, running
from tests.plugins.provider_server import Answering, Asked, ProviderServer
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import ChannelConfig, Incoming, Outgoing, Receipt, Request

TOKEN = "nobody-guesses-this"


class Hook:
    """What the gateway does with Kannel's requests, as far as the channel is concerned."""

    def __init__(self) -> None:
        self.channel: KannelChannel | None = None
        self.receipts: list[Receipt] = []
        self.incoming: list[Incoming] = []
        self.server = ProviderServer([self._take])
        self._heard = asyncio.Event()

    def _take(self, asked: Asked) -> Answering:
        assert self.channel is not None
        url = self.server.url + asked.target
        heard = self.channel.hear(Request(method=asked.method, url=url, headers=asked.headers))
        self.receipts += heard.receipts
        self.incoming += heard.incoming
        self._heard.set()
        return Answering(200 if heard.answer else 204, heard.answer, heard.media)

    async def until(self, seen: Callable[[], bool]) -> None:
        while not seen():
            self._heard.clear()
            await asyncio.wait_for(self._heard.wait(), PATIENCE_S)


def opened(url: str) -> KannelChannel:
    secrets = {"password": "swordfish", "hook_token": TOKEN}
    options = {"url": url, "username": "tower", "sender": "Acme"}
    config = ChannelConfig(
        name="texts", options=options, secret=secrets.__getitem__, clock=StandingClock()
    )
    return plugin.open(config)


def message(number: int, text: str, status_url: str) -> Outgoing:
    return Outgoing(
        key=f"m{number}-1",
        message_id=f"m{number}",
        medium=Medium.SMS,
        to="+41790000001",
        text=text,
        status_url=status_url,
    )


def test_a_real_kannel_sends_reports_and_brings_a_reply(tmp_path: Path) -> None:
    install_or_skip()

    async def play() -> None:
        hook = Hook()
        async with hook.server.running() as server:
            get_url = (
                f"{server.url}/hook?token={TOKEN}&id=%I&from=%p&to=%P&text=%b&charset=%C&at=%T"
            )
            reply = "0041790000001 555 ucs2 %00%43%00%6F%00%64%00%65%20%13%00%34%00%34"
            hook.channel = opened("http://127.0.0.1:1")
            async with running(tmp_path, get_url) as kannel, kannel.phones(reply) as network:
                channel = hook.channel = opened(kannel.url)
                await hook.until(lambda: bool(hook.incoming))
                status_url = f"{server.url}/hook"
                await channel.send(message(1, "Grüße um 14:40 für 9 €", status_url))
                on_the_phone = await network.until("Got message 1")
                assert "<Acme +41790000001 text Grüße um 14:40 für 9 €>" in on_the_phone
                await channel.send(message(2, "Доставка в 14:40", status_url))
                on_the_phone = await network.until("Got message 2")
                assert ucs_2(on_the_phone) == "Доставка в 14:40"
                await hook.until(lambda: len(states(hook, "m1-1") + states(hook, "m2-1")) == 4)
                await channel.close()
        for key in ("m1-1", "m2-1"):
            assert set(states(hook, key)) == {MessageState.SENT, MessageState.DELIVERED}
        (incoming,) = hook.incoming
        assert (incoming.sender, incoming.text) == ("+41790000001", "Code–44")
        assert incoming.ref

    asyncio.run(play())


def ucs_2(line: str) -> str:
    """What the fake network prints of a message in UCS-2: its bytes, as in a web form."""
    printed = line.rstrip().removesuffix(">").rpartition(" ucs-2 ")[2]
    return unquote_plus(printed, encoding="utf-16-be", errors="strict")


def states(hook: Hook, key: str) -> list[MessageState]:
    return [receipt.state for receipt in hook.receipts if receipt.key == key]
