"""One gateway for the tests of a module that only look, a fresh one for those that change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.running import RunningGateway, running_gateway


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[RunningGateway]:
    """A gateway of this test's own."""
    with running_gateway(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="module")
def shared_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway several tests look at."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running
