"""`make run` from a person's side: what is started, with what, and how soon."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRETEND_TOWER = """#!/bin/sh
echo "tower $* platform=${QT_QPA_PLATFORM:-own}"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that counts as set up, with a tower that says how it was called."""
    shutil.copytree(ROOT / "installer", tmp_path / "installer")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    write_program(programs / "tower", PRETEND_TOWER)
    write_program(programs / "python", "#!/bin/sh\n")
    (tmp_path / ".venv" / "checkout").write_text(f"{tmp_path}\n", encoding="utf-8")
    (tmp_path / ".venv" / "ready").touch()
    return tmp_path


def write_program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def run(checkout: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "HOME": str(checkout)}
    return subprocess.run(
        command,
        cwd=checkout,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_with_a_display_tower_opens_on_it(checkout: Path) -> None:
    answer = run(checkout, "make", "-s", "run", DISPLAY=":7")
    assert answer.stdout.splitlines() == ["tower  platform=own"]


def test_without_a_display_it_says_where_the_picture_goes(checkout: Path) -> None:
    picture = checkout / "screenshots" / "tower.png"
    answer = run(checkout, "make", "-s", "run")
    assert str(picture) in answer.stdout.splitlines()[1]
    started = answer.stdout.splitlines()[-1]
    assert started == f"tower --screenshot {picture} --after 8 platform=offscreen"
    assert picture.parent.is_dir()


def test_arguments_reach_tower(checkout: Path) -> None:
    address = "wss://ops.example/v1"
    answer = run(checkout, "make", "-s", "run", f"ARGS=--gateway {address}", WAYLAND_DISPLAY="w")
    assert answer.stdout.splitlines() == [f"tower --gateway {address} platform=own"]


@pytest.mark.parametrize("words", ["gateway --port 0", "region import x", "--help"])
def test_commands_without_a_window_leave_no_picture(checkout: Path, words: str) -> None:
    answer = run(checkout, "make", "-s", "run", f"ARGS={words}")
    assert answer.stdout.splitlines() == [f"tower {words} platform=offscreen"]


def test_second_run_reaches_tower_in_under_150_ms(checkout: Path) -> None:
    def seconds() -> float:
        began = time.perf_counter()
        assert "tower" in run(checkout, "make", "-s", "run", DISPLAY=":7").stdout
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.15


@pytest.mark.parametrize("cause", ["lock changed", "checkout moved", "python gone"])
def test_set_up_looks_closer_when_it_has_reason_to(checkout: Path, cause: str) -> None:
    if cause == "lock changed":
        later = (checkout / ".venv" / "ready").stat().st_mtime + 10
        os.utime(checkout / "installer" / "lock" / "run.txt", (later, later))
    elif cause == "checkout moved":
        (checkout / ".venv" / "checkout").write_text("/elsewhere\n", encoding="utf-8")
    else:
        (checkout / ".venv" / "bin" / "python").unlink()
    planned = run(checkout, "make", "-n", "run").stdout
    assert "installer.setup" in planned


def test_nothing_is_looked_at_when_there_is_no_reason(checkout: Path) -> None:
    assert "installer.setup" not in run(checkout, "make", "-n", "run").stdout


def test_python_too_old_is_passed_over_for_a_newer_one(tmp_path: Path) -> None:
    old, new = "#!/bin/sh\nexit 1\n", "#!/bin/sh\nexit 0\n"
    write_program(tmp_path / "python3.11", old)
    write_program(tmp_path / "python3", new)
    answer = run(ROOT, "/bin/sh", "installer/find-python.sh", PATH=str(tmp_path))
    assert answer.stdout == f"{tmp_path / 'python3'}\n"


def test_no_python_is_explained_with_the_command_that_gets_it(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "cat").symlink_to(shutil.which("cat") or "/bin/cat")
    answer = run(ROOT, "/bin/sh", "installer/find-python.sh", PATH=str(tools))
    assert answer.returncode == 1
    assert "Tower needs Python 3.11 or newer" in answer.stderr
    assert "apt-get install" in answer.stderr
