"""Long work of the panels in a desktop on a recording, which has no feed beside it."""

from PySide6.QtCore import QObject

from ui.exchange import Job
from ui.replay.worker import Worker
from ui.session import Session


class Jobs(QObject):
    """Does the session's long work, which else is done beside the feed.

    Args:
        session: gives the work.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._worker = Worker(self)
        session.job_given.connect(self._on_job_given)

    def stop(self) -> None:
        """The window closes."""
        self._worker.stop()

    def _on_job_given(self, job: Job) -> None:
        self._worker.do(job.work, job.then, _nobody_waits)


def _nobody_waits(_error: Exception) -> None:
    """What broke is in the log already; what waits for it shows what it had."""
