"""The example shift with customers who can be told, and the gateway's own answers about that."""

import asyncio
from datetime import timedelta
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from tests.ui.deciding import ANN
from tests.ui.example_shift import NOON, event, numbered, raised
from tower.domain import events as e
from tower.domain.commands import AnyCommand, Command
from tower.domain.messages import Attempt, MessagePlan, Recognised
from tower.domain.records import PickupPoint, Stop, StopPlan, Subject
from tower.domain.words import Channel, ExceptionKind, Intent, MessageState, Punctuality, Severity
from tower.eta.schedule import Arrival
from tower.gateway.answers import EventPage
from tower.gateway.deciding.decisions import decide
from tower.gateway.deciding.verdicts import Accepted, Terms
from tower.gateway.telling.answers import PreviewsWish, TemplateReport
from tower.gateway.telling.drafts import Telling
from tower.gateway.telling.previews import previews
from tower.outreach.playbooks import default_playbooks
from tower.outreach.templates import Templates
from ui.exchange import Answer, CommandResult, Question
from ui.outreach.catalogue import TEMPLATES_PATH
from ui.outreach.wire import PREVIEWS_PATH
from ui.session import Session

TEMPLATES = Templates.load()
PHONES = {"s0": "+423 791 23 40", "s1": "+423 791 23 41", "s2": "+423 791 23 42"}
_REPORTS = [
    TemplateReport(
        name=one.name,
        title=one.title,
        about=one.about,
        languages=one.languages,
        is_notice=one.is_notice,
        options=one.options,
    )
    for one in TEMPLATES.all
]
_LEASE = timedelta(seconds=120)
_Kind = TypeVar("_Kind", bound=Command)
_MEDIA = frozenset({Channel.SMS, Channel.EMAIL, Channel.WHATSAPP})


def happen(session: Session, *happened: e.Event) -> None:
    """Let a session hear of events."""
    session.fold_events(numbered(happened, start=session.state.seq + 1))


def planned(session: Session, stop_id: str, **more: object) -> StopPlan:
    """Plan a stop anew, with more known about its customer."""
    plan = session.state.stops[stop_id].plan
    assert plan is not None
    wanted = replace(plan, **more)
    later = NOON + timedelta(seconds=session.state.seq)
    happen(session, event(e.StopPlanned(plan=wanted), at=later))
    return wanted


def customers(session: Session) -> None:
    """Give the shift customers with phones and languages, pick-up points and playbooks."""
    for number, (stop_id, phone) in enumerate(PHONES.items()):
        language = ("de", "es-CL", "fr")[number]
        planned(
            session,
            stop_id,
            phone=phone,
            email=f"customer{number}@example.org",
            language=language,
            contact_by=(Channel.SMS, Channel.EMAIL),
            planned_at=NOON + timedelta(minutes=30),
        )
    route = session.state.routes["r0"].plan
    assert route is not None
    plan = replace(route, driver_phone="+423 791 00 00", driver_masked_phone="+423 663 00 01")
    happen(
        session,
        event(e.RoutePlanned(plan=plan), at=NOON + timedelta(seconds=1)),
        event(e.PlaybooksSet(version=1, playbooks=default_playbooks())),
        *(event(e.PickupPointRegistered(point=point)) for point in POINTS),
    )
    late = raised("x1", 0, Severity.CRITICAL, ExceptionKind.LATE_RISK)
    happen(session, replace(late, at=NOON + timedelta(seconds=2)))


POINTS = (
    PickupPoint(id="p-far", name="Demo Kiosk", address="Musterweg 9", lat=47.13, lon=9.50),
    PickupPoint(id="p-near", name="Demo Locker", address="Musterplatz 1", lat=47.101, lon=9.50),
)


def queued(message_id: str, stop_id: str = "s0", words: str = "Hello", **more: object) -> e.Event:
    """A message somebody decided to send."""
    plan = msgspec.convert(
        {
            "stop_id": stop_id,
            "exception_id": "x1",
            "template": "delay_notice",
            "reaches": [
                {"channel": "sms", "address": PHONES["s0"].replace(" ", "")},
                {"channel": "email", "address": "customer0@example.org"},
            ],
            "language": "de",
            "words": words,
            **more,
        },
        MessagePlan,
    )
    subject = Subject(stop_id=stop_id, exception_id="x1", message_id=message_id)
    return event(e.MessageQueued(plan=plan), subject)


def progressed(
    message_id: str,
    state: MessageState,
    number: int = 1,
    channel: Channel = Channel.SMS,
    *,
    minutes: int = 1,
    why: str = "",
) -> e.Event:
    """An attempt came further."""
    at = NOON + timedelta(minutes=minutes)
    attempt = Attempt(
        number=number,
        channel=channel,
        address=PHONES["s0"].replace(" ", ""),
        provider="outbox",
        state=state,
        at=at,
        why=why,
    )
    body = e.MessageProgressed(attempt=attempt, version=number + 1)
    return event(body, Subject(stop_id="s0", message_id=message_id), at=at)


def replied(
    reply_id: str,
    words: str,
    *intents: Recognised,
    stop_id: str = "s0",
    minutes: int = 2,
    channel: Channel = Channel.SMS,
) -> e.Event:
    """A customer wrote."""
    body = e.ReplyReceived(
        reply_id=reply_id,
        channel=channel,
        address=PHONES["s0"].replace(" ", ""),
        words=words,
        intents=intents,
    )
    subject = Subject(stop_id=stop_id, exception_id="x1" if stop_id else "")
    return event(body, subject, at=NOON + timedelta(minutes=minutes))


CODE = Recognised(intent=Intent.GATE_CODE, value="4417#", quote="Code 4417#")


class Teller:
    """The gateway's end of previews and messages: answers when it is asked to.

    Attributes:
        asked: questions not answered yet.
        renderings: questions for what was sent, all of them.
        pasts: questions for what happened before, all of them.
        commands: all that were sent.
        late_s: seconds every vehicle is late.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.asked: list[Question] = []
        self.renderings: list[Question] = []
        self.pasts: list[Question] = []
        self.commands: list[Command] = []
        self._waiting: list[AnyCommand] = []
        self.late_s = 3600.0
        self.telling = Telling(TEMPLATES, self._arrivals, _MEDIA)
        session.question_asked.connect(self._on_asked)
        session.command_issued.connect(self._on_issued)

    def _on_asked(self, question: Question) -> None:
        if question.path in (PREVIEWS_PATH, TEMPLATES_PATH):
            self.asked.append(question)
        elif question.path.startswith("/v1/events"):
            self.pasts.append(question)
        elif "/rendering" in question.path:
            self.renderings.append(question)

    def _on_issued(self, command: Command) -> None:
        assert isinstance(command, AnyCommand)
        self.commands.append(command)
        self._waiting.append(command)

    def preview(self) -> None:
        """Answer every question for previews and templates that waits."""
        waiting, self.asked = self.asked, []
        for question in waiting:
            if question.path == TEMPLATES_PATH:
                question.on_answer(Answer(status=200, body=msgspec.json.encode(_REPORTS)))
                continue
            wish = msgspec.json.decode(question.body or b"", type=PreviewsWish)
            state, clock = self._session.state, self._session.clock
            found = asyncio.run(previews(wish.messages, self.telling, state, clock))
            question.on_answer(Answer(status=200, body=msgspec.json.encode(found)))

    def remember(self, *past: e.Event) -> None:
        """Tell what happened before to the last who asked."""
        page = EventPage(events=past, next=0)
        self.pasts[-1].on_answer(Answer(status=200, body=msgspec.json.encode(page)))

    def refuse(self, message: str) -> None:
        """Refuse every command that waits."""
        for command in self._taken():
            self._session.answer(command, CommandResult(status=422, message=message))

    def accept(self) -> None:
        """Decide every command that waits, as the gateway does; what happens is told at once."""
        for command in self._taken():
            verdict = decide(command, self._session.state, self._terms)
            if isinstance(verdict, Accepted):
                happen(self._session, *verdict.events)
                self._session.answer(command, CommandResult(status=200))
            else:
                self._session.answer(command, CommandResult(status=422, message=verdict.message))

    @property
    def _terms(self) -> Terms:
        return Terms(grant=ANN, now=self._session.now, lease=_LEASE, telling=self.telling)

    def of(self, kind: type[_Kind]) -> list[_Kind]:
        """The commands of a kind that were sent."""
        return [one for one in self.commands if isinstance(one, kind)]

    def _taken(self) -> list[AnyCommand]:
        taken, self._waiting = self._waiting, []
        return taken

    def _arrivals(self) -> dict[str, Arrival]:
        return {stop.id: self._arrival(stop) for stop in self._session.state.stops.values()}

    def _arrival(self, stop: Stop) -> Arrival:
        end = stop.plan.window_end if stop.plan else None
        p50 = (end or NOON) + timedelta(seconds=self.late_s)
        early, late = timedelta(minutes=3), timedelta(minutes=6)
        return Arrival(
            stop_id=stop.id, p10=p50 - early, p50=p50, p90=p50 + late, punctuality=Punctuality.LATE
        )
