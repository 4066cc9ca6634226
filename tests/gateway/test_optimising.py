"""Searches for better orders over HTTP: begun, watched, cancelled, and committed by hand."""

import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.gateway.running import PATIENCE_S, RunningGateway, asked_until
from tests.gateway.shift import MORNING, NOON, stop_plan, told
from tower.domain.events import (
    RouteFinished,
    RouteSequence,
    RoutesSequenced,
    RouteStarted,
    StopPlanned,
)
from tower.domain.records import Subject
from tower.gateway.optimising import AT_ONCE, KEPT
from tower.routes.optimiser.job import Job, More, Progress, Proposal
from tower.routes.weights import Objective

LATE = {"lateness": 1.0, "distance": 1.0, "change": 0.0}


def begin(http: httpx.Client, **wish: object) -> httpx.Response:
    return http.post("/v1/optimisations", json=wish)


def outcome(http: httpx.Client, id_: str) -> dict[str, object]:
    """How a search ended."""
    answer = asked_until(
        http, f"/v1/optimisations/{id_}", lambda told: told.json()["state"] != "running"
    )
    found: dict[str, object] = answer.json()
    return found


def happen(gateway: RunningGateway, *events: object) -> None:
    seq = gateway.journal.append(list(events)).result()[-1].seq  # type: ignore[arg-type]
    gateway.until(lambda: True if gateway.state.seq >= seq else None)


def muddle(gateway: RunningGateway) -> None:
    """Route B is planned back and forth."""
    order = RouteSequence(route_id="B", version=2, stops=("S8", "S5", "S7", "S6"))
    subject = Subject(route_id="B")
    happen(gateway, told(NOON, subject, RoutesSequenced(routes=(order,)), "muddled"))


def test_a_muddled_route_gets_a_better_order_that_can_be_committed(
    gateway: RunningGateway,
) -> None:
    muddle(gateway)
    with gateway.client("ann") as http:
        begun = begin(http, routes=["B"], weights=LATE)
        assert begun.status_code == 202
        found = outcome(http, begun.json()["id"])
        assert found["state"] == "done"
        offer = found["offer"]
        assert isinstance(offer, dict)
        assert sorted(offer["orders"]["B"]) == ["S5", "S6", "S7", "S8"]
        assert offer["after"]["distance_m"] < offer["before"]["distance_m"]
        assert offer["versions"] == {"B": 2}
        assert len(offer["legs"]["B"]["durations_s"]) in (0, 4)
        wish = {"route_id": "B", "version": 2, "stops": offer["orders"]["B"]}
        body = {"type": "sequence_routes", "routes": [wish]}
        assert gateway.state.routes["B"].version == 2
        done = http.post("/v1/commands", json=body, headers={"Idempotency-Key": "k"})
    assert done.status_code == 200


def test_the_best_order_is_said_to_be_the_best(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        found = outcome(http, begin(http, routes=["B"]).json()["id"])
    assert (found["state"], found["offer"]) == ("done", None)
    assert "best order" in str(found["words"])
    assert found["progress"] == 1.0


def test_a_late_order_finds_its_place_among_all_routes(gateway: RunningGateway) -> None:
    happen(gateway, told(MORNING, Subject(stop_id="S9"), StopPlanned(plan=stop_plan(9))))
    with gateway.client("ann") as http:
        found = outcome(http, begin(http, loose=["S9"], stops=[]).json()["id"])
    offer = found["offer"]
    assert isinstance(offer, dict)
    (route_id,) = (one for one in offer["orders"] if one)
    order = offer["orders"][route_id]
    present = [stop.id for stop in gateway.state.stops_of(gateway.state.routes[route_id])]
    assert "S9" in order
    assert [one for one in order if one != "S9"] == [one for one in present if one in order]


def test_others_take_over_from_a_vehicle_that_broke_down(gateway: RunningGateway) -> None:
    happen(gateway, told(NOON, Subject(route_id="B"), RouteStarted()))
    with gateway.client("ann") as http:
        found = outcome(http, begin(http, routes=["A"], out_of_service="B").json()["id"])
        offer = found["offer"]
        assert isinstance(offer, dict)
        assert offer["orders"].get("B", []) == []
        assert {"S5", "S6", "S7", "S8"} <= set(offer["orders"]["A"])
        (visit,) = offer["handovers"]
        assert visit["stop_id"] in offer["orders"]["A"]
        assert sorted(visit["stops"]) == ["S5", "S6", "S7", "S8"]
        wishes = [
            {"route_id": "A", "version": 1, "stops": ["S1", *offer["orders"]["A"]]},
            {"route_id": "B", "version": 1, "stops": []},
        ]
        body = {"type": "sequence_routes", "routes": wishes, "handovers": [visit]}
        done = http.post("/v1/commands", json=body, headers={"Idempotency-Key": "k"})
    assert done.status_code == 200, done.text
    assert gateway.state.stops["S5"].parcels_on == "B"


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"routes": ["Z"]}, "no route Z"),
        ({"routes": ["A"], "stops": ["S99"]}, "no stop S99"),
        ({"routes": ["A"], "stops": ["S1"]}, "can be moved"),
        ({"routes": ["A"], "stops": []}, "can be moved"),
        ({"routes": ["A"], "loose": ["S5"]}, "on route B already"),
        ({"routes": ["A"], "weights": {"lateness": -1.0}}, "weight"),
        ({"routes": ["A"], "out_of_service": "Z"}, "no route Z"),
        ({"routes": ["A"], "out_of_service": "A"}, "No other route"),
        ({"routes": 7}, "routes"),
    ],
)
def test_a_wish_nobody_can_fulfil_is_refused_in_words(
    shared_gateway: RunningGateway, wish: dict[str, object], says: str
) -> None:
    with shared_gateway.client("ann") as http:
        answer = begin(http, **wish)
    assert answer.status_code == 422
    assert says in answer.json()["message"]


def test_routes_that_are_over_have_nothing_left_to_search(gateway: RunningGateway) -> None:
    for route_id in ("A", "B"):
        happen(gateway, told(NOON, Subject(route_id=route_id), RouteFinished()))
    with gateway.client("ann") as http:
        answer = begin(http)
    assert (answer.status_code, answer.json()["error"]) == (422, "refused")


def test_a_search_nobody_knows_is_not_found(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("ann") as http:
        assert http.get("/v1/optimisations/none").status_code == 404
        assert http.post("/v1/optimisations/none/cancel").status_code == 404


class Slow:
    """A search that goes on until it is told to end, or fails."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Event()
        self.fails = False
        self.found: Proposal | None = None

    def __call__(
        self,
        _job: Job,
        tell: Callable[[Progress], None],
        is_over: Callable[[], bool],
        _more: More,
    ) -> Proposal | None:
        tell(Progress(elapsed_s=1.0, share=0.25, tried=3, best=self.found))
        self.begun.release()
        if self.fails:
            raise RuntimeError("the solver is gone")
        while not is_over() and not self.may_end.wait(0.005):
            pass
        return None


@pytest.fixture
def slow(gateway: RunningGateway) -> Iterator[Slow]:
    """The gateway searches slowly."""
    search = Slow()
    gateway.gateway.optimising._run = search
    yield search
    search.may_end.set()


def test_a_search_is_cancelled_at_any_moment(gateway: RunningGateway, slow: Slow) -> None:
    with gateway.client("ann") as ann, gateway.client("ben") as ben:
        id_ = begin(ann, routes=["B"]).json()["id"]
        assert slow.begun.acquire(timeout=PATIENCE_S)
        told_ = ann.get(f"/v1/optimisations/{id_}").json()
        assert (told_["state"], told_["progress"]) == ("running", 0.25)
        assert ben.post(f"/v1/optimisations/{id_}/cancel").status_code == 200
        assert outcome(ann, id_)["state"] == "cancelled"


def test_a_search_that_breaks_off_says_so(
    gateway: RunningGateway, slow: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    slow.fails = True
    slow.found = Proposal(
        orders={"B": ("S8", "S7", "S6", "S5")}, before=Objective(distance_m=2.0), after=Objective()
    )
    with gateway.client("ann") as http:
        found = outcome(http, begin(http, routes=["B"]).json()["id"])
    assert found["state"] == "failed"
    assert "the solver is gone" in str(found["words"])
    assert "broke off" in caplog.text
    offer = found["offer"]
    assert isinstance(offer, dict), "what was found before is lost"
    assert offer["orders"] == {"B": ["S8", "S7", "S6", "S5"]}


def test_only_a_few_searches_run_at_once_and_old_ones_are_forgotten(
    gateway: RunningGateway, slow: Slow
) -> None:
    with gateway.client("ann") as http:
        ids = [begin(http, routes=["B"]).json()["id"] for _ in range(AT_ONCE)]
        full = begin(http, routes=["A"])
        assert (full.status_code, full.json()["error"]) == (429, "too_many")
        slow.may_end.set()
        for id_ in ids:
            assert outcome(http, id_)["state"] == "done"
        for _ in range(KEPT + 1):
            outcome(http, begin(http, routes=["B"]).json()["id"])
        assert http.get(f"/v1/optimisations/{ids[0]}").status_code == 404


def test_a_gateway_that_ends_does_not_wait_for_its_searches(
    gateway: RunningGateway, slow: Slow
) -> None:
    with gateway.client("ann") as http:
        begin(http, routes=["B"])
    assert slow.begun.acquire(timeout=PATIENCE_S)
