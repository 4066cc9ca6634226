"""Five real delivery routes, imported by somebody who has no region for them and no vehicles."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import Seat, room, seat, tower
from ui.routes.panel import RoutesPanel
from ui.session import Session
from ui.topbar.live import live_runs

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

LOS_ANGELES_TO_SEATTLE = (33.0, 48.0)
"""Degrees of latitude the routes lie between."""


@pytest.fixture
def file(shared_data: Path) -> Path:
    """The five routes of the research challenge."""
    return shared_data / "deliveries" / "amazon_lmrrc_5routes.json"


def test_routes_imported_before_the_gateway_runs_are_there_when_it_does(
    file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "data"
    words = ("shift", "import", str(file), "--data", str(folder))
    first, again = tower(*words), tower(*words)
    assert first.stdout.startswith("amazon_lmrrc_5routes.json: 5 routes, 811 stops, ")
    assert "nothing new" in again.stdout
    with room(folder) as joined, seat(joined, qtbot) as mine:
        mine.until(lambda: len(mine.session.shapes) == 5)
        _every_window_and_package_came_in(mine.session, file)
        _nothing_is_called_an_error(mine)
        _the_map_shows_every_city_and_then_one_route(mine)
        _a_route_has_its_stops_in_the_order_driven(mine)
        assert mine.desktop.map.external_requests == 0


def _every_window_and_package_came_in(session: Session, file: Path) -> None:
    written = [
        s for route in json.loads(file.read_bytes()).values() for s in route["stops"].values()
    ]
    state = session.state
    assert (len(state.routes), len(state.stops), len(state.depots)) == (5, len(written), 4)
    plans = [stop.plan for stop in state.stops.values() if stop.plan is not None]
    windows = sum(1 for plan in plans if plan.window_start and plan.window_end)
    assert windows == sum(1 for one in written if one["window"])
    assert sum(len(plan.parcels) for plan in plans) == sum(one["packages"] for one in written)
    assert all(plan.planned_at is not None for plan in plans)
    assert state.shift is not None
    assert state.shift.region == ""


def _nothing_is_called_an_error(mine: Seat) -> None:
    window = mine.desktop.window
    shown = " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())
    assert "No open exceptions" in shown
    assert "rror" not in shown
    assert not window.banner.isVisible()
    assert not mine.desktop.map.notice.isVisible()
    assert "0 vehicles" in "".join(run.text for run in live_runs(mine.session))


def _the_map_shows_every_city_and_then_one_route(mine: Seat) -> None:
    page = mine.page
    page.wait_for("window.tower.scene.stops.size === 811")
    everything = "[...window.tower.scene.stops.values()]"
    inside = "(s => window.tower.map.getBounds().contains([s.lat, s.lon]))"
    page.wait_for(f"{everything}.every{inside}")
    south, north = LOS_ANGELES_TO_SEATTLE
    assert page.script(f"{everything}.every(s => s.lat > {south} && s.lat < {north})") is True
    assert page.script("window.tower.markLayer.marks.filter(m => m.cluster).length") >= 3
    route_id = min(mine.session.state.routes)
    mine.session.select("route", route_id)
    mine.desktop.window.actions_by_id["route_fit"].trigger()
    page.wait_for(f"window.tower.scene.stopsOf('{route_id}').every{inside}")
    page.wait_for("window.tower.map.getZoom() > 8")
    mine.until(lambda: _pixels_of(mine, mine.session.route_color(route_id)) > 200)


def _pixels_of(mine: Seat, colour: QColor) -> int:
    """Pixels of the map in one colour, of every third row."""
    picture = mine.desktop.map.grab().toImage()
    rows = range(0, picture.height(), 3)
    return sum(picture.pixelColor(x, y) == colour for y in rows for x in range(picture.width()))


def _a_route_has_its_stops_in_the_order_driven(mine: Seat) -> None:
    panel = mine.desktop.window.findChild(RoutesPanel)
    assert panel is not None
    route_id = min(mine.session.state.routes)
    route = mine.session.state.routes[route_id]
    sheet = panel.sheet
    mine.until(lambda: sheet.route_id == route_id)
    rows = sheet.list.model()
    assert rows.rowCount() == len(route.sequence)
    mine.until(lambda: mine.session.arrivals.row(route.sequence[-1]) is not None)


def test_an_import_into_a_running_gateway_reaches_the_open_window(
    file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with room(tmp_path / "data") as joined, seat(joined, qtbot) as mine:
        assert not mine.session.state.stops
        first = joined.tower("shift", "import", str(file))
        assert first.returncode == 0, first.stderr
        mine.until(lambda: len(mine.session.state.stops) == 811)
        mine.page.wait_for(
            "window.tower.map.getZoom() > 2 && window.tower.scene.stops.size === 811"
        )
        seq = mine.session.state.seq
        again = joined.tower("shift", "import", str(file))
        assert again.stdout == ("amazon_lmrrc_5routes.json: 5 routes, 811 stops, nothing new.\n")
        assert mine.session.state.seq == seq
