"""What the settings of a WhatsApp account say."""

import re

from tower.outreach.account import AccountSettings, guarded_url, pairs
from tower.outreach.port import ChannelError, Option

OPTIONS = (
    Option(name="phone_number_id", about="Meta's id of the business number", required=True),
    Option(
        name="access_token", about="a system user's permanent token", required=True, secret=True
    ),
    Option(name="app_secret", about="the app's secret; signs webhooks", required=True, secret=True),
    Option(
        name="verify_token",
        about="the word given to Meta when the webhook was set up",
        required=True,
        secret=True,
    ),
    Option(name="templates", about="Meta's names of templates, as delay_notice=acme_delay_2"),
    Option(name="languages", about="Meta's names of languages, as en=en_GB pt=pt_PT"),
    Option(name="version", about="version of the Graph API", default="v23.0"),
    Option(name="url", about="where the Graph API is", default="https://graph.facebook.com"),
)


class WhatsAppSettings(AccountSettings, frozen=True, kw_only=True):
    """A WhatsApp account; fields as `OPTIONS` say."""

    phone_number_id: str
    access_token: str
    app_secret: str
    verify_token: str
    templates: str = ""
    languages: str = ""
    version: str = ""
    url: str = ""

    def template_name(self, template: str) -> str:
        """What Meta calls one of our templates; the same unless the settings say otherwise."""
        return pairs(self.templates, "templates").get(template, template)

    def language_code(self, language: str) -> str:
        """What Meta calls a language; the same unless the settings say otherwise."""
        return pairs(self.languages, "languages").get(language, language)

    def check(self) -> None:
        """See whether the account can be used; see `AccountSettings.check`."""
        if not (self.phone_number_id.isascii() and self.phone_number_id.isdecimal()):
            raise ChannelError(
                "The option phone_number_id wants Meta's id of the number: digits only."
            )
        if re.fullmatch(r"v\d+\.\d+", self.version) is None:
            raise ChannelError("The option version wants a version of the Graph API, as v23.0.")
        pairs(self.templates, "templates")
        pairs(self.languages, "languages")
        guarded_url(self.url, "url")
