"""A draft that a sudden end took is told at the next start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.draft.unsent import UnsentMark
from ui.session import Session

MOVE = Move(stops=("s3",), route_id="r0", before="s1")


@pytest.fixture
def draft(session: Session) -> Iterator[Draft]:
    """A draft on the example shift."""
    draft = Draft(session)
    yield draft
    draft.deleteLater()


def settings_in(folder: Path) -> QSettings:
    return QSettings(str(folder / "desktop.ini"), QSettings.Format.IniFormat)


def lost_in(folder: Path, draft: Draft) -> str:
    """What the next start would say."""
    return UnsentMark(draft, settings_in(folder)).lost


def test_what_was_not_sent_is_told_once_after_a_sudden_end(
    tmp_path: Path, session: Session, draft: Draft
) -> None:
    mark = UnsentMark(draft, settings_in(tmp_path))
    assert mark.lost == ""
    draft.add(MOVE)
    draft.add(Move(stops=("s4",), route_id="r0", before="s1"))
    other = Draft(session)
    assert lost_in(tmp_path, other) == "2 changes of r0: nothing of it was sent."
    assert lost_in(tmp_path, other) == ""
    other.deleteLater()


def test_what_was_under_way_is_not_called_unsent(tmp_path: Path, draft: Draft) -> None:
    mark = UnsentMark(draft, settings_in(tmp_path))
    draft.add(MOVE)
    draft.commit()
    assert mark.lost == ""
    assert "it was being sent" in lost_in(tmp_path, draft)


def test_nothing_is_told_of_what_was_taken_back_discarded_or_closed_in_peace(
    tmp_path: Path, draft: Draft
) -> None:
    mark = UnsentMark(draft, settings_in(tmp_path))
    draft.add(MOVE)
    draft.undo()
    assert lost_in(tmp_path, draft) == ""
    draft.add(MOVE)
    draft.discard()
    assert lost_in(tmp_path, draft) == ""
    draft.add(MOVE)
    mark.forget()
    assert lost_in(tmp_path, draft) == ""
