"""A small disk of its own, which can be filled and freed: a tmpfs where root may mount one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BALLAST = "ballast"


class NoSmallDisk(Exception):
    """This machine does not let us mount one; the message says why."""


class SmallDisk:
    """A mounted disk.

    Attributes:
        folder: where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def free_bytes(self) -> int:
        """Room left."""
        return shutil.disk_usage(self.folder).free

    def fill(self, leave: int = 0) -> None:
        """Put a file on it that leaves only so many bytes free; call again to make it longer."""
        more = self.free_bytes - leave
        with (self.folder / _BALLAST).open("ab") as file:
            while more > 0:
                with suppress(OSError):  # somebody else took a part of it meanwhile
                    os.posix_fallocate(file.fileno(), file.tell(), more)
                more = min(more // 2, self.free_bytes - leave)

    def free(self) -> None:
        """Take that file away."""
        (self.folder / _BALLAST).unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk of this size, and unmount it at the end.

    Raises:
        NoSmallDisk: it cannot be mounted here.
    """
    folder.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder)
    finally:
        _run("umount", "-l", str(folder))


def _run(*words: str) -> None:
    try:
        subprocess.run(words, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise NoSmallDisk(f"there is no {words[0]} here") from error
    except subprocess.CalledProcessError as error:
        raise NoSmallDisk(f"{words[0]} is not allowed here: {error.stderr.strip()}") from error
