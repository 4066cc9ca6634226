"""Accounts of the settings: opened with their secrets, or in trouble and saying why."""

import contextlib
import logging
from pathlib import Path

import pytest

from tests.gateway.running import running_gateway
from tests.gateway.shift import small_shift
from tests.gateway.telling.channels import Provider, ProviderPlugin
from tests.gateway.telling.customers import send, told_shift, until_state, wish
from tower.cli import gateway as gateway_command
from tower.cli.main import main
from tower.domain.words import Channel, MessageState
from tower.feed.clock import SystemClock
from tower.gateway.errors import SettingsError
from tower.gateway.options import ExitCode
from tower.gateway.server import open_journal
from tower.gateway.settings import ChannelSettings, GatewaySettings, read_settings
from tower.gateway.telling.accounts import Accounts
from tower.gateway.telling.registry import find_channels
from tower.gateway.telling.secrets import Secrets
from tower.outreach.port import ChannelError, ChannelPlugin, Unsure

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "channels.md"
SETTINGS = """
public_url = "https://tower.example.org"

[[channel]]
name = "mail"
plugin = "smtp"
carries = ["email"]
options = { host = "mail.example.org", port = 587, tls = true }
"""


class FakeKeyring:
    """A keyring with these secrets."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = secrets

    def find(self, account: str, option: str) -> str:
        """One of them."""
        if self.secrets.get("locked"):
            raise ChannelError("the keyring is locked")
        return self.secrets.get(f"{account}.{option}", "")


def opened(plugin: ChannelPlugin, secrets: Secrets | None = None, **more: object) -> Accounts:
    settings = ChannelSettings(name="sms-1", plugin=plugin.name, **more)  # type: ignore[arg-type]
    return Accounts.opened([settings], {plugin.name: plugin}, secrets or Secrets(), SystemClock())


def test_the_settings_file_names_accounts(tmp_path: Path) -> None:
    file = tmp_path / "tower.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    [mail] = read_settings(file, {}).channel
    assert mail.options == {"host": "mail.example.org", "port": 587, "tls": True}
    assert mail.carries == (Channel.EMAIL,)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[[channel]]\nname = "a b"\nplugin = "smtp"', "name"),
        ('[[channel]]\nname = "a"\nplugin = "smtp"\npassword = "x"', "password"),
        ('[[channel]]\nname = "a"\nplugin = "smtp"\nper_second = 0', "per_second"),
        ('public_url = "tower.example.org"', "public_url"),
        ('[[channel]]\nname="a"\nplugin="x"\n[[channel]]\nname="a"\nplugin="y"', "same name"),
    ],
)
def test_settings_that_cannot_be_are_told_at_the_start(
    tmp_path: Path, text: str, word: str
) -> None:
    file = tmp_path / "tower.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=word):
        read_settings(file, {})


def test_a_plugin_gets_its_options_as_words_and_its_secrets_from_the_environment() -> None:
    plugin = ProviderPlugin(Provider())
    environment = {"TOWER_SECRET_SMS_1_TOKEN": "from the environment", "PATH": "/bin"}
    secrets = Secrets.taken_from(environment, FakeKeyring(**{"sms-1.token": "from the keyring"}))
    opened(plugin, secrets, options={"port": 25, "tls": True})
    assert environment == {"PATH": "/bin"}
    assert plugin.config is not None
    assert plugin.config.options == {"port": "25", "tls": "true"}
    assert plugin.config.secret("token") == "from the environment"
    assert "environment" not in repr(plugin.config)


def test_secrets_that_are_not_in_the_environment_come_from_the_keyring() -> None:
    secrets = Secrets({}, FakeKeyring(**{"sms-1.token": "kept"}))
    assert secrets.find("sms-1", "token") == "kept"
    assert secrets.find("sms-1", "other") == ""


def test_a_locked_keyring_is_the_accounts_trouble_and_not_the_gateways() -> None:
    plugin = ProviderPlugin(Provider(), fault="the keyring is locked")
    accounts = opened(plugin)
    assert accounts.trouble == "the keyring is locked"
    assert accounts.carrying(Channel.SMS) is None
    assert accounts.media == frozenset()


def test_a_plugin_nobody_installed_is_told_at_the_start() -> None:
    settings = [ChannelSettings(name="a", plugin="pigeon")]
    with pytest.raises(SettingsError, match=r"no plugin 'pigeon'; known: .*local_outbox"):
        Accounts.opened(settings, find_channels(), Secrets(), SystemClock())


def test_without_settings_there_is_the_local_outbox_that_sends_nothing() -> None:
    accounts = Accounts.opened([], find_channels(), Secrets(), SystemClock())
    [outbox] = accounts
    assert not outbox.plugin.sends
    assert {Channel.SMS, Channel.EMAIL, Channel.WHATSAPP} <= accounts.media


def test_an_account_may_be_used_for_one_channel_only() -> None:
    provider = Provider(carries=[Channel.SMS, Channel.WHATSAPP])
    accounts = opened(ProviderPlugin(provider), carries=(Channel.WHATSAPP,))
    assert accounts.media == {Channel.WHATSAPP}


def test_trouble_of_an_account_is_shown_and_goes_by_itself(tmp_path: Path) -> None:
    provider = Provider(answers=[Unsure("the line is dead")] * 3)
    accounts = opened(ProviderPlugin(provider), retry_s=0.05)
    with (
        running_gateway(tmp_path / "data", shift=told_shift(), accounts=accounts) as gateway,
        gateway.client() as http,
    ):
        for stop_id in ("S2", "S3", "S4"):
            send(http, wish(stop_id, channel="sms"))
            until_state(gateway, stop_id, MessageState.UNKNOWN)
        [shown] = http.get("/v1/outreach/accounts").json()
        trouble = gateway.gateway.trouble
        send(http, wish("S5", channel="sms"))
        until_state(gateway, "S5", MessageState.SENT)
        [later] = http.get("/v1/outreach/accounts").json()
    assert "the line is dead" in shown["trouble"]
    assert trouble == shown["trouble"]
    assert later["trouble"] == ""


def test_no_secret_and_no_address_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    accounts = opened(ProviderPlugin(Provider(answers=[Unsure("no answer")])))
    with (
        running_gateway(tmp_path / "data", shift=told_shift(), accounts=accounts) as gateway,
        gateway.client() as http,
    ):
        send(http, wish("S2", "The code is 4417#", channel="sms"))
        until_state(gateway, "S2", MessageState.UNKNOWN)
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("tower"))
    assert "+4477" not in ours
    assert "4417" not in ours


def test_the_manual_explains_every_setting_of_an_account() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    assert [one for one in ChannelSettings.__struct_fields__ if f"`{one}`" not in text] == []


def test_the_settings_the_manual_shows_are_settings(tmp_path: Path) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    file = tmp_path / "tower.toml"
    file.write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    settings = read_settings(file, {})
    assert [one.plugin for one in settings.channel] == ["twilio", "smtp"]
    assert settings.public_url


def test_an_account_cannot_be_used_for_what_its_plugin_does_not_carry() -> None:
    with pytest.raises(SettingsError, match="does not carry email"):
        opened(ProviderPlugin(Provider()), carries=(Channel.EMAIL,))


@pytest.mark.parametrize("shift", [["--demo"], ["--recording", "journal.db"]])
def test_a_simulated_or_recorded_shift_tells_nobody_real(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shift: list[str]
) -> None:
    started: list[GatewaySettings] = []

    def start(settings: GatewaySettings, *_: object) -> int:
        started.append(settings)
        return ExitCode.OK

    monkeypatch.setattr(gateway_command, "serve", start)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "tower.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    with contextlib.closing(open_journal(tmp_path, SystemClock())) as journal:
        journal.append(small_shift()).result()
    assert main(["gateway", *shift, "--config", str(file), "--data", str(tmp_path / "d")]) == 0
    assert [one.channel for one in started] == [()]
