"""What managers keep reaches the room, also where two keep something at once."""

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import event
from tower.domain import events as e
from tower.domain.commands import Command, SetReporting
from tower.domain.reporting import Filters, Reporting, SavedView, Target
from tower.kpi.measures.catalogue import MEASURES
from ui.exchange import CommandResult
from ui.performance.definitions import Definitions, with_target
from ui.performance.keeping import Keeping
from ui.session import Session

MINE = SavedView(id="mine", name="Mondays", filters=Filters(weekdays=(0,)))
THEIRS = SavedView(id="theirs", name="Own vans", filters=Filters(carriers=("own",)))


def commands_of(session: Session) -> list[Command]:
    """What was commanded."""
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    return sent


def was_set(version: int, reporting: Reporting, seq: int) -> e.Event:
    return event(e.ReportingSet(version=version, reporting=reporting), seq=seq)


def test_a_view_is_kept_beside_the_others(session: Session, qtbot: QtBot) -> None:
    sent, keeping = commands_of(session), Keeping(session, session)
    session.fold_events([was_set(1, Reporting(views=(THEIRS,)), 500)])
    keeping.save_view(MINE)
    assert sent == [SetReporting(version=1, reporting=Reporting(views=(THEIRS, MINE)))]
    with qtbot.waitSignal(keeping.said) as said:
        session.answer(sent[0], CommandResult(status=200, seq=501))
    assert said.args == ["View “Mondays” saved"]


def test_who_was_slower_keeps_their_view_beside_what_came_meanwhile(session: Session) -> None:
    sent, keeping = commands_of(session), Keeping(session, session)
    keeping.save_view(MINE)
    session.answer(sent[0], CommandResult(status=409, message="somebody else"))
    assert len(sent) == 1, "what somebody else set is not known yet"
    session.fold_events([was_set(1, Reporting(views=(THEIRS,)), 500)])
    assert sent[1] == SetReporting(version=1, reporting=Reporting(views=(THEIRS, MINE)))


def test_the_second_change_waits_for_the_first(session: Session) -> None:
    sent, keeping = commands_of(session), Keeping(session, session)
    keeping.save_view(MINE)
    keeping.delete_view(MINE)
    assert len(sent) == 1
    session.answer(sent[0], CommandResult(status=200, seq=500))
    assert len(sent) == 1, "the first change is not known yet"
    session.fold_events([was_set(1, Reporting(views=(MINE,)), 500)])
    assert sent[1] == SetReporting(version=1, reporting=Reporting())


def test_a_change_that_is_refused_is_said_and_not_tried_again(
    session: Session, qtbot: QtBot
) -> None:
    sent, keeping = commands_of(session), Keeping(session, session)
    keeping.save_view(MINE)
    with qtbot.waitSignal(keeping.said) as said:
        session.answer(sent[0], CommandResult(status=403, message="supervisors only"))
    assert said.args == ["Not kept: supervisors only"]
    assert len(sent) == 1


def test_a_target_set_back_to_the_definitions_own_is_not_kept_apart(session: Session) -> None:
    on_time = MEASURES["on_time"]
    set_ = with_target(Reporting(), on_time, 97.0)
    assert set_.targets == (Target(measure="on_time", value=97.0),)
    assert with_target(set_, on_time, 95.0) == Reporting()
    assert with_target(set_, on_time, None) == Reporting()
    definitions = Definitions(session, session)
    assert definitions.target("on_time") == 95.0
    session.fold_events([was_set(1, replace(Reporting(), targets=set_.targets), 500)])
    assert definitions.target("on_time") == 97.0
