"""Recorded GTFS-realtime feeds of three agencies, replayed and looked at."""

import json
from pathlib import Path

import numpy as np
import pytest
from google.transit.gtfs_realtime_pb2 import FeedMessage, VehiclePosition
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import Seat, room, seat, tower
from tower.gateway.options import ExitCode

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

AGENCIES = {
    "mbta": "robertej19_CCMF.pb",
    "miway": "dmatthew2024_miway-transit.pb",
    "estonia": "maanteeamet_gtfs-rt-server.pb",
}
"""Carriers, and the recording each of them plays."""

ALONE_DEG = 0.002
"""No other vehicle within some 150 m."""


@pytest.fixture
def folder(shared_data: Path) -> Path:
    """Where the recordings lie."""
    return shared_data / "feeds" / "gtfs_rt"


@pytest.fixture
def feeds(folder: Path) -> dict[str, FeedMessage]:
    """The recordings as their agencies wrote them."""
    return {
        agency: FeedMessage.FromString((folder / name).read_bytes())
        for agency, name in AGENCIES.items()
    }


def _settings(folder: Path, target: Path) -> Path:
    carriers = (
        f'[[carrier]]\nid = "{agency}"\nadapter = "gtfs_realtime"\nfile = "{folder / name}"\n'
        for agency, name in AGENCIES.items()
    )
    target.write_text("\n".join(carriers), "utf-8")
    return target


def test_three_agencies_drive_on_one_map(
    folder: Path, feeds: dict[str, FeedMessage], tmp_path: Path, qtbot: QtBot
) -> None:
    config = _settings(folder, tmp_path / "tower.toml")
    vehicles = sum(len(feed.entity) for feed in feeds.values())
    with room(tmp_path / "data", "--config", str(config)) as joined, seat(joined, qtbot) as mine:
        mine.until(lambda: len(mine.session.vehicles.present) == vehicles)
        mine.until(lambda: len(mine.session.state.vehicles) == vehicles)
        _every_vehicle_is_drawn(mine, vehicles)
        _headings_and_ages_are_those_recorded(mine, feeds["mbta"], "mbta")
        _carriers_are_heard(mine)
        _a_vehicle_is_found_and_tells_about_itself(mine, feeds["mbta"])
        assert mine.desktop.map.external_requests == 0


def _every_vehicle_is_drawn(mine: Seat, vehicles: int) -> None:
    page = mine.page
    page.wait_for(f"window.tower.fleet.count === {vehicles}")
    places = (
        "[...Array(window.tower.fleet.count).keys()].map(i => window.tower.vehicles.screenPoint(i))"
    )
    page.wait_for(
        f"{places}.every(p => p.x >= 0 && p.y >= 0 && p.x <= innerWidth && p.y <= innerHeight)"
    )


def _headings_and_ages_are_those_recorded(mine: Seat, feed: FeedMessage, agency: str) -> None:
    rows = [
        (mine.session.vehicles.row(f"{agency}:{entity.vehicle.vehicle.id}"), entity.vehicle)
        for entity in feed.entity
    ]
    shown = [row for row, _ in rows if row is not None]
    assert len(shown) == len(rows)
    headings = [one.position.bearing % 360 for _, one in rows]
    drawn = [row.heading_deg for row in shown if row.heading_deg is not None]
    assert drawn == pytest.approx(headings, abs=0.01)
    ages = [feed.header.timestamp - one.timestamp for _, one in rows]
    newest = max(row.at for row in shown)
    later = [(newest - row.at).total_seconds() for row in shown]
    assert later == [age - min(ages) for age in ages]


def _carriers_are_heard(mine: Seat) -> None:
    mine.until(lambda: {one.carrier_id for one in mine.session.health} == set(AGENCIES))
    assert all(one.last_heard is not None for one in mine.session.health)
    assert not any(one.refused for one in mine.session.health)


def _a_vehicle_is_found_and_tells_about_itself(mine: Seat, feed: FeedMessage) -> None:
    """Select one that stands alone, look at it closely, and point at it."""
    oldest = _oldest_that_stands_alone(feed)
    vehicle_id = f"mbta:{oldest.vehicle.id}"
    mine.session.select("vehicle", vehicle_id)
    mine.desktop.window.actions_by_id["map_fit_selected"].trigger()
    page = mine.page
    page.wait_for("!window.tower.map._animatingZoom && window.tower.map.getZoom() >= 15")
    mine.desktop.map.follow("")
    page.script("(window.tower.map.setZoom(18, {animate: false}), 0)")
    page.wait_for(
        "(p => Math.abs(p.x - innerWidth / 2) < 12 && Math.abs(p.y - innerHeight / 2) < 12)"
        f"(JSON.parse(window.tower.whereIs('{vehicle_id}')))"
    )
    place = page.place(vehicle_id)
    at, target = QPoint(round(place["x"]), round(place["y"])), _map_surface(mine)
    QTest.mouseMove(target, at - QPoint(60, 60))
    QTest.mouseMove(target, at)
    title = "document.querySelector('.card.is-shown .card-title')?.textContent"
    page.wait_for(f"{title} === '{oldest.vehicle.label}'")
    card = page.script("document.querySelector('.card').innerText")
    assert "bus · mbta" in card
    minutes = round((feed.header.timestamp - oldest.timestamp) / 60)
    assert f"Data age\n{minutes} min" in card
    spoken = "not told" in card
    assert spoken is not oldest.position.HasField("speed")
    mine.session.select("", "")
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=at)
    mine.until(lambda: mine.session.selection == ("vehicle", vehicle_id))


def _oldest_that_stands_alone(feed: FeedMessage) -> VehiclePosition:
    vehicles = [entity.vehicle for entity in feed.entity]
    places = np.array([(one.position.latitude, one.position.longitude) for one in vehicles])
    apart = np.abs(places[:, None] - places[None]).max(axis=2) + np.eye(len(places))
    alone = [one for one, gap in zip(vehicles, apart.min(axis=1), strict=True) if gap > ALONE_DEG]
    return min(alone, key=lambda one: one.timestamp)


def _map_surface(mine: Seat) -> QWidget:
    surface = mine.page.view.sheet.view.focusProxy()
    assert isinstance(surface, QWidget)
    return surface


def test_a_recording_is_replayed_with_one_command(folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "miway.png"
    words = ("replay", str(folder / AGENCIES["miway"]), "--screenshot", str(picture))
    done = tower(*words, "--after", "1", "--size", "1366x768", "--theme", "light")
    assert done.returncode == ExitCode.OK, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["vehicles"], facts["routes"], facts["external_requests"]) == (139, 0, 0)
    assert facts["data_age_s"] < 15
    assert QImage(str(picture)).width() == 1366
