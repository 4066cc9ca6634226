"""Settings and answers that cannot be are refused in words."""

from datetime import timedelta

import msgspec
import pytest

from tests.conditions.providers import NOW
from tower.conditions.port import ConditionsError, ProviderConfig
from tower.conditions.reading import moment, options_as, read_json, web_address


class Options(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    lat: float | None = None


def config(token: str = "", **options: str | float) -> ProviderConfig:
    return ProviderConfig(name="here", options=options, token=token)


def test_an_option_may_be_missing_unknown_or_of_another_kind() -> None:
    for options, words in (
        ({}, "url"),
        ({"url": "u", "lot": 1.0}, "lot"),
        ({"url": "u", "lat": "north"}, "lat"),
    ):
        with pytest.raises(ConditionsError, match=f"Conditions here: .*{words}") as caught:
            options_as(Options, config(**options))
        assert not caught.value.again


@pytest.mark.parametrize(
    "url", ["", "weather", "ftp://a/b", "https://", "http://[::1", "https://["]
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConditionsError, match="is no address"):
        web_address(url, config())


def test_a_token_travels_only_where_nobody_reads_it() -> None:
    assert web_address("https://a.example/x", config("t"))
    assert web_address("http://127.0.0.1:8/x", config("t"))
    assert web_address("http://a.example/x", config())
    with pytest.raises(ConditionsError, match="no token is sent"):
        web_address("http://a.example/x", config("t"))


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[" * 100_000, b"{", b"[]", b'{"url": 1}'])
def test_an_answer_that_is_no_json_or_has_another_form(payload: bytes) -> None:
    with pytest.raises(ConditionsError, match="Service"):
        read_json(payload, Options, "Service")


def test_a_time_in_the_future_is_now_and_one_long_past_is_refused() -> None:
    assert moment(NOW - timedelta(minutes=10), NOW, "Service") == NOW - timedelta(minutes=10)
    assert moment(NOW + timedelta(days=1), NOW, "Service") == NOW
    assert moment(NOW + timedelta(seconds=30), NOW, "Service") == NOW
    with pytest.raises(ConditionsError, match="only how it was at 2026-11-20 08:00 UTC"):
        moment(NOW - timedelta(hours=4), NOW, "Service")
    with pytest.raises(ConditionsError, match="without its zone"):
        moment(NOW.replace(tzinfo=None), NOW, "Service")


def test_a_configuration_shows_no_secret() -> None:
    assert "hush" not in repr(config("hush", url="https://a.example/?key=hush"))
