"""The routes panel in a window of its own, with a draft."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.expecting import expect
from tests.ui.routes.mouse import Mouse
from tower.domain.words import Punctuality
from ui.draft.draft import Draft
from ui.routes.panel import RoutesPanel
from ui.session import Session


@pytest.fixture
def draft(session: Session) -> Draft:
    """The desktop's draft."""
    return Draft(session, session)


@pytest.fixture
def panel(session: Session, draft: Draft, fleet: Fleet, qtbot: QtBot) -> Iterator[RoutesPanel]:
    """The routes panel with its title, the first route's sheet open."""
    minutes = {f"s{place}": (10.0 * place, Punctuality.ON_TIME) for place in range(5)}
    expect(session, fleet, minutes)
    window = QWidget()
    panel = RoutesPanel(session, draft, window)
    panel.header.setParent(window)
    window.resize(460, 760)
    panel.header.setGeometry(0, 0, 460, 30)
    panel.setGeometry(0, 30, 460, 730)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    session.select("route", "r0")
    yield panel
    window.close()


@pytest.fixture
def mouse(panel: RoutesPanel) -> Mouse:
    """A real mouse."""
    return Mouse(panel)
