"""The HTTP interface against its own OpenAPI document: every operation, good data and bad."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode

from tests.gateway.running import PATIENCE_S, RunningGateway
from tower.feed.asyncapi import asyncapi_document
from tower.gateway.http.openapi import openapi_document
from tower.gateway.http.operation import Operation
from tower.gateway.http.operations import all_operations

GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
EXAMPLES = {GOOD: 10, BAD: 10}
"""How many requests are made up for each operation."""

NOT_AS_ASKED = ["2xx", "401", "403", "404", "409", "422", "429", "503"]
"""What a request of the right form may be answered: it can still ask for what is not there."""

DECLARED = all_operations(asyncapi_document)


def _schema() -> Any:  # noqa: ANN401 - schemathesis has no public name for it
    described = openapi_document(DECLARED)
    schema = schemathesis.openapi.from_dict(described)
    # Parameters nobody knows are passed over, and so are headers, tokens are tested elsewhere.
    schema.config.generation.update(allow_extra_parameters=False, with_security_parameters=False)
    schema.config.checks.positive_data_acceptance.expected_statuses = NOT_AS_ASKED
    return schema


OPERATIONS = [one.ok() for one in _schema().get_all_operations()]


def _can_be_wrong(operation: Operation) -> bool:
    """Whether there is a request to it of a wrong form: most parameters may be any text."""
    has_form = operation.body is not None and operation.body.kind is not None
    return has_form or any(one.kind is int for one in operation.parameters)


WRONG = {f"{one.method} {one.path}" for one in DECLARED if _can_be_wrong(one)}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.label))
def test_good_requests_are_answered_as_documented(
    shared_gateway: RunningGateway,
    operation: Any,  # noqa: ANN401 - as above
) -> None:
    _try(shared_gateway, operation, GOOD)


@pytest.mark.parametrize(
    "operation",
    [one for one in OPERATIONS if one.label in WRONG],
    ids=lambda operation: str(operation.label),
)
def test_bad_requests_are_refused_as_documented(
    shared_gateway: RunningGateway,
    operation: Any,  # noqa: ANN401 - as above
) -> None:
    _try(shared_gateway, operation, BAD)


def _try(
    gateway: RunningGateway,
    operation: Any,  # noqa: ANN401 - as above
    mode: GenerationMode,
) -> None:
    @seed(1)
    @settings(
        max_examples=EXAMPLES[mode],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(
            base_url=gateway.url,
            headers={"Authorization": "Bearer sue-token"},
            timeout=PATIENCE_S,
        )

    check()
