"""What lasts is not searched for garbage."""

import gc
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import example_state
from ui.lasting import Lasting
from ui.session import Session


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Other tests begin with nothing set apart."""
    yield
    gc.unfreeze()


def test_a_state_is_set_apart_once_it_is_there_and_freed_when_replaced(
    session: Session, qtbot: QtBot
) -> None:
    lasting = Lasting(session, session)
    session.replace_state(example_state(), "epoch")
    stop = session.state.stops["s0"]
    assert any(one is stop for one in gc.get_objects())
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=10_000)
    assert not any(one is stop for one in gc.get_objects())
    assert lasting.parent() is session
