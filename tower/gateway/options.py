"""What the command line hands on: exit codes, and the wishes for a desktop."""

from enum import IntEnum

import msgspec


class ExitCode(IntEnum):
    """What a shell learns from how Tower ended."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PORT_TAKEN = 3
    NO_SUCH_REGION = 4
    UNREACHABLE = 5
    WRONG_TOKEN = 6
    DATA = 7


EXIT_WORDS: dict[ExitCode, str] = {
    ExitCode.OK: "all went well",
    ExitCode.FAILED: "an unexpected error; its details are on the screen",
    ExitCode.USAGE: "the command line or the settings are wrong",
    ExitCode.PORT_TAKEN: "the port is taken by another program",
    ExitCode.NO_SUCH_REGION: "no such region",
    ExitCode.UNREACHABLE: "the gateway cannot be reached",
    ExitCode.WRONG_TOKEN: "the gateway does not accept the token",
    ExitCode.DATA: "a file or the journal cannot be read or written",
}
"""What each exit code means, in words for `--help`."""


class TowerError(Exception):
    """An error a person can act on; the message says how.

    Attributes:
        exit_code: what the process ends with when nobody deals with it.
    """

    exit_code: ExitCode = ExitCode.FAILED


class DesktopOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How the desktop is to open.

    Attributes:
        gateway_url: the operations room to join, `http(s)://` or `ws(s)://`; "" for an embedded
            gateway, which the desktop starts itself with `gateway_command`.
        token_env: name of the environment variable that holds the token for `gateway_url`.
        gateway_command: the whole command of the embedded gateway. It reads its token from the
            environment variable `TOWER_TOKEN`, prints one JSON line `{"port": …, "pid": …}` when
            it is ready, and ends when its standard input closes.
        theme: `dark`, `light`, or "" for the one used last.
        size: wanted window size in pixels, or None for the one used last.
        screenshot: file to save a picture of the window to, or "".
        after_s: seconds to wait after live data arrived before the picture is taken.
        timings: print how long the start took.
        region: region whose map is shown until the shift names its own; "" for none, None for the
            one used last.
        awaits_vehicles: the start is not complete before vehicles are on the map; False where
            the gateway may well have none.
        replay_file: a recording (`.tower`) to look at instead, without any gateway; "" for none.
    """

    gateway_url: str = ""
    token_env: str = "TOWER_TOKEN"  # noqa: S105 - the name of a variable
    gateway_command: tuple[str, ...] = ()
    theme: str = ""
    size: tuple[int, int] | None = None
    screenshot: str = ""
    after_s: float = 5.0
    timings: bool = False
    region: str | None = None
    awaits_vehicles: bool = True
    replay_file: str = ""
