"""Nothing taken in is so long that the live feed could not carry it to a desktop."""

import json

import pytest
from msgspec.structs import replace

from tests.gateway.running import PATIENCE_S, RunningGateway
from tests.gateway.shift import GATE, raised
from tests.gateway.test_live import watching
from tower.domain.events import ExceptionRaised
from tower.journal.errors import EventUnfit

KEY = {"Idempotency-Key": "long"}
LONG = "x" * (1024 * 1024 - 500)


@pytest.mark.parametrize(
    "command",
    [
        {"type": "resolve_exception", "exception_id": GATE, "version": 0, "cause": LONG},
        {"type": "claim_exception", "exception_id": LONG, "version": 0},
        {"type": "sequence_routes", "routes": [], "reason": LONG},
        {
            "type": "sequence_routes",
            "routes": [{"route_id": "A", "version": 1, "stops": [LONG]}],
        },
    ],
    ids=["cause", "exception", "reason", "stop"],
)
def test_a_command_with_endless_words_is_refused(
    shared_gateway: RunningGateway, command: dict[str, object]
) -> None:
    seq = shared_gateway.journal.seq
    with shared_gateway.client("ann") as http:
        answer = http.post("/v1/commands", content=json.dumps(command), headers=KEY)
    assert (answer.status_code, answer.json()["error"]) == (422, "unfit")
    # Rules may have spoken meanwhile; nobody else.
    said = shared_gateway.journal.read(seq, 100)
    assert [event for event in said if event.actor.id == "ann"] == []


def test_an_event_longer_than_the_feed_can_carry_never_gets_into_the_journal(
    shared_gateway: RunningGateway,
) -> None:
    event = raised("endless")
    assert isinstance(event.body, ExceptionRaised)
    finding = replace(event.body.finding, detail="\x01" * 200_000)
    endless = replace(event, body=ExceptionRaised(finding=finding))
    with pytest.raises(EventUnfit, match="Shorten its texts"):
        shared_gateway.journal.append([endless]).result(PATIENCE_S)
    assert "endless" not in shared_gateway.state.exceptions


def test_the_longest_words_taken_in_still_reach_a_desktop(gateway: RunningGateway) -> None:
    words = '\n"😀' * 600
    alarm = {
        "type": "alarm",
        "kind": "vehicle",
        "vehicle": "V",
        "at": "2026-11-20T11:59:00Z",
        "words": words,
        "detail": words,
    }
    with gateway.client("own") as http:
        assert http.post("/v1/ingest/driver_app", content=json.dumps(alarm)).json()["events"] == 2
    with watching(gateway, "events") as desktop:
        exceptions = desktop.next("snapshot")["state"]["exceptions"]
    assert words in [record["finding"]["headline"] for record in exceptions.values()]


def test_a_manifest_with_endless_lists_is_refused_line_by_line(gateway: RunningGateway) -> None:
    place = {"lat": 47.1, "lon": 9.5}
    stops = [{"id": f"L{n}", "route": "long", **place} for n in range(2_001)]
    parcels = {"id": "P", **place, "parcels": [f"p{n}" for n in range(1_001)]}
    manifest = {"routes": [{"id": "long"}], "stops": [*stops, parcels]}
    with gateway.client("ann") as http:
        receipt = http.post("/v1/manifest?name=m.json", content=json.dumps(manifest)).json()
    assert receipt["stops"] == 2_000
    assert {problem["line"] for problem in receipt["problems"]} == {2_001, 2_002}
    assert len(gateway.state.routes["long"].sequence) == 2_000


def test_a_route_named_twice_in_one_order_is_refused(gateway: RunningGateway) -> None:
    halves = [
        {"route_id": "A", "version": 1, "stops": ["S1", "S2"]},
        {"route_id": "A", "version": 1, "stops": ["S3", "S4"]},
    ]
    with gateway.client("ann") as http:
        answer = http.post(
            "/v1/commands", json={"type": "sequence_routes", "routes": halves}, headers=KEY
        )
    assert (answer.status_code, answer.json()["error"]) == (422, "refused")
    assert gateway.state.routes["A"].sequence == ("S1", "S2", "S3", "S4")


def test_a_day_of_many_depots_is_taken_in_as_far_as_it_may_be(gateway: RunningGateway) -> None:
    lines = [f"R{n // 100},W{n},{47 + n % 1000 / 5000},9.5" for n in range(6_000)]
    manifest = "\n".join(["route,stop,lat,lon", *lines])
    with gateway.client("ann") as http:
        receipt = http.post("/v1/manifest?name=m.csv", content=manifest).json()
        again = http.post("/v1/manifest?name=m.csv", content=manifest).json()
    assert (receipt["stops"], receipt["problems"]) == (6_000, [])
    assert receipt["events"] > 6_000
    assert again["events"] == 0
