"""Settings of an account: typed, complete, and told plainly where they cannot work."""

from typing import Literal

import pytest

from tests.carriers.shift import StandingClock
from tower.outreach.account import AccountSettings, account_settings, guarded_url, pairs
from tower.outreach.port import ChannelConfig, ChannelError, Option

OPTIONS = (
    Option(name="host", about="the server's name", required=True),
    Option(name="port", about="its port", default="25"),
    Option(name="mode", about="how", default="tls"),
    Option(name="password", about="the password", secret=True, required=True),
)


class Settings(AccountSettings, frozen=True, kw_only=True):
    host: str
    port: int
    mode: Literal["tls", "none"]
    password: str

    def check(self) -> None:
        if self.mode == "none" and self.host != "localhost":
            raise ChannelError("Only localhost goes without TLS.")


def read(options: dict[str, str], given: str = "swordfish") -> Settings:
    config = ChannelConfig(
        name="mail", options=options, secret=lambda _name: given, clock=StandingClock()
    )
    return account_settings(Settings, OPTIONS, config)


def test_words_become_what_they_stand_for_and_defaults_are_put_in() -> None:
    settings = read({"host": "mail.example.org", "port": "587"})
    assert (settings.host, settings.port, settings.mode) == ("mail.example.org", 587, "tls")
    assert "swordfish" not in repr(settings)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "needs the option host: the server's name"),
        ({"host": "h", "port": "many"}, r"Expected `int`.*port"),
        ({"host": "h", "mode": "maybe"}, "mode"),
        ({"host": "h", "mode": "none"}, "Channel mail: Only localhost goes without TLS."),
        ({"host": "h", "hots": "h"}, "there is no option 'hots'"),
        ({"host": "h", "password": "in the settings"}, "there is no option 'password'"),
    ],
)
def test_what_cannot_work_is_named(options: dict[str, str], words: str) -> None:
    with pytest.raises(ChannelError, match=words):
        read(options)


def test_a_missing_secret_is_named() -> None:
    with pytest.raises(ChannelError, match="needs the secret password"):
        read({"host": "h"}, given="")


def test_options_that_name_several_things() -> None:
    assert pairs("en=en_US  pt=pt_BR", "languages") == {"en": "en_US", "pt": "pt_BR"}
    with pytest.raises(ChannelError, match="languages says 'en_US'"):
        pairs("en_US", "languages")


def test_secrets_go_over_https_or_stay_on_this_machine() -> None:
    for url in ("https://api.example.org", "http://127.0.0.1:1", "http://[::1]:1"):
        assert guarded_url(url, "url") == url
    for url in ("http://api.example.org", "http://127.0.0.1.example.org", "https://", "x", "a://["):
        with pytest.raises(ChannelError, match="https://"):
            guarded_url(url, "url")
