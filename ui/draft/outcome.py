"""What can become of a draft besides being committed."""

import msgspec

from tower.routes.change import Orders
from tower.routes.impact import Impact
from tower.routes.violations import Violation


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a draft was not committed.

    Attributes:
        status: the gateway's HTTP status; 0 where it was not asked, or could not be.
        error: a word programs can tell apart; `infeasible` where only a supervisor's reason helps.
        message: what happened and what to do, for the dispatcher.
        violations: the hard constraints that would newly be broken.
    """

    status: int
    error: str
    message: str
    violations: tuple[Violation, ...] = ()

    @property
    def needs_override(self) -> bool:
        """True where a supervisor may commit it all the same, with a reason."""
        return self.error == INFEASIBLE


INFEASIBLE = "infeasible"
"""The error of a change that breaks hard constraints."""


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else changed routes of the draft.

    Attributes:
        routes: ids of the routes both changed, and of those only one of the two changed.
        theirs: all orders as they stand now, without the draft.
        mine: all orders as the draft would have had them before their change.
        merged: the draft's gestures done again on theirs.
        dropped: ids of stops whose gestures cannot be done any more.
        astray: ids of stops whose gestures put them before a stop that is no longer there.
        who: name of the person who changed them, "" where nobody knows.
        why: that person's reason, "" for none.
        before: the orders both started from.
        impact_of_theirs: what their change does, against `before`; likewise the other two.
    """

    routes: tuple[str, ...]
    before: Orders
    theirs: Orders
    mine: Orders
    merged: Orders
    dropped: frozenset[str]
    astray: frozenset[str]
    who: str
    why: str
    impact_of_theirs: Impact
    impact_of_mine: Impact
    impact_of_merged: Impact
