"""What the gateway answers about figures, besides `tower.kpi.query`."""

from tower.domain.events import Event
from tower.gateway.answers import Answer
from tower.kpi.facts import Dimension
from tower.kpi.measures.definition import Definition


class MeasuresAnswer(Answer, frozen=True, kw_only=True):
    """What is measured, and how far the figures are.

    Attributes:
        definitions: version of the definitions; it grows with every change of what counts.
        measures: all of them, in the order they are listed.
        targets: what holds now for each measure that has a target: as managers set it, else its
            own.
        seq: the journal's last event that is in the figures; behind: how many are not yet.
        trouble: why the figures stand still, in words; "" while all is well.
        has_simulated_past: days of them were made up, for a demonstration.
    """

    definitions: int
    measures: tuple[Definition, ...]
    targets: dict[str, float]
    seq: int
    behind: int
    trouble: str = ""
    has_simulated_past: bool = False


class NamedValue(Answer, frozen=True, kw_only=True):
    """One value of a dimension, as a menu shows it.

    Attributes:
        name: what people call it; its id where nobody named it.
    """

    id: str
    name: str


class ValuesAnswer(Answer, frozen=True, kw_only=True):
    """Values of a dimension there are facts of.

    Attributes:
        values: by name.
        more: there are more than fit; a longer prefix finds them.
    """

    dimension: Dimension
    values: tuple[NamedValue, ...]
    more: bool = False


class StopHistory(Answer, frozen=True, kw_only=True):
    """Everything the journal knows of a stop, its exceptions and messages included.

    Attributes:
        events: by the time they happened, the oldest first; each says who made it.
        cut: older ones were left out.
    """

    stop_id: str
    events: tuple[Event, ...]
    cut: bool = False
