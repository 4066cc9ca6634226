"""A draft on the example shift, and a gateway that answers as it is told."""

import pytest

from tests.ui.proposals.recorded import RecordedGateway
from ui.draft.draft import Draft
from ui.session import Session


@pytest.fixture
def gateway(session: Session) -> RecordedGateway:
    """Answers the session's questions."""
    return RecordedGateway(session)


@pytest.fixture
def draft(session: Session, gateway: RecordedGateway) -> Draft:
    """Nothing is tried out yet; travel times come from the gateway."""
    assert gateway.asked == []
    return Draft(session, session)
