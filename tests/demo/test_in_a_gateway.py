"""The demo in a real gateway: drivers obey a dispatcher's order, customers answer a message."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.test_source import DAY
from tests.gateway.running import RunningGateway, running_gateway
from tower.demo.answering import answer_to
from tower.demo.mailbox import luck_of
from tower.demo.plan import DemoPlan
from tower.demo.source import DemoSource, opening
from tower.domain.events import ReplyReceived, SequenceNoticed, StopEnRoute
from tower.domain.messages import message_id
from tower.domain.words import Intent, MessageState, Notice
from tower.feed.clock import RunningClock
from tower.gateway.settings import GatewaySettings
from tower.road.engine import RoutingEngine


@pytest.fixture
def gateway(plan: DemoPlan, roads: RoutingEngine, tmp_path: Path) -> Iterator[RunningGateway]:
    clock = RunningClock(opening(plan, DAY), 1.0)
    source = DemoSource(plan, DAY, clock, lambda: roads)
    settings = GatewaySettings(data=str(tmp_path), port=0)
    with running_gateway(tmp_path, [source], settings, shift=(), clock=clock) as running:
        running.until(lambda: running.state.routes.get("V-12"))
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


def answers_with_a_code(gateway: RunningGateway, plan: DemoPlan) -> str:
    """A stop still to be served whose customer, asked for the code, names it."""
    for stop in gateway.state.stops.values():
        if stop.is_done or stop.plan is None or not stop.plan.phone or not stop.plan.contact_by:
            continue
        id_ = message_id(stop.id, "gate_code", "", 1)
        language = stop.plan.language
        answer = answer_to("gate_code", language, luck_of(plan.seed, id_))
        if answer is not None and "#" in answer.words and "code" in answer.words.lower():
            return stop.id
    raise AssertionError("nobody answers")


def test_a_customer_asked_for_the_code_answers_and_it_is_understood(
    gateway: RunningGateway, plan: DemoPlan
) -> None:
    stop_id = answers_with_a_code(gateway, plan)
    body = {
        "type": "send_messages",
        "messages": [{"stop_id": stop_id, "template": "gate_code"}],
    }
    with gateway.client() as http:
        answer = http.post("/v1/commands", json=body, headers={"Idempotency-Key": "ask"})
    assert answer.status_code == 200, answer.text
    message = gateway.until(
        lambda: next(
            (m for m in gateway.state.messages.values() if m.state is MessageState.NOT_SENT), None
        )
    )
    assert message.plan is not None
    assert message.plan.stop_id == stop_id
    assert "Demo " in message.plan.words
    with gateway.expect(ReplyReceived, stop_id) as expected:
        gateway.clock.set(gateway.clock.time() + 240.0)
    assert expected.event is not None
    assert expected.event.subject.message_id == message.id
    [reply] = gateway.until(lambda: list(gateway.state.replies.values()))
    assert {one.intent for one in reply.intents} >= {Intent.GATE_CODE}
