"""Whatever is done to an exception or agreed about a stop can be taken back to what was before."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication

from tests.ui.deciding import ANN, DecidingGateway
from tests.ui.example_shift import NOON, raised
from tower.domain.commands import (
    AmendStop,
    AssignException,
    ClaimException,
    Command,
    EscalateException,
    MergeException,
    NoteException,
    ReleaseException,
    ReopenException,
    ResolveException,
    SnoozeException,
    WakeException,
)
from tower.domain.records import StopChanges, Work
from tower.domain.words import Awaited, Disposition, ExceptionState
from tower.gateway.signin import Grant
from ui.draft.draft import Draft
from ui.inverses import way_back
from ui.session import Session
from ui.undo import UndoLog

pytestmark = pytest.mark.usefixtures("qtbot")

ME = ANN.actor.id
CLAIM = ClaimException(exception_id="x1", version=0)
RELEASE = ReleaseException(exception_id="x1", version=0)
TO_BEN = AssignException(exception_id="x1", version=0, to="ben", to_name="B. Example")
SNOOZE = SnoozeException(
    exception_id="x1",
    version=0,
    until=NOON + timedelta(hours=1),
    awaits=Awaited.REPLY,
    reason="calls back",
)
WAKE = WakeException(exception_id="x1", version=0)
RESOLVE = ResolveException(
    exception_id="x1", version=0, cause="tunnel", disposition=Disposition.FALSE_ALARM
)
MERGE = MergeException(exception_id="x1", version=0, into="x2")
REOPEN = ReopenException(exception_id="x1", version=0)
ESCALATE = EscalateException(exception_id="x1", version=0, reason="angry")


class Bench:
    """A session on a gateway that decides, and the log of what can be taken back."""

    def __init__(self, session: Session, grant: Grant = ANN) -> None:
        self.session = session
        self.gateway = DecidingGateway(session, grant)
        self.undo = UndoLog(session, Draft(session))
        self.said: list[str] = []
        self.undo.said.connect(self.said.append)
        self.gateway.observes(raised("x2", stop=2), raised("x3", stop=3))
        self.gateway.tell()

    def work(self, exception_id: str = "x1") -> Work:
        """As the session shows it."""
        return self.session.state.exceptions[exception_id].work

    def does(self, *commands: Command) -> None:
        """Each is sent against the newest version, and answered before the next."""
        for command in commands:
            id_ = getattr(command, "exception_id", "")
            if hasattr(command, "version"):
                command = replace(command, version=self.work(id_).version)  # noqa: PLW2901
            self.session.run(command)
            self.gateway.serve()

    def takes_back(self) -> None:
        """Ctrl+Z, with everything that follows."""
        self.undo.undo()
        self.gateway.serve()

    def does_again(self) -> None:
        """Ctrl+Y, with everything that follows."""
        self.undo.redo()
        self.gateway.serve()


@pytest.fixture
def bench(session: Session) -> Bench:
    return Bench(session)


def standing(work: Work) -> Work:
    """The work without what only counts."""
    return replace(work, version=0, fence=0, at=None, lease_until=None)


@pytest.mark.parametrize(
    "commands",
    [
        (CLAIM,),
        (CLAIM, RELEASE),
        (TO_BEN,),
        (TO_BEN, AssignException(exception_id="x1", version=0, to="")),
        (CLAIM, TO_BEN),
        (CLAIM, AssignException(exception_id="x1", version=0, to=ME, to_name="Ann")),
        (SNOOZE,),
        (TO_BEN, SNOOZE),
        (CLAIM, SNOOZE),
        (TO_BEN, CLAIM, SNOOZE),
        (SNOOZE, replace(SNOOZE, until=NOON + timedelta(hours=2), awaits=None)),
        (SNOOZE, WAKE),
        (SNOOZE, CLAIM),
        (SNOOZE, TO_BEN),
        (SNOOZE, RESOLVE),
        (RESOLVE,),
        (CLAIM, RESOLVE),
        (TO_BEN, CLAIM, RESOLVE),
        (ESCALATE, CLAIM, RESOLVE),
        (ESCALATE, RESOLVE),
        (MERGE,),
        (CLAIM, MERGE),
        (RESOLVE, REOPEN),
        (MERGE, REOPEN),
    ],
    ids=lambda commands: " ".join(type(one).__name__.removesuffix("Exception") for one in commands),
)
def test_what_was_done_last_is_taken_back_to_what_was_before(
    bench: Bench, commands: tuple[Command, ...]
) -> None:
    bench.does(*commands[:-1])
    before = standing(bench.work())
    bench.does(commands[-1])
    after = standing(bench.work())
    assert after != before
    bench.takes_back()
    assert standing(bench.work()) == before
    bench.does_again()
    assert standing(bench.work()) == after
    assert bench.said == []


def test_what_a_supervisor_was_asked_and_what_was_noted_stays(bench: Bench) -> None:
    bench.does(ESCALATE, NoteException(exception_id="x1", words="rang twice"))
    assert not bench.undo.stack.canUndo()


def test_many_claimed_at_once_are_one_gesture(bench: Bench) -> None:
    ids = ("x1", "x2", "x3")
    for id_ in ids:
        version = bench.work(id_).version
        bench.session.run(ClaimException(exception_id=id_, version=version))
    QCoreApplication.processEvents()
    bench.gateway.serve()
    assert bench.undo.stack.undoText() == "claim 3 exceptions"
    bench.takes_back()
    assert {bench.work(id_).state for id_ in ids} == {ExceptionState.OPEN}
    bench.does_again()
    assert {bench.work(id_).owner for id_ in ids} == {ME}
    assert bench.undo.stack.count() == 1


def test_one_after_the_other_they_are_taken_back_one_after_the_other(bench: Bench) -> None:
    for id_ in ("x1", "x2"):
        bench.does(ClaimException(exception_id=id_, version=0))
        QCoreApplication.processEvents()
    bench.takes_back()
    assert bench.work("x1").owner == ME
    assert bench.work("x2").owner == ""


def test_what_somebody_else_took_meanwhile_is_left_to_them(bench: Bench) -> None:
    bench.does(CLAIM, RELEASE)
    bench.gateway.others_do(replace(CLAIM, version=bench.work().version))
    bench.gateway.tell()
    bench.takes_back()
    assert bench.work().owner == "ben"
    assert "B. Example" in bench.said[0]


def test_nothing_is_snoozed_into_the_past() -> None:
    over = Work(state=ExceptionState.SNOOZED, snoozed_until=NOON)
    assert way_back(WAKE, over, ME, NOON + timedelta(minutes=1)) == ()


def agreement(bench: Bench) -> tuple[object, ...]:
    plan = bench.session.state.stops["s1"].plan
    assert plan is not None
    return plan.access_code, plan.position, plan.address, plan.window_end


def test_an_agreement_is_taken_back_and_made_again(bench: Bench) -> None:
    before = agreement(bench)
    changes = StopChanges(access_code="4417#", address="Kiosk", lat=47.2, lon=9.5)
    bench.does(AmendStop(stop_id="s1", changes=changes))
    after = agreement(bench)
    assert after[:3] == ("4417#", (47.2, 9.5), "Kiosk")
    bench.takes_back()
    assert agreement(bench) == before
    bench.does_again()
    assert agreement(bench) == after
