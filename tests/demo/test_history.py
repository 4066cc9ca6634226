"""The demo has a past of its own carriers, drivers and doors, once, and never a real gateway."""

from datetime import timedelta
from pathlib import Path

from tests.demo.test_source import DAY
from tests.gateway.running import asked_until, running_gateway
from tower.demo.history import DAYS, recall
from tower.demo.plan import DemoPlan
from tower.domain.reporting import Filters
from tower.kpi.facts import SIMULATED, Dimension
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Ask, Behind
from tower.kpi.store.store import Store

BEFORE = Filters(days=DAYS, until=str(DAY - timedelta(days=1)))


def stops_by(store: Store, dimension: Dimension) -> dict[str, float]:
    ask = Ask(measures=("stops",), by=(dimension,), filters=BEFORE)
    return {row.keys[0]: row.values[0] or 0.0 for row in store.query(ask, MEASURES, DAY).rows}


def test_thirteen_weeks_of_the_plans_own_people_are_put_in_once(
    plan: DemoPlan, tmp_path: Path
) -> None:
    store = Store.open(tmp_path / "figures.duckdb", "demo")
    recall(plan, DAY, store)
    days = stops_by(store, Dimension.DAY)
    recall(plan, DAY, store)
    recall(plan, DAY + timedelta(days=1), store)
    assert stops_by(store, Dimension.DAY) == days
    assert min(days) >= str(DAY - timedelta(days=DAYS))
    assert str(DAY) not in days
    assert len(days) == DAYS * 6 // 7
    drivers = {route.driver.id for route in plan.routes}
    assert set(stops_by(store, Dimension.DRIVER)) == drivers
    assert set(stops_by(store, Dimension.CARRIER)) == {one.carrier_id for one in plan.routes}
    behind = store.behind(Behind(measure="on_time", filters=BEFORE), MEASURES, DAY)
    assert all(line.stop_id.startswith(SIMULATED) for line in behind.lines)
    store.close()


def test_a_gateway_without_a_demo_has_no_past(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway, gateway.client() as http:
        ask = {"measures": ["stops"], "filters": {"days": 0}, "by": ["day"]}
        rows = http.post("/v1/kpi/query", json=ask).json()["rows"]
        measures = http.get("/v1/kpi/measures").json()
    assert len(rows) <= 1
    assert measures["has_simulated_past"] is False


def test_figures_with_a_made_up_past_say_so(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway, gateway.client() as http:
        gateway.gateway.room.recall(lambda _: None)
        asked_until(http, "/v1/kpi/measures", lambda one: one.json()["has_simulated_past"])
