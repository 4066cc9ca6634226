"""The live websockets of a whole gateway: who may look, what arrives, who counts as there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.gateway.running import PATIENCE_S, RunningGateway
from tests.gateway.shift import GATE
from tower.domain.events import ExceptionWorked
from tower.domain.words import ExceptionState

CLAIM = {"type": "claim_exception", "exception_id": GATE, "version": 0}
ARRIVED = {"type": "stop", "stop": "S2", "status": "arrived", "at": "2026-11-20T11:59:00Z"}


class Desktop:
    """The least a desktop does: say hello, take what comes, acknowledge it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._taken = 0
        socket.send(json.dumps({"type": "hello"}))

    def next(self, wanted: str) -> Any:  # noqa: ANN401 - JSON of any form
        """The next message of a type."""
        while True:
            message = json.loads(self._socket.recv(PATIENCE_S))
            if message["type"] in ("snapshot", "events", "frame"):
                self._taken += 1
                self._socket.send(json.dumps({"type": "ack", "frames": self._taken}))
            if message["type"] == wanted:
                return message


@contextmanager
def watching(gateway: RunningGateway, what: str, person: str = "ann") -> Iterator[Desktop]:
    """A desktop on one of the two sockets, in JSON."""
    url = gateway.url.replace("http", "ws") + f"/v1/live/{what}"
    with connect(
        url,
        additional_headers={"Authorization": f"Bearer {person}-token"},
        subprotocols=[Subprotocol("tower.v1.json")],
        compression=None,
        open_timeout=PATIENCE_S,
    ) as socket:
        yield Desktop(socket)


def test_a_carriers_report_reaches_the_desktops(gateway: RunningGateway) -> None:
    with watching(gateway, "events") as desktop:
        assert "S2" in desktop.next("snapshot")["state"]["stops"]
        with gateway.client("own") as http:
            http.post("/v1/ingest/driver_app", content=json.dumps(ARRIVED))
        event = desktop.next("events")["events"][0]
    assert (event["body"]["type"], event["subject"]["stop_id"]) == ("stop_arrived", "S2")


def test_the_health_of_carriers_is_told_each_second(gateway: RunningGateway) -> None:
    with watching(gateway, "vehicles") as desktop:
        with gateway.client("own") as http:
            http.post("/v1/ingest/driver_app", content=b"{")
        while (health := desktop.next("frame")["health"]) is None or health[0][1] is None:
            pass
    assert (health[0][0], health[0][4]) == ("own", 1)


@pytest.mark.parametrize("person", ["stranger", "own"])
def test_only_the_room_may_look(gateway: RunningGateway, person: str) -> None:
    with pytest.raises(InvalidStatus) as refused, watching(gateway, "events", person):
        pass
    assert refused.value.response.status_code == 401


def test_a_live_desktop_keeps_its_persons_claims(gateway: RunningGateway) -> None:
    with watching(gateway, "events"):
        with gateway.client("ann") as http:
            http.post("/v1/commands", json=CLAIM, headers={"Idempotency-Key": "k"})
        gateway.gateway.presence._seen.clear()
        with gateway.expect(ExceptionWorked, GATE) as renewed:
            gateway.clock.set(gateway.clock.time() + 70)
    assert renewed.event is not None
    assert isinstance(renewed.event.body, ExceptionWorked)
    assert renewed.event.body.state is ExceptionState.CLAIMED
    assert renewed.event.body.owner == "ann"
