"""`tower secret`: into the keyring of the operating system and out of it, never on the screen."""

import io
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from tower.cli.main import main
from tower.gateway.options import ExitCode
from tower.gateway.telling.secrets import SystemKeyring
from tower.outreach.port import ChannelError


class MemoryKeyring(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class LockedKeyring(MemoryKeyring):
    """A keyring nobody unlocks."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} {username} is locked")


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """The keyring of this computer, for one test."""
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def typed(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))


def test_a_secret_is_kept_read_and_dropped(
    ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "of ours\n")
    assert main(["secret", "set", "texts", "auth_token"]) == ExitCode.OK
    assert ring.kept == {("tower", "texts.auth_token"): "of ours"}
    assert SystemKeyring().find("texts", "auth_token") == "of ours"
    assert main(["secret", "delete", "texts", "auth_token"]) == ExitCode.OK
    assert main(["secret", "delete", "texts", "auth_token"]) == ExitCode.OK
    assert SystemKeyring().find("texts", "auth_token") == ""
    said = capsys.readouterr()
    assert "was not there" in said.out
    assert "of ours" not in said.out + said.err


def test_no_secret_is_no_secret(
    ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "\n")
    assert main(["secret", "set", "texts", "auth_token"]) == ExitCode.USAGE
    assert "TOWER_SECRET_TEXTS_AUTH_TOKEN" in capsys.readouterr().err
    assert ring.kept == {}


def test_a_computer_without_a_keyring_says_what_to_do(
    ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del ring
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    typed(monkeypatch, "of ours\n")
    assert main(["secret", "set", "texts-2", "auth_token"]) == ExitCode.USAGE
    assert "TOWER_SECRET_TEXTS_2_AUTH_TOKEN" in capsys.readouterr().err
    assert SystemKeyring().find("texts-2", "auth_token") == ""


def test_a_locked_keyring_is_told(ring: MemoryKeyring) -> None:
    del ring
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(ChannelError, match="Unlock it, or put"):
        SystemKeyring().find("texts", "auth_token")
