"""A changed order reaches the driver over the ways every carrier has, and comes back answered."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import httpx

from tests.gateway.running import RunningGateway
from tests.gateway.shift import NOON
from tower.domain.events import RoutesSequenced, SequenceNoticed
from tower.domain.words import Notice


def resequenced(gateway: RunningGateway, *stops: str, version: int = 1) -> None:
    """A dispatcher sets the order of route B."""
    wish = {"route_id": "B", "version": version, "stops": stops}
    body = {"type": "sequence_routes", "routes": [wish], "override": True, "reason": "test"}
    with gateway.client("sue") as http:
        key = {"Idempotency-Key": f"order-{version}"}
        answer = http.post("/v1/commands", json=body, headers=key)
    assert answer.status_code == 200, answer.text


def asked(http: httpx.Client, after: int = 0, wait_s: int = 0) -> dict[str, Any]:
    query = {"after": after, "wait_s": wait_s}
    answer = http.get("/v1/carriers/own/sequences", params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def driver_says(http: httpx.Client, version: int, status: str, note: str = "") -> dict[str, Any]:
    message = {
        "type": "sequence",
        "route": "B",
        "version": version,
        "status": status,
        "at": "2026-11-20T12:00:00Z",
        "vehicle": "B",
        "note": note,
    }
    receipt: dict[str, Any] = http.post("/v1/ingest/driver_app", json=[message]).json()
    return receipt


def is_awaited(gateway: RunningGateway) -> bool:
    """Whether the room sees that the driver of route B does not know its order."""
    return gateway.state.routes["B"].awaits_driver


def notice(gateway: RunningGateway) -> Notice | None:
    """How far the order of route B has come with its driver."""
    return gateway.state.routes["B"].notice


def test_a_changed_order_is_told_with_all_a_driver_has_to_know(gateway: RunningGateway) -> None:
    with gateway.client("own") as phone:
        everything = asked(phone)
        assert {one["route_id"]: one["version"] for one in everything["sequences"]} == {
            "A": 1,
            "B": 1,
        }
        resequenced(gateway, "S8", "S5", "S6", "S7")
        told = asked(phone, everything["next"])
        nothing = asked(phone, told["next"])
    (sequence,) = told["sequences"]
    assert (sequence["route_id"], sequence["vehicle_id"], sequence["version"]) == ("B", "own:B", 2)
    assert [stop["id"] for stop in sequence["stops"]] == ["S8", "S5", "S6", "S7"]
    assert sequence["stops"][0]["customer"] == "Customer 0008"
    assert nothing["sequences"] == []


def agree(gateway: RunningGateway, **changes: object) -> None:
    """A dispatcher writes down what the customer of stop S6 wants."""
    body = {"type": "amend_stop", "stop_id": "S6", "changes": changes}
    with gateway.client("ann") as http:
        answer = http.post("/v1/commands", json=body, headers={"Idempotency-Key": str(changes)})
    assert answer.status_code == 200, answer.text


def test_a_code_agreed_with_the_customer_reaches_the_driver_marked_as_new(
    gateway: RunningGateway,
) -> None:
    with gateway.client("own") as phone:
        everything = asked(phone)
        assert [one["agreed"] for one in everything["sequences"]] == [[], []]
        agree(gateway, access_code="4417#")
        told = asked(phone, everything["next"])
        nothing = asked(phone, told["next"])
    (sequence,) = told["sequences"]
    assert (sequence["route_id"], sequence["version"]) == ("B", 1)
    assert sequence["stops"][1]["access_code"] == "4417#"
    (agreed,) = sequence["agreed"]
    assert (agreed["stop_id"], agreed["changes"]) == ("S6", {"access_code": "4417#"})
    assert NOON < datetime.fromisoformat(agreed["agreed_at"]) < gateway.clock.now()
    assert nothing["sequences"] == []
    assert notice(gateway) is None


def test_a_driver_who_waits_is_told_at_once_what_was_agreed(gateway: RunningGateway) -> None:
    with gateway.client("own") as phone, ThreadPoolExecutor(1) as pool:
        after = asked(phone)["next"]
        waiting = pool.submit(asked, phone, after, 20)
        agree(gateway, address="Kiosk", lat=47.2, lon=9.5)
        (sequence,) = waiting.result()["sequences"]
    (moved,) = (stop for stop in sequence["stops"] if stop["id"] == "S6")
    assert (moved["address"], moved["lat"], moved["lon"]) == ("Kiosk", 47.2, 9.5)


def test_done_stops_are_no_longer_told(gateway: RunningGateway) -> None:
    with gateway.client("own") as phone:
        told = {one["route_id"]: one["stops"] for one in asked(phone)["sequences"]}
    assert [stop["id"] for stop in told["A"]] == ["S2", "S3", "S4"]


def test_asking_counts_as_sent_once_and_the_plan_of_the_day_never(
    gateway: RunningGateway,
) -> None:
    with gateway.client("own") as phone:
        asked(phone)
        assert gateway.state.routes["A"].told is None
        resequenced(gateway, "S8", "S5", "S6", "S7")
        assert is_awaited(gateway)
        asked(phone)
        seq = gateway.journal.seq
        asked(phone)
    assert notice(gateway) is Notice.SENT
    assert gateway.journal.seq == seq


def test_the_drivers_answer_ends_the_waiting(gateway: RunningGateway) -> None:
    resequenced(gateway, "S8", "S5", "S6", "S7")
    with gateway.client("own") as phone:
        asked(phone)
        assert is_awaited(gateway)
        assert driver_says(phone, 2, "seen")["events"] == 1
        assert not is_awaited(gateway)
        driver_says(phone, 2, "declined", "The bridge is closed")
    told = gateway.state.routes["B"].told
    assert told is not None
    assert (told.notice, told.note) == (Notice.DECLINED, "The bridge is closed")


def test_an_answer_to_an_older_order_does_not_count_for_the_newest(
    gateway: RunningGateway,
) -> None:
    resequenced(gateway, "S8", "S5", "S6", "S7")
    resequenced(gateway, "S7", "S8", "S5", "S6", version=2)
    with gateway.client("own") as phone:
        asked(phone)
        driver_says(phone, 2, "accepted")
        assert notice(gateway) is Notice.SENT
        driver_says(phone, 3, "accepted")
        assert notice(gateway) is Notice.ACCEPTED
        refused = driver_says(phone, 4, "accepted")
    assert refused["refused"] == 1
    assert "no version 4; its newest is 3" in refused["reasons"][0]


def test_who_waits_is_told_as_soon_as_the_order_changes(gateway: RunningGateway) -> None:
    with gateway.client("own") as phone, ThreadPoolExecutor(1) as pool:
        known = asked(phone)["next"]
        asking = threading.Event()

        def wait() -> dict[str, Any]:
            asking.set()
            return asked(phone, known, wait_s=15)

        waiting = pool.submit(wait)
        assert asking.wait(5)
        with gateway.expect(SequenceNoticed):
            resequenced(gateway, "S8", "S5", "S6", "S7")
        told = waiting.result(15)
    assert [one["version"] for one in told["sequences"]] == [2]


def test_after_a_restart_every_route_may_have_changed(gateway: RunningGateway) -> None:
    """What a carrier's system asks for from long ago is told again rather than lost."""
    with gateway.expect(RoutesSequenced):
        resequenced(gateway, "S8", "S5", "S6", "S7")
    with gateway.client("own") as phone:
        versions = {one["route_id"]: one["version"] for one in asked(phone, after=1)["sequences"]}
    assert versions == {"A": 1, "B": 2}


def test_a_carrier_is_told_of_its_own_routes_only(gateway: RunningGateway) -> None:
    with gateway.client("own") as phone:
        foreign = phone.get("/v1/carriers/another/sequences")
    with gateway.client("ann") as http:
        nobody = http.get("/v1/carriers/another/sequences")
    with gateway.client("vic") as http:
        viewer = http.get("/v1/carriers/own/sequences")
    assert (foreign.status_code, nobody.status_code, viewer.status_code) == (403, 404, 403)
