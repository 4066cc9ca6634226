"""The performance window on the example shift, its figures made up by a gateway of the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.ui.performance.gateway import KpiGateway
from ui.performance.desk import make_window
from ui.performance.window import PerformanceWindow
from ui.session import Session


@pytest.fixture
def kpi(session: Session) -> KpiGateway:
    """Answers what the window asks."""
    return KpiGateway(session)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings nobody kept anything in."""
    return QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(
    session: Session, kpi: KpiGateway, settings: QSettings, qtbot: QtBot
) -> Iterator[PerformanceWindow]:
    """The window with its first figures and every chart drawn."""
    assert not kpi.asks
    session.set_actor("sue", "Sue", is_supervisor=True)
    window = make_window(session, settings)
    qtbot.addWidget(window)
    window.resize(1600, 980)
    with qtbot.waitSignal(window.completed), qtbot.waitExposed(window):
        window.show()
    frames = window.panels.frames
    charts = [frames[name].body for name in ("hours", "trend", "errors", "reasons")]
    qtbot.waitUntil(lambda: all(getattr(chart, "plot", None) is not None for chart in charts))
    window.activateWindow()
    yield window
    window.close()
