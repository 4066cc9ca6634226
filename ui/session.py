"""What every panel reads: the shift as this desktop knows it, and signals when it changes.

Lives on the GUI thread. The bridge hands in what came over the websockets; panels read the
attributes, listen to the signals, select, and run commands. Nothing else holds state.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor
from shiboken6 import isValid

from tower.domain.commands import Command, NoteException
from tower.domain.events import Event
from tower.domain.fold import apply
from tower.domain.records import ExceptionRecord, Route, Stop
from tower.domain.state import Changed, ShiftEntry, State
from tower.domain.words import Severity
from tower.feed.arrivals import ArrivalMirror
from tower.feed.client import Link
from tower.feed.clock import Clock
from tower.feed.messages import CarrierHealth
from tower.feed.sections import Frame
from tower.feed.vehicles import VehicleMirror
from tower.replay.recording import Moment
from ui.clocktext import minute_text
from ui.exchange import (
    Answer,
    CommandResult,
    Job,
    LiveAdvance,
    PastAnswers,
    Question,
    Selection,
)
from ui.filter import Hidden, Links, keep_linked, links, route_of, shows_route
from ui.pastclock import PastClock
from ui.shapes import RouteShape
from ui.shares import without
from ui.theme import Theme
from ui.turns import Turns

IN_THE_PAST = "in_the_past"
"""The error of a command that was given while a moment of the past was shown."""

PAST_WORDS = "You are looking at the past, where nothing can be changed; Backspace returns to live."
ARRIVALS_AT_ONCE = 500
"""Panels hear of the arrivals of so many stops in one turn of the event loop."""

ARRIVALS_REST_MS = 10
"""The window has so long for anything else before the next of them."""

_EVENTS_AT_ONCE = 300
"""Of more events than these between two moments the end is asked for anew."""

RECORDS_AT_ONCE = 2_000
"""With more records that are otherwise than in the moment before, all is read anew: that is sooner
done."""

_Result = TypeVar("_Result")


class Session(QObject):
    """The desktop's view of the shift, as it is now or as it was.

    What panels show is `state`, `vehicles`, `arrivals` and `clock`: of now, or of the moment of
    the past that is looked at. Whoever watches over the shift whatever is shown (alerts, what was
    sent) reads `live_state` and listens to `live_replaced` and `live_events_arrived`.

    Attributes:
        state: the fold of every event that arrived, or of those up to `past`; read it, never
            change it.
        vehicles: where every vehicle is (telemetry), or was.
        arrivals: when every stop will be reached, or what was thought of it then.
        past: the moment that is shown, None while that is now.
        is_recording: a file is shown: there is no live to return to.
        live_state: what is so now, whatever is shown; `live_vehicles` and `live_arrivals` likewise.
        meanwhile: what arrived since the past is looked at.
        past_changed: the past was entered, another moment is shown, or live is shown again.
        moment_shown: everything was said of the moment `show_moment` was given.
        live_advanced: the new `meanwhile`.
        live_replaced: the whole `live_state` is another one.
        live_events_arrived: like `events_arrived`, but of live, whatever is shown.
        events_replaced: other events than before led to what is shown; ask for them again.
        theme: the colours in force.
        turns: keeps shares of long work apart; those of a moment of the past are waited for.
        link: how the connection stands.
        health: how each carrier's feed stands, each second.
        trouble: what is wrong with the gateway itself, "" while all is well.
        shapes: route id to its line along the roads.
        selection: what is selected.
        actor_id: who sits here; exceptions owned by this id are "mine".
        actor_name: the name to show for it.
        is_supervisor: they may commit what breaks hard constraints, with a reason.
        hidden: what the top bar's filters take off the screen.
        epoch: the journal's identity.
        records_changed: frozenset of `Changed`, merged, at most every 100 ms.
        exceptions_changed: frozenset of exception ids, at once.
        state_replaced: the whole state is another one; read everything again.
        telemetry_changed: vehicles moved.
        arrivals_changed: set of the stop ids whose prediction changed.
        shapes_changed: route lines arrived.
        selection_changed: the new `Selection`.
        link_changed: the new `Link`.
        health_changed: `health` is new.
        trouble_changed: `trouble` is another.
        hidden_changed: another filter; what is shown changes.
        events_arrived: list of `Event` in the journal's order, for the event log.
        ticked: time goes on for what is shown: each second while that is live, and with each moment
            of the past.
        beat: each second of the wall's time, whatever is shown.
        command_issued: a command to be sent (the bridge listens).
        command_answered: a command and its `CommandResult`.
        question_asked: a `Question` for the gateway (the bridge listens).
        download_wanted: a `Download` (the bridge listens).
        job_given: a `Job` for a worker thread (the bridge listens).
        actor_changed: the gateway said who sits here.
    """

    past_changed = Signal()
    moment_shown = Signal()
    live_advanced = Signal(object)
    live_replaced = Signal()
    live_events_arrived = Signal(object)
    events_replaced = Signal()
    records_changed = Signal(object)
    exceptions_changed = Signal(object)
    state_replaced = Signal()
    telemetry_changed = Signal()
    arrivals_changed = Signal(object)
    shapes_changed = Signal()
    selection_changed = Signal(object)
    link_changed = Signal(object)
    health_changed = Signal()
    trouble_changed = Signal()
    hidden_changed = Signal()
    events_arrived = Signal(object)
    ticked = Signal()
    beat = Signal()
    command_issued = Signal(object)
    command_answered = Signal(object, object)
    question_asked = Signal(object)
    download_wanted = Signal(object)
    job_given = Signal(object)
    actor_changed = Signal()

    def __init__(
        self,
        clock: Clock,
        theme: Theme,
        actor_id: str = "",
        actor_name: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.live_clock, self.theme = clock, theme
        self.actor_id, self.actor_name = actor_id, actor_name
        self.is_supervisor = False
        self.live_state, self.epoch = State(), ""
        self.live_arrivals = ArrivalMirror()
        self.live_vehicles = VehicleMirror(self.live_arrivals)
        self.state, self.arrivals, self.vehicles = (
            self.live_state,
            self.live_arrivals,
            self.live_vehicles,
        )
        self.past: datetime | None = None
        self.is_recording = False
        self.turns = Turns(lambda: self.past is not None)
        self.meanwhile = LiveAdvance()
        self._past_clock = PastClock()
        self._past_answers: PastAnswers | None = None
        self._live_exceptions: set[str] = set()
        self._to_say: list[Callable[[], object]] = []
        self._saying = QTimer(self)
        self._saying.setSingleShot(True)
        self._saying.timeout.connect(self._say_next)
        self._arrivals_to_tell: dict[str, None] = {}
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.timeout.connect(self._on_telling)
        self.link = Link(status="connecting")
        self.health: list[CarrierHealth] = []
        self.trouble = ""
        self.shapes: Mapping[str, RouteShape] = {}
        self._live_shapes: Mapping[str, RouteShape] = self.shapes
        self.selection, self.hidden = Selection(), Hidden()
        self._zone_of: tuple[ShiftEntry, ...] = ()
        self._zone: tzinfo = UTC
        self._links: Links | None = None
        self._heartbeat = QTimer(self)
        self._heartbeat.setInterval(1000)
        self._heartbeat.timeout.connect(self._on_heartbeat)
        self._heartbeat.start()

    # What panels ask

    @property
    def clock(self) -> Clock:
        """The clock of what is shown: the gateway's, or one that stands at the moment."""
        return self.live_clock if self.past is None else self._past_clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.live_clock = clock

    @property
    def now(self) -> datetime:
        """The time of what is shown, UTC: the gateway's, or the moment's."""
        return self.clock.now()

    @property
    def zone(self) -> tzinfo:
        """The time zone of the shift; UTC before a shift is open or where nobody knows its zone."""
        shifts = tuple(self.state.shifts.values())
        if shifts != self._zone_of:  # asked for every time on the screen
            self._zone_of, self._zone = shifts, self.state.zone
        return self._zone

    def local(self, at: datetime) -> datetime:
        """A time in the shift's time zone."""
        return at.astimezone(self.zone)

    def clock_text(self, at: datetime | float | None, *, seconds: bool = False) -> str:
        """`14:23` (or `14:23:08`) in the shift's time zone; an em dash for None."""
        if at is None:
            return "—"
        at_s = at if isinstance(at, int | float) else at.timestamp()
        minutes = minute_text(int(at_s // 60), self.zone)
        return f"{minutes}:{int(at_s % 60):02}" if seconds else minutes

    @property
    def about_words(self) -> str:
        """What a note given in the past says of its moment: ` (about 13:42:10 on 5 March)`."""
        if self.past is None:
            return ""
        day = self.local(self.past)
        return f" (about {self.clock_text(self.past, seconds=True)} on {day.day} {day:%B})"

    @property
    def links(self) -> Links:
        """Which route each vehicle drives and each stop's number."""
        if self._links is None:
            self._links = links(self.state)
        return self._links

    def route_color(self, route_id: str) -> QColor:
        """The colour a route wears everywhere, in the theme in force."""
        return self.theme.route_color(self.links.colour_of_route.get(route_id, 0))

    @property
    def data_age_s(self) -> float | None:
        """Seconds of the gateway's clock since the newest fix; None before the first."""
        at_ms = self.live_vehicles.columns["at_ms"][self.live_vehicles.present]
        if not at_ms.size:
            return None
        return round(max(0.0, self.live_clock.time() - float(at_ms.max()) / 1000), 3)

    @property
    def is_stale(self) -> bool:
        """True while what is on the screen may be out of date."""
        return self.link.status not in {"live", "connecting"}

    def shows(self, record: Route | Stop | ExceptionRecord) -> bool:
        """Whether the filters let a route, stop or exception on the screen."""
        if not self.hidden:
            return True
        finding = record.finding if isinstance(record, ExceptionRecord) else None
        if finding is not None and finding.subject.carrier_id in self.hidden.carriers:
            return False
        route = record if isinstance(record, Route) else route_of(record, self.state, self.links)
        shift_id = self.links.shift_of_route.get(route.id, "") if route else ""
        return shows_route(route, self.hidden, shift_id)

    def shows_vehicle(self, vehicle_id: str) -> bool:
        """Whether the filters let a vehicle on the screen."""
        entry = self.state.vehicles.get(vehicle_id)
        if entry is not None and entry.value.carrier_id in self.hidden.carriers:
            return False
        route = self.state.routes.get(self.links.route_of_vehicle.get(vehicle_id, ""))
        return route is None or self.shows(route)

    # What panels do

    def select(self, kind: str, id: str) -> None:  # noqa: A002 - the contract's name
        """Select a thing everywhere; ("", "") selects nothing."""
        wanted = Selection(kind, id) if kind and id else Selection()
        if wanted != self.selection:
            self.selection = wanted
            self.selection_changed.emit(wanted)

    def hide(self, hidden: Hidden) -> None:
        """Set the filters."""
        if hidden != self.hidden:
            self.hidden = hidden
            self.hidden_changed.emit()

    def run(self, command: Command) -> None:
        """Send a command; `command_answered` brings the answer.

        In the past only notes go out; the rest is answered at once with `in_the_past`.
        """
        if self.past is None or self._is_note_for_live(command):
            self.command_issued.emit(command)
        else:
            self.answer(command, CommandResult(status=0, error=IN_THE_PAST, message=PAST_WORDS))

    def _is_note_for_live(self, command: Command) -> bool:
        takes_notes = self._past_answers is None or self._past_answers.takes_notes
        return isinstance(command, NoteException) and takes_notes

    def ask(
        self,
        path: str,
        on_answer: Callable[[Answer], None],
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> None:
        """Ask the gateway (`GET`), such as `/v1/events?after=0&limit=500`.

        Args:
            path: path and query.
            on_answer: called on the GUI thread with the `Answer`, also where there is none; not
                where it is a method of a widget that is gone by then.
            headers: further request headers, such as `If-None-Match`.
            body: what to hand over; makes it a `POST`.
        """
        asker = getattr(on_answer, "__self__", None)

        def tell(answer: Answer) -> None:
            if not isinstance(asker, QObject) or isValid(asker):
                # What was asked of now and is answered in the past would tell of now.
                on_answer((body is None and self._of_past(path)) or answer)

        if known := self._of_past(path):
            QTimer.singleShot(0, self, lambda: tell(known))
            return
        self.question_asked.emit(Question(path, tell, headers or {}, body))

    def _of_past(self, path: str) -> Answer | None:
        """What a question is answered in the past; None where the gateway is to be asked."""
        answers = self._past_answers
        return None if self.past is None or answers is None else answers.answer(path)

    def compute(self, work: Callable[[], _Result], then: Callable[[_Result], None]) -> None:
        """Do something long off the GUI thread.

        Args:
            work: touches no widget and nothing that changes meanwhile (copy what it reads).
            then: called on the GUI thread with what `work` returned.
        """
        self.job_given.emit(Job(work, then))

    # What time travel shows

    def show_moment(
        self,
        moment: Moment,
        answers: PastAnswers | None = None,
        *,
        events: Sequence[Event] = (),
        arrivals: frozenset[str] | None = None,
        shapes: Mapping[str, RouteShape] | None = None,
    ) -> None:
        """Show a moment of the past; live goes on behind it.

        What there is to say of it is said in several turns of the event loop.

        Args:
            moment: what was so then.
            answers: answers questions about it.
            events: those learnt between the moment shown before and this, whichever is earlier.
            arrivals: stops whose prediction is another than in the moment shown before; None
                for all of them.
            shapes: the routes' lines then; None leaves those that are shown.
        """
        is_entering, before = self.past is None, self.past
        if is_entering:
            self._begin_past()
        self._past_answers = answers
        self.past = moment.at
        self._past_clock.stand_at(moment.at)
        self.state, self.vehicles = moment.state, moment.vehicles
        self.arrivals = moment.arrivals
        self.past_changed.emit()
        if shapes is not None and shapes != self.shapes:
            self._show_shapes(shapes)
        is_other = is_entering or moment.removed or len(moment.changed) > RECORDS_AT_ONCE
        if is_other:
            self._links = None
            self.state_replaced.emit()
        else:
            self._say_changed(moment.changed)
            self._say_events(events, is_later=before is not None and before < moment.at)
        is_all = is_other or arrivals is None
        stops = self._every_arrival() if is_all else set(arrivals or ())
        self._to_say = [self.moment_shown.emit, self._say_time]
        if stops:
            self._to_say.append(lambda: self.arrivals_changed.emit(stops))
        self._saying.start()

    def _say_next(self) -> None:
        """Say one thing more of the moment; the window may answer a key in between."""
        if self._to_say:
            self._to_say.pop()()
        if self._to_say:
            self._saying.start()

    def _say_time(self) -> None:
        self.telemetry_changed.emit()
        self.ticked.emit()

    def return_to_live(self) -> None:
        """Show what is so now; nothing happens where that is shown already."""
        if self.past is None or self.is_recording:
            return
        self.past, self._past_answers = None, None
        self._to_say = []
        self.state, self.vehicles = self.live_state, self.live_vehicles
        self.arrivals = self.live_arrivals
        self.past_changed.emit()
        if self.shapes is not self._live_shapes:
            self._show_shapes(self._live_shapes)
        self._say_everything()
        self._say_time()

    def _on_heartbeat(self) -> None:
        self.beat.emit()
        if self.past is None:
            self.ticked.emit()

    def _begin_past(self) -> None:
        self._telling.stop()
        self._arrivals_to_tell.clear()
        self.meanwhile = LiveAdvance()
        self._live_exceptions = set(self.live_state.exceptions)

    def _say_everything(self) -> None:
        self._links = None
        self.state_replaced.emit()
        if stops := self._every_arrival():
            self.arrivals_changed.emit(stops)

    def _every_arrival(self) -> set[str]:
        mirror = self.arrivals
        return {mirror.id_of(int(handle)) for handle in mirror.present}

    def _say_events(self, events: Sequence[Event], *, is_later: bool) -> None:
        """Tell of the events that lead on from the moment before, or that others do."""
        if events and is_later and len(events) <= _EVENTS_AT_ONCE:
            self.events_arrived.emit(list(events))
        elif events:
            self.events_replaced.emit()

    def _say_changed(self, changed: frozenset[Changed]) -> None:
        if self._links is not None and not keep_linked(self._links, self.state, changed):
            self._links = None
        exceptions = frozenset(one.id for one in changed if one.table == "exceptions")
        if exceptions:
            self.exceptions_changed.emit(exceptions)
        if changed:
            self.records_changed.emit(changed)

    # What the bridge hands in

    def replace_state(self, state: State, epoch: str) -> None:
        """Take a whole state, as after a snapshot."""
        self.live_state, self.epoch = state, epoch
        if self.past is None:
            self.state, self._links = state, None
            self.live_replaced.emit()
            self.state_replaced.emit()
        else:
            self.live_replaced.emit()
            self._tell_meanwhile(0)

    def fold_events(self, events: Sequence[Event]) -> None:
        """Fold events that arrived, in their order, and say what changed."""
        changed: set[Changed] = set()
        for event in events:
            changed.update(apply(self.live_state, event))
        if self.past is None:
            self._say_changed(frozenset(changed))
        self.live_events_arrived.emit(list(events))
        if self.past is None:
            self.events_arrived.emit(list(events))
        else:
            self._tell_meanwhile(len(events))

    def _tell_meanwhile(self, events: int) -> None:
        """Say what arrived behind the past."""
        known = self.live_state.exceptions
        raised = tuple(id_ for id_ in known if id_ not in self._live_exceptions)
        findings = (known[id_].finding for id_ in raised)
        critical = sum(one is not None and one.severity is Severity.CRITICAL for one in findings)
        self.meanwhile = LiveAdvance(self.meanwhile.events + events, raised, critical)
        self.live_advanced.emit(self.meanwhile)

    def apply_frames(self, frames: Sequence[Frame]) -> None:
        """Take frames of the vehicle socket, in their order.

        Of many arrivals that changed panels are told in several turns of the event loop.
        """
        stops = [stop_id for frame in frames for stop_id in self._apply_frame(frame)]
        if self.past is not None:
            return
        if frames:
            self.telemetry_changed.emit()
        self._arrivals_to_tell.update(dict.fromkeys(stops))
        if not self._telling.isActive():
            self._tell_arrivals()

    def _on_telling(self) -> None:
        self.turns.take(self._telling, self._tell_arrivals)

    def _tell_arrivals(self) -> None:
        """Tell of some of the arrivals that changed; of the others in the next turns."""
        some = set(islice(self._arrivals_to_tell, ARRIVALS_AT_ONCE))
        waiting = self._arrivals_to_tell = without(self._arrivals_to_tell, some)
        if some:
            self.arrivals_changed.emit(some)
        if waiting:
            self._telling.start(ARRIVALS_REST_MS)

    def _apply_frame(self, frame: Frame) -> Sequence[str]:
        """Take a frame in; returns the stops whose arrival changed."""
        stops = self.live_arrivals.apply(frame)
        self.live_vehicles.apply(frame)
        if frame.health is not None:
            self.set_health(list(frame.health))
            self.set_trouble(frame.trouble)
        return stops

    def set_health(self, health: list[CarrierHealth]) -> None:
        """Take how each carrier's feed stands."""
        self.health = health
        self.health_changed.emit()

    def set_trouble(self, trouble: str) -> None:
        """Take what is wrong with the gateway itself, "" where all is well."""
        if trouble != self.trouble:
            self.trouble = trouble
            self.trouble_changed.emit()

    def set_actor(self, actor_id: str, name: str, *, is_supervisor: bool = False) -> None:
        """Take who the gateway says sits here."""
        known = (self.actor_id, self.actor_name, self.is_supervisor)
        if (actor_id, name, is_supervisor) != known:
            self.actor_id, self.actor_name, self.is_supervisor = actor_id, name, is_supervisor
            self.actor_changed.emit()

    def set_shapes(self, shapes: Mapping[str, RouteShape]) -> None:
        """Take the routes' lines as they are now."""
        self._live_shapes = shapes
        if self.past is None:
            self._show_shapes(shapes)

    def _show_shapes(self, shapes: Mapping[str, RouteShape]) -> None:
        self.shapes = shapes
        self.shapes_changed.emit()

    def set_link(self, link: Link) -> None:
        """Take how the connection stands."""
        self.link = link
        self.link_changed.emit(link)

    def answer(self, command: Command, result: CommandResult) -> None:
        """Take the gateway's answer to a command."""
        self.command_answered.emit(command, result)
