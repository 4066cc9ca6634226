"""What a map goes on with when its page, or the whole widget, is replaced by another."""

import msgspec

from ui.map.channel import PageView
from ui.map.drafting import MapDraft


class Standing(msgspec.Struct):
    """What a dispatcher has set on a map, and would miss on the next.

    Attributes:
        theme: ``"dark"`` or ``"light"``.
        selection: Kind and id of what is selected; both empty for nothing.
        followed: Id of the vehicle kept in the middle, or empty.
        layers: Layers shown and hidden, by name.
        where: Where the map looks; None until somebody knows.
        draft: What is being tried out.
    """

    theme: str = "dark"
    selection: tuple[str, str] = ("", "")
    followed: str = ""
    layers: dict[str, bool] = msgspec.field(default_factory=dict)
    where: PageView | None = None
    draft: MapDraft = MapDraft()
