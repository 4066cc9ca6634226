"""What the settings of a provider with a JSON interface say."""

import re

from tower.outreach.account import AccountSettings, guarded_url
from tower.outreach.port import Assurance, ChannelError, Option

OPTIONS = (
    Option(name="url", about="address that messages are posted to", required=True),
    Option(
        name="assurance",
        about="key (it sends once for a key), status (it can be asked by key, and its no is "
        "final) or none",
        default="none",
    ),
    Option(
        name="status_url",
        about="address that tells what became of a message, with {key} where its key goes",
    ),
    Option(name="key_header", about="header that bears the key", default="Idempotency-Key"),
    Option(name="token", about="bearer token the provider wants to see", secret=True),
    Option(
        name="webhook_secret",
        about="what the provider signs receipts and replies with; without it none are heard",
        secret=True,
    ),
)

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")


class HttpJsonSettings(AccountSettings, frozen=True, kw_only=True):
    """One provider; fields as `OPTIONS` say."""

    url: str
    assurance: Assurance = Assurance.NONE
    status_url: str = ""
    key_header: str = "Idempotency-Key"
    token: str = ""
    webhook_secret: str = ""


def checked(settings: HttpJsonSettings) -> HttpJsonSettings:
    """The same settings, where they can work.

    Raises:
        ChannelError: they cannot; the message says what to change.
    """
    guarded_url(settings.url, "url")
    if settings.status_url:
        guarded_url(settings.status_url, "status_url")
    if settings.status_url and "{key}" not in settings.status_url:
        raise ChannelError("The option status_url wants {key} where the message's key goes.")
    if settings.assurance is Assurance.STATUS and not settings.status_url:
        raise ChannelError("The assurance status needs the option status_url.")
    if not _HEADER.fullmatch(settings.key_header):
        raise ChannelError(f"The option key_header says {settings.key_header!r}, no header's name.")
    if settings.token and not (settings.token.isascii() and settings.token.isprintable()):
        raise ChannelError("The token has letters in it that no header can bear.")
    return settings
