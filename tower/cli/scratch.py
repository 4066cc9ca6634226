"""Folders for shifts nobody keeps: the demo, a recording. Gone when their process is."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import platformdirs


@contextlib.contextmanager
def scratch_folder(kind: str) -> Iterator[Path]:
    """A folder for one process; what killed processes left behind is cleared away first.

    Args:
        kind: what it is for: `demo`, `replay`.
    """
    shelf = platformdirs.user_data_path("tower") / "scratch"
    shelf.mkdir(parents=True, exist_ok=True)
    for old in shelf.iterdir():
        if not _is_used(old):
            shutil.rmtree(old, ignore_errors=True)
    folder = shelf / f"{kind}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_used(folder: Path) -> bool:
    pid = folder.name.rpartition("-")[2]
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
