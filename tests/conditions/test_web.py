"""A service that misbehaves is told in words, in time, and costs no memory."""

import asyncio
import gzip

import pytest

from tests.plugins.provider_server import Answer, Answering, Misbehaving, ProviderServer
from tower.conditions.port import ConditionsError
from tower.conditions.web import LARGEST_ANSWER, HttpWeb


def asked(answer: Answer, timeout_s: float = 5.0) -> bytes:
    """The body a service answers with."""

    async def ask() -> bytes:
        web = HttpWeb(timeout_s)
        async with ProviderServer([answer]).running() as server:
            try:
                return await web.get(server.url, {"key": "hush"}, {"Authorization": "Bearer hush"})
            finally:
                await web.close()

    return asyncio.run(ask())


def trouble(answer: Answer, timeout_s: float = 5.0) -> str:
    with pytest.raises(ConditionsError) as caught:
        asked(answer, timeout_s)
    assert "hush" not in str(caught.value)
    return str(caught.value)


def test_a_good_answer_is_its_body() -> None:
    assert asked(Answering(200, b"{}")) == b"{}"


def test_what_an_address_asks_for_itself_is_asked_for_too() -> None:
    async def ask() -> str:
        web = HttpWeb()
        async with ProviderServer([Answering(200, b"{}")]).running() as server:
            try:
                await web.get(f"{server.url}/roads?layer=2", {"south": "47.0"})
                return server.asked[0].target
            finally:
                await web.close()

    assert asyncio.run(ask()) == "/roads?layer=2&south=47.0"


def test_a_service_that_hangs_up_breaks_off_or_is_silent() -> None:
    assert trouble(Misbehaving.HANG_UP) == "127.0.0.1 cannot be reached (RemoteProtocolError)."
    assert trouble(Misbehaving.HALF) == "127.0.0.1 cannot be reached (RemoteProtocolError)."
    assert trouble(Misbehaving.SILENCE, 1.0) == "127.0.0.1 did not answer in 1 s."


def test_a_service_that_denies_fails_or_sends_elsewhere() -> None:
    assert "check the token" in trouble(Answering(401))
    assert trouble(Answering(503)) == "127.0.0.1 answered 503."
    assert trouble(Answering(302)) == "127.0.0.1 answered 302."


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    assert "answered more than" in trouble(Answering(200, b"x" * (LARGEST_ANSWER + 1)))


def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert asked(Answering(200, bomb)) == bomb


def test_nobody_answers_at_all() -> None:
    async def ask() -> None:
        web = HttpWeb(1.0)
        try:
            await web.get("http://127.0.0.1:1/", {})
        finally:
            await web.close()

    with pytest.raises(ConditionsError, match="cannot be reached"):
        asyncio.run(ask())
