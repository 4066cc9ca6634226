"""One gateway a journal: an advisory lock the system frees when its process ends, however."""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

from tower.journal.errors import JournalLocked, JournalUnavailable

if sys.platform == "win32":
    import msvcrt

    _BEYOND_THE_TEXT = 1 << 20

    def _try_lock(file: IO[str]) -> None:
        file.seek(_BEYOND_THE_TEXT)  # Windows locks bytes against reading too
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


_PRIVATE = 0o600
_OTHERS = 0o077


class FileLock:
    """Held from `acquire` to `release`, or until the process dies.

    The file beside the journal stays: deleting it would let two gateways hold two locks.
    """

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._path = journal.with_name(journal.name + ".lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            JournalLocked: another gateway holds it.
            JournalUnavailable: the lock file cannot be made in that folder.
        """
        try:
            make_private(self._path)
            file = self._path.open("a+", encoding="ascii")
        except OSError as error:
            raise JournalUnavailable(f"Cannot write beside {self._journal}: {error}") from error
        try:
            _try_lock(file)
        except OSError as error:
            holder = _read_holder(file)
            file.close()
            raise JournalLocked(self._journal, holder) from error
        self._file = file
        try:
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
        except OSError as error:
            self.release()
            raise JournalUnavailable(f"Cannot write beside {self._journal}: {error}") from error

    def release(self) -> None:
        """Give the lock back; harmless where it is not held."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk has no room for the rest of the text
                self._file.close()
            self._file = None


def make_private(path: Path) -> None:
    """Make a file that only this user may read, or make it so where it is this user's.

    Raises:
        OSError: it cannot be made.
    """
    if not path.exists():
        path.touch(mode=_PRIVATE)
    elif path.is_file() and path.stat().st_mode & _OTHERS and _is_ours(path):
        path.chmod(_PRIVATE)


def _is_ours(path: Path) -> bool:
    return sys.platform != "win32" and path.stat().st_uid == os.geteuid()


def _read_holder(file: IO[str]) -> str:
    try:
        file.seek(0)
        text = file.read(20).strip()
    except OSError:
        return ""  # the name of the holder is a courtesy; the refusal stands without it
    return text if text.isdigit() else ""
