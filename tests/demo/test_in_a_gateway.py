"""The demo in a real gateway: a dispatcher's order reaches a driver, and the vehicle obeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.test_source import DAY
from tests.gateway.running import RunningGateway, running_gateway
from tower.demo.plan import DemoPlan
from tower.demo.source import DemoSource, opening
from tower.domain.events import SequenceNoticed, StopEnRoute
from tower.domain.words import Notice
from tower.feed.clock import RunningClock
from tower.gateway.settings import GatewaySettings
from tower.road.engine import RoutingEngine


@pytest.fixture
def gateway(plan: DemoPlan, roads: RoutingEngine, tmp_path: Path) -> Iterator[RunningGateway]:
    clock = RunningClock(opening(plan, DAY), 1.0)
    source = DemoSource(plan, DAY, clock, lambda: roads)
    settings = GatewaySettings(data=str(tmp_path), port=0)
    with running_gateway(tmp_path, [source], settings, shift=(), clock=clock) as running:
        running.until(lambda: None if running.gateway.room.is_behind else True)
        yield running


def resequenced(gateway: RunningGateway, route_id: str) -> list[str]:
    """Turn round what a route has left after its next stop; returns what is left."""
    route = gateway.state.routes[route_id]
    stops = gateway.state.stops_of(route)
    done, left = [s.id for s in stops if s.is_done], [s.id for s in stops if not s.is_done]
    wanted = [left[0], *left[1:][::-1]]
    wish = {"route_id": route_id, "version": route.version, "stops": [*done, *wanted]}
    body = {"type": "sequence_routes", "routes": [wish], "override": True, "reason": "test"}
    with gateway.client("sue") as http:
        answer = http.post("/v1/commands", json=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 200, answer.text
    return wanted


def test_an_order_is_sent_seen_accepted_and_driven(gateway: RunningGateway) -> None:
    wanted = resequenced(gateway, "V-12")
    gateway.until(lambda: gateway.state.routes["V-12"].notice)
    gateway.clock.set(gateway.clock.time() + 130.0)
    gateway.until(
        lambda: (
            gateway.state.routes["V-12"].notice
            if gateway.state.routes["V-12"].notice in (Notice.ACCEPTED, Notice.DECLINED)
            else None
        )
    )
    assert gateway.state.routes["V-12"].notice is Notice.ACCEPTED
    with gateway.expect(StopEnRoute, wanted[1]):
        gateway.clock.set(gateway.clock.time() + 1500.0)
    notices = [
        event.body.notice
        for event in gateway.journal.about("route", "V-12", 1000)
        if isinstance(event.body, SequenceNoticed)
    ]
    assert notices == [Notice.SENT, Notice.SEEN, Notice.ACCEPTED]
