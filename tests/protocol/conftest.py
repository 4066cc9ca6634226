"""One gateway for all cases of a module."""

from collections.abc import Iterator

import pytest

from tests.gateway.running import RunningGateway, running_gateway


@pytest.fixture(scope="module")
def shared_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway several tests talk to."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running
