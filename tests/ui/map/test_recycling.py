"""The page is replaced by a fresh one, and nobody sees it."""

import os

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import PATIENCE_MS, MapUnderTest
from tests.ui.map.synthetic_shift import SyntheticShift
from ui.map.drafting import DraftRoute, DraftStop, MapDraft
from ui.map.growth import LONGEST_S, MOST_GROWTH_MB, SETTLE_S, Growth, have_memory_given_back
from ui.map.sheet import MapSheet

_NOTICED = 12
"""So much may a pixel's lightness differ by the rounding of edges, of 255."""

_QUIET = "(k => k.quiet_ms > 4000 && !k.is_busy && k.is_whole)(JSON.parse(window.tower.keep()))"


@pytest.fixture
def quiet_map(live_map: MapUnderTest) -> MapUnderTest:
    """A map nobody has been at for a while."""
    live_map.wait_for(_QUIET)
    return live_map


class _Watch:
    """Looks at the map again and again while its page is replaced.

    Attributes:
        worst: The greatest part of the pixels that ever differed from the first look.
    """

    def __init__(self, shown: MapUnderTest) -> None:
        self._shown = shown
        self._first = self._picture()
        self.worst = 0.0

    def look(self) -> None:
        now = self._picture()  # held: its bits are gone with it
        here, there = bytes(self._first.constBits()), bytes(now.constBits())
        assert len(here) == len(there)
        differing = sum(abs(a - b) > _NOTICED for a, b in zip(here, there, strict=True))
        self.worst = max(self.worst, differing / len(here))

    def _picture(self) -> QImage:
        return self._shown.view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def _replace(shown: MapUnderTest, qtbot: QtBot, watch: _Watch | None = None) -> MapSheet:
    """Have the page replaced; returns the old one."""
    old = shown.view.sheet
    shown.view.recycle("a test asks for it")

    def is_another() -> bool:
        if watch is not None:
            watch.look()
        return shown.view.sheet is not old

    qtbot.waitUntil(is_another, timeout=2 * PATIENCE_MS)
    return old


def test_a_replaced_page_shows_the_same_picture_without_a_blank_between(
    quiet_map: MapUnderTest, qtbot: QtBot
) -> None:
    quiet_map.view.select("route", "R-203")
    quiet_map.view.set_layers({"exceptions": False})
    quiet_map.script("(document.querySelector('.box.layers .box-title').click(), 0)")
    quiet_map.wait_for(_QUIET)
    quiet_map.wait_for("!window.tower.vehicles.isMoving")
    before = quiet_map.view.renderer_pid
    watch = _Watch(quiet_map)
    old = _replace(quiet_map, qtbot, watch)
    qtbot.waitUntil(lambda: not shiboken6.isValid(old), timeout=PATIENCE_MS)
    watch.look()
    assert watch.worst < 0.002
    assert quiet_map.view.renderer_pid != before
    assert quiet_map.script("window.tower.selection.id") == "R-203"
    assert quiet_map.script("window.tower.layers.isOn('exceptions')") is False
    assert quiet_map.view.external_requests == 0


def test_the_page_in_its_place_is_live_and_says_everything_once(
    quiet_map: MapUnderTest, shift: SyntheticShift, qtbot: QtBot
) -> None:
    heard: list[tuple[str, str]] = []
    quiet_map.view.selected.connect(lambda kind, id_: heard.append((kind, id_)))
    moved: list[bool] = []
    quiet_map.view.moving.connect(moved.append)
    draft = MapDraft(
        (DraftRoute("R-202", ("R-202/9", "R-202/8"), ("R-202/9", "R-202/8")),),
        (DraftStop("R-202/9", "R-202", 9, 8), DraftStop("R-202/8", "R-202", 8, 9)),
    )
    quiet_map.view.show_draft(draft)
    _replace(quiet_map, qtbot)
    assert moved == [False]  # whatever the page that went had still to say
    quiet_map.wait_for("window.tower.draft.changed.includes('R-202')")
    quiet_map.view.show_vehicles(shift.frame(30.0))
    quiet_map.wait_for(f"window.tower.fleet.nowMs === {shift.frame(30.0).now_ms}")
    spot = QPoint(5, 300)
    with qtbot.waitSignal(quiet_map.view.selected, timeout=PATIENCE_MS):
        QTest.mouseClick(quiet_map.target, Qt.MouseButton.LeftButton, pos=spot)
    quiet_map.script("0")
    assert heard == [("", "")]


def test_a_vehicle_that_is_followed_is_followed_by_the_next_page(
    quiet_map: MapUnderTest, shift: SyntheticShift, qtbot: QtBot
) -> None:
    dropped: list[str] = []
    quiet_map.view.followed.connect(dropped.append)
    with qtbot.waitSignal(quiet_map.view.sheet.channel.view_moved, timeout=PATIENCE_MS):
        quiet_map.view.follow("vehicle-1")
    _replace(quiet_map, qtbot)
    quiet_map.view.show_vehicles(shift.frame(40.0))
    quiet_map.wait_for("window.tower.fleet.atMs[0] > 0 && !window.tower.vehicles.isMoving")
    place = quiet_map.place("vehicle-1")
    assert abs(place["x"] - 400) < 3
    assert abs(place["y"] - 300) < 3
    assert dropped == []


def test_whoever_is_at_the_map_keeps_the_page(quiet_map: MapUnderTest, qtbot: QtBot) -> None:
    page = quiet_map.view.sheet
    quiet_map.view.recycle("a test asks for it")
    qtbot.waitUntil(lambda: quiet_map.view.findChildren(MapSheet) != [page], timeout=PATIENCE_MS)
    QTest.mouseClick(quiet_map.target, Qt.MouseButton.LeftButton, pos=QPoint(5, 300))
    qtbot.waitUntil(lambda: quiet_map.view.findChildren(MapSheet) == [page], timeout=PATIENCE_MS)
    assert quiet_map.view.sheet is page
    quiet_map.view.carry(100, 100)
    quiet_map.wait_for(_QUIET)
    quiet_map.view.recycle("a test asks for it")
    quiet_map.script("0")
    assert quiet_map.view.findChildren(MapSheet) == [page]


def test_the_engine_gives_memory_back_unless_the_user_wants_it_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1")
    monkeypatch.delenv("MALLOC_MMAP_THRESHOLD_", raising=False)
    have_memory_given_back()
    assert os.environ["MALLOC_TRIM_THRESHOLD_"] == "1"
    assert os.environ["MALLOC_MMAP_THRESHOLD_"] == "131072"


def test_the_engine_keeps_little_garbage_unless_the_user_wants_it_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, own = "QTWEBENGINE_CHROMIUM_FLAGS", "--max-semi-space-size=4,--heap-growing-percent=20"
    for theirs, both in (
        ("", f"--js-flags={own}"),
        ("--disable-logging", f"--disable-logging --js-flags={own}"),
        ("--js-flags=--max-semi-space-size=9", f"--js-flags={own},--max-semi-space-size=9"),
    ):
        monkeypatch.setenv(name, theirs)
        for _ in range(2):
            have_memory_given_back()
            assert os.environ[name] == both


def test_a_renderer_is_renewed_once_it_grew_or_is_old_and_not_before() -> None:
    growth = Growth(begun_s=100.0)
    assert not growth.why_renew(100.0 + SETTLE_S - 1.0, 900.0)
    assert not growth.why_renew(100.0 + SETTLE_S, 300.0)
    assert not growth.why_renew(100.0 + 2 * SETTLE_S, 300.0 + MOST_GROWTH_MB)
    assert "grew by 49 MB" in growth.why_renew(100.0 + 3 * SETTLE_S, 301.0 + MOST_GROWTH_MB)
    assert "6 hours old" in Growth(begun_s=0.0).why_renew(LONGEST_S, 10.0)
