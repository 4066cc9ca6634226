"""The strip above the figures: what it says while something is wrong with the gateway."""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import example_state
from tower.feed.client import Link
from tower.feed.sections import Frame
from ui.banner import Banner
from ui.session import Session

FULL = "The gateway records nothing. The journal cannot write (database or disk is full)."


@pytest.fixture
def banner(session: Session, qtbot: QtBot) -> Banner:
    session.set_link(Link(status="live"))
    made = Banner(session)
    qtbot.addWidget(made)
    return made


def told(trouble: str) -> Frame:
    return Frame(now=0.0, health=(), trouble=trouble)


def test_a_gateway_that_cannot_record_says_so_until_it_can(
    session: Session, banner: Banner
) -> None:
    assert banner.isHidden()
    session.apply_frames([told(FULL)])
    assert not banner.isHidden()
    assert banner.words == FULL
    session.apply_frames([Frame(now=1.0)])
    assert banner.words.endswith(FULL)
    session.apply_frames([told("")])
    assert banner.words == "The gateway is well again"


def test_a_lost_gateway_is_worse_and_what_it_said_last_is_said_again(
    session: Session, banner: Banner
) -> None:
    session.set_link(Link(status="lost"))
    session.apply_frames([told(FULL)])
    assert banner.words.startswith("Gateway lost")
    session.set_link(Link(status="live"))
    assert banner.words.endswith(FULL)


def test_long_words_do_not_widen_the_window(session: Session, banner: Banner) -> None:
    session.apply_frames([told("/very/long" * 80)])
    assert banner.minimumSizeHint().width() < 600


def test_another_journal_is_not_called_a_filled_gap(session: Session, banner: Banner) -> None:
    session.set_link(Link(status="lost"))
    session.replace_state(example_state(), "another epoch")
    session.set_link(Link(status="live"))
    assert banner.words.startswith("Back · the gateway keeps another journal now")
    session.set_link(Link(status="lost"))
    session.set_link(Link(status="live"))
    assert banner.words == "Back · 0 events filled"
