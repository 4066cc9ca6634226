"""A window whose figures were partly made up says so, all the time."""

import msgspec
from msgspec import structs
from PySide6.QtWidgets import QLabel

from tests.ui.performance.gateway import KpiGateway, measures
from ui.exchange import Answer, Question
from ui.performance.window import PerformanceWindow
from ui.session import Session


def test_a_simulated_history_is_named_in_the_status_bar(
    window: PerformanceWindow, session: Session, kpi: KpiGateway
) -> None:
    labels = window.statusBar().findChildren(QLabel)
    assert not any("Simulated history" in label.text() for label in labels)
    session.question_asked.disconnect(kpi._on_question)
    session.question_asked.connect(_answer)
    window.definitions.ask()
    assert any("Simulated history" in label.text() for label in labels)


def _answer(question: Question) -> None:
    told = structs.replace(measures(), has_simulated_past=True)
    question.on_answer(Answer(status=200, body=msgspec.json.encode(told)))
