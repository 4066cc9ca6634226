"""Print every vehicle that moves.

Run it with the address of a gateway: python follow_vehicles.py ws://127.0.0.1:8750
The token comes from the environment variable TOWER_TOKEN. Needs the package `websockets` only.
"""

import asyncio
import json
import os
import sys

from websockets.asyncio.client import connect


async def follow(gateway: str, token: str) -> None:
    """Follow the vehicles of a gateway until it closes the connection."""
    names: dict[int, str] = {}
    frames = 0
    async with connect(
        f"{gateway}/v1/live/vehicles",
        subprotocols=["tower.v1.json"],  # type: ignore[list-item]
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
    ) as websocket:
        await websocket.send('{"type": "hello"}')
        async for text in websocket:
            message = json.loads(text)
            if message["type"] == "frame":
                frames += 1
                await websocket.send(json.dumps({"type": "ack", "frames": frames}))
                show(message["vehicles"], names)
            else:
                await websocket.send('{"type": "heartbeat"}')


def show(section: dict[str, list[int]] | None, names: dict[int, str]) -> None:
    """Print the rows of one frame."""
    if section is None:
        return
    names.update(enumerate(section["ids"], start=section["first"]))  # type: ignore[arg-type]
    for handle, lat, lon in zip(section["handle"], section["lat"], section["lon"], strict=True):
        print(f"{names[handle]}: {lat / 1e7:.5f}, {lon / 1e7:.5f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1], os.environ["TOWER_TOKEN"]))
