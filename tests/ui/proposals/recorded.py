"""A gateway that answers planning questions as it is told to."""

from collections.abc import Callable

import msgspec
import numpy as np
from msgspec.structs import replace

from tower.domain.commands import Handover
from tower.domain.geometry import LatLon
from tower.gateway.answers import (
    Offer,
    OptimisationAnswer,
    OptimisationState,
    OptimisationWish,
)
from tower.road.engine import STRAIGHT_LINE_SPEED_MS
from tower.road.roads import Profile
from tower.routes.travel import TravelTable
from tower.routes.weights import Objective
from ui.exchange import Answer, Question
from ui.proposals.wire import OPTIMISATIONS
from ui.session import Session


class _Places(msgspec.Struct):
    origins: list[LatLon]
    destinations: list[LatLon]
    profile: Profile = Profile.CAR


class RecordedGateway:
    """Answers a session's questions.

    Attributes:
        wishes: searches that were asked for.
        cancelled: ids of those that were cancelled.
        state: how a search stands when it is asked.
        is_away: nothing answers.
        asked: every path that was asked.
    """

    def __init__(self, session: Session) -> None:
        self.wishes: list[OptimisationWish] = []
        self.cancelled: list[str] = []
        self.asked: list[str] = []
        self.finds(None, state=OptimisationState.RUNNING)
        self.is_away, self.held = False, list[Callable[[], None]]()
        self.answers: dict[str, Answer] = {}
        session.question_asked.connect(self._on_question)

    def finds(
        self,
        offer: Offer | None,
        *,
        state: OptimisationState = OptimisationState.DONE,
        words: str = "",
    ) -> None:
        """Let searches have found this."""
        self.state = OptimisationAnswer(
            id="search", state=state, words=words, elapsed_s=2.5, progress=0.5, offer=offer
        )

    def _on_question(self, question: Question) -> None:
        self.asked.append(question.path)
        question.on_answer(self._answer(question))

    def _answer(self, question: Question) -> Answer:
        if self.is_away:
            return Answer(message="the gateway does not answer: Connection refused")
        if question.path in self.answers:
            return self.answers[question.path]
        if question.path == OPTIMISATIONS:
            self.wishes.append(msgspec.json.decode(question.body or b"", type=OptimisationWish))
            return Answer(status=202, body=b'{"id": "search-%d"}' % len(self.wishes))
        if question.path.endswith("/cancel"):
            self.cancelled.append(question.path.split("/")[-2])
            self.state = replace(self.state, state=OptimisationState.CANCELLED)
            return Answer(status=200, body=msgspec.json.encode(self.state))
        if question.path.startswith(OPTIMISATIONS):
            return Answer(status=200, body=msgspec.json.encode(self.state))
        if question.path == "/v1/travel":
            return Answer(status=200, body=_travel(question.body or b""))
        return Answer(status=404, message="there is no such thing")


def _travel(body: bytes) -> bytes:
    """The straight line, as if it were roads."""
    wish = msgspec.json.decode(body, type=_Places)
    table = TravelTable(wish.profile)
    metres = np.array([[table.leg(a, b).metres for b in wish.destinations] for a in wish.origins])
    seconds = metres / STRAIGHT_LINE_SPEED_MS[wish.profile]
    return msgspec.json.encode(
        {
            "durations_s": seconds.tolist(),
            "distances_m": metres.tolist(),
            "estimated": np.zeros_like(metres, dtype=bool).tolist(),
        }
    )


def an_offer(
    orders: dict[str, tuple[str, ...]],
    reasons: dict[str, str] | None = None,
    handovers: tuple[Handover, ...] = (),
) -> Offer:
    """Orders found for the example shift as it is at first."""
    return Offer(
        orders=orders,
        reasons=reasons or {},
        handovers=handovers,
        versions={route_id: 1 for route_id in orders if route_id},
        legs={},
        before=Objective(),
        after=Objective(),
        estimated=False,
    )
