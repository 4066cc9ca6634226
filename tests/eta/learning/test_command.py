"""`tower eta` as a person meets it."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.eta.learning.shifts import DAWN, write_journal
from tower.cli.main import main
from tower.eta.learning.quantiles import Settings
from tower.eta.learning.store import ModelStore
from tower.gateway.options import ExitCode


@pytest.fixture
def data(tmp_path: Path, journal: Path) -> Path:
    """A data folder with four shifts."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(journal, folder / "journal.db")
    return folder


def test_what_was_learnt_is_put_to_use_shown_and_taken_back(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tower.cli.eta.Settings", lambda threads: Settings(10, threads=threads))
    assert main(["eta", "train", "--data", str(data)]) == ExitCode.OK
    told = capsys.readouterr().out
    assert "learnt-1 predicts from now on" in told
    assert f"Learnt from 6 shifts, {DAWN.date()} to {DAWN.date() + timedelta(days=5)}" in told
    assert "between P10 and P90" in told
    assert main(["eta", "show", "--data", str(data)]) == ExitCode.OK
    assert "* learnt-1" in capsys.readouterr().out
    assert main(["eta", "use", "schedule", "--data", str(data)]) == ExitCode.OK
    assert ModelStore(data / "models").current() == "schedule"


def test_too_little_keeps_the_schedule_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_journal(tmp_path, range(1))
    assert main(["eta", "train", "--data", str(tmp_path)]) == ExitCode.DATA
    assert "1 shift to learn from, 3 are needed" in capsys.readouterr().err
    assert ModelStore(tmp_path / "models").current() == "schedule"


def test_a_model_that_is_not_there_is_not_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eta", "use", "learnt-3", "--data", str(tmp_path)]) == ExitCode.DATA
    assert "There is no model learnt-3" in capsys.readouterr().err


def test_a_folder_without_a_journal_is_said_to_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eta", "train", "--data", str(tmp_path)]) == ExitCode.DATA
    assert "There is no journal" in capsys.readouterr().err


def test_a_training_that_is_stopped_changes_nothing_and_does_not_pass_for_done(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tower.cli.eta.train", stopped)
    assert main(["eta", "train", "--data", str(data)]) == ExitCode.FAILED
    assert "Stopped" in capsys.readouterr().err
    assert ModelStore(data / "models").current() == "schedule"
    assert not ModelStore(data / "models").versions()
