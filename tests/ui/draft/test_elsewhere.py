"""What a draft is called: beside another route, for Ctrl+Z, and in the log."""

from collections.abc import Iterator

import pytest

from tower.domain.commands import Command, SequenceRoutes
from tower.routes.change import Move
from ui.draft.consequences import as_text, consequences
from ui.draft.draft import Draft
from ui.session import Session


@pytest.fixture
def draft(session: Session) -> Iterator[Draft]:
    """A draft on the example shift."""
    draft = Draft(session)
    yield draft
    draft.deleteLater()


def _first_line(session: Session, draft: Draft) -> str:
    assert draft.impact is not None
    return as_text(consequences(session, draft.impact)).splitlines()[0]


def test_beside_another_route_the_draft_says_which_one_it_is_about(
    session: Session, draft: Draft
) -> None:
    session.select("stop", "s3")
    draft.add(Move(stops=("s3",), route_id="r0", before="s1"))
    assert draft.headline == "Moving stop 4 before 2 — not sent"
    assert _first_line(session, draft).startswith("route end ")
    session.select("route", "r1")
    assert draft.headline == "Moving stop 4 of R-200 before 2 — not sent"
    assert _first_line(session, draft).startswith("R-200 · route end ")


def test_what_can_be_taken_back_names_its_route(session: Session, draft: Draft) -> None:
    called: list[str] = []
    draft.gesture_added.connect(called.append)
    session.select("stop", "s3")
    draft.add(Move(stops=("s3",), route_id="r0", before="s1"))
    draft.add(Move(stops=("s1", "s2"), route_id="r1"))
    draft.add(Move(stops=("s2",), route_id="r0"))
    assert called == [
        "move stop 4 of R-200 before 2",
        "move 2 stops of R-200 to R-201",
        "move stop 3 of R-200 to the end",
    ]


def test_a_place_that_changes_nothing_is_said_so(session: Session, draft: Draft) -> None:
    session.select("stop", "s3")
    draft.hover(Move(stops=("s3",), route_id="r0", before="s4"))
    assert draft.headline == "Stop 4 stays where it is"
    draft.hover(Move(stops=("s3", "s4"), route_id="r0"))
    assert draft.headline == "2 stops stay where they are"
    draft.hover(Move(stops=("s3",), route_id="r0"))
    assert draft.headline == "Moving stop 4 to the end — preview, not sent"


def test_the_log_says_what_was_done_where_nobody_says_why(session: Session, draft: Draft) -> None:
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    draft.add(Move(stops=("s3",), route_id="r0", before="s1"))
    draft.commit()
    (command,) = sent
    assert isinstance(command, SequenceRoutes)
    assert command.reason == "move stop 4 of R-200 before 2"
