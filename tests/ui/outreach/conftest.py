"""A session whose customers can be told, with the gateway's answers."""

import pytest

from tests.ui.outreach.told import Teller, customers
from ui.session import Session


@pytest.fixture
def told(session: Session) -> Session:
    """The example shift with phones, languages, pick-up points and playbooks."""
    customers(session)
    return session


@pytest.fixture
def teller(told: Session) -> Teller:
    """The gateway's end."""
    return Teller(told)
