"""Travel times for previews: asked ahead, estimated until they are there."""

import msgspec
import numpy as np
import pytest

from tests.ui.example_shift import NOON
from tower.domain.geometry import LatLon
from tower.gateway.answers import TravelAnswer, TravelWish
from tower.road.roads import Profile
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.draft.travel import MOST_PAIRS, Travels
from ui.exchange import Answer, Question
from ui.session import Session
from ui.shapes import RouteShape

CAR = Profile.CAR
A, B, C = LatLon(47.1, 9.5), LatLon(47.2, 9.5), LatLon(47.3, 9.5)


class Roads:
    """Answers as the gateway does, when it is told to: a minute and a kilometre for each pair."""

    def __init__(self, session: Session) -> None:
        self.waiting: list[Question] = []
        self.asked: list[TravelWish] = []
        session.question_asked.connect(self._on_question)

    def _on_question(self, question: Question) -> None:
        assert question.path == "/v1/travel"
        self.waiting.append(question)
        self.asked.append(msgspec.json.decode(question.body or b"", type=TravelWish))

    def answer(self) -> TravelWish:
        """Answer the oldest question."""
        question = self.waiting.pop(0)
        wish = msgspec.json.decode(question.body or b"", type=TravelWish)
        rows, columns = len(wish.origins), len(wish.destinations)
        answer = TravelAnswer(
            departure=NOON,
            durations_s=[[60.0] * columns] * rows,
            distances_m=[[1000.0] * columns] * rows,
            estimated=[[False] * columns] * rows,
        )
        question.on_answer(Answer(status=200, body=msgspec.json.encode(answer)))
        return wish

    def answer_all(self) -> None:
        """Answer until nothing more is asked."""
        while self.waiting:
            self.answer()


@pytest.fixture
def roads(session: Session) -> Roads:
    """The gateway's roads."""
    return Roads(session)


def test_what_is_not_known_is_an_estimate_until_the_answer_comes(
    session: Session, roads: Roads
) -> None:
    travels = Travels(session, session)
    assert travels.table(CAR).leg(A, B).estimated
    told: list[bool] = []
    travels.learnt.connect(lambda: told.append(True))
    travels.want(CAR, [A], [B, C])
    assert travels.table(CAR).leg(A, B).estimated
    roads.answer()
    assert told == [True]
    assert tuple(travels.table(CAR).leg(A, B)) == (60.0, 1000.0, False)
    assert travels.table(CAR).leg(B, A).estimated
    assert travels.table(Profile.BICYCLE).leg(A, B).estimated


def test_nothing_is_asked_twice_and_what_is_wanted_last_goes_first(
    session: Session, roads: Roads
) -> None:
    travels = Travels(session, session)
    travels.want(CAR, [A], [B])
    travels.want(CAR, [A], [B])
    travels.want(CAR, [B], [C])
    travels.want(CAR, [C], [A])
    assert len(roads.waiting) == 1, "one question at a time"
    roads.answer_all()
    assert [(one.origins, one.destinations) for one in roads.asked] == [
        ((A,), (B,)),
        ((C,), (A,)),
        ((B,), (C,)),
    ]
    travels.want(CAR, [A, B], [B, C])
    roads.answer_all()
    assert roads.asked[-1].origins == (A,), "from B to C is known"


def test_a_large_table_is_asked_in_pieces(session: Session, roads: Roads) -> None:
    places = [LatLon(47.0 + number / 10_000, 9.5) for number in range(250)]
    travels = Travels(session, session)
    travels.want(CAR, places, places)
    roads.answer_all()
    assert len(roads.asked) > 1
    assert all(len(one.origins) * len(one.destinations) <= MOST_PAIRS + 250 for one in roads.asked)
    assert not travels.table(CAR).leg(places[0], places[-1]).estimated
    assert not travels.table(CAR).leg(places[-1], places[0]).estimated


@pytest.mark.parametrize(
    "answer",
    [Answer(message="the gateway does not answer"), Answer(status=200, body=b'{"durations_s": 3}')],
)
def test_without_an_answer_estimates_stay_and_it_is_asked_again(
    session: Session, roads: Roads, answer: Answer
) -> None:
    travels = Travels(session, session)
    travels.want(CAR, [A], [B])
    roads.waiting.pop().on_answer(answer)
    assert travels.table(CAR).leg(A, B).estimated
    travels.want(CAR, [A], [B])
    roads.answer_all()
    assert not travels.table(CAR).leg(A, B).estimated


def test_a_lifted_stop_has_its_travel_times_before_it_is_dropped(
    session: Session, roads: Roads
) -> None:
    draft = Draft(session, session)
    session.set_shapes(_shapes(session))
    draft.lift(["s2"])
    draft.hover(Move(stops=("s2",), route_id="r1", before="s6"))
    assert _rests_on_estimates(draft)
    roads.answer_all()
    for route_id in ("r0", "r1", "r2"):
        for before in (*draft.base[route_id], ""):
            draft.hover(Move(stops=("s2",), route_id=route_id, before=before))
            assert not _rests_on_estimates(draft), (route_id, before)


def test_a_route_that_is_looked_at_has_its_travel_times(session: Session, roads: Roads) -> None:
    draft = Draft(session, session)
    session.set_shapes(_shapes(session))
    session.select("route", "r1")
    roads.answer_all()
    draft.hover(Move(stops=("s9", "s7"), route_id="r1", before="s5"))
    assert draft.routes == {"r1"}
    assert not _rests_on_estimates(draft)


def _rests_on_estimates(draft: Draft) -> bool:
    return draft.impact is not None and draft.impact.estimated


def _shapes(session: Session) -> dict[str, RouteShape]:
    """The legs of every route's line: a minute each."""
    return {
        route.id: RouteShape.of(
            version=route.version,
            points=np.empty((0, 2)),
            durations_s=(60.0,) * 5,
            distances_m=(1000.0,) * 5,
            home_s=60.0,
            home_m=1000.0,
        )
        for route in session.state.routes.values()
    }
