"""What the rules raised, held against what really went wrong."""

from collections.abc import Iterable, Sequence
from statistics import median

import msgspec

from tower.demo.truth import Trouble
from tower.domain.episodes import about_of
from tower.domain.events import Event, ExceptionRaised, ExceptionWorked
from tower.domain.words import ExceptionKind, ExceptionState

GRACE_S = 180.0
"""What is raised so soon after it was over was still raised for it: reports come late."""

EARLY_S = 60.0
"""Clocks of the day are rounded: so much sooner than it began is not too soon."""

PREDICTED = (ExceptionKind.LATE_RISK, ExceptionKind.LATE)


class Raised(msgspec.Struct):
    """One exception and when it was open, seconds of the day."""

    kind: ExceptionKind
    about: str
    words: str
    spans: list[list[float]]

    @property
    def first_s(self) -> float:
        """When it was raised first."""
        return self.spans[0][0]


class Ledger:
    """Every exception of a run.

    Args:
        midnight: epoch seconds of the shift's local midnight.
    """

    def __init__(self, midnight: float) -> None:
        self._midnight = midnight
        self._raised: dict[str, Raised] = {}

    @property
    def raised(self) -> list[Raised]:
        """In the order they were raised."""
        return list(self._raised.values())

    def note(self, events: Iterable[Event]) -> None:
        """Take note of what was recorded."""
        for event in events:
            at_s = event.recorded_at.timestamp() - self._midnight
            if isinstance(event.body, ExceptionRaised):
                self._open(event, event.body, at_s)
            elif isinstance(event.body, ExceptionWorked):
                self._work(event.subject.exception_id, event.body.state, at_s)

    def _open(self, event: Event, body: ExceptionRaised, at_s: float) -> None:
        finding = body.finding
        if event.subject.exception_id not in self._raised:
            self._raised[event.subject.exception_id] = Raised(
                kind=finding.kind,
                about=about_of(finding.subject),
                words=f"{finding.headline}: {finding.detail}",
                spans=[[at_s, float("inf")]],
            )

    def _work(self, exception_id: str, state: ExceptionState, at_s: float) -> None:
        known = self._raised.get(exception_id)
        if known is None:
            return
        is_open = known.spans[-1][1] == float("inf")
        if state is ExceptionState.RESOLVED and is_open:
            known.spans[-1][1] = at_s
        elif state is ExceptionState.OPEN and not is_open:
            known.spans.append([at_s, float("inf")])


class Marks(msgspec.Struct):
    """How the rule of one kind did.

    Attributes:
        troubles: what went wrong and had to be found.
        found: those of them that were found.
        right: exceptions about something that had to be found.
        false: exceptions about nothing; those that need not be and may be found are neither.
        lead_min: of predicted kinds, minutes from the raise to the end of the window; of others,
            minutes from the begin to the raise.
        again: how often one was opened again.
        missing: what was not found; `wrong`: what was raised for nothing; both in words.
    """

    kind: ExceptionKind
    troubles: int = 0
    found: int = 0
    raised: int = 0
    right: int = 0
    false: int = 0
    again: int = 0
    lead_min: list[float] = []
    missing: list[str] = []
    wrong: list[str] = []

    @property
    def precision(self) -> float | None:
        """Right ones among those that are right or false."""
        return self.right / (self.right + self.false) if self.right + self.false else None

    @property
    def recall(self) -> float | None:
        """Found ones among those that had to be found."""
        return self.found / self.troubles if self.troubles else None

    @property
    def median_lead_min(self) -> float | None:
        """The middle one of the leads."""
        return median(self.lead_min) if self.lead_min else None

    def add(self, other: "Marks") -> None:
        """Count another shift's in."""
        for name in ("troubles", "found", "raised", "right", "false", "again"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lead_min += other.lead_min
        self.missing += other.missing
        self.wrong += other.wrong


def marks(kind: ExceptionKind, troubles: Sequence[Trouble], raised: Sequence[Raised]) -> Marks:
    """How the rule of a kind did in one shift.

    A window that was told to be missed by `late` before it ended counts as told for `late_risk`:
    the one gives way to the other.

    Args:
        kind: whose rule.
        troubles: everything that went wrong.
        raised: everything that was raised.
    """
    own = [one for one in raised if one.kind is kind]
    true = [one for one in troubles if one.kind is kind]
    plain = [one for one in true if one.plain]
    result = Marks(kind=kind, troubles=len(plain), raised=len(own))
    result.again = sum(len(one.spans) - 1 for one in own)
    for one in own:
        matched = [trouble for trouble in true if _matches(one, trouble)]
        result.right += any(trouble.plain for trouble in matched)
        if not matched:
            result.false += 1
            result.wrong.append(f"{_clock(one.first_s)} {one.about} {one.words}")
    tellers = [*own, *(one for one in raised if _tells_as_well(one, kind))]
    for trouble in plain:
        firsts = [one.first_s for one in tellers if _told(one, trouble, kind)]
        if firsts:
            result.found += 1
            result.lead_min.append(_lead_s(trouble, min(firsts)) / 60.0)
        else:
            began_s = trouble.window_end_s or trouble.begins_s
            result.missing.append(f"{_clock(began_s)} {trouble.about[0]}")
    return result


def _matches(one: Raised, trouble: Trouble) -> bool:
    """True where the exception was open while the trouble lasted."""
    if one.about not in trouble.about:
        return False
    return any(
        begin_s <= trouble.ends_s + GRACE_S and end_s >= trouble.begins_s - EARLY_S
        for begin_s, end_s in one.spans
    )


def _tells_as_well(one: Raised, kind: ExceptionKind) -> bool:
    return kind is ExceptionKind.LATE_RISK and one.kind is ExceptionKind.LATE


def _told(one: Raised, trouble: Trouble, kind: ExceptionKind) -> bool:
    if kind is ExceptionKind.LATE_RISK and trouble.window_end_s is not None:
        return one.about in trouble.about and one.first_s < trouble.window_end_s
    return _matches(one, trouble)


def _lead_s(trouble: Trouble, raised_s: float) -> float:
    if trouble.window_end_s is not None:
        return trouble.window_end_s - raised_s
    return max(0.0, raised_s - trouble.begins_s)


def _clock(second: float) -> str:
    minutes = int(second // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
