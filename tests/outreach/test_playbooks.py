"""The playbooks a room starts with."""

import pytest

from tower.domain.words import ExceptionKind, StepAction, StopState
from tower.outreach.playbooks import default_playbooks
from tower.outreach.templates import Templates

PLAYBOOKS = default_playbooks()
STEPS = [step for playbook in PLAYBOOKS for step in playbook.steps]


def test_every_kind_of_exception_has_one() -> None:
    assert {playbook.kind for playbook in PLAYBOOKS} == set(ExceptionKind)
    assert len(PLAYBOOKS) == len(ExceptionKind)


def test_every_message_names_a_template_there_is() -> None:
    templates = Templates.load()
    messages = [s for s in STEPS if s.action in (StepAction.MESSAGE, StepAction.BULK_MESSAGE)]
    assert messages
    assert all(step.template in templates for step in messages)


def test_every_action_is_offered_somewhere() -> None:
    assert {step.action for step in STEPS} == set(StepAction)


def test_late_risk_begins_with_the_delay_notice() -> None:
    first = next(book for book in PLAYBOOKS if book.kind is ExceptionKind.LATE_RISK).steps[0]
    assert (first.title, first.template) == ("Send delay notice with options", "delay_notice")


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (ExceptionKind.ADDRESS, StopState.ATTEMPTED),
        (ExceptionKind.FAILED_ATTEMPT, StopState.ATTEMPTED),
        (ExceptionKind.RETURN_MISSED, StopState.SKIPPED),
        (ExceptionKind.POD_MISMATCH, StopState.DELIVERED),
    ],
)
def test_what_is_said_first_still_makes_sense_after_what_raised_it(
    kind: ExceptionKind, outcome: StopState
) -> None:
    first = next(book for book in PLAYBOOKS if book.kind is kind).steps[0]
    assert outcome in Templates.load()[first.template].after
