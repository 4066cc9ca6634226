"""The exception panel on the example shift, and what it sends."""

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import raised
from tests.ui.exceptions.happenings import happen
from tower.domain.commands import Command
from tower.domain.words import ExceptionKind, Severity
from ui.exceptions.panel import ExceptionsPanel
from ui.session import Session


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> ExceptionsPanel:
    """The panel with four exceptions: critical, major, minor, minor."""
    happen(
        session,
        raised("x2", 1, Severity.MINOR, ExceptionKind.ADDRESS),
        raised("x3", 6, Severity.MAJOR, ExceptionKind.NO_SIGNAL),
        raised("x4", 7, Severity.MINOR, ExceptionKind.WISMO),
    )
    panel = ExceptionsPanel(session)
    QAbstractItemModelTester(
        panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel.model
    )
    qtbot.addWidget(panel)
    panel.resize(438, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    return panel


@pytest.fixture
def sent(session: Session) -> list[Command]:
    """The commands that were sent, newest last."""
    commands: list[Command] = []
    session.command_issued.connect(commands.append)
    return commands
