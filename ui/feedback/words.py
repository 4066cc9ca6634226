"""Claims in words. Knows no widgets."""

from tower.domain.feedback import Claim
from tower.domain.words import ClaimKind, ClaimOutcome
from ui.session import Session

KIND_WORDS = {
    ClaimKind.NOT_RECEIVED: "Not received (disputes the delivery)",
    ClaimKind.DAMAGED: "Damaged",
    ClaimKind.MISSING: "Something missing",
    ClaimKind.WRONG_ITEM: "Wrong item",
    ClaimKind.LATE: "Too late",
    ClaimKind.OTHER: "Something else",
}
"""What a claim is about, as the list offers it."""

OUTCOME_WORDS = {
    ClaimOutcome.UPHELD: "Uphold",
    ClaimOutcome.REJECTED: "Reject",
    ClaimOutcome.WITHDRAWN: "Withdrawn",
}
"""How a claim can be decided, as its buttons say it."""


def claims_of(session: Session, stop_id: str) -> list[Claim]:
    """The claims about a stop, the newest first."""
    mine = [one for one in session.state.claims.values() if one.stop_id == stop_id]
    return sorted(mine, key=lambda one: (one.filed_stamp, one.id), reverse=True)


def claim_words(session: Session, claim: Claim) -> str:
    """One claim on two lines: what it says, and how it stands."""
    amount = f", {claim.amount:,.2f} asked for" if claim.amount else ""
    said = f": {claim.words}" if claim.words else ""
    filed = session.clock_text(claim.filed_at) if claim.filed_at else "—"
    head = f"{KIND_WORDS[claim.kind]}{amount}{said}"
    return f"{head}\n{claim.id} · filed {filed} · {_standing(session, claim)}"


def _standing(session: Session, claim: Claim) -> str:
    if claim.outcome is None:
        return "open"
    why = f": {claim.settlement}" if claim.settlement else ""
    return f"{claim.outcome} {session.clock_text(claim.settled_at)}{why}"
