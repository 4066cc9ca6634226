"""Customers, carriers and supervisors may write anything: it is shown as words, and fits."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import event
from tests.ui.expecting import expect
from tests.ui.outreach.told import POINTS, Teller, happen, planned, queued, replied
from tests.ui.test_hostile_text import TRICKS, rich
from tower.domain import events as e
from tower.domain.messages import Recognised
from tower.domain.records import PickupPoint
from tower.domain.rulebook import Playbook, PlaybookStep
from tower.domain.words import ExceptionKind, Intent, MessageState, Punctuality, StepAction
from ui.draft.draft import Draft
from ui.exceptions.card import ExceptionCard
from ui.exceptions.work import ExceptionWork
from ui.outreach.bulkwindow import BulkWindow
from ui.outreach.catalogue import Catalogue
from ui.outreach.outboxpanel import OutboxPanel
from ui.outreach.playbookarea import PlaybookArea
from ui.session import Session

_NARROW_PX = 348
_LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 20


@pytest.fixture(params=[*TRICKS, _LONG], ids=[f"trick {n}" for n in range(len(TRICKS))] + ["long"])
def trick(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def evil(told: Session, trick: str, fleet: Fleet) -> Session:
    """Somebody ill-willed wrote wherever somebody may write."""
    planned(told, "s0", customer=trick, masked_phone="+423 1")
    steps = tuple(
        PlaybookStep(title=trick[:256], action=action, template="delay_notice")
        for action in (StepAction.MESSAGE, StepAction.CALL_CUSTOMER, StepAction.PICKUP_POINT)
    )
    books = (Playbook(kind=ExceptionKind.LATE_RISK, steps=steps),)
    point = PickupPoint(id=POINTS[1].id, name=trick, address=trick, lat=47.1, lon=9.5)
    asked = Recognised(intent=Intent.SAFE_PLACE, value=trick, quote=trick)
    happen(
        told,
        event(e.PlaybooksSet(version=2, playbooks=books)),
        event(e.PickupPointRegistered(point=point)),
        queued("m1", words=trick),
        replied("r1", trick, asked),
        replied("r2", trick, stop_id=""),
    )
    expect(told, fleet, {"s0": (150.0, Punctuality.LATE)})
    return told


@pytest.fixture
def card(evil: Session, qtbot: QtBot) -> Iterator[ExceptionCard]:
    card = ExceptionCard(evil, ExceptionWork(evil))
    card.offer_playbook(PlaybookArea(evil, Draft(evil)))
    card.show_exception("x1")
    qtbot.addWidget(card)
    card.resize(_NARROW_PX, 900)
    with qtbot.waitExposed(card):
        card.show()
    yield card
    card.hide()


def shown_as_markup(within: QWidget, trick: str) -> list[str]:
    """Every place where Qt takes somebody's words for markup, or would take others."""
    labels = [
        label.text()
        for label in within.findChildren(QLabel)
        if label.textFormat() != Qt.TextFormat.PlainText and trick[:5] in label.text()
    ]
    tips = [widget.toolTip() for widget in within.findChildren(QWidget)]
    for rows in within.findChildren(QTreeWidget):
        items = [rows.topLevelItem(place) for place in range(rows.topLevelItemCount())]
        tips += [item.toolTip(column) for item in items if item for column in range(4)]
    return [*labels, *filter(rich, tips)]


def fits(within: QWidget, width: int) -> None:
    """No button reaches beyond what is seen."""
    QApplication.processEvents()
    for button in within.findChildren(QPushButton):
        if button.isVisible():
            assert button.mapTo(within, button.rect().topRight()).x() <= width, button.text()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_card_shows_words_and_stays_as_narrow_as_it_is(
    card: ExceptionCard, teller: Teller, trick: str, number: int
) -> None:
    assert card.playbook is not None
    card.playbook.row.fire(number)
    teller.preview()
    assert card.playbook.open_pane is not None
    assert shown_as_markup(card, trick) == []
    fits(card, _NARROW_PX)
    assert card._body.width() <= _NARROW_PX
    card.grab()


def test_the_outbox_shows_words(evil: Session, trick: str, qtbot: QtBot) -> None:
    outbox = OutboxPanel(evil)
    qtbot.addWidget(outbox)
    outbox.resize(800, 300)
    outbox.show()
    for id_ in ("m1", "r1", "r2"):
        outbox.show_row(id_)
        QApplication.processEvents()
        assert shown_as_markup(outbox, trick) == []
    outbox.grab()


def test_the_list_of_customers_shows_words(
    evil: Session, teller: Teller, trick: str, qtbot: QtBot
) -> None:
    window = BulkWindow(evil, Catalogue(evil))
    qtbot.addWidget(window)
    window.open_route(evil.state.routes["r0"], "x1")
    teller.preview()
    assert window.rows.topLevelItemCount() == 1
    assert shown_as_markup(window, trick) == []
    window.reject()


def test_both_themes_dress_what_is_open(card: ExceptionCard, evil: Session, teller: Teller) -> None:
    assert card.playbook is not None
    card.playbook.row.fire(1)
    teller.preview()
    before = card.grab().toImage()
    evil.theme.toggle()
    QApplication.processEvents()
    assert card.grab().toImage() != before
    assert card.playbook.message.isVisible()
    assert [line.id for line in card.bubbles._shown] == ["m1", "r1"]
    assert card.bubbles.bubbles[0].line.tone == "muted", MessageState.QUEUED
