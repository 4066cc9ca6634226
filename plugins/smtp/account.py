"""What the settings of an e-mail account say."""

from pathlib import Path
from typing import Literal

from plugins.smtp.addresses import domain_of, is_address
from tower.outreach.account import AccountSettings, is_loopback
from tower.outreach.port import ChannelError, Option

Security = Literal["starttls", "tls", "none"]

_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_SHORTEST_TOKEN = 16

OPTIONS = (
    Option(name="host", about="name of the mail server", required=True),
    Option(name="port", about="its port; 587, or 465 for tls, without it"),
    Option(
        name="security",
        about="starttls, tls (from the first byte), or none (only on this computer)",
        default="starttls",
    ),
    Option(name="ca_file", about="certificates to trust in place of the system's, as PEM"),
    Option(name="username", about="the account's name, where the server wants one"),
    Option(name="password", about="the account's password", secret=True),
    Option(name="sender", about="address that e-mails come from", required=True),
    Option(name="reply_to", about="address that answers go to; the sender's without it"),
    Option(name="bounces_to", about="address that bounces go to; the sender's without it"),
    Option(
        name="hook_token",
        about="at least 16 letters nobody guesses; the mail server passes answers on with them, "
        "and links to unsubscribe are made with them",
        secret=True,
    ),
)


class SmtpSettings(AccountSettings, frozen=True, kw_only=True):
    """An e-mail account; fields as `OPTIONS` say."""

    host: str
    sender: str
    security: Security
    port: int = 0
    ca_file: str = ""
    username: str = ""
    password: str = ""
    reply_to: str = ""
    bounces_to: str = ""
    hook_token: str = ""

    @property
    def server_port(self) -> int:
        """The port to connect to."""
        return self.port or _PORTS[self.security]

    @property
    def domain(self) -> str:
        """What our Message-IDs end with."""
        return domain_of(self.sender)

    def check(self) -> None:
        """See whether the account can be used; see `AccountSettings.check`."""
        for option in ("sender", "reply_to", "bounces_to"):
            value: str = getattr(self, option)
            if value and not is_address(value):
                raise ChannelError(f"The option {option} wants an address, as name@example.org.")
        if self.security == "none" and not is_loopback(self.host):
            raise ChannelError("Without TLS e-mail may only go to a server on this computer.")
        if self.username and not self.password:
            raise ChannelError("An e-mail account with a username needs the secret password.")
        if self.ca_file and not Path(self.ca_file).is_file():
            raise ChannelError(f"The option ca_file names no file: {self.ca_file}.")
        if self.hook_token and len(self.hook_token) < _SHORTEST_TOKEN:
            raise ChannelError("The secret hook_token wants at least 16 letters nobody guesses.")
