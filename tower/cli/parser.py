"""What may be typed after `tower`. Light on purpose: `tower --help` loads nothing heavy."""

import argparse
from collections.abc import Sequence
from datetime import datetime

from tower import __version__
from tower.domain.timezones import zone_named
from tower.gateway.options import EXIT_WORDS

_ABOUT = """\
Tower is a control tower for the last mile.

With no command it opens the desktop on its own gateway, with the demo region and a
simulated shift. With --gateway it joins an operations room.
"""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line.

    Every command sets `command_module`, the module whose `run(arguments)` carries it out.
    """
    parser = argparse.ArgumentParser(
        prog="tower",
        description=_ABOUT,
        epilog=_exit_codes(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Tower {__version__}")
    parser.set_defaults(command_module="tower.cli.desktop")
    _add_joining(parser)
    _add_desktop(parser)
    _add_demo(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_gateway_command(commands)
    _add_region_command(commands)
    _add_shift_command(commands)
    _add_replay_command(commands)
    _add_record_command(commands)
    _add_eta_command(commands)
    _add_secret_command(commands)
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line; prints the usage and exits with code 2 where it is wrong."""
    return build_parser().parse_args(arguments)


def _time_zone(text: str) -> str:
    zone = zone_named(text)
    if zone is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone, as Europe/Vaduz")
    return zone.key


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        words = f"{text!r} is no time, as 2026-03-05T08:00+01:00"
        raise argparse.ArgumentTypeError(words) from error
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} does not say its zone, such as +01:00 or Z")
    return at


def _exit_codes() -> str:
    lines = [f"  {code.value}  {words}" for code, words in EXIT_WORDS.items()]
    return "\n".join(["exit codes:", *lines])


def _add_joining(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("joining an operations room")
    group.add_argument("--gateway", metavar="URL", help="gateway to join (http, https, ws or wss)")
    group.add_argument(
        "--token-env",
        metavar="NAME",
        default="TOWER_TOKEN",
        help="environment variable that holds your token (default: %(default)s)",
    )


def _add_desktop(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the window")
    group.add_argument("--theme", choices=("dark", "light"), help="colours of the window")
    group.add_argument("--size", type=_size, metavar="WxH", help="size of the window in pixels")
    group.add_argument("--screenshot", metavar="FILE", help="save a picture of the window and end")
    group.add_argument(
        "--after",
        type=_seconds,
        metavar="SECONDS",
        default=5.0,
        help="seconds of live data before the picture is taken (default: %(default)g)",
    )
    group.add_argument("--timings", action="store_true", help="print how long the start took")


def _add_demo(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the simulated shift")
    group.add_argument(
        "--speed",
        type=_speed,
        metavar="N",
        default=1.0,
        help="how fast its clock runs, 1 to 60 (default: %(default)g)",
    )
    group.add_argument(
        "--seed",
        type=int,
        metavar="N",
        default=1,
        help="same seed, same shift (default: %(default)s)",
    )


def _add_gateway_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "gateway",
        help="run a gateway without a window",
        description="Run a gateway without a window. Its operators' token comes from the "
        "environment variable TOWER_TOKEN; more tokens and carriers stand in the settings file.",
        epilog=_exit_codes(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(command_module="tower.cli.gateway")
    command.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=_port, help="port to listen on, 0 for any (default: 8750)")
    command.add_argument("--data", metavar="DIR", help="folder of the journal")
    command.add_argument("--config", metavar="FILE", help="settings file (TOML)")
    command.add_argument("--region", metavar="ID", help="region whose roads are used")
    command.add_argument(
        "--roads",
        action="append",
        metavar="KIND[:PROFILE]=URL",
        help="routing server to ask first, as osrm=http://localhost:5000 or "
        "valhalla=http://localhost:8002; may be given once a profile (car, truck, bicycle)",
    )
    command.add_argument("--demo", action="store_true", help="run the simulated shift")
    command.add_argument("--recording", metavar="FILE", help="play a recording")
    command.add_argument("--announce", action="store_true", help=argparse.SUPPRESS)
    command.add_argument("--die-with-parent", action="store_true", help=argparse.SUPPRESS)
    _add_demo(command)


def _add_region_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    region = commands.add_parser("region", help="maps and roads: import one, list them")
    steps = region.add_subparsers(required=True, metavar="import|list")
    importing = steps.add_parser("import", help="build a region from an OpenStreetMap extract")
    importing.set_defaults(command_module="tower.cli.region", step="import")
    importing.add_argument("file", metavar="FILE.osm.pbf", help="an OpenStreetMap extract")
    importing.add_argument("--name", help="name of the region (default: from the file's name)")
    importing.add_argument(
        "--time-zone",
        type=_time_zone,
        metavar="ZONE",
        help="local time, as Europe/Vaduz (default: the whole-hour zone of the place)",
    )
    listing = steps.add_parser("list", help="the regions at hand")
    listing.set_defaults(command_module="tower.cli.region", step="list")


def _add_shift_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    shift = commands.add_parser("shift", help="routes and stops: import a manifest")
    steps = shift.add_subparsers(required=True, metavar="import")
    importing = steps.add_parser(
        "import",
        help="hand in routes and stops (CSV or JSON, see docs/manifest.md)",
        description="Hand in routes and stops. With --gateway they go to a running gateway, "
        "else straight into the journal of a gateway that is not running.",
    )
    importing.set_defaults(command_module="tower.cli.shift")
    importing.add_argument("file", metavar="FILE", help="the manifest")
    importing.add_argument("--data", metavar="DIR", help="folder of the journal")
    _add_joining(importing)


def _add_replay_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    replay = commands.add_parser(
        "replay",
        help="open the desktop on a recording",
        description="Open the desktop on a recording: a shift to travel in (.tower), a "
        "GTFS-realtime file (.pb) or a folder of them, Traccar messages one a line (.jsonl), or a "
        "journal (.db).",
    )
    replay.set_defaults(command_module="tower.cli.replay")
    replay.add_argument("file", metavar="FILE", help="the recording")
    replay.add_argument("--region", metavar="ID", help="region whose map and roads are used")
    replay.add_argument(
        "--info", action="store_true", help="print what is in a .tower file, without a window"
    )
    _add_desktop(replay)
    replay.set_defaults(speed=1.0, seed=1)


def _add_record_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    record = commands.add_parser(
        "record",
        help="keep a shift as a file another Tower can open",
        description="Make a recording (.tower) from a journal: the current shift, or a span. A "
        "gateway may be running on the journal meanwhile. See it with: tower replay FILE.tower",
    )
    record.set_defaults(command_module="tower.cli.record")
    record.add_argument("file", metavar="FILE.tower", help="the recording to write")
    record.add_argument("--data", metavar="DIR", help="folder of the journal")
    record.add_argument(
        "--since",
        type=_moment,
        metavar="TIME",
        help="from this time on, as 2026-03-05T08:00+01:00 (default: the shift's beginning)",
    )
    record.add_argument(
        "--until", type=_moment, metavar="TIME", help="up to this time (default: the newest event)"
    )
    record.add_argument(
        "--masked",
        action="store_true",
        help="replace names, contacts, addresses, codes and free text; round doors to 100 m",
    )


def _add_eta_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    eta = commands.add_parser(
        "eta",
        help="arrivals: learn from earlier shifts, choose what predicts",
        description="Learn arrivals from the journals of earlier shifts. A gateway may be running "
        "meanwhile, and takes a new model up by itself.",
    )
    steps = eta.add_subparsers(required=True, metavar="train|show|use")
    training = steps.add_parser("train", help="learn a new model and put it to use")
    training.set_defaults(command_module="tower.cli.eta", step="train")
    training.add_argument(
        "--data",
        metavar="DIR",
        nargs="+",
        help="data folders whose journals are learnt from; the model is kept in the first",
    )
    training.add_argument(
        "--keep",
        type=_count,
        metavar="N",
        default=5,
        help="so many models are kept, the newest (default: %(default)s)",
    )
    for step, words in (("show", "the models at hand"), ("use", "put another model to use")):
        one = steps.add_parser(step, help=words)
        one.set_defaults(command_module="tower.cli.eta", step=step)
        if step == "use":
            one.add_argument("model", metavar="MODEL", help="as learnt-3, or schedule")
        one.add_argument("--data", metavar="DIR", nargs=1, help="data folder of the gateway")


def _add_secret_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    secret = commands.add_parser(
        "secret",
        help="secrets of accounts with providers: set one, delete one",
        description="Keep the secrets of channels (see docs/channels.md) in the keyring of this "
        "computer. A gateway first reads TOWER_SECRET_<ACCOUNT>_<OPTION> from its environment.",
    )
    steps = secret.add_subparsers(required=True, metavar="set|delete")
    for step, words in (("set", "keep a secret, typed or from a pipe"), ("delete", "drop one")):
        one = steps.add_parser(step, help=words)
        one.set_defaults(command_module="tower.cli.secret", step=step)
        one.add_argument("account", metavar="ACCOUNT", help="name of the [[channel]]")
        one.add_argument("option", metavar="OPTION", help="name of the secret, as auth_token")


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("give at least 1")
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError("a port lies between 0 and 65535")
    return value


def _speed(text: str) -> float:
    value = float(text)
    if not 1.0 <= value <= 60.0:  # noqa: PLR2004 - documented in the help
        raise argparse.ArgumentTypeError("the speed lies between 1 and 60")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 3600.0:  # noqa: PLR2004 - an hour
        raise argparse.ArgumentTypeError("give 0 to 3600 seconds")
    return value


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError("a size looks like 1920x1080")
    return int(width), int(height)
