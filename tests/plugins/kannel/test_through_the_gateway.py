"""A dispatcher's message goes over a real Kannel to a phone, and the phone's answer comes back."""

import asyncio
from pathlib import Path

from plugins.kannel import plugin
from tests.gateway.running import running_gateway
from tests.gateway.shift import NOON
from tests.gateway.telling.customers import PHONES, send, told_shift, until_state, wish
from tests.plugins.front import Front
from tests.plugins.kannel.real_kannel import install_or_skip, running
from tower.domain.messages import Reply
from tower.domain.words import Intent, MessageState
from tower.feed.clock import RunningClock
from tower.gateway.settings import ChannelSettings, GatewaySettings
from tower.gateway.telling.accounts import Accounts
from tower.gateway.telling.secrets import Secrets

TOKEN = "nobody-guesses-this"
SECRETS = {
    "TOWER_SECRET_TEXTS_PASSWORD": "swordfish",
    "TOWER_SECRET_TEXTS_HOOK_TOKEN": TOKEN,
}


def account(url: str) -> Accounts:
    settings = ChannelSettings(
        name="texts",
        plugin="kannel",
        options={"url": url, "username": "tower", "sender": "Acme"},
    )
    return Accounts.opened(
        [settings], {"kannel": plugin}, Secrets(SECRETS), RunningClock(NOON.timestamp())
    )


def test_a_message_its_receipt_and_the_answer_go_through_the_gateway(tmp_path: Path) -> None:
    install_or_skip()

    async def play() -> tuple[str, Reply]:
        front = Front()
        async with front.server.running() as public:
            hook = f"{public.url}/v1/channels/texts/hook"
            get_url = f"{hook}?token={TOKEN}&id=%I&from=%p&to=%P&text=%b&charset=%C&at=%T"
            settings = GatewaySettings(
                data=str(tmp_path / "data"), port=0, public_url=public.url, watch_s=0.1
            )
            async with running(tmp_path, get_url) as kannel:
                with (
                    running_gateway(
                        tmp_path / "data",
                        settings=settings,
                        shift=told_shift(),
                        accounts=account(kannel.url),
                    ) as gateway,
                    gateway.client() as http,
                ):
                    front.gateway_url = gateway.url
                    answer = send(http, wish("S2", "What is the code of your gate?"))
                    assert answer.status_code == 200, answer.text
                    async with kannel.phones(f"{PHONES['S2']} 555 text Code 4417#") as network:
                        on_the_phone = await network.until("Got message 1")
                        message = await asyncio.to_thread(
                            until_state, gateway, "S2", MessageState.DELIVERED
                        )
                        assert [attempt.provider for attempt in message.attempts] == ["texts"]
                        reply = await asyncio.to_thread(
                            gateway.until,
                            lambda: next(iter(gateway.state.replies.values()), None),
                        )
                        return on_the_phone, reply

    on_the_phone, reply = asyncio.run(play())
    assert f"<Acme {PHONES['S2']} text What is the code of your gate?>" in on_the_phone
    assert (reply.stop_id, reply.words) == ("S2", "Code 4417#")
    assert [(one.intent, one.value) for one in reply.intents] == [(Intent.GATE_CODE, "4417#")]
