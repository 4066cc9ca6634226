"""Ctrl+K by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.palette.index import Entry, Hit
from ui.palette.popup import HitModel, Palette
from ui.session import Session


@pytest.fixture
def palette(session: Session, qtbot: QtBot) -> Palette:
    """An open palette over a window."""
    window = QWidget()
    window.resize(900, 700)
    qtbot.addWidget(window)
    window.show()
    palette = Palette(session, window)
    palette.open()
    return palette


def _field(palette: Palette) -> QLineEdit:
    field = palette.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    return field


def test_a_parcel_is_found_and_its_stop_selected(palette: Palette, session: Session) -> None:
    QTest.keyClicks(_field(palette), "parcel-000007")
    QTest.keyClick(_field(palette), Qt.Key.Key_Return)
    assert session.selection == ("stop", "s7")
    assert not palette.isVisible()


def test_arrows_choose_further_down(palette: Palette, session: Session) -> None:
    QTest.keyClicks(_field(palette), "customer")
    QTest.keyClick(_field(palette), Qt.Key.Key_Down)
    QTest.keyClick(_field(palette), Qt.Key.Key_Down)
    QTest.keyClick(_field(palette), Qt.Key.Key_Up)
    QTest.keyClick(_field(palette), Qt.Key.Key_Return)
    assert session.selection == ("stop", "s1")


def test_commands_are_chosen_by_their_words(palette: Palette, qtbot: QtBot) -> None:
    with qtbot.waitSignal(palette.command_chosen) as chosen:
        QTest.keyClicks(_field(palette), "switch theme")
        QTest.keyClick(_field(palette), Qt.Key.Key_Return)
    assert chosen.args == ["theme_toggle"]


def test_escape_closes_and_selects_nothing(palette: Palette, session: Session) -> None:
    QTest.keyClicks(_field(palette), "r-201")
    QTest.keyClick(_field(palette), Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert session.selection == ("", "")


def test_nothing_found_is_said_in_words_and_enter_is_harmless(
    palette: Palette, session: Session
) -> None:
    QTest.keyClicks(_field(palette), "zzqqxx")
    QTest.keyClick(_field(palette), Qt.Key.Key_Return)
    assert session.selection == ("", "")
    assert palette.isVisible()


def test_the_model_keeps_qts_rules(qtbot: QtBot) -> None:  # noqa: ARG001 - Qt must run
    model = HitModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_hits([Hit(Entry("stop", str(number), "x"), 0.0) for number in range(5)])
    model.set_hits([])
    assert tester.model() is model
