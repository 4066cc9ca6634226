"""Secrets of accounts: from the environment, else from the keyring of the operating system.

They are never in the settings, the journal or the log.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Protocol

from tower.outreach.port import ChannelError

PREFIX = "TOWER_SECRET_"
"""Environment variables of secrets begin so: TOWER_SECRET_<ACCOUNT>_<OPTION>."""

SERVICE = "tower"
"""What the keyring keeps our secrets under."""


class Keyring(Protocol):
    """Where the operating system keeps secrets."""

    def find(self, account: str, option: str) -> str:
        """A secret, "" where it is not kept.

        Raises:
            ChannelError: the keyring cannot be asked.
        """
        ...


class SystemKeyring:
    """The keyring of the operating system; its library is loaded with the first question."""

    def find(self, account: str, option: str) -> str:
        """A secret, "" where it is not kept.

        Raises:
            ChannelError: the keyring cannot be asked; the message says what to do instead.
        """
        import keyring  # noqa: PLC0415 - it looks through every installed package when loaded
        from keyring.errors import KeyringError, NoKeyringError  # noqa: PLC0415

        try:
            return keyring.get_password(SERVICE, entry_of(account, option)) or ""
        except NoKeyringError:
            return ""
        except KeyringError as error:
            variable = variable_of(account, option)
            raise ChannelError(
                f"Channel {account}: the keyring cannot be opened ({error}). Unlock it, or put "
                f"the secret {option} into the environment variable {variable}."
            ) from error

    def keep(self, account: str, option: str, secret: str) -> None:
        """Keep a secret.

        Raises:
            ChannelError: there is no keyring, or it is locked.
        """
        import keyring  # noqa: PLC0415 - as above
        from keyring.errors import KeyringError  # noqa: PLC0415

        try:
            keyring.set_password(SERVICE, entry_of(account, option), secret)
        except KeyringError as error:
            raise ChannelError(_not_kept(account, option, error)) from error

    def forget(self, account: str, option: str) -> bool:
        """Drop a secret; False where there was none.

        Raises:
            ChannelError: there is no keyring, or it is locked.
        """
        import keyring  # noqa: PLC0415 - as above
        from keyring.errors import KeyringError, PasswordDeleteError  # noqa: PLC0415

        try:
            keyring.delete_password(SERVICE, entry_of(account, option))
        except PasswordDeleteError:
            return False
        except KeyringError as error:
            raise ChannelError(_not_kept(account, option, error)) from error
        return True


def _not_kept(account: str, option: str, error: Exception) -> str:
    return (
        f"This computer has no keyring that can be used here ({error}). Put the secret into the "
        f"environment variable {variable_of(account, option)} of the gateway instead."
    )


class Secrets:
    """Looks secrets up for the accounts."""

    def __init__(
        self, environment: Mapping[str, str] | None = None, keyring: Keyring | None = None
    ) -> None:
        """Read them from `environment` first; only then from `keyring`."""
        self._given = dict(environment or {})
        self._keyring = keyring

    @classmethod
    def taken_from(cls, environment: MutableMapping[str, str], keyring: Keyring) -> "Secrets":
        """Those of an environment, taken out of it, so that no child process is given them."""
        names = [name for name in environment if name.startswith(PREFIX)]
        return cls({name: environment.pop(name) for name in names}, keyring)

    def find(self, account: str, option: str) -> str:
        """A secret, "" where nobody has set it.

        Raises:
            ChannelError: the keyring cannot be asked.
        """
        given = self._given.get(variable_of(account, option), "")
        if given or self._keyring is None:
            return given
        return self._keyring.find(account, option)


def variable_of(account: str, option: str) -> str:
    """The environment variable of a secret."""
    return PREFIX + "_".join(_word(part) for part in (account, option))


def entry_of(account: str, option: str) -> str:
    """The name of a secret in the keyring."""
    return f"{account}.{option}"


def _word(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", text.upper())
