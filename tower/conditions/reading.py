"""Reading what settings and services say, so that nothing unfit comes further."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from tower.conditions.port import ConditionsError, ProviderConfig

AHEAD = timedelta(seconds=120)
"""A service whose clock is further ahead than this is not believed about the time."""

OLD = timedelta(hours=3)
"""What was so longer ago says nothing of now."""

T = TypeVar("T")


def options_as(kind: type[T], config: ProviderConfig) -> T:
    """The options of the settings as a plugin's own record.

    Args:
        kind: a msgspec struct that forbids unknown fields.
        config: what the provider is opened with.

    Raises:
        ConditionsError: an option is missing, unknown or not of its kind.
    """
    try:
        return msgspec.convert(dict(config.options), kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConditionsError(f"Conditions {config.name}: {error}.", again=False) from None


def web_address(url: str, config: ProviderConfig) -> str:
    """An address that can be asked.

    Raises:
        ConditionsError: it is none, or a token would travel to it unprotected.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        host, parts = "", urlsplit("")
    is_near = host in ("127.0.0.1", "::1", "localhost")
    if host and (
        parts.scheme == "https" or (parts.scheme == "http" and (is_near or not config.token))
    ):
        return url
    raise ConditionsError(
        f"Conditions {config.name}: {url!r} is no address; it wants https://, or http:// where no "
        "token is sent.",
        again=False,
    )


def read_json(payload: bytes, kind: type[T], title: str) -> T:
    """JSON as a record.

    Raises:
        ConditionsError: it is none, or has another form.
    """
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.ValidationError as error:
        raise ConditionsError(f"{title} answered in another form: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ConditionsError(f"{title} did not answer with JSON.") from None


def moment(at: datetime, now: datetime, title: str) -> datetime:
    """When something was so, by a service's clock: not in the future, not long past.

    Raises:
        ConditionsError: it says how things were long ago, or leaves out the time zone.
    """
    if at.tzinfo is None:
        raise ConditionsError(f"{title} tells a time without its zone.")
    at = at.astimezone(UTC)
    if at > now + AHEAD:
        return now
    if at < now - OLD:
        raise ConditionsError(f"{title} tells only how it was at {at:%Y-%m-%d %H:%M} UTC.")
    return min(at, now)
