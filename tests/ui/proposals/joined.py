"""A session that really asks a gateway: every question and command goes over HTTP."""

import secrets

from tests.gateway.running import RunningGateway
from tower.domain.commands import Command
from tower.domain.state import State
from ui.exchange import Question
from ui.gateway import Gateway
from ui.session import Session


class Joined:
    """Answers a session from a running gateway, at once, and keeps it up to date.

    Args:
        session: on nothing yet.
        running: the gateway.
        person: who sits at the desktop.
    """

    def __init__(self, session: Session, running: RunningGateway, person: str = "sue") -> None:
        self._session, self._running = session, running
        self._http = Gateway(running.url, f"{person}-token")
        session.replace_state(State(), "epoch")
        session.question_asked.connect(self._on_question)
        session.command_issued.connect(self._on_command)
        self.catch_up()

    def catch_up(self) -> None:
        """Fold what the journal has that the session has not heard."""
        journal = self._running.journal
        journal.flush()
        while news := journal.read(self._session.state.seq, 500):
            self._session.fold_events(news)

    def _on_question(self, question: Question) -> None:
        question.on_answer(self._http.ask(question))

    def _on_command(self, command: Command) -> None:
        result = self._http.command(command, secrets.token_hex(8))
        self.catch_up()
        self._session.answer(command, result)
