"""What an order to set the playbooks becomes, and those a room starts with."""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from datetime import datetime

from tower.domain.commands import SetPlaybooks
from tower.domain.events import Event, PlaybooksSet
from tower.domain.records import Actor, Subject
from tower.domain.rulebook import Playbook
from tower.domain.state import State
from tower.domain.words import StepAction
from tower.gateway.deciding.rulebook import may_set
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict, new_event

_SAYS_SOMETHING = (StepAction.MESSAGE, StepAction.BULK_MESSAGE)


def _set_playbooks(command: SetPlaybooks, state: State, terms: Terms) -> Verdict:
    now = state.room_playbooks
    problem = may_set("the playbooks", command.version, now, terms)
    if problem is not None:
        return problem
    words = next(_problems(command.playbooks, terms.templates), "")
    if words:
        return Refused(words)
    body = PlaybooksSet(version=now.version + 1, playbooks=command.playbooks)
    return Accepted((new_event(terms.now, terms.grant.actor, Subject(), body),))


FIRST_START = Actor(kind="rule", id="playbooks", name="Tower's own playbooks")
"""Who sets the playbooks nobody has set yet."""


def first_playbooks(
    state: State, playbooks: Callable[[], tuple[Playbook, ...]], now: datetime
) -> list[Event]:
    """What gives a room its first playbooks; nothing where it has had some.

    Args:
        state: the newest state.
        playbooks: those a room starts with; asked only where they are needed.
        now: the gateway's time.
    """
    if state.room_playbooks.version:
        return []
    body = PlaybooksSet(version=1, playbooks=playbooks())
    return [new_event(now, FIRST_START, Subject(), body)]


def _problems(playbooks: tuple[Playbook, ...], templates: Container[str]) -> Iterator[str]:
    """Everything that is wrong, in words."""
    for kind, times in Counter(one.kind for one in playbooks).items():
        if times > 1:
            yield f"There are {times} playbooks for {kind.replace('_', ' ')}."
    for playbook in playbooks:
        for words in _in_steps(playbook, templates):
            yield f"Playbook for {playbook.kind.replace('_', ' ')}: {words}"


def _in_steps(playbook: Playbook, templates: Container[str]) -> Iterator[str]:
    for number, step in enumerate(playbook.steps, start=1):
        if not step.title.strip():
            yield f"step {number} has no title."
        if step.template and step.template not in templates:
            yield f"step {number} names template {step.template}, which there is not."
        if step.action in _SAYS_SOMETHING and not step.template:
            yield f"step {number} tells the customer something and names no template."


RULES: Rules = {SetPlaybooks: _set_playbooks}
"""Decides the playbooks."""
