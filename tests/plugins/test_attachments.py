"""What carries words alone says so, before a file is lost on the way."""

import asyncio

import pytest

from tests.carriers.shift import StandingClock
from tower.domain.words import Channel as Medium
from tower.gateway.telling.registry import find_channels
from tower.outreach.port import Attachment, ChannelConfig, NotTaken, Outgoing

OPTIONS = {
    "kannel": {"url": "http://127.0.0.1:9", "username": "u", "sender": "Acme"},
    "twilio": {"account_sid": "AC" + "0" * 32, "sender": "+41790000000"},
    "whatsapp": {"phone_number_id": "123456", "url": "http://127.0.0.1:9"},
    "http_json": {"url": "http://127.0.0.1:9"},
}
REPORT = Outgoing(
    key="r-1",
    message_id="r",
    medium=Medium.EMAIL,
    to="ann@acme.example",
    text="The report.",
    attachments=(Attachment(name="r.pdf", media="application/pdf", content=b"%PDF"),),
)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_channel_of_words_alone_takes_no_file(name: str) -> None:
    config = ChannelConfig(
        name=name, options=OPTIONS[name], secret=lambda _: "s" * 32, clock=StandingClock()
    )

    async def play() -> None:
        channel = find_channels()[name].open(config)
        try:
            await channel.send(REPORT)
        finally:
            await channel.close()

    with pytest.raises(NotTaken, match="carries no attached files") as told:
        asyncio.run(play())
    assert not told.value.again
