"""The strip shows how good predictions were, as soon as the gateway's figures know."""

from collections.abc import Callable

import msgspec
import pytest

from tests.ui.example_shift import NOON
from tower.kpi.facts import Dimension
from tower.kpi.query import Answer, Ask, Behind, BehindAnswer, FactLine, Row
from ui.exchange import Answer as Reply
from ui.exchange import Question
from ui.filter import Hidden
from ui.kpi.board import Board
from ui.kpi.predictions import Predictions
from ui.session import Session


def hours(*rows: tuple[int, float, float, int]) -> Answer:
    """An answer by hour: hour, error in minutes, coverage in per cent, arrivals."""
    return Answer(
        measures=("eta_error_60", "eta_coverage_60"),
        by=(Dimension.HOUR,),
        rows=tuple(
            Row(keys=(str(hour),), values=(error, covered), counted=(count, count))
            for hour, error, covered, count in rows
        ),
        since=NOON.date(),
        until=NOON.date(),
    )


def worst(*stop_ids: str) -> BehindAnswer:
    lines = tuple(
        FactLine(
            id=f"stop:{stop_id}",
            stop_id=stop_id,
            at=NOON,
            day=NOON.date(),
            carrier="",
            depot="",
            route="",
            driver="",
            postcode="",
            account="",
            label="",
            value=30.0,
            missed=False,
        )
        for stop_id in stop_ids
    )
    return BehindAnswer(total=len(lines), lines=lines)


class Figures:
    """Answers as a gateway would."""

    def __init__(self, session: Session) -> None:
        self.asked: list[Question] = []
        self.by_hour: Answer | None = hours((10, 4.0, 90.0, 30), (11, 8.0, 70.0, 10))
        session.question_asked.connect(self._on_asked)

    def _on_asked(self, question: Question) -> None:
        self.asked.append(question)
        if question.path == "/v1/kpi/behind":
            self._tell(question.on_answer, worst("s3", "s1"))
        elif question.path == "/v1/kpi/query":
            self._tell(question.on_answer, self.by_hour)

    def _tell(self, on_answer: Callable[[Reply], None], answer: object) -> None:
        on_answer(Reply(status=200, body=msgspec.json.encode(answer)) if answer else Reply())


@pytest.fixture
def figures(session: Session) -> Figures:
    return Figures(session)


@pytest.mark.usefixtures("figures")
def test_error_and_coverage_weigh_each_hour_by_its_arrivals(session: Session) -> None:
    predictions = Predictions(session, session)
    predictions.ask()
    today = predictions.today
    assert today is not None
    assert (today.error_min, today.coverage, today.arrivals) == (5.0, 85.0, 40)
    assert [value for _, value in today.series] == [4.0, 8.0]
    assert today.stops == ("s3", "s1")


@pytest.mark.usefixtures("figures")
def test_the_strip_takes_them_over(session: Session) -> None:
    board = Board(session, session)
    session.hidden_changed.emit()
    board.measure()
    measure = next(one for one in board.measures if one.key == "schedule_error")
    assert (measure.title, measure.text) == ("ETA error, 1 h ahead", "5.0 min")


@pytest.mark.parametrize("answer", [None, hours()])
def test_until_somebody_knows_the_plan_of_the_day_is_judged(
    session: Session, figures: Figures, answer: Answer | None
) -> None:
    figures.by_hour = answer
    board = Board(session, session)
    session.hidden_changed.emit()
    board.measure()
    assert "Schedule error (P50)" in [one.title for one in board.measures]


def test_what_is_hidden_does_not_count(session: Session, figures: Figures) -> None:
    predictions = Predictions(session, session)
    hidden = min(session.state.carriers)
    session.hide(Hidden(carriers=frozenset({hidden})))
    ask = msgspec.json.decode(figures.asked[0].body or b"", type=Ask)
    behind = msgspec.json.decode(figures.asked[-1].body or b"", type=Behind)
    assert hidden not in ask.filters.carriers
    assert set(ask.filters.carriers) == set(session.state.carriers) - {hidden}
    assert behind.filters == ask.filters
    assert predictions.today is not None
