"""Two hundred desktops on one gateway, one of which never reads; beside the naive way.

The gateway's live sockets run in a process of their own over a synthetic fleet that moves once a
second, with ten events a second; the desktops run in another process. The naive way sends the
whole fleet as JSON objects, encoded for each desktop.

Keys: gateway_cpu_pct (of one core), position_p99_s and event_p99_s (from the device's or the
journal's time to arrival at a desktop), stalled_closed_s (from its hello to being cut off),
desktops_served, naive_ratio (processor time per desktop and second, naive over Tower).
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator

import msgspec
import numpy as np

from tests.benchmarks._feed_desktops import Measured, stall
from tests.benchmarks._feed_gateway import Usage

NAIVE_DESKTOPS = 5
SETTLE_S = 5.0
CONNECT_S = 60.0


class Result(msgspec.Struct, kw_only=True):
    """What the benchmark found; the keys of its JSON."""

    desktops: int
    vehicles: int
    seconds: float
    desktops_served: int
    gateway_cpu_pct: float
    position_p50_s: float
    position_p99_s: float
    event_p50_s: float
    event_p99_s: float
    stalled_closed_s: float | None
    cpu_ms_per_desktop_s: float
    naive_cpu_ms_per_desktop_s: float
    naive_ratio: float
    connections_lost: int


async def measure(desktops: int, vehicles: int, seconds: float) -> Result:
    """Run both ways."""
    async with _started("_feed_gateway", f"--vehicles={vehicles}") as gateway:
        url = json.loads(await _line(gateway))["url"]
        async with _started("_feed_desktops", url, f"--desktops={desktops}") as crowd:
            await _everybody(crowd, desktops)
            await asyncio.sleep(SETTLE_S)
            await _measured(crowd)
            before = await _usage(gateway)
            stalled_at, stalled = time.time(), stall(url)
            await asyncio.sleep(seconds)
            measured, after = await _measured(crowd), await _usage(gateway)
            stalled.close()
    naive = await _naive_ms(vehicles, max(4.0, seconds / 4))
    cpu = (after.cpu_s - before.cpu_s) / (after.at - before.at)
    closed_at = after.closed_at.get("4408")
    ms = cpu * 1000 / desktops
    return Result(
        desktops=desktops,
        vehicles=vehicles,
        seconds=seconds,
        desktops_served=measured.desktops,
        gateway_cpu_pct=round(100 * cpu, 1),
        position_p50_s=_percentile(measured.position_s, 50),
        position_p99_s=_percentile(measured.position_s, 99),
        event_p50_s=_percentile(measured.event_s, 50),
        event_p99_s=_percentile(measured.event_s, 99),
        stalled_closed_s=None if closed_at is None else round(closed_at - stalled_at, 1),
        cpu_ms_per_desktop_s=round(ms, 3),
        naive_cpu_ms_per_desktop_s=round(naive, 1),
        naive_ratio=round(naive / ms, 1),
        connections_lost=measured.lost,
    )


async def _everybody(crowd: Process, desktops: int) -> None:
    """Wait until every desktop has its first frame."""
    deadline = time.monotonic() + CONNECT_S
    connected = 0
    while connected < desktops and time.monotonic() < deadline:
        connected = (await _measured(crowd)).desktops
        await asyncio.sleep(1)


async def _naive_ms(vehicles: int, seconds: float) -> float:
    """Milliseconds of processor the naive way takes for each frame of each desktop."""
    async with _started("_feed_gateway", f"--vehicles={vehicles}", "--naive") as gateway:
        url = json.loads(await _line(gateway))["url"]
        async with _started("_feed_desktops", url, f"--desktops={NAIVE_DESKTOPS}", "--naive"):
            await asyncio.sleep(SETTLE_S)
            before = await _usage(gateway)
            await asyncio.sleep(seconds)
            after = await _usage(gateway)
    return 1000 * (after.cpu_s - before.cpu_s) / max(1, after.frames - before.frames)


@contextlib.asynccontextmanager
async def _started(module: str, *arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.benchmarks.{module}", *arguments,
        stdin=PIPE, stdout=PIPE, limit=1 << 26,
    )  # fmt: skip
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _line(process: Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()


async def _ask(process: Process) -> bytes:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    return await _line(process)


async def _usage(gateway: Process) -> Usage:
    return msgspec.json.decode(await _ask(gateway), type=Usage)


async def _measured(crowd: Process) -> Measured:
    return msgspec.json.decode(await _ask(crowd), type=Measured)


def _percentile(seconds: list[float], percent: float) -> float:
    return round(float(np.percentile(seconds, percent)), 3) if seconds else float("nan")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--desktops", type=int, default=200)
    parser.add_argument("--vehicles", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    result = asyncio.run(measure(options.desktops, options.vehicles, options.seconds))
    found = msgspec.to_builtins(result)
    if options.json:
        print(json.dumps(found))
        return
    for key, value in found.items():
        print(f"{key:<30} {value}")


if __name__ == "__main__":
    main()
