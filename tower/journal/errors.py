"""What can go wrong with a journal, in words a dispatcher can act on."""

from pathlib import Path

MALFORMED = "malformed"
"""In SQLite's words where a page is damaged."""


class JournalError(Exception):
    """Base of everything the journal refuses or cannot do."""


class JournalTooNew(JournalError):
    """The database was written by a newer Tower; nothing in it was touched.

    Attributes:
        found: the schema revision in the file.
        known: the newest revision this Tower can read.
    """

    def __init__(self, path: Path, found: str, known: str) -> None:
        self.found = found
        self.known = known
        super().__init__(
            f"{path} was written by a newer Tower (journal revision {found}, this one knows up to "
            f"{known}). Start the newer Tower, or choose another data folder."
        )


class JournalCorrupt(JournalError):
    """The file is not a journal, or is damaged; it was left as it is.

    Attributes:
        what: what is wrong with it, in a few words.
    """

    def __init__(self, path: Path, what: str) -> None:
        self.what = what
        super().__init__(
            f"{path} cannot be read as a journal: {what}. The file was left untouched; restore it "
            "from a backup, or start with another data folder."
        )


class JournalLocked(JournalError):
    """Another gateway is writing this journal."""

    def __init__(self, path: Path, holder: str) -> None:
        by = f" (process {holder})" if holder else ""
        super().__init__(
            f"{path} is in use by another gateway{by}. Connect to that one with --gateway, stop "
            "it, or choose another data folder."
        )


class JournalUnavailable(JournalError):
    """The journal cannot be opened at all: no such folder, no permission, an unknown address."""


class JournalClosed(JournalError):
    """The journal was closed; nothing more is recorded."""

    def __init__(self) -> None:
        super().__init__("The journal is closed: the gateway is stopping, nothing was recorded.")


class JournalWriteFailed(JournalError):
    """The database refused a write; nothing of that append was recorded."""

    def __init__(self, why: str) -> None:
        hint = next((words for sign, words in _REMEDIES if sign in why), "")
        super().__init__(f"The journal cannot write ({why}): this was not recorded.{hint}")


_REMEDIES = (
    ("full", " Free some disk space."),
    ("locked", " Another program has the journal open; close that one."),
    (MALFORMED, " The gateway mends it at once, from what is left and from its second copy."),
)
"""What to do about a failed write, by what SQLite says of it."""


class EventUnfit(JournalError):
    """An event cannot be recorded: a value of the wrong type is in it, or it is too long."""


class VersionConflict(JournalError):
    """Something was decided about this thing first; look at it again and decide anew.

    Attributes:
        kind: `exception` or `route`.
        id: which one.
        version: the version it is at now.
    """

    def __init__(self, kind: str, id_: str, version: int) -> None:
        self.kind = kind
        self.id = id_
        self.version = version
        super().__init__(
            f"The {kind} {id_} was changed by someone else meanwhile (it is at version {version})."
        )
