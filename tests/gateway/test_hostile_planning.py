"""Whatever is sent to the planning operations, they answer in words and never fail."""

import json
from collections.abc import Iterator
from zlib import crc32

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.running import RunningGateway
from tower.domain.words import StopKind

PATHS = ("/v1/travel", "/v1/suggestions", "/v1/optimisations", "/v1/commands")
FIELDS = (
    *("type", "routes", "stops", "origins", "destinations", "profile", "weights", "loose"),
    *("lateness", "handovers", "override", "locked", "out_of_service", "reason", "cancels"),
)
WORDS = ("A", "B", "S1", "S5", "S99", "", "car", "sequence_routes", "lock_stops", StopKind.PICKUP)

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
documents = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
        st.fixed_dictionaries(
            {"route_id": leaves, "version": leaves, "stops": st.lists(leaves, max_size=4)}
        ),
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def sue(shared_gateway: RunningGateway) -> Iterator[httpx.Client]:
    """Somebody who may do everything."""
    with shared_gateway.client("sue") as http:
        yield http


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=60)
@given(document=documents)
def test_no_document_makes_an_operation_fail(
    sue: httpx.Client, path: str, document: object
) -> None:
    body = json.dumps(document).encode()
    answer = sue.post(path, content=body, headers={"Idempotency-Key": f"{crc32(body):x}"})
    assert answer.status_code in (200, 202, 400, 404, 409, 422, 429), answer.text
    if not answer.is_success:
        assert answer.json()["message"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"routes":' * 5_000])
def test_what_is_no_document_is_refused(sue: httpx.Client, path: str, body: bytes) -> None:
    answer = sue.post(path, content=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code in (400, 422)


def test_a_wish_that_names_everything_many_times_is_refused_or_kept_small(
    sue: httpx.Client,
) -> None:
    wish = {"routes": ["A", "B"], "loose": ["S5"] * 50_000}
    answer = sue.post("/v1/optimisations", json=wish)
    assert answer.status_code == 422
