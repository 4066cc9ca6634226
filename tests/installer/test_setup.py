"""Set-up as a whole: one at a time, an exit code make understands, a message to act on."""

import subprocess
import sys
from pathlib import Path

import pytest

from installer import setup
from installer.console import Console, SetupError
from installer.steps import Step

HOLD = """
import sys
from pathlib import Path
from installer.console import Console
from installer.setup import only_one
with only_one(Console(Path(sys.argv[1])), Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep set-up's own files out of the checkout."""
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps.json")
    return tmp_path


def one_step(act: object) -> list[Step]:
    def work(_console: Console) -> None:
        if isinstance(act, BaseException):
            raise act

    return [Step("Only", "the one thing", None, lambda: False, work)]


@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [
        (SetupError("Plug the cable in."), 1, "Set-up stopped: Plug the cable in."),
        (KeyboardInterrupt(), 130, "it goes on where it was"),
    ],
)
def test_ending_early_is_said_and_fails(
    workplace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ending: BaseException,
    code: int,
    said: str,
) -> None:
    monkeypatch.setattr(setup, "steps_to_run", lambda: one_step(ending))
    assert setup.main([]) == code
    assert said in capsys.readouterr().out
    assert (workplace / "setup.log").exists()


def test_second_set_up_waits_for_the_first_and_says_so(workplace: Path) -> None:
    held = workplace / "lock"
    command = [sys.executable, "-c", HOLD, str(workplace / "log"), str(held)]
    with start(command) as first:
        assert read(first) == "held\n"
        with start(command) as second:
            assert "waiting for it to end" in read(second)
            first.communicate()
            assert read(second) == "held\n"
            second.communicate()


def start(command: list[str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def read(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_development_adds_its_tools_after_all_that_running_needs() -> None:
    run = [step.name for step in setup.steps_to_run()]
    develop = [step.name for step in setup.steps_to_develop()]
    assert develop[: len(run)] == run
    assert len(develop) == len(set(develop)) == len(run) + 1
