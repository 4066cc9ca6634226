"""The map widget on the offscreen platform, showing a small shift on real roads."""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import TimeoutError as Unanswered
from pytestqt.qtbot import QtBot

from tests.ui.map.synthetic_shift import SyntheticShift
from tower.road.pack import RegionPack
from ui.map.scene import TileProvider
from ui.map.scheme import register_scheme
from ui.map.view import MapView

PACK = Path(__file__).resolve().parents[3] / "resources" / "regions" / "liechtenstein.region"
PATIENCE_MS = 20_000
ASKED_AGAIN = 4

# The web engine learns of the scheme only before the application exists.
register_scheme()


class MapUnderTest:
    """A map view, and what a test asks of its page."""

    def __init__(self, view: MapView, qtbot: QtBot) -> None:
        self.view = view
        self._qtbot = qtbot

    @property
    def target(self) -> QWidget:
        """The widget that takes the mouse."""
        target = self.view.sheet.view.focusProxy()
        assert isinstance(target, QWidget)
        return target

    def script(self, source: str) -> Any:  # noqa: ANN401
        """The value of an expression in the page, JSON for JSON.

        An answer is lost where the page or its renderer goes before it is given, so it is asked
        for again; the expression may be worked out more than once.
        """
        answers: list[Any] = []
        for _ in range(ASKED_AGAIN):
            page = self.view.sheet.page
            assert page is not None
            page.runJavaScript(f"JSON.stringify({source})", 0, answers.append)
            with contextlib.suppress(Unanswered):
                self._qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE_MS // ASKED_AGAIN)
            if answers:
                return json.loads(answers[0]) if answers[0] else None
        message = f"the page never answered {source!r}; its renderer is {self.view.renderer_pid}"
        raise AssertionError(message)

    def wait_for(self, source: str) -> None:
        """Wait until an expression in the page is true."""
        self._qtbot.waitUntil(lambda: self.script(source) is True, timeout=PATIENCE_MS)

    def place(self, vehicle_id: str) -> dict[str, float]:
        """Where a vehicle is drawn, pixels of the map."""
        answers: list[dict[str, float] | None] = []
        self.view.where_is(vehicle_id, answers.append)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE_MS)
        assert answers[0] is not None
        return answers[0]

    def stats(self) -> dict[str, float]:
        """What the page says of its drawing."""
        answers: list[dict[str, float]] = []
        self.view.stats(answers.append)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE_MS)
        return answers[0]


MapMaker = Callable[..., MapUnderTest]


@pytest.fixture(scope="session")
def pack() -> Iterator[RegionPack]:
    """The demo region."""
    with RegionPack.open(PACK) as region:
        yield region


@pytest.fixture(scope="session")
def shift(pack: RegionPack) -> SyntheticShift:
    """Four routes and eight vehicles."""
    return SyntheticShift(pack, routes=4, vehicles=8)


@pytest.fixture
def make_map(qtbot: QtBot) -> Iterator[MapMaker]:
    """Makes maps that are shown, drawn, and taken down in the right order."""
    made: list[MapView] = []

    def make(
        region: RegionPack | None, tiles: TileProvider | None = None, theme: str = "dark"
    ) -> MapUnderTest:
        view = MapView(region, tiles, theme)
        made.append(view)
        view.resize(800, 600)
        with qtbot.waitSignal(view.map_drawn, timeout=PATIENCE_MS):
            view.show()
        return MapUnderTest(view, qtbot)

    yield make
    for view in made:
        view.close_page()
        view.deleteLater()


@pytest.fixture
def live_map(
    make_map: MapMaker, pack: RegionPack, shift: SyntheticShift, qtbot: QtBot
) -> MapUnderTest:
    """A map of the demo region with the shift on it."""
    shown = make_map(pack)
    with qtbot.waitSignal(shown.view.vehicles_drawn, timeout=PATIENCE_MS):
        shown.view.show_scene(shift.scene())
        shown.view.show_vehicles(shift.frame(0.0))
    shown.wait_for("window.tower.scene.stops.size > 0")
    return shown
