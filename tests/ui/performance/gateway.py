"""The other end of the performance window's questions: plain figures made from the question."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec.structs import replace

from tests.ui.example_shift import NOON, event, example_state
from tower.domain import events as e
from tower.domain.records import Subject
from tower.gateway.kpi_answers import MeasuresAnswer, NamedValue, StopHistory, ValuesAnswer
from tower.kpi.facts import Dimension
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES
from tower.kpi.query import Answer, Ask, Behind, BehindAnswer, FactLine, Row
from ui.exchange import Answer as Reply
from ui.exchange import Question
from ui.session import Session

TODAY = NOON.date()
NAMES = {"own": "Own vans", "gig": "Demo Gig", "depot-1": "Demo Depot"}
_D = Dimension
_KEYS: dict[Dimension, tuple[str, ...]] = {
    _D.HOUR: tuple(str(hour) for hour in range(8, 19)),
    _D.CARRIER: ("own", "gig"),
    _D.DEPOT: ("depot-1",),
    _D.DRIVER: tuple(f"Driver A{number}" for number in range(12)),
    _D.ROUTE: tuple(f"r{number}" for number in range(12)),
    _D.POSTCODE: ("9490", "9491", "9492", "9494"),
    _D.ACCOUNT: ("Demo Shop", "Example Mail"),
    _D.SERVICE_LEVEL: ("standard", "express"),
    _D.VEHICLE: ("e_van", "cargo_bike"),
    _D.WEEKDAY: tuple(str(day) for day in range(7)),
    _D.ETA_ERROR: tuple(str(minutes) for minutes in range(-30, 31, 5)),
}
_LABELS = {"failed": ("not_home", "no_access", "refused"), "exceptions": ("late_risk", "wismo")}
_LEVELS = {
    "on_time": 93.0,
    "on_time_at_dispatch": 91.0,
    "first_attempt": 94.0,
    "sla_kept": 96.0,
    "eta_error_60": 8.0,
    "eta_coverage_60": 80.4,
    "failed": 20.0,
    "csat": 4.4,
    "nps": 51.0,
}


class KpiGateway:
    """Answers at once, or when told to.

    Attributes:
        asks: every question for figures, in order; behinds: those for what stands behind.
        paths: everything else that was asked.
        behind: events of the journal that are not in the figures yet.
        trouble: says this instead of answering.
        is_held: answers wait for `release`.
        odd: answers to questions that are to be answered otherwise.
    """

    def __init__(self, session: Session) -> None:
        self.asks: list[Ask] = []
        self.behinds: list[Behind] = []
        self.paths: list[str] = []
        self.trouble, self.is_held, self.behind = "", False, 0
        self.odd: dict[Ask, Answer] = {}
        self._held: list[Callable[[], None]] = []
        session.question_asked.connect(self._on_question)

    def release(self) -> None:
        """Answer what waits, in its order."""
        held, self._held = self._held, []
        for answer in held:
            answer()

    def _on_question(self, question: Question) -> None:
        if self.trouble:
            question.on_answer(Reply(status=503, message=self.trouble))
            return
        body = msgspec.json.encode(self._answer(question))
        reply = Reply(status=200, body=body)
        if self.is_held:
            self._held.append(lambda: question.on_answer(reply))
        else:
            question.on_answer(reply)

    def _answer(self, question: Question) -> object:
        url = urlsplit(question.path)
        if url.path == "/v1/kpi/query":
            ask = msgspec.json.decode(question.body or b"", type=Ask)
            self.asks.append(ask)
            return self.odd.get(ask) or answer_to(ask)
        if url.path == "/v1/kpi/behind":
            behind = msgspec.json.decode(question.body or b"", type=Behind)
            self.behinds.append(behind)
            return lines_of(behind)
        self.paths.append(question.path)
        if url.path == "/v1/kpi/values":
            asked = {key: values[0] for key, values in parse_qs(url.query).items()}
            return values_of(Dimension(asked["dimension"]), asked.get("prefix", ""))
        if url.path == "/v1/kpi/measures":
            return replace(measures(), behind=self.behind)
        if url.path.endswith("/history"):
            return history_of(url.path.split("/")[3])
        raise AssertionError(question.path)


def measures() -> MeasuresAnswer:
    """What the gateway measures: what we know ourselves."""
    known = tuple(MEASURES.values())
    return MeasuresAnswer(
        definitions=DEFINITIONS_VERSION, measures=known, targets={}, seq=1, behind=0
    )


def span_of(ask: Ask | Behind) -> tuple[date, date]:
    """First and last day of a question."""
    filters = ask.filters
    until = date.fromisoformat(filters.until) if filters.until else TODAY
    since = until - timedelta(days=max(1, filters.days or 364) - 1)
    if filters.since:
        since = date.fromisoformat(filters.since)
    shift = timedelta(days=ask.shift_days)
    return since - shift, until - shift


def answer_to(ask: Ask) -> Answer:
    """Figures for a question: the same for the same, lower in the weeks before."""
    since, until = span_of(ask)
    rows = tuple(
        Row(
            keys=(key,) if ask.by else (),
            values=tuple(_value(measure, place, ask) for measure in ask.measures),
            counted=tuple(float(1204 - 7 * place) for _ in ask.measures),
        )
        for place, key in enumerate(_keys_of(ask, since, until))
    )
    return Answer(
        measures=ask.measures,
        by=ask.by,
        rows=rows,
        since=since,
        until=until,
        names=NAMES,
        seq=1,
        definitions=1,
    )


def _keys_of(ask: Ask, since: date, until: date) -> tuple[str, ...]:
    if not ask.by:
        return ("",)
    match ask.by[0]:
        case Dimension.LABEL:
            return _LABELS.get(ask.measures[0], ())
        case Dimension.DAY:
            return tuple(one.isoformat() for one in _days(since, until, 1))
        case Dimension.WEEK:
            monday = since - timedelta(days=since.weekday())
            return tuple(one.isoformat() for one in _days(monday, until, 7))
        case Dimension.MONTH:
            return tuple(dict.fromkeys(f"{one:%Y-%m}" for one in _days(since, until, 1)))
    return _KEYS[ask.by[0]]


def _days(since: date, until: date, step: int) -> Iterator[date]:
    day = since
    while day <= until:
        # A Sunday without deliveries leaves a gap.
        if step > 1 or day.weekday() < 6:
            yield day
        day += timedelta(days=step)


def _value(measure: str, place: int, ask: Ask) -> float:
    level = _LEVELS.get(measure, 12.0)
    return level - (place * 37 % 11) * level / 90 - (1.5 if ask.shift_days else 0.0)


def lines_of(behind: Behind) -> BehindAnswer:
    """A page of facts: those of the example shift first, then stops of another day."""
    total = 40 if behind.only_missed else 450
    places = range(behind.offset, min(total, behind.offset + behind.limit))
    return BehindAnswer(total=total, lines=tuple(_line(place) for place in places), names=NAMES)


def _line(place: int) -> FactLine:
    is_today = place < 15
    return FactLine(
        id=f"stop:{place}",
        stop_id=f"s{place}" if is_today else f"past-{place}",
        at=NOON - timedelta(minutes=7 * place),
        day=TODAY,
        carrier="own" if place % 2 else "gig",
        depot="depot-1",
        route=f"r{place % 3}",
        driver=f"Driver A{place % 3}",
        postcode="9490",
        account="Demo Shop",
        label="",
        value=0.0 if place < 40 else 100.0,
        missed=place < 40,
    )


def values_of(dimension: Dimension, prefix: str) -> ValuesAnswer:
    """The values of a dimension whose names begin so."""
    named = ((key, NAMES.get(key, key)) for key in _KEYS[dimension])
    fitting = [pair for pair in named if pair[1].casefold().startswith(prefix.casefold())]
    return ValuesAnswer(
        dimension=dimension, values=tuple(NamedValue(id=id_, name=name) for id_, name in fitting)
    )


def history_of(stop_id: str) -> StopHistory:
    """What happened to a stop: planned, and delivered."""
    plan = next(iter(example_state().stops.values())).plan
    assert plan is not None
    about = Subject(stop_id=stop_id, route_id="r0")
    planned = e.StopPlanned(plan=msgspec.structs.replace(plan, id=stop_id))
    happened = (
        event(planned, about, at=NOON - timedelta(hours=8), seq=1),
        event(e.StopArrived(), about, at=NOON - timedelta(minutes=4), seq=2),
        event(e.StopDelivered(note="left with <b>neighbour</b>"), about, seq=3),
    )
    return StopHistory(stop_id=stop_id, events=happened)
