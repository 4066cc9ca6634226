"""The figures leave the window as files, as they are filtered, and errors are told."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog

from tests.ui.performance.gateway import KpiGateway
from tower.domain.reporting import Filters
from ui.exchange import Answer, Question
from ui.performance.exporting import REPORT, Exporting, Kind
from ui.performance.look import Look
from ui.performance.window import PerformanceWindow
from ui.session import Session


@pytest.fixture
def exporting(window: PerformanceWindow) -> Exporting:
    found = window.findChild(Exporting)
    assert found is not None
    return found


@pytest.fixture
def asked(session: Session, kpi: KpiGateway) -> list[Question]:
    """What is asked for reports; answered by the test."""
    questions: list[Question] = []
    session.question_asked.disconnect(kpi._on_question)
    session.question_asked.connect(
        lambda one: questions.append(one) if one.path == REPORT else kpi._on_question(one)
    )
    return questions


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.XLSX, Kind.CSV])
def test_a_file_is_what_the_gateway_makes_of_the_windows_filters(
    exporting: Exporting,
    window: PerformanceWindow,
    asked: list[Question],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: Kind,
) -> None:
    choose(monkeypatch, tmp_path / "figures")
    window.figures.show(Look(filters=Filters(days=28, carriers=("own",))))
    exporting.actions[kind].trigger()
    (question,) = asked
    wish = msgspec.json.decode(question.body or b"")
    assert wish["format"] == kind.value
    assert wish["filters"]["carriers"] == ["own"]
    question.on_answer(Answer(status=200, body=b"the file"))
    assert (tmp_path / f"figures.{kind}").read_bytes() == b"the file"
    assert window.statusBar().currentMessage().startswith("Saved: ")


def test_a_picture_of_the_window(
    exporting: Exporting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, tmp_path / "window.png")
    exporting.export(Kind.PNG)
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")


def test_what_goes_wrong_is_said(
    exporting: Exporting,
    window: PerformanceWindow,
    asked: list[Question],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(monkeypatch, tmp_path / "figures.pdf")
    exporting.export(Kind.PDF)
    asked[0].on_answer(Answer(status=503, message="The figures stand still."))
    said = "figures.pdf could not be made: The figures stand still."
    assert window.statusBar().currentMessage() == said
    choose(monkeypatch, tmp_path / "nowhere" / "figures.pdf")
    exporting.export(Kind.PDF)
    asked[1].on_answer(Answer(status=200, body=b"the file"))
    assert "cannot be written" in window.statusBar().currentMessage()
    assert not list(tmp_path.iterdir())


def test_who_cancels_asks_nothing(
    exporting: Exporting, asked: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, "")
    exporting.export(Kind.PDF)
    assert asked == []
