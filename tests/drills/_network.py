"""A room behind a bad network: carriers, a dispatcher and a desktop, all through one proxy."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.drills._gateway import GatewayProcess
from tests.drills._outcome import Outcome
from tests.drills._room import Room
from tests.drills._watcher import until
from tests.protocol.proxy import Proxy
from tests.report import Line
from tower.feed.line import LASTED_S

_PACE_S = 0.05
"""Pause of each sender after an acknowledgement: a fault is tried under work, not under load."""

_BETWEEN = 20
"""Messages and commands acknowledged before each fault."""

_CALM_S = LASTED_S + 1.0
"""Calm before each fault; a connection that stood so long is tried again at once when lost."""

_PATIENCE_S = 60.0


class Trouble(NamedTuple):
    """One fault of the network.

    Attributes:
        words: what happens, for a person.
        begin: tells the proxy.
        seconds: how long it lasts.
    """

    words: str
    begin: Callable[[Proxy], None]
    seconds: float


class _Felt(NamedTuple):
    """How one fault went.

    Attributes:
        seen_s: seconds until the desktop said that something is wrong; None where it never did.
        recovered_s: seconds after its end until the desktop was well and a message acknowledged.
        during: messages and commands acknowledged while it lasted.
    """

    seen_s: float | None
    recovered_s: float
    during: int


def on_bad_network(name: str, troubles: Sequence[Trouble]) -> Outcome:
    """Let these faults happen one after the other; between them the network is good."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(name, troubles, Path(folder))


def drill(name: str, troubles: Sequence[Trouble], folder: Path) -> Outcome:
    """As `on_bad_network`, with the gateway's journal in this folder."""
    with (
        GatewayProcess(folder) as gateway,
        Proxy(gateway.port) as proxy,
        Room(proxy.port, _PACE_S) as room,
    ):
        felt = [_through(trouble, proxy, room) for trouble in troubles]
        cleared = room.finish()
    outcome = room.outcome(
        name,
        folder / "data",
        max(one.recovered_s for one in felt),
        cleared=cleared,
        more=_figures(troubles, felt, proxy),
    )
    all_seen = all(one.seen_s is not None for one in felt)
    return outcome if all_seen else outcome._replace(seen=())


def _through(trouble: Trouble, proxy: Proxy, room: Room) -> _Felt:
    room.work(_BETWEEN)
    room.watcher.until_well()
    time.sleep(_CALM_S)
    begun, before = time.monotonic(), room.acknowledged
    trouble.begin(proxy)
    ends = begun + trouble.seconds
    is_seen = until(lambda: not room.watcher.is_well, trouble.seconds)
    seen_s = time.monotonic() - begun if is_seen else None
    time.sleep(max(0.0, ends - time.monotonic()))
    during, ended = room.acknowledged - before, time.monotonic()
    proxy.mend()
    room.work(1, _PATIENCE_S)
    room.watcher.until_well()
    return _Felt(seen_s, time.monotonic() - ended, during)


def _figures(troubles: Sequence[Trouble], felt: Sequence[_Felt], proxy: Proxy) -> tuple[Line, ...]:
    lines = [Line("connections", proxy.connections, "connections through the proxy")]
    for place, (trouble, one) in enumerate(zip(troubles, felt, strict=True), 1):
        about = f"{trouble.words}, {trouble.seconds:.0f} s"
        lines += [
            Line(f"seen_s_{place}", one.seen_s, f"{about}: seen after", "s"),
            Line(f"recovered_s_{place}", one.recovered_s, "... well again after", "s"),
            Line(f"during_{place}", one.during, "... acknowledged while it lasted"),
        ]
    return tuple(lines)
