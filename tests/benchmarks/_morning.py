"""A morning of sixty routes, put into a better order by a real gateway after a breakdown."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx

from tests.report import Line
from tower.gateway.signin import TOKEN_VARIABLE

ROUTES, BROKEN = 60, "V-02"
_PATIENCE_S = 180.0
_POLL_S = 0.05


class Found(NamedTuple):
    """How long a search took.

    Attributes:
        first_s: from the wish to the first orders offered; infinite where none were.
        done_s: from the wish to its end.
        offer: the last orders offered.
    """

    first_s: float
    done_s: float
    offer: dict[str, Any]


@contextlib.contextmanager
def morning() -> Iterator[httpx.Client]:
    """A gateway at nine in the morning, all routes planned and their lines drawn."""
    token = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(prefix="tower-morning-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks._morning_gateway", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, TOKEN_VARIABLE: token},
            text=True,
        )
        try:
            assert process.stdout is not None
            port = json.loads(process.stdout.readline())["port"]
            headers = {"Authorization": f"Bearer {token}"}
            url = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
                _wait_for_lines(client)
                yield client
        finally:
            process.terminate()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _wait_for_lines(client: httpx.Client) -> None:
    ends = time.monotonic() + _PATIENCE_S
    while len(client.get("/v1/routes/shapes").json()) < ROUTES:
        if time.monotonic() > ends:
            raise TimeoutError("the routes of the morning are not drawn")
        time.sleep(1.0)


def search(client: httpx.Client, wish: dict[str, Any]) -> Found:
    """Ask for better orders and watch until the search is over."""
    begun = time.monotonic()
    id_ = client.post("/v1/optimisations", json=wish).raise_for_status().json()["id"]
    first_s = float("inf")
    while True:
        answer = client.get(f"/v1/optimisations/{id_}").raise_for_status().json()
        taken_s = time.monotonic() - begun
        if answer["offer"] is not None:
            first_s = min(first_s, taken_s)
        if answer["state"] != "running":
            return Found(first_s, taken_s, answer["offer"] or {})
        time.sleep(_POLL_S)


def measure_morning() -> list[Line]:
    """A van breaks down; then every route of the morning is searched."""
    with morning() as client:
        rescue = search(client, {"out_of_service": BROKEN})
        everything = search(client, {})
    late_min = _change(everything, "lateness_s") / 60
    km = _change(everything, "distance_m") / 1000
    left = len(rescue.offer.get("orders", {}).get("", ()))
    return [
        Line("breakdown_first_s", rescue.first_s, "A van breaks down: first proposal", "s"),
        Line("breakdown_done_s", rescue.done_s, "The same, search over", "s"),
        Line("breakdown_left", left, "Its stops that find no place"),
        Line("morning_first_s", everything.first_s, "All routes: first proposal", "s"),
        Line("morning_done_s", everything.done_s, "The same, search over", "s"),
        Line("morning_late_min", late_min, "Lateness added by it", "min"),
        Line("morning_km", km, "Distance added by it", "km"),
    ]


def _change(found: Found, part: str) -> float:
    """How much more of something the orders offered come to."""
    if not found.offer:
        return 0.0
    return float(found.offer["after"].get(part, 0.0) - found.offer["before"].get(part, 0.0))
