"""A machine without Qt's libraries gets them, or the one command that gets them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import system
from installer.console import Console, SetupError


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A Debian on which two libraries do not load."""
    lost = {"libEGL.so.1", "libnss3.so"}
    monkeypatch.setattr(system, "_loads", lambda library: library not in lost)
    monkeypatch.setattr(system, "_has_a_font", lambda: True)
    monkeypatch.setattr(system, "_can_make_environments", lambda: True)
    monkeypatch.setattr(system, "_policy", lambda _: "")
    return monkeypatch


def tools(monkeypatch: pytest.MonkeyPatch, *present: str) -> None:
    monkeypatch.setattr(
        shutil, "which", lambda name: f"/usr/bin/{name}" if name in present else None
    )


def test_missing_libraries_are_told_by_package(bare: pytest.MonkeyPatch) -> None:
    assert system.missing_packages() == ["libegl1", "libnss3"]
    assert not system.nothing_missing()
    bare.setattr(system, "_can_make_environments", lambda: False)
    assert any(name.endswith("-venv") for name in system.missing_packages())


def test_library_that_does_not_exist_does_not_load() -> None:
    assert not system._loads("libno-such-thing.so.9")
    assert system._loads("libc.so.6")


def test_without_root_and_sudo_the_one_command_is_told(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tools(bare, "apt-get")
    bare.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError) as caught:
        system.install_missing(Console(tmp_path / "log"))
    commands = [line for line in str(caught.value).splitlines() if line.startswith("    ")]
    assert commands == [
        "    apt-get update && apt-get install -y --no-install-recommends libegl1 libnss3"
    ]


def test_without_apt_the_libraries_themselves_are_named(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tools(bare)
    with pytest.raises(SetupError, match=r"libEGL\.so\.1, libnss3\.so"):
        system.install_missing(Console(tmp_path / "log"))


@pytest.mark.parametrize(("user", "before"), [(0, []), (1000, ["sudo", "-n"])])
def test_root_or_sudo_installs_only_what_is_missing(
    bare: pytest.MonkeyPatch, tmp_path: Path, user: int, before: list[str]
) -> None:
    ran: list[list[str]] = []
    tools(bare, "apt-get", "sudo")
    bare.setattr(os, "geteuid", lambda: user)
    bare.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    done: subprocess.CompletedProcess[str] = subprocess.CompletedProcess([], 0)
    bare.setattr(subprocess, "run", lambda *_, **__: done)
    bare.setattr(Console, "run", lambda _self, command, **_: ran.append(command))
    system.install_missing(Console(tmp_path / "log"))
    assert [command[: len(before)] for command in ran] == [before, before]
    assert ran[0][-1] == "update"
    wanted = ["install", "-y", "--no-install-recommends", "libegl1", "libnss3"]
    assert ran[1][-len(wanted) :] == wanted


def test_one_broken_source_of_packages_does_not_stop_set_up(
    bare: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def run(_console: Console, command: list[str], *, doing: str) -> None:
        asked.append(doing)
        if command[-1] == "update":
            raise SetupError("apt-get failed with code 100 while asking. It said:\n    E: no file")

    tools(bare, "apt-get")
    bare.setattr(os, "geteuid", lambda: 0)
    bare.setattr(Console, "run", run)
    system.install_missing(Console(tmp_path / "log"))
    assert asked == ["asking Debian what it has", "installing system libraries"]
    assert "going on with the lists as they are: apt-get failed" in capsys.readouterr().out


def test_packages_renamed_after_debian_12_are_asked_for_by_their_new_name(
    bare: pytest.MonkeyPatch,
) -> None:
    known = {"libasound2t64": "libasound2t64:\n  Candidate: 1.2.14-1"}
    bare.setattr(system, "_policy", lambda name: known.get(name, "x:\n  Candidate: (none)"))
    assert system._present_names(["libasound2", "libnss3"]) == ["libasound2t64", "libnss3"]
