"""What a dispatcher reads of a prediction: when, why, what was promised, and how good it is."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON
from tower.domain.conditions import Weather
from tower.domain.records import PublishedArrival
from tower.domain.words import Punctuality
from tower.gateway.forecasting.answers import (
    ArrivalAnswer,
    ForecastAnswer,
    LeadAnswer,
    PredictedAnswer,
    ProviderAnswer,
    QualityAnswer,
    ReasonAnswer,
)
from ui.exchange import Answer, Question
from ui.forecast.arrivalwindow import ArrivalWindow, open_arrival_window
from ui.forecast.badge import ForecastBadge
from ui.session import Session


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


ARRIVAL = ArrivalAnswer(
    stop_id="s1",
    predicted=PredictedAnswer(
        p10=NOON + minutes(20),
        p50=NOON + minutes(28),
        p90=NOON + minutes(41),
        punctuality=Punctuality.LATE,
        chance_late=0.62,
        made_at=NOON,
    ),
    arrived_at=None,
    window_start=NOON - minutes(60),
    window_end=NOON + minutes(25),
    published=PublishedArrival(
        start=NOON + minutes(15), end=NOON + minutes(45), at=NOON, because="12 min later"
    ),
    published_changes=1,
    model="learnt-3",
    reasons=(
        ReasonAnswer(words="rain", seconds=260.0),
        ReasonAnswer(words="this driver's pace today", seconds=-130.0),
    ),
)
FORECAST = ForecastAnswer(
    model="learnt-3",
    quality=QualityAnswer(
        coverage=0.803,
        arrivals=4_000,
        shifts=4,
        measured_at=NOON,
        leads=(LeadAnswer(minutes=60, arrivals=900, mae_s=310.0),),
    ),
    is_fallback=False,
    why="",
    today=(LeadAnswer(minutes=60, arrivals=120, mae_s=330.0, late_s=-24.0, coverage=0.79),),
    arrivals=412,
    coverage=0.801,
    widening=1.04,
    shift=0.03,
    conditions=(
        ProviderAnswer(
            id="sky", as_of=NOON, weather=Weather(rain_mm_h=1.5), disturbances=0, trouble=""
        ),
        ProviderAnswer(
            id="roads", as_of=None, weather=None, disturbances=0, trouble="It does not answer."
        ),
    ),
    routes=58,
    stops=901,
    took_ms=61.0,
)


class Gateway:
    """Answers what is asked, and remembers the paths."""

    def __init__(self, session: Session) -> None:
        self.paths: list[str] = []
        self.answer = Answer(status=0, message="The gateway does not answer.")
        session.question_asked.connect(self._on_asked)

    def say(self, told: msgspec.Struct) -> None:
        self.answer = Answer(status=200, body=msgspec.json.encode(told))

    def _on_asked(self, question: Question) -> None:
        self.paths.append(question.path)
        question.on_answer(self.answer)


@pytest.fixture
def gateway(session: Session) -> Gateway:
    return Gateway(session)


def said(window: ArrivalWindow) -> str:
    labels = (one.text() for one in window.findChildren(type(window.headline)))
    return "\n".join(labels)


def test_the_selected_stop_says_when_why_and_what_was_told(
    session: Session, gateway: Gateway, qtbot: QtBot
) -> None:
    gateway.say(ARRIVAL)
    stop_id = next(iter(session.state.stops))
    session.select("stop", stop_id)
    window = ArrivalWindow(session)
    qtbot.addWidget(window)
    words = said(window)
    clock = session.clock_text
    assert gateway.paths == [f"/v1/stops/{stop_id}/arrival"]
    assert clock(NOON + minutes(28)) in words
    assert "rain +4 min" in words
    assert "this driver's pace today −2 min" in words
    assert "62 %" in words
    assert "12 min later" in words
    assert "learnt model 3" in words


def test_while_the_gateway_is_asked_it_says_so(session: Session, qtbot: QtBot) -> None:
    session.select("stop", next(iter(session.state.stops)))
    window = ArrivalWindow(session)
    qtbot.addWidget(window)
    assert window.reasons.text() == "Asking the gateway…"


def test_a_stop_that_was_reached_says_when(
    session: Session, gateway: Gateway, qtbot: QtBot
) -> None:
    gateway.say(replace(ARRIVAL, predicted=None, arrived_at=NOON, reasons=()))
    session.select("stop", next(iter(session.state.stops)))
    window = ArrivalWindow(session)
    qtbot.addWidget(window)
    assert f"came at {session.clock_text(NOON)}" in window.reasons.text()


def test_asked_twice_there_is_one_window_and_its_keys_walk_on(
    session: Session, gateway: Gateway, qtbot: QtBot
) -> None:
    gateway.say(ARRIVAL)
    first, second = list(session.state.stops)[:2]
    session.select("stop", first)
    main = QWidget()
    qtbot.addWidget(main)
    walk = QAction("Next", main)
    walk.setShortcut("J")
    walk.triggered.connect(lambda: session.select("stop", second))
    main.addAction(walk)
    main.show()
    window = open_arrival_window(session, main, [walk])
    assert open_arrival_window(session, main, [walk]) is window
    with qtbot.waitActive(window):
        pass
    QTest.keyClick(window, Qt.Key.Key_J)
    assert gateway.paths[-1] == f"/v1/stops/{second}/arrival"


def test_another_stop_is_asked_about_once_it_is_selected(
    session: Session, gateway: Gateway, qtbot: QtBot
) -> None:
    first, second = list(session.state.stops)[:2]
    session.select("stop", first)
    window = ArrivalWindow(session)
    qtbot.addWidget(window)
    session.select("stop", second)
    assert gateway.paths[-1] == f"/v1/stops/{second}/arrival"
    assert "does not answer" in window.reasons.text()


def test_without_a_stop_it_says_what_to_do(
    session: Session, gateway: Gateway, qtbot: QtBot
) -> None:
    window = ArrivalWindow(session)
    qtbot.addWidget(window)
    assert window.reasons.text() == "Select a stop."
    assert not gateway.paths


def test_the_badge_says_what_share_kept_to_its_prediction(
    session: Session, gateway: Gateway, qtbot: QtBot
) -> None:
    gateway.say(FORECAST)
    badge = ForecastBadge(session)
    qtbot.addWidget(badge)
    assert badge.text() == "ETA by learnt-3 · 80 % of 412 within P10–P90"
    window = badge.tell_more()
    qtbot.addWidget(window)
    row = [window.table.item(0, column) for column in range(window.table.columnCount())]
    assert [item.text() for item in row if item] == [
        "60 min", "5.5 min", "-0.4 min", "79 %", "120", "5.2 min",
    ]  # fmt: skip
    words = window.words.text()
    assert "4 shifts" in words
    assert "sky: rain 1.5 mm/h" in words
    assert "roads: It does not answer." in words


def test_a_fallback_says_why_no_learnt_model_predicts(
    session: Session, gateway: Gateway, qtbot: QtBot
) -> None:
    why = "The learnt model learnt-3 is damaged; the schedule stands in."
    plain = msgspec.structs.replace(
        FORECAST, model="schedule", quality=None, is_fallback=True, why=why, coverage=None
    )
    gateway.say(plain)
    badge = ForecastBadge(session)
    qtbot.addWidget(badge)
    assert badge.text() == "ETA by schedule"
    window = badge.tell_more()
    qtbot.addWidget(window)
    assert why in window.words.text()
