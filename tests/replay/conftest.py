"""What a recording sets apart from the search for garbage is given back after each test."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _given_back() -> Iterator[None]:
    yield
    gc.unfreeze()
