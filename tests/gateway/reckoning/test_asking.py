"""Whoever waits for figures keeps nobody else waiting."""

import asyncio
import threading

from tower.gateway.http.kpi_operations import figured


def test_other_work_goes_on_while_many_wait_for_figures() -> None:
    answered = threading.Event()

    async def ask() -> list[bool]:
        asked = [asyncio.create_task(figured(lambda: answered.wait(60))) for _ in range(40)]
        await asyncio.sleep(0)
        try:
            await asyncio.wait_for(asyncio.to_thread(answered.is_set), 20)
        finally:
            answered.set()
        return await asyncio.gather(*asked)

    assert all(asyncio.run(ask()))
