"""What a provider certainly did not take may be repeated; what nobody knows may not."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from tests.plugins.provider_server import Answering, Misbehaving, ProviderServer
from tower.outreach.port import NotTaken, Unsure
from tower.outreach.provider import Answer, Provider, refusal, short


def asked(answers: Sequence[Answering | Misbehaving], timeout_s: float = 5.0) -> Answer:
    async def play() -> Answer:
        async with ProviderServer(answers).running() as server:
            provider = Provider("Example", server.url, timeout_s)
            try:
                return await provider.post_form("/messages", {"to": "+41790000001"})
            finally:
                await provider.close()

    return asyncio.run(play())


def test_an_answer_comes_back_whatever_its_status() -> None:
    answer = asked([Answering(503, b"busy")])
    assert (answer.status, answer.body, answer.is_success) == (503, b"busy", False)


@pytest.mark.parametrize("how", [Misbehaving.HANG_UP, Misbehaving.HALF])
def test_a_provider_that_hangs_up_after_the_request_may_have_taken_it(how: Misbehaving) -> None:
    with pytest.raises(Unsure, match="Example gave no answer"):
        asked([how])


def test_a_provider_that_is_silent_may_have_taken_it() -> None:
    with pytest.raises(Unsure, match=r"^Example gave no answer in time$"):
        asked([Misbehaving.SILENCE], timeout_s=0.05)


def test_a_provider_that_cannot_be_reached_has_taken_nothing() -> None:
    async def play() -> None:
        async with ProviderServer([Answering(200)]).running() as server:
            gone = server.url
        provider = Provider("Example", gone, 5.0)
        try:
            await provider.get("/", {})
        finally:
            await provider.close()

    with pytest.raises(NotTaken, match="Example cannot be reached") as told:
        asyncio.run(play())
    assert told.value.again


@pytest.mark.parametrize("url", ["ftp://example.org", "http://[::1", "nonsense"])
def test_an_address_that_cannot_work_is_not_tried_again(url: str) -> None:
    with pytest.raises(NotTaken, match="cannot be asked") as told:
        asyncio.run(Provider("Example", url, 5.0).get("/", {}))
    assert not told.value.again


def test_neither_the_customer_nor_the_password_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def play() -> None:
        async with ProviderServer([Answering(202)]).running() as server:
            provider = Provider("Example", server.url, 5.0)
            await provider.get("/send", {"to": "+41790000001", "password": "swordfish"})
            await provider.close()

    with caplog.at_level(logging.INFO):
        asyncio.run(play())
    assert "swordfish" not in caplog.text
    assert "41790000001" not in caplog.text


@pytest.mark.parametrize(
    ("status", "expected", "again"),
    [(400, NotTaken, False), (301, NotTaken, False), (429, NotTaken, True), (408, NotTaken, True)],
)
def test_what_the_provider_calls_wrong_is_not_taken(
    status: int, expected: type[NotTaken], again: bool
) -> None:
    told = refusal("Example", Answer(status, b""), "the number is wrong")
    assert isinstance(told, expected)
    assert told.again is again
    assert str(told) == f"Example answered {status}: the number is wrong"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_says_nothing_about_the_message(status: int) -> None:
    assert isinstance(refusal("Example", Answer(status, b""), ""), Unsure)


def test_long_words_of_a_provider_are_cut_to_a_line() -> None:
    assert short("one\r\n two\t three") == "one two three"
    assert len(short("x" * 5000)) == 300
