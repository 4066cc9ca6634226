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


def _is_searched(thing: object) -> bool:
    return any(one is thing for one in gc.get_objects())


def test_a_state_is_set_apart_once_it_is_there(session: Session, qtbot: QtBot) -> None:
    lasting = Lasting(session, session)
    session.replace_state(example_state(), "epoch")
    state = session.state
    assert _is_searched(state)
    qtbot.waitUntil(lambda: not _is_searched(state), timeout=10_000)
    assert lasting.parent() is session
