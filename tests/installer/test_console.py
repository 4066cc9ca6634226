"""What a person sees of the programs behind set-up."""

import sys
from pathlib import Path

import pytest

from installer.console import LAST_LINES, Console, SetupError


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_program_that_succeeds_is_quiet_and_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "setup.log"
    Console(log).run(python("print('fetching a lot')"), doing="fetching")
    assert capsys.readouterr().out == ""
    assert "fetching a lot" in log.read_text(encoding="utf-8")


def test_failure_names_the_program_its_purpose_its_last_words_and_the_log(tmp_path: Path) -> None:
    log = tmp_path / "setup.log"
    lines = "import sys\nfor n in range(100): print('line', n, flush=True)\n"
    with pytest.raises(SetupError) as caught:
        Console(log).run(python(lines + "sys.exit('no route to host')"), doing="fetching the map")
    message = str(caught.value)
    assert "failed with code 1 while fetching the map" in message
    assert "no route to host" in message
    assert f"line {100 - LAST_LINES + 1}\n" in message
    assert "line 50\n" not in message
    assert str(log) in message
    assert "line 50\n" in log.read_text(encoding="utf-8")


def test_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no-such-tool is missing, needed while packing"):
        Console(tmp_path / "log").run(["no-such-tool"], doing="packing")


def test_output_that_is_not_text_does_not_stop_set_up(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.buffer.write(bytes(range(256)) + b'\\nend\\n')"
    Console(tmp_path / "log").run(python(code), doing="speaking in tongues")
    assert "end" in (tmp_path / "log").read_text(encoding="utf-8")


def test_variables_and_folder_reach_the_program(tmp_path: Path) -> None:
    code = "import os; print(os.environ['COLOUR'], os.getcwd())"
    log = tmp_path / "log"
    Console(log).run(python(code), doing="x", folder=tmp_path, environment={"COLOUR": "teal"})
    assert f"teal {tmp_path.resolve()}" in log.read_text(encoding="utf-8")
