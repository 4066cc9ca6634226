"""What a gateway is told before it starts: a TOML file, the environment, and flags, in that order.

Secrets never stand in the file: it names an environment variable, or holds the SHA-256 of a token.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tower.domain.words import CarrierKind, Channel
from tower.gateway.errors import SettingsError
from tower.road.servers import server_address

DEFAULT_PORT = 8750
"""Where a headless gateway listens unless told otherwise."""


class TokenSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may talk to the gateway.

    Attributes:
        id: stable id of the person or system, as it stands in the journal.
        name: what colleagues read; the id where empty.
        role: `viewer`, `dispatcher`, `supervisor` or `carrier`.
        carrier: the one carrier a `carrier` token speaks for.
        env: environment variable that holds the token.
        sha256: hexadecimal SHA-256 of the token, instead of `env`.
    """

    id: str
    role: str
    name: str = ""
    carrier: str = ""
    env: str = ""
    sha256: str = ""


class CarrierSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A carrier the gateway knows from the start, and where its messages are fetched.

    Attributes:
        adapter: name of the adapter that understands it.
        url: where to fetch; empty where the carrier sends by itself.
        file: a recording (or a folder of them) to read instead of `url`.
        token_env: environment variable with the carrier's own token.
        poll_s: seconds between two fetches, for adapters that poll.
        silent_after_s: seconds without any message after which the carrier counts as silent.
        to_present: move the times of a recording to the present.
    """

    id: str
    adapter: str
    name: str = ""
    kind: CarrierKind = CarrierKind.OWN_FLEET
    url: str = ""
    file: str = ""
    token_env: str = ""
    poll_s: float = 10.0
    silent_after_s: float = 300.0
    to_present: bool = True

    @property
    def pulls(self) -> bool:
        """True where the gateway fetches the carrier's messages."""
        return bool(self.url or self.file)


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account with a provider that carries messages to customers.

    Its secrets are looked up in the environment or the keyring, see `tower secret --help`.

    Attributes:
        name: the account's name: letters, digits and `-`, `_`; it stands in the journal.
        plugin: name of the channel plugin that knows the provider.
        options: what the plugin wants to know besides secrets.
        carries: the only channels it is used for, of those the plugin carries; none for all.
        at_once: messages it may be handing over at the same time.
        per_second: messages begun in a second at the most.
        timeout_s: seconds the provider may take to answer.
        settle_s: seconds after which a provider that was asked whether it has a message, and says
            no, is believed: by then it is through with whatever it was given before.
        key_lasts_s: seconds for which a provider that honours keys remembers one.
        retry_s: seconds until what did not work is tried again; twice as long each time.
    """

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
    plugin: str
    options: dict[str, str | int | float | bool] = {}
    carries: tuple[Channel, ...] = ()
    at_once: Annotated[int, Meta(ge=1, le=100)] = 4
    per_second: Annotated[float, Meta(gt=0)] = 10.0
    timeout_s: Annotated[float, Meta(gt=0)] = 20.0
    settle_s: Annotated[float, Meta(ge=0)] = 30.0
    key_lasts_s: Annotated[float, Meta(ge=0)] = 72_000.0
    retry_s: Annotated[float, Meta(gt=0)] = 5.0


class ConditionsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider of weather or traffic that is asked again and again.

    Attributes:
        name: what it is called in the journal: letters, digits and `-`, `_`.
        plugin: name of the plugin that knows the service.
        options: what the plugin wants to know besides the token.
        token_env: environment variable with the service's token.
        every_min: minutes between two questions.
    """

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
    plugin: str
    options: dict[str, str | int | float | bool] = {}
    token_env: str = ""
    every_min: Annotated[float, Meta(ge=1.0, le=120.0)] = 10.0


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a gateway is told before it starts.

    Attributes:
        host: address to listen on; loopback unless told otherwise.
        port: port to listen on, 0 for any free one.
        data: folder of the journal; the user's own data folder where empty.
        region: id of the region whose roads are used, or "" for straight lines.
        roads: routing servers asked before the region's own roads, as `osrm=http://host:5000`.
        region_folders: where imported regions lie, beside the built-in ones.
        channel: accounts that carry messages to customers; without any they are kept in a local
            outbox and sent nowhere.
        conditions: providers of weather and traffic; none is needed.
        public_url: where providers reach this gateway, as `https://tower.example.org`; "" where
            they cannot.
        template_folder: an operator's own message templates, which go before the built-in ones.
        announce: print one JSON line on standard output when ready.
        die_with_parent: end when standard input closes.
        lease_s: seconds a claim holds without a sign of life of its holder.
        lane_messages: messages of one carrier that may wait at once; more are turned away.
        snapshot_every: events between two snapshots of the state.
        project_s: seconds of wall time between two projections of arrivals.
        watch_s: seconds of wall time between two looks for exceptions.
        publish_h: hours before a vehicle is expected its customer sees when; 0 for never.
        figures_s: seconds of wall time between two looks of the figures at what is new.
    """

    data: str = ""
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    region: str = ""
    roads: tuple[str, ...] = ()
    region_folders: tuple[str, ...] = ()
    token: tuple[TokenSettings, ...] = ()
    carrier: tuple[CarrierSettings, ...] = ()
    channel: tuple[ChannelSettings, ...] = ()
    conditions: tuple[ConditionsSettings, ...] = ()
    public_url: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")] = ""
    template_folder: str = ""
    announce: bool = False
    die_with_parent: bool = False
    lease_s: float = 120.0
    lane_messages: int = 256
    snapshot_every: int = 5_000
    project_s: float = 1.25
    watch_s: float = 2.0
    publish_h: Annotated[float, Meta(ge=0.0, le=48.0)] = 4.0
    figures_s: Annotated[float, Meta(gt=0)] = 5.0

    def __post_init__(self) -> None:
        """Read the addresses once, so that a wrong one is told at the start.

        Raises:
            ServerAddressError: one names no routing server.
            ValueError: two accounts or two providers of conditions have one name.
        """
        for one in self.roads:
            server_address(one)
        names = [one.name for one in self.channel]
        if len(set(names)) < len(names):
            raise ValueError("two channels have the same name")
        if len({one.name for one in self.conditions}) < len(self.conditions):
            raise ValueError("two providers of conditions have the same name")


def read_settings(file: Path | None, flags: dict[str, Any]) -> GatewaySettings:
    """Put the settings file and the flags together; flags win.

    Args:
        file: a TOML file with the fields of `GatewaySettings`, or None.
        flags: fields given on the command line; None values count as not given.

    Raises:
        SettingsError: a file that cannot be read, an unknown field, or a wrong value.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return msgspec.convert({**_read_file(file), **given}, GatewaySettings, strict=False)
    except msgspec.ValidationError as error:
        where = f" in {file}" if file else ""
        raise SettingsError(f"The settings{where} are wrong: {error}.") from error


def _read_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"The settings file {file} cannot be read: {error.strerror}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {file} is not TOML: {error}.") from error
