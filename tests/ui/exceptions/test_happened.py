"""The history of an exception reads as the story it is."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.ui.example_shift import NOON, event
from tower.domain import events as e
from tower.domain.episodes import carried
from tower.domain.messages import MessagePlan, Reach
from tower.domain.records import Actor, StopChanges, Subject, Work
from tower.domain.words import Awaited, Channel, Disposition, ExceptionState
from ui.exceptions.happened import Reader, told

S = ExceptionState
ANN = Actor(kind="person", id="ann", name="Ann")
BEN = Actor(kind="person", id="ben", name="Ben")
RULE = Actor(kind="rule", id="watch", name="Watch")
LATER = NOON + timedelta(minutes=30)


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


READER = Reader("x1", "ann", clock)


class Story:
    """Versions of the work on x1, each carried on from the one before."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []
        self._work = Work()

    def then(self, actor: Actor, **changes: object) -> "Story":
        """Somebody changed something of it."""
        body = replace(carried(self._work), by_rule=actor is RULE, **changes)
        self._work = Work(**{name: getattr(body, name) for name in body.__struct_fields__})
        return self.happens(actor, body)

    def happens(self, actor: Actor, body: e.AnyBody, exception_id: str = "x1") -> "Story":
        """Something else."""
        about = Subject(exception_id=exception_id)
        self.events.append(replace(event(body, about), actor=actor))
        return self

    @property
    def words(self) -> list[str]:
        """As Ann reads it."""
        return [words for _, words in told(self.events, READER)]


CLAIM = {"state": S.CLAIMED, "owner": "ben", "owner_name": "Ben", "fence": 1}
FREE = {"owner": "", "owner_name": "", "snoozed_until": None, "awaits": None, "cause": ""}


def test_a_day_in_the_life_of_an_exception() -> None:
    story = (
        Story()
        .then(BEN, **CLAIM, lease_until=LATER)
        .then(BEN, lease_until=LATER + timedelta(minutes=1))
        .then(ANN, assigned_to="ann", assigned_name="Ann")
        .then(
            BEN,
            **{
                **FREE,
                "state": S.SNOOZED,
                "cause": "calls back",
                "snoozed_until": LATER,
                "awaits": Awaited.REPLY,
            },
        )
        .then(RULE, **{**FREE, "cause": "The snooze is over."}, state=S.OPEN)
        .then(RULE, state=S.ESCALATED, escalated_at=NOON, escalated_because="past its SLA")
        .then(BEN, **{**CLAIM, "fence": 2})
        .then(RULE, **FREE, state=S.ESCALATED)
        .then(ANN, **FREE, state=S.OPEN, escalated_at=None)
        .then(ANN, state=S.RESOLVED, cause="found", disposition=Disposition.DONE)
        .then(BEN, **FREE, state=S.OPEN, disposition=None)
    )
    assert story.words == [
        "claimed by Ben",
        "assigned to you by you",
        "snoozed until 12:30 or the reply by Ben: calls back",
        "awake again: The snooze is over.",
        "a supervisor asked to look: past its SLA",
        "claimed by Ben",
        "claim of Ben lapsed, waits for a supervisor",
        "looked at by you, back in the queue",
        "resolved by you: found",
        "reopened by Ben",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": S.OPEN, "owner": "", "assigned_to": "cem"}, "assigned to cem by you"),
        ({"state": S.OPEN, "owner": ""}, "back in the queue by you"),
        (
            {"state": S.RESOLVED, "disposition": Disposition.FALSE_ALARM, "cause": "tunnel"},
            "false alarm, closed by you: tunnel",
        ),
        (
            {
                "state": S.RESOLVED,
                "disposition": Disposition.DUPLICATE,
                "merged_into": "x2",
                "cause": "Duplicate of Late",
            },
            "closed as a duplicate by you: Duplicate of Late",
        ),
        (
            {"state": S.ESCALATED, "escalated_at": NOON, "escalated_because": "angry"},
            "a supervisor asked to look by you: angry",
        ),
    ],
)
def test_what_somebody_did_is_told_with_who_did_it(changes: dict[str, object], words: str) -> None:
    assert Story().then(BEN, **CLAIM).then(ANN, **changes).words[-1] == words


def test_a_supervisor_is_asked_though_somebody_works_on_it() -> None:
    late = {"escalated_at": NOON, "escalated_because": "Past its SLA of 13:00."}
    story = Story().then(BEN, **CLAIM).then(RULE, **late).then(BEN, lease_until=LATER)
    assert story.words[1:] == ["a supervisor asked to look: Past its SLA of 13:00."]


def test_what_leads_elsewhere_since_is_no_news_and_what_leads_here_is() -> None:
    merged = {"state": S.RESOLVED, "disposition": Disposition.DUPLICATE, "merged_into": "x2"}
    story = Story().then(ANN, **merged).then(BEN, merged_into="x3")
    assert story.words == ["closed as a duplicate by you"]
    into_it = e.ExceptionWorked(state=S.RESOLVED, version=1, merged_into="x1")
    assert Story().happens(BEN, into_it, "x9").words == ["a duplicate was merged into it by Ben"]


PLAN = MessagePlan(
    stop_id="s0",
    template="gate_code",
    reaches=(Reach(channel=Channel.SMS, address="+4179"),),
    words="Which code?",
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (e.ExceptionNoted(words="rang twice"), "note by Ben: rang twice"),
        (e.MessageQueued(plan=PLAN), "Ben wrote to the customer: gate code"),
        (
            e.MessageBarred(template="gate_code", why="opted out"),
            "not told to the customer, gate code: opted out",
        ),
        (
            e.ReplyReceived(reply_id="y", channel=Channel.SMS, address="+4179", words="4417#"),
            "the customer wrote: 4417#",
        ),
        (e.RepliesSeen(replies=("y",), deed="attached"), "reply dealt with by Ben: attached"),
        (
            e.StopAmended(changes=StopChanges(access_code="4417#"), because="by SMS"),
            "agreed by Ben: code 4417#: by SMS",
        ),
    ],
)
def test_what_was_said_to_the_customer_is_part_of_the_story(body: e.AnyBody, words: str) -> None:
    assert Story().happens(BEN, body).words == [words]


def test_a_reply_that_was_only_read_is_no_news() -> None:
    assert Story().happens(BEN, e.RepliesSeen(replies=("y",))).words == []
