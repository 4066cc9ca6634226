"""Channels in a real gateway: sent by a dispatcher's command, settled and answered by webhooks."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import urlencode

import httpx

from plugins.smtp import plugin as smtp
from plugins.twilio import plugin as twilio
from plugins.twilio.signature import signature
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.shift import NOON
from tests.gateway.telling.customers import PHONES, send, told_shift, until_state, wish
from tests.plugins.front import Front
from tests.plugins.provider_server import Misbehaving, ProviderServer
from tests.plugins.smtp.mail_server import MailServer
from tower.domain.messages import Reply
from tower.domain.words import MessageState
from tower.feed.clock import RunningClock
from tower.gateway.settings import ChannelSettings, GatewaySettings
from tower.gateway.telling.accounts import Accounts
from tower.gateway.telling.secrets import Secrets
from tower.outreach.port import ChannelPlugin

TOKEN = "12345"
SID = "AC" + "a1" * 16
SECRETS = {
    "TOWER_SECRET_ACME_AUTH_TOKEN": TOKEN,
    "TOWER_SECRET_ACME_HOOK_TOKEN": "nobody-guesses-this",
}


@contextmanager
def gateway_with(
    plugin: ChannelPlugin, options: Mapping[str, str | int], public_url: str, folder: Path
) -> Iterator[RunningGateway]:
    """A gateway with one account, behind a public address."""
    channel = ChannelSettings(name="acme", plugin=plugin.name, options=dict(options))
    accounts = Accounts.opened(
        [channel], {plugin.name: plugin}, Secrets(SECRETS), RunningClock(NOON.timestamp())
    )
    settings = GatewaySettings(data=str(folder), port=0, public_url=public_url, watch_s=0.1)
    with running_gateway(
        folder, settings=settings, shift=told_shift(), accounts=accounts
    ) as gateway:
        yield gateway


async def reply_in(gateway: RunningGateway) -> Reply:
    return await asyncio.to_thread(
        gateway.until, lambda: next(iter(gateway.state.replies.values()), None)
    )


def test_twilio_settles_by_its_callback_what_it_did_not_answer(tmp_path: Path) -> None:
    async def play() -> Reply:
        front = Front()
        api = ProviderServer([Misbehaving.HANG_UP])
        async with front.server.running() as public, api.running():
            options = {"account_sid": SID, "sender": "+15005550006", "url": api.url}
            with gateway_with(twilio, options, public.url, tmp_path) as gateway:
                front.gateway_url = gateway.url
                with gateway.client() as http:
                    assert (await asyncio.to_thread(send, http, wish("S2"))).status_code == 200
                await asyncio.to_thread(until_state, gateway, "S2", MessageState.UNKNOWN)
                callback = api.asked[0].form["StatusCallback"]
                delivered = {"MessageSid": "SM1", "MessageStatus": "delivered"}
                forged = await posted(callback, delivered, "54321")
                assert forged.status_code == 403
                assert (await posted(callback, delivered)).status_code == 200
                message = await asyncio.to_thread(
                    until_state, gateway, "S2", MessageState.DELIVERED
                )
                assert len(message.attempts) == len(api.asked) == 1
                said = {"MessageSid": "SM2", "From": PHONES["S2"], "Body": "Danke"}
                answer = await posted(callback.partition("?")[0], said)
                assert answer.text.endswith("<Response/>")
                return await reply_in(gateway)

    reply = asyncio.run(play())
    assert (reply.stop_id, reply.words) == ("S2", "Danke")


async def posted(url: str, fields: Mapping[str, str], auth_token: str = TOKEN) -> httpx.Response:
    """As Twilio posts a form to the address it was given."""
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signature(auth_token, url, list(fields.items())),
    }
    async with httpx.AsyncClient() as client:
        return await client.post(url, content=urlencode(fields), headers=headers)


def test_an_e_mail_is_sent_and_its_answer_lands_in_the_conversation(tmp_path: Path) -> None:
    async def play() -> tuple[EmailMessage, Reply]:
        front, mail = Front(), MailServer()
        async with front.server.running() as public, mail.running("none", None):
            options: dict[str, str | int] = {
                "host": "127.0.0.1",
                "port": mail.port,
                "security": "none",
                "sender": "parcels@acme.example",
            }
            with gateway_with(smtp, options, public.url, tmp_path) as gateway:
                front.gateway_url = gateway.url
                with gateway.client() as http:
                    assert (await asyncio.to_thread(send, http, wish("S2"))).status_code == 200
                await asyncio.to_thread(until_state, gateway, "S2", MessageState.SENT)
                _, letter = mail.letters[0]
                url = f"{public.url}/v1/channels/acme/hook"
                headers = {"authorization": "Bearer nobody-guesses-this"}
                async with httpx.AsyncClient() as client:
                    told = await client.post(url, content=answer_to(letter), headers=headers)
                assert told.status_code == 204
                return letter, await reply_in(gateway)

    letter, reply = asyncio.run(play())
    assert letter["To"] == "customer2@example.org"
    body = letter.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    assert "Your parcel comes later today." in body.get_content()
    assert (reply.stop_id, reply.words) == ("S2", "The blue door, please.")
    assert reply.message_id in str(letter["Message-ID"])


def answer_to(letter: EmailMessage) -> bytes:
    """As a mail program answers, with what it answers below, from another address."""
    answer = EmailMessage()
    answer["From"] = "Somebody Else <office@example.org>"
    answer["In-Reply-To"] = str(letter["Message-ID"])
    answer["Message-ID"] = "<a1@example.org>"
    answer.set_content("The blue door, please.\n\nOn 2 Mar 2026, Acme wrote:\n> Your parcel\n")
    return answer.as_bytes(policy=SMTP)
