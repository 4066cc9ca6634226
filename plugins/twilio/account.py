"""What the settings of a Twilio account say."""

import re

from tower.outreach.account import AccountSettings, guarded_url, pairs
from tower.outreach.port import ChannelError, Option

OPTIONS = (
    Option(name="account_sid", about="the account's SID, AC and 32 digits", required=True),
    Option(
        name="auth_token",
        about="the account's auth token; webhooks are signed with it too",
        required=True,
        secret=True,
    ),
    Option(name="api_key", about="SID of an API key to send with in place of the auth token"),
    Option(name="api_secret", about="the API key's secret", secret=True),
    Option(name="sender", about="number or name that text messages come from"),
    Option(name="messaging_service", about="SID of a messaging service that chooses the sender"),
    Option(name="whatsapp_sender", about="number that WhatsApp messages come from, as +41…"),
    Option(
        name="templates",
        about="WhatsApp templates, as delay_notice/de=HX… for each name and language",
    ),
    Option(name="url", about="where Twilio's API is", default="https://api.twilio.com"),
)


class TwilioSettings(AccountSettings, frozen=True, kw_only=True):
    """A Twilio account; fields as `OPTIONS` say."""

    account_sid: str
    auth_token: str
    api_key: str = ""
    api_secret: str = ""
    sender: str = ""
    messaging_service: str = ""
    whatsapp_sender: str = ""
    templates: str = ""
    url: str = ""

    @property
    def sign_in(self) -> tuple[str, str]:
        """Name and password that requests are made with."""
        if self.api_key:
            return self.api_key, self.api_secret
        return self.account_sid, self.auth_token

    def content_sid(self, template: str, language: str) -> str:
        """Twilio's id of an approved WhatsApp template, "" where none is named."""
        return pairs(self.templates, "templates").get(f"{template}/{language}", "")


def checked(settings: TwilioSettings) -> TwilioSettings:
    """The same settings, where they can work.

    Raises:
        ChannelError: they cannot.
    """
    _is_sid(settings.account_sid, "AC", "account_sid")
    if settings.messaging_service:
        _is_sid(settings.messaging_service, "MG", "messaging_service")
    for sid in pairs(settings.templates, "templates").values():
        _is_sid(sid, "HX", "templates")
    if settings.api_key and not settings.api_secret:
        raise ChannelError("A Twilio account with an api_key needs the secret api_secret.")
    if not (settings.sender or settings.messaging_service or settings.whatsapp_sender):
        raise ChannelError(
            "A Twilio account needs a sender, a messaging_service or a whatsapp_sender."
        )
    guarded_url(settings.url, "url")
    return settings


def _is_sid(value: str, prefix: str, option: str) -> None:
    if re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", value) is None:
        raise ChannelError(f"The option {option} wants {prefix} and 32 hexadecimal digits.")
