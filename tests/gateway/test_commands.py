"""Commands over HTTP: once for their key, checked against the version, claims as leases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.gateway.running import RunningGateway
from tests.gateway.shift import GATE
from tower.domain.events import CommandRefused, ExceptionWorked
from tower.domain.words import ExceptionState

CLAIM = {"type": "claim_exception", "exception_id": GATE, "version": 0}


def command(http: httpx.Client, body: object, key: str, **headers: str) -> httpx.Response:
    return http.post("/v1/commands", json=body, headers={"Idempotency-Key": key, **headers})


def test_a_command_is_done_and_in_the_journal_when_it_is_answered(
    gateway: RunningGateway,
) -> None:
    with gateway.client("ann") as http:
        answer = command(http, CLAIM, "k1").json()
        page = http.get("/v1/events", params={"exception": GATE}).json()
    assert answer["seq"] == gateway.journal.seq
    assert page["events"][-1]["id"] == answer["events"][0]
    assert page["events"][-1]["actor"] == {"kind": "person", "id": "ann", "name": "Ann"}


def test_the_same_key_gives_the_same_answer_and_is_done_once(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        first = command(http, CLAIM, "k1")
        seq = gateway.journal.seq
        again = command(http, CLAIM, "k1")
    assert again.status_code == first.status_code == 200
    assert again.content == first.content
    assert gateway.journal.seq == seq


def test_the_same_key_for_something_else_is_a_mistake(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        command(http, CLAIM, "k1")
        other = command(http, {**CLAIM, "exception_id": "another"}, "k1")
    assert (other.status_code, other.json()["error"]) == (422, "key_reused")


def test_two_people_may_use_the_same_key(gateway: RunningGateway) -> None:
    with gateway.client("ann") as ann, gateway.client("ben") as ben:
        assert command(ann, CLAIM, "k1").status_code == 200
        assert command(ben, CLAIM, "k1").json()["error"] == "outdated"


def test_of_two_who_claim_at_once_one_wins_and_the_other_sees_who(
    gateway: RunningGateway,
) -> None:
    start = threading.Barrier(2)

    def claim(person: str) -> httpx.Response:
        with gateway.client(person) as http:
            start.wait()
            return command(http, CLAIM, f"{person}-1")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(claim, ("ann", "ben")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409).json()
    winner = gateway.state.exceptions[GATE].work
    assert lost["fresh"]["work"]["owner"] == winner.owner
    assert winner.owner_name in lost["message"]


def test_a_refused_command_leaves_a_trace_and_keeps_its_answer(gateway: RunningGateway) -> None:
    release = {"type": "release_exception", "exception_id": GATE, "version": 0}
    with gateway.client("ann") as http:
        with gateway.expect(CommandRefused, GATE):
            first = command(http, release, "k1")
        again = command(http, release, "k1")
    assert first.status_code == again.status_code == 422
    assert first.content == again.content
    assert "Nobody holds" in first.json()["message"]


def test_a_stale_sequence_comes_back_with_the_fresh_route(gateway: RunningGateway) -> None:
    stops = ["S8", "S7", "S6", "S5"]
    wish = {"route_id": "B", "version": 1, "stops": stops}
    body = {"type": "sequence_routes", "routes": [wish]}
    with gateway.client("ann") as http:
        assert command(http, body, "k1", **{"If-Match": '"1"'}).status_code == 200
        late = command(http, body, "k2")
    assert late.status_code == 409
    assert late.json()["fresh"]["sequence"] == stops


def test_of_two_who_change_a_route_at_once_one_wins_and_the_other_sees_what_there_is(
    gateway: RunningGateway,
) -> None:
    start = threading.Barrier(2)

    def reorder(person: str, stops: str) -> httpx.Response:
        wish = {"route_id": "B", "version": 1, "stops": stops.split()}
        with gateway.client(person) as http:
            start.wait()
            return command(http, {"type": "sequence_routes", "routes": [wish]}, "k1")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(reorder, ("ann", "ben"), ("S8 S7 S6 S5", "S5 S7 S6 S8")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409).json()
    assert lost["routes"] == [lost["fresh"]]
    assert tuple(lost["fresh"]["sequence"]) == gateway.state.routes["B"].sequence


def test_what_breaks_a_hard_constraint_is_listed_and_a_supervisor_may_commit_it(
    gateway: RunningGateway,
) -> None:
    off = {"route_id": "B", "version": 1, "stops": ["S5", "S6", "S7"]}
    body = {"type": "sequence_routes", "routes": [off]}
    with gateway.client("ann") as ann, gateway.client("sue") as sue:
        lock = {"type": "lock_stops", "stops": ["S8"], "reason": "promised by phone"}
        assert command(ann, lock, "k1").status_code == 200
        broken = command(ann, body, "k2")
        override = {**body, "override": True, "reason": "customer agreed"}
        presumed = command(ann, override, "k3")
        assert command(sue, override, "k4").status_code == 200
        page = ann.get("/v1/events", params={"route": "B"}).json()
    assert (broken.status_code, broken.json()["error"]) == (422, "infeasible")
    (violation,) = broken.json()["violations"]
    assert (violation["rule"], violation["stop_id"]) == ("locked", "S8")
    assert "promised by phone" in violation["words"]
    assert (presumed.status_code, presumed.json()["error"]) == (422, "refused")
    (words,) = page["events"][-1]["body"]["overridden"]
    assert "Customer 0008" in words
    assert page["events"][-1]["actor"]["name"] == "Sue"
    refused = [one for one in page["events"] if one["body"]["type"] == "command_refused"]
    assert [one["actor"]["name"] for one in refused] == ["Ann", "Ann"]


def test_if_match_must_agree_with_the_command(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        answer = command(http, CLAIM, "k1", **{"If-Match": "7"})
        seq = gateway.journal.seq
    assert (answer.status_code, answer.json()["error"]) == (422, "version_mismatch")
    assert gateway.state.exceptions[GATE].work.owner == ""
    assert seq == gateway.journal.seq


def test_a_claim_lapses_when_its_holder_falls_silent(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        command(http, CLAIM, "k1")
    with gateway.expect(ExceptionWorked, GATE) as lapsed:
        gateway.clock.set(gateway.clock.time() + 121)
    assert lapsed.event is not None
    assert isinstance(lapsed.event.body, ExceptionWorked)
    assert lapsed.event.body.state is ExceptionState.OPEN
    assert lapsed.event.body.by_rule
    assert lapsed.event.actor.kind == "rule"


def test_a_sign_of_life_renews_the_claim(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        command(http, CLAIM, "k1")
        until = gateway.state.exceptions[GATE].work.lease_until
        with gateway.expect(ExceptionWorked, GATE) as renewed:
            gateway.clock.set(gateway.clock.time() + 70)
            held = http.post("/v1/heartbeat").json()["claims"]
    assert held == [GATE]
    assert renewed.event is not None
    assert isinstance(renewed.event.body, ExceptionWorked)
    assert renewed.event.body.state is ExceptionState.CLAIMED
    assert renewed.event.body.lease_until is not None
    assert until is not None
    assert renewed.event.body.lease_until > until


def test_a_command_needs_a_key(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        answer = http.post("/v1/commands", json=CLAIM)
    assert (answer.status_code, answer.json()["error"]) == (422, "missing")
