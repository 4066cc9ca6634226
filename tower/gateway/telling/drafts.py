"""What drafting a message rests on besides the state: templates, arrivals, and what is carried."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from tower.domain.commands import MessageWish
from tower.domain.state import State
from tower.domain.words import Channel
from tower.eta.schedule import Arrival
from tower.outreach.addresses import region_of
from tower.outreach.drafting import Drafted, draft
from tower.outreach.history import History
from tower.outreach.policy import Barred
from tower.outreach.reaching import NAMES
from tower.outreach.segments import segments, sms_text
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
            self._carried(
                draft(wish, state, arrivals.get(wish.stop_id), self.templates, now, history),
                state,
            )
            for wish in wishes
        ]

    def region(self, state: State) -> str:
        """The country phone numbers without a country code are in."""
        return region_of(state.shift.timezone) if state.shift else ""

    def _carried(self, drafted: Drafted | Barred, state: State) -> Drafted | Barred:
        """Leave out the ways no account carries."""
        if isinstance(drafted, Barred):
            return drafted
        reaches = tuple(one for one in drafted.plan.reaches if one.channel in self.media)
        if reaches == drafted.plan.reaches:
            return drafted
        if not reaches:
            names = ", ".join(NAMES[one.channel] for one in drafted.plan.reaches)
            return Barred(f"This gateway has no account that carries {names}.")
        words, channel = drafted.plan.words, reaches[0].channel
        parts = segments(sms_text(words)) if channel is Channel.SMS else None
        price = state.policy.costs.get(channel, 0.0)
        return drafted._replace(
            plan=replace(drafted.plan, reaches=reaches),
            cost=price * (parts.parts if parts else 1),
            segments=parts,
        )


NOTHING_TOLD = Telling()
"""Of a gateway that tells customers nothing."""
