"""A dispatcher's own commands can be taken back."""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import event, numbered
from tower.domain.commands import (
    ClaimException,
    Command,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from tower.domain.events import Event, ExceptionWorked
from tower.domain.records import Subject
from tower.domain.words import ExceptionState
from ui.draft.draft import Draft
from ui.exchange import CommandResult
from ui.session import Session
from ui.undo import UndoLog

DONE = CommandResult(status=200)


@pytest.fixture
def sent(session: Session) -> list[Command]:
    """The commands the desktop sent."""
    commands: list[Command] = []
    session.command_issued.connect(commands.append)
    return commands


def worked(version: int, state: ExceptionState, owner: str = "") -> list[Event]:
    """The work on the example's exception moved."""
    body = ExceptionWorked(state=state, version=version, owner=owner)
    return numbered([event(body, Subject(exception_id="x1"))], start=100 + version)


@pytest.mark.usefixtures("qtbot")
def test_a_claim_is_taken_back_by_a_release_and_done_again(
    session: Session, sent: list[Command]
) -> None:
    undo = UndoLog(session, Draft(session))
    session.answer(ClaimException(exception_id="x1", version=0), DONE)
    assert undo.stack.undoText() == "claim Stop 1 · gate code missing"
    undo.undo()
    assert isinstance(sent[-1], ReleaseException)
    session.answer(sent[-1], DONE)
    assert not undo.stack.canUndo()
    undo.redo()
    assert isinstance(sent[-1], ClaimException)


@pytest.mark.usefixtures("qtbot")
def test_a_resolution_is_reopened_and_given_again_with_its_cause(
    session: Session, sent: list[Command]
) -> None:
    undo = UndoLog(session, Draft(session))
    session.answer(ResolveException(exception_id="x1", version=0, cause="code found"), DONE)
    undo.undo()
    undo.redo()
    assert sent == [
        ReopenException(exception_id="x1", version=0),
        ResolveException(exception_id="x1", version=0, cause="code found"),
    ]


@pytest.mark.usefixtures("qtbot")
def test_a_resolution_taken_back_is_mine_again_where_it_was_mine(
    session: Session, sent: list[Command]
) -> None:
    undo = UndoLog(session, Draft(session))
    session.fold_events(worked(1, ExceptionState.CLAIMED, "operator"))
    session.run(ResolveException(exception_id="x1", version=1, cause="code found"))
    session.answer(sent[-1], DONE)
    session.fold_events(worked(2, ExceptionState.RESOLVED))
    undo.undo()
    assert sent[1:] == [ReopenException(exception_id="x1", version=2)]
    session.answer(sent[-1], DONE)
    assert sent[2:] == [ClaimException(exception_id="x1", version=3)]


@pytest.mark.usefixtures("qtbot")
def test_what_was_refused_cannot_be_taken_back(session: Session) -> None:
    undo = UndoLog(session, Draft(session))
    session.answer(ClaimException(exception_id="x1", version=0), CommandResult(status=409))
    assert not undo.stack.canUndo()


def test_an_undo_that_is_refused_empties_the_list(
    session: Session, sent: list[Command], qtbot: QtBot
) -> None:
    undo = UndoLog(session, Draft(session))
    session.answer(ClaimException(exception_id="x1", version=0), DONE)
    undo.undo()
    with qtbot.waitSignal(undo.stack.canRedoChanged):
        session.answer(sent[-1], CommandResult(status=409))
    assert not undo.stack.canRedo()
