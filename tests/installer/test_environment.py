"""The environment is used when it works here, and made anew when it does not."""

from pathlib import Path

import pytest

from installer import environment
from installer.console import Console, SetupError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout that set-up takes for its own."""
    move_to(tmp_path / "tower", monkeypatch)
    (tmp_path / "tower").mkdir()
    return tmp_path / "tower"


def move_to(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "VENV", root / ".venv")
    monkeypatch.setattr(environment, "PYTHON", root / ".venv" / "bin" / "python")


@pytest.mark.slow
def test_environment_is_made_and_made_anew_when_cut_off_or_moved(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(tmp_path / "log")
    assert not environment.environment_works()
    environment.create_environment(console)
    assert environment.environment_works()

    moved = checkout.rename(tmp_path / "moved")
    move_to(moved, monkeypatch)
    assert not environment.environment_works()

    environment.create_environment(console)
    assert environment.environment_works()
    (moved / ".venv" / "bin" / "python").unlink()
    assert not environment.environment_works()


def test_environment_of_another_python_is_not_used(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    described = f"command = python -m venv {checkout / '.venv'}\n"
    (checkout / ".venv" / "pyvenv.cfg").write_text(described, encoding="utf-8")
    script = programs / "python"
    script.write_text("#!/bin/sh\necho 3.10\n", encoding="utf-8")
    script.chmod(0o755)
    assert not environment.environment_works()
    monkeypatch.setattr(environment, "python_version", lambda: "3.10")
    assert environment.environment_works()


def test_full_disk_is_told_before_anything_is_fetched(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "ROOM_NEEDED", 1 << 62)
    with pytest.raises(SetupError, match=r"Only .* GB are free .* Make room"):
        environment.create_environment(Console(tmp_path / "log"))
    assert not (checkout / ".venv").exists()


def test_lock_python_and_place_each_change_what_the_dependencies_stand_for(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "lock.txt"
    seen = set()
    for content, python, root in (("a", "3.11", "x"), ("b", "3.11", "x"), ("b", "3.12", "y")):
        lock.write_text(content, encoding="utf-8")
        monkeypatch.setattr(environment, "python_version", lambda python=python: python)
        move_to(checkout / root, monkeypatch)
        seen.add(environment.dependencies_fingerprint(lock))
    assert len(seen) == 3


def test_half_installed_package_is_installed_again(checkout: Path) -> None:
    packages = checkout / ".venv" / "lib" / "python3.11" / "site-packages"
    whole, half = packages / "whole-1.0.dist-info", packages / "half-1.0.dist-info"
    for description in (whole, half):
        description.mkdir(parents=True)
        (description / "METADATA").touch()
    (whole / "RECORD").touch()
    environment.forget_half_installed()
    assert whole.is_dir()
    assert not half.exists()
