"""What drafting a message rests on besides the state: templates, arrivals, and what is carried."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from tower.domain.commands import MessageWish
from tower.domain.state import State
from tower.domain.words import Channel
from tower.eta.schedule import Arrival
from tower.outreach.addresses import region_of
from tower.outreach.drafting import Drafted, draft
from tower.outreach.history import History
from tower.outreach.policy import Barred
from tower.outreach.templates import Templates


class Telling(msgspec.Struct, frozen=True):
    """Drafts messages, for previews and commands alike.

    Attributes:
        templates: every template there is; None where nothing can be told.
        arrivals: the newest arrival of each stop, by its id.
        media: what some account carries.
    """

    templates: Templates | None = None
    arrivals: Callable[[], Mapping[str, Arrival]] = dict
    media: frozenset[Channel] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Names of the templates."""
        return frozenset(one.name for one in self.templates.all) if self.templates else frozenset()

    def drafts(
        self, wishes: Sequence[MessageWish], state: State, now: datetime
    ) -> list[Drafted | Barred]:
        """What each wish would send, or why its customer may not be told."""
        if self.templates is None:
            return [Barred("This gateway tells customers nothing.") for _ in wishes]
        arrivals, history = self.arrivals(), History(state)
        return [
            draft(
                wish,
                state,
                arrivals.get(wish.stop_id),
                self.templates,
                now,
                history=history,
                carried=self.media,
            )
            for wish in wishes
        ]

    def region(self, state: State) -> str:
        """The country phone numbers without a country code are in."""
        return region_of(state.shift.timezone) if state.shift else ""


NOTHING_TOLD = Telling()
"""Of a gateway that tells customers nothing."""
