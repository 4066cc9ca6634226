"""The accounts with providers, as the settings name them: open, or in trouble and saying why."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from tower.domain.moments import Now
from tower.domain.words import Channel as Medium
from tower.gateway.errors import SettingsError
from tower.gateway.settings import ChannelSettings
from tower.gateway.telling.secrets import Secrets
from tower.outreach.port import Assurance, Channel, ChannelConfig, ChannelError, ChannelPlugin

_log = logging.getLogger(__name__)

LOCAL_OUTBOX = ChannelSettings(
    name="outbox", plugin="local_outbox", at_once=16, per_second=1_000.0, retry_s=1.0
)
"""What there is where the settings name no account: it keeps messages and sends nothing."""

_IN_A_ROW = 3


class Account:
    """One account with a provider.

    Attributes:
        channel: the way to the provider, None where it could not be opened.
        forged: requests that claimed to come from the provider and did not.
    """

    def __init__(
        self,
        settings: ChannelSettings,
        plugin: ChannelPlugin,
        channel: Channel | None,
        fault: str = "",
    ) -> None:
        self.settings = settings
        self.plugin = plugin
        self.channel = channel
        self.forged = 0
        self._fault = fault
        self._failures: list[str] = []

    @property
    def name(self) -> str:
        """Its name in the settings and the journal."""
        return self.settings.name

    @property
    def is_open(self) -> bool:
        """True where messages may go over it."""
        return self.channel is not None

    @property
    def assurance(self) -> Assurance:
        """What the provider offers so that nothing is sent twice."""
        return self.channel.assurance if self.channel else Assurance.NONE

    @property
    def is_failing(self) -> bool:
        """True once the provider failed several times in a row."""
        return len(self._failures) >= _IN_A_ROW

    @property
    def trouble(self) -> str:
        """What is wrong with it, in words; "" while all is well."""
        if self._fault or not self.is_failing:
            return self._fault
        return f"Channel {self.name} does not take messages: {self._failures[-1]}"

    @property
    def media(self) -> tuple[Medium, ...]:
        """What it is used for."""
        only = self.settings.carries
        return tuple(one for one in self.plugin.carries if not only or one in only)

    def carries(self, medium: Medium) -> bool:
        """True where it is open and carries this medium."""
        return self.is_open and medium in self.media

    def succeeded(self) -> None:
        """The provider answered as it should, or nobody asks it any more."""
        self._failures.clear()

    def failed(self, why: str) -> None:
        """The provider did not answer, or had no time."""
        self._failures = [*self._failures[-_IN_A_ROW:], why]


class Accounts:
    """Every account, in the order of the settings."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._accounts = {account.name: account for account in accounts}

    @classmethod
    def opened(
        cls,
        settings: Sequence[ChannelSettings],
        plugins: Mapping[str, ChannelPlugin],
        secrets: Secrets,
        clock: Now,
    ) -> "Accounts":
        """Open those of the settings, or the local outbox where there are none.

        One that cannot be opened is in trouble and says why; the others work.

        Raises:
            SettingsError: a plugin nobody has installed.
        """
        wanted = settings or ([LOCAL_OUTBOX] if LOCAL_OUTBOX.plugin in plugins else [])
        return cls([_opened(one, plugins, secrets, clock) for one in wanted])

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts.values())

    def named(self, name: str) -> Account | None:
        """The account of this name, None where there is none (any more)."""
        return self._accounts.get(name)

    def carrying(self, medium: Medium) -> Account | None:
        """The first account that carries a medium."""
        return next((one for one in self if one.carries(medium)), None)

    @property
    def media(self) -> frozenset[Medium]:
        """Everything some account carries."""
        return frozenset(medium for medium in Medium if self.carrying(medium))

    @property
    def trouble(self) -> str:
        """What is wrong with the first account that something is wrong with; "" for none."""
        return next((one.trouble for one in self if one.trouble), "")

    async def close(self) -> None:
        """Close them all."""
        for account in self:
            if account.channel is not None:
                await _closed(account.name, account.channel)


def _opened(
    settings: ChannelSettings,
    plugins: Mapping[str, ChannelPlugin],
    secrets: Secrets,
    clock: Now,
) -> Account:
    plugin = plugins.get(settings.plugin)
    if plugin is None:
        known = ", ".join(sorted(plugins)) or "none is installed"
        raise SettingsError(
            f"Channel {settings.name}: there is no plugin {settings.plugin!r}; known: {known}."
        )
    unused = [one for one in settings.carries if one not in plugin.carries]
    if unused:
        raise SettingsError(f"Channel {settings.name}: {plugin.title} does not carry {unused[0]}.")
    config = ChannelConfig(
        name=settings.name,
        options={name: _text(value) for name, value in settings.options.items()},
        secret=partial(secrets.find, settings.name),
        clock=clock,
        timeout_s=settings.timeout_s,
    )
    try:
        return Account(settings, plugin, plugin.open(config))
    except ChannelError as error:
        _log.error("%s", error)
        return Account(settings, plugin, None, str(error))
    except Exception as error:  # noqa: BLE001 - a plugin may fail in any way at all
        _log.exception("channel %s cannot be opened", settings.name)
        return Account(settings, plugin, None, f"Channel {settings.name} cannot be opened: {error}")


def _text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


async def _closed(name: str, channel: Channel) -> None:
    try:
        await channel.close()
    except Exception:  # noqa: BLE001 - the others are closed all the same
        _log.exception("channel %s did not close", name)
