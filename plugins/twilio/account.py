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

    def check(self) -> None:
        """See whether the account can be used; see `AccountSettings.check`."""
        _is_sid(self.account_sid, "AC", "account_sid")
        if self.messaging_service:
            _is_sid(self.messaging_service, "MG", "messaging_service")
        for sid in pairs(self.templates, "templates").values():
            _is_sid(sid, "HX", "templates")
        if self.api_key and not self.api_secret:
            raise ChannelError("A Twilio account with an api_key needs the secret api_secret.")
        if not (self.sender or self.messaging_service or self.whatsapp_sender):
            raise ChannelError(
                "A Twilio account needs a sender, a messaging_service or a whatsapp_sender."
            )
        guarded_url(self.url, "url")

    @property
    def sign_in(self) -> tuple[str, str]:
        """Name and password that requests are made with."""
        if self.api_key:
            return self.api_key, self.api_secret
        return self.account_sid, self.auth_token

    def content_sid(self, template: str, language: str) -> str:
        """Twilio's id of an approved WhatsApp template, "" where none is named."""
        return pairs(self.templates, "templates").get(f"{template}/{language}", "")


def _is_sid(value: str, prefix: str, option: str) -> None:
    if re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", value) is None:
        raise ChannelError(f"The option {option} wants {prefix} and 32 hexadecimal digits.")
