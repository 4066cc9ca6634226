"""Room for what a step shows: taken from the queue, and given back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot

from ui.exceptions.room import LEAST_ABOVE_PX, Room


def _split(qtbot: QtBot, above: int, below: int) -> tuple[QSplitter, QWidget]:
    split, queue, card = QSplitter(Qt.Orientation.Vertical), QWidget(), QWidget()
    split.addWidget(queue)
    split.addWidget(card)
    qtbot.addWidget(split)
    split.resize(300, above + below)
    with qtbot.waitExposed(split):
        split.show()
    split.setSizes([above, below])
    return split, card


def test_the_card_grows_and_shrinks_back(qtbot: QtBot) -> None:
    split, card = _split(qtbot, 300, 200)
    before, room = split.sizes(), Room(card)
    room.make(260)
    assert card.height() == 260
    room.make(280)
    room.give_back()
    assert split.sizes() == before


def test_the_queue_keeps_its_rows(qtbot: QtBot) -> None:
    split, card = _split(qtbot, 200, 200)
    Room(card).make(900)
    assert split.sizes()[0] >= LEAST_ABOVE_PX


def test_a_card_that_has_room_leaves_the_line_where_the_user_put_it(qtbot: QtBot) -> None:
    split, card = _split(qtbot, 200, 300)
    before, room = split.sizes(), Room(card)
    room.make(200)
    split.setSizes([100, 400])
    moved = split.sizes()
    room.give_back()
    assert split.sizes() == moved != before
