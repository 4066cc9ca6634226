"""Reading what the settings say of a channel's account into a plugin's own typed settings."""

import ipaddress
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from tower.outreach.port import ChannelConfig, ChannelError, Option


class AccountSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin's account is opened with: a field for each of its options, secrets included."""

    def check(self) -> None:
        """See whether the settings can work together.

        Raises:
            ChannelError: they cannot; the message says what to change.
        """

    def __repr__(self) -> str:
        """The name of the class: what is in it may be secret."""
        return f"{type(self).__name__}(…)"


T = TypeVar("T", bound=AccountSettings)


def account_settings(kind: type[T], options: Sequence[Option], config: ChannelConfig) -> T:
    """The account's settings, with defaults put in and words turned into numbers and choices.

    Args:
        kind: the plugin's own settings; a field for each option.
        options: what the plugin says may be set.
        config: what the account is opened with.

    Raises:
        ChannelError: something is missing, unknown or not of its kind; secrets are not quoted.
    """
    known = {option.name for option in options if not option.secret}
    if unknown := sorted(set(config.options) - known):
        raise ChannelError(f"Channel {config.name}: there is no option {unknown[0]!r}.")
    found = {option.name: _value(option, config) for option in options}
    try:
        settings = msgspec.convert({n: v for n, v in found.items() if v}, kind, strict=False)
        settings.check()
    except msgspec.ValidationError as error:
        raise ChannelError(f"Channel {config.name}: {error}.") from None
    except ChannelError as error:
        raise ChannelError(f"Channel {config.name}: {error}") from None
    return settings


def _value(option: Option, config: ChannelConfig) -> str:
    if option.secret:
        value = config.secret(option.name)
    else:
        value = config.options.get(option.name, "") or option.default
    if option.required and not value:
        sort = "secret" if option.secret else "option"
        raise ChannelError(f"Channel {config.name} needs the {sort} {option.name}: {option.about}.")
    return value


def pairs(words: str, option: str) -> dict[str, str]:
    """An option that names several things: `a=b c=d`.

    Raises:
        ChannelError: a word of it has no `=`, or nothing before it.
    """
    found: dict[str, str] = {}
    for word in words.split():
        name, equals, value = word.partition("=")
        if not (name and equals and value):
            raise ChannelError(f"The option {option} says {word!r}; it wants name=value.")
        found[name] = value
    return found


def guarded_url(url: str, option: str) -> str:
    """An address that secrets may be sent to: https, or a server on this machine.

    Raises:
        ChannelError: it is neither.
    """
    scheme, host = scheme_and_host(url)
    if host and (scheme == "https" or (scheme == "http" and is_loopback(host))):
        return url
    raise ChannelError(f"The option {option} wants an address that begins with https://.")


def scheme_and_host(url: str) -> tuple[str, str]:
    """How and where an address leads; "" for what it does not say."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no IPv6 address
        return "", ""
    return parts.scheme, parts.hostname or ""


def is_loopback(host: str) -> bool:
    """True for names and addresses of this machine that no network carries."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
