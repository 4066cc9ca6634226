"""Set-up does what is missing, nothing twice, and recovers where it was cut off."""

from pathlib import Path

import pytest

from installer.console import Console, SetupError
from installer.steps import Stamps, Step, fingerprint_of, run_steps


class Workshop:
    """A step that builds one file from one source, counting how often it worked."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.result = folder / "result"
        self.source.write_text("first", encoding="utf-8")
        self.worked = 0
        self.breaks = False

    def step(self, name: str = "Build") -> Step:
        return Step(name, "something to build", self.fingerprint, self.result.is_file, self.act)

    def fingerprint(self) -> str:
        return fingerprint_of([self.source])

    def act(self, _console: Console) -> None:
        self.worked += 1
        if self.breaks:
            self.result.write_text("half", encoding="utf-8")
            raise SetupError("the line was cut")
        self.result.write_text(self.source.read_text(encoding="utf-8"), encoding="utf-8")


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path / "setup.log")


@pytest.fixture
def stamps(tmp_path: Path) -> Stamps:
    return Stamps(tmp_path / "stamps.json")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_second_run_does_nothing_and_says_nothing(
    workshop: Workshop, stamps: Stamps, console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_steps([workshop.step()], stamps, console) == 1
    assert "[1/1] Build: something to build" in capsys.readouterr().out
    assert run_steps([workshop.step()], stamps, console) == 0
    assert workshop.worked == 1
    assert capsys.readouterr().out == ""


def test_changed_source_is_built_again(
    workshop: Workshop, stamps: Stamps, console: Console
) -> None:
    run_steps([workshop.step()], stamps, console)
    workshop.source.write_text("second", encoding="utf-8")
    assert run_steps([workshop.step()], stamps, console) == 1
    assert workshop.result.read_text(encoding="utf-8") == "second"


def test_result_that_went_missing_is_built_again(
    workshop: Workshop, stamps: Stamps, console: Console
) -> None:
    run_steps([workshop.step()], stamps, console)
    workshop.result.unlink()
    assert run_steps([workshop.step()], stamps, console) == 1
    assert workshop.result.is_file()


def test_step_that_shows_by_itself_is_not_done_twice_even_without_stamps(
    tmp_path: Path, workshop: Workshop, console: Console
) -> None:
    seen = Step("Seen", "shows by itself", None, workshop.result.is_file, workshop.act)
    assert run_steps([seen], Stamps(tmp_path / "one.json"), console) == 1
    assert run_steps([seen], Stamps(tmp_path / "two.json"), console) == 0
    assert workshop.worked == 1


def test_step_cut_off_half_way_is_done_again_although_something_is_there(
    workshop: Workshop, stamps: Stamps, console: Console
) -> None:
    run_steps([workshop.step()], stamps, console)
    workshop.source.write_text("second", encoding="utf-8")
    workshop.breaks = True
    with pytest.raises(SetupError, match="the line was cut"):
        run_steps([workshop.step()], stamps, console)
    workshop.source.write_text("first", encoding="utf-8")
    workshop.breaks = False
    assert run_steps([workshop.step()], stamps, console) == 1
    assert workshop.result.read_text(encoding="utf-8") == "first"


def test_steps_before_a_failure_stay_done(
    tmp_path: Path, workshop: Workshop, stamps: Stamps, console: Console
) -> None:
    (tmp_path / "later").mkdir()
    later = Workshop(tmp_path / "later")
    later.breaks = True
    steps = [workshop.step("First"), later.step("Second")]
    with pytest.raises(SetupError):
        run_steps(steps, stamps, console)
    later.breaks = False
    assert run_steps(steps, stamps, console) == 1
    assert workshop.worked == 1


def test_step_that_leaves_no_result_is_a_failure(
    tmp_path: Path, stamps: Stamps, console: Console
) -> None:
    idle = Step("Idle", "no result", lambda: "same", (tmp_path / "never").exists, lambda _: None)
    with pytest.raises(SetupError, match="Idle ended without an error but"):
        run_steps([idle], stamps, console)


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "\x00"])
def test_damaged_stamps_mean_everything_is_done_again(
    tmp_path: Path, workshop: Workshop, console: Console, content: str
) -> None:
    path = tmp_path / "stamps.json"
    run_steps([workshop.step()], Stamps(path), console)
    path.write_text(content, encoding="utf-8")
    assert run_steps([workshop.step()], Stamps(path), console) == 1
    assert run_steps([workshop.step()], Stamps(path), console) == 0


def test_fingerprint_tells_a_missing_file_a_renamed_one_and_other_words(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    absent = fingerprint_of([one])
    one.write_text("x", encoding="utf-8")
    two.write_text("x", encoding="utf-8")
    told_apart = {absent, fingerprint_of([one]), fingerprint_of([two]), fingerprint_of([one], "3")}
    assert len(told_apart) == 4
    assert fingerprint_of([two, one]) == fingerprint_of([one, two])
