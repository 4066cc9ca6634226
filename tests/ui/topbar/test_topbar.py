"""The top bar says how things stand, and its filters filter."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tower.feed.client import Link
from tower.feed.messages import CarrierHealth
from ui.session import Session
from ui.topbar.bar import TopBar
from ui.topbar.filters import FilterPill, TickMenu
from ui.topbar.live import HealthPopup


def _bar(session: Session, qtbot: QtBot) -> TopBar:
    bar = TopBar(session, QMenu(), QMenu())
    qtbot.addWidget(bar)
    bar.resize(1366, 44)
    bar.show()
    return bar


def _tick(pill: FilterPill, words: str) -> None:
    menu = pill.findChild(TickMenu)
    assert isinstance(menu, TickMenu)
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_unticking_a_carrier_hides_it_and_says_so(session: Session, qtbot: QtBot) -> None:
    bar = _bar(session, qtbot)
    carriers = bar.filters[2]
    assert carriers.text_shown == "Carriers All 2 ▾"
    _tick(carriers, "Demo Gig")
    assert session.hidden.carriers == {"gig"}
    assert carriers.text_shown == "Carriers Own vans ▾"
    _tick(carriers, "Show all")
    assert not session.hidden
    assert carriers.text_shown == "Carriers All 2 ▾"


def test_the_only_depot_and_shift_are_named(session: Session, qtbot: QtBot) -> None:
    bar = _bar(session, qtbot)
    assert bar.filters[0].text_shown == "Depot Demo Depot ▾"
    assert bar.filters[1].text_shown == "Shift Day · Fri 20 Nov ▾"


def test_the_live_pill_names_lag_and_silent_carriers(session: Session, qtbot: QtBot) -> None:
    bar = _bar(session, qtbot)
    session.set_link(Link(status="live"))
    now = session.clock.time()
    session.set_health(
        [
            CarrierHealth("own", now - 1, 0.2, 9.0, 3, silent=False),
            CarrierHealth("gig", now - 400, 0.4, 0.0, 12, silent=True),
        ]
    )
    assert bar.live.text_shown == "● Live · lag 0.3 s · 0 vehicles · 1 carrier stale"
    session.set_link(Link(status="live", lag_s=2.6))
    assert bar.live.text_shown.startswith("● Late by 2.6 s · lag 0.3 s")
    session.set_link(Link(status="lost"))
    assert bar.live.text_shown.startswith("● Gateway lost · 0 vehicles")


def test_the_health_of_each_carrier_leads_to_what_was_refused(
    session: Session, qtbot: QtBot
) -> None:
    bar = _bar(session, qtbot)
    now = session.clock.time()
    session.set_health([CarrierHealth("gig", now - 400, 0.4, 0.5, 12, silent=True)])
    asked: list[str] = []
    popup = HealthPopup(session, asked.append, bar)
    popup.show()
    words = [label.text() for label in popup.findChildren(QLabel)]
    assert "○ Demo Gig" in words
    assert "7 min ago · stale" in words
    button = popup.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    assert button.text() == "12"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["gig"]


def test_the_clock_shows_the_shifts_time_and_speed(session: Session, qtbot: QtBot) -> None:
    bar = _bar(session, qtbot)
    assert bar.clock.text_shown == "13:00:00"
    session.clock.set_rate(10)  # type: ignore[attr-defined]
    bar.clock.refresh()
    assert bar.clock.text_shown == "13:00:00  ×10"


def test_a_click_into_the_search_field_wants_the_palette(session: Session, qtbot: QtBot) -> None:
    bar = _bar(session, qtbot)
    with qtbot.waitSignal(bar.search_wanted):
        QTest.mouseClick(bar.search, Qt.MouseButton.LeftButton)
