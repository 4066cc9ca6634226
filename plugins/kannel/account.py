"""What the settings of a Kannel account say."""

from tower.outreach.account import AccountSettings, scheme_and_host
from tower.outreach.port import ChannelError, Option

_SHORTEST_TOKEN = 16

OPTIONS = (
    Option(name="url", about="where smsbox listens, as http://10.0.0.5:13013", required=True),
    Option(name="path", about="where its sendsms is", default="/cgi-bin/sendsms"),
    Option(name="username", about="name of the sendsms-user", required=True),
    Option(name="password", about="the sendsms-user's password", required=True, secret=True),
    Option(name="sender", about="number or name that messages come from"),
    Option(name="smsc", about="the SMSC to send over, where Kannel has several"),
    Option(
        name="hook_token",
        about="at least 16 letters nobody guesses; Kannel signs nothing, so they stand in the "
        "address it calls",
        required=True,
        secret=True,
    ),
)


class KannelSettings(AccountSettings, frozen=True, kw_only=True):
    """A Kannel account; fields as `OPTIONS` say."""

    url: str
    path: str
    username: str
    password: str
    hook_token: str
    sender: str = ""
    smsc: str = ""

    def check(self) -> None:
        """See whether the account can be used; see `AccountSettings.check`."""
        scheme, host = scheme_and_host(self.url)
        if scheme not in ("http", "https") or not host:
            raise ChannelError("The option url wants smsbox's address, as http://10.0.0.5:13013.")
        if not self.path.startswith("/"):
            raise ChannelError("The option path wants a path, as /cgi-bin/sendsms.")
        if len(self.hook_token) < _SHORTEST_TOKEN:
            raise ChannelError("The secret hook_token wants at least 16 letters nobody guesses.")
