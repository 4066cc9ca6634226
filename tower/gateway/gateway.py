"""The gateway as one thing: what it holds, what it does all the time, how it starts and stops."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from pathlib import Path

import platformdirs

from tower import heap
from tower.carriers.manifest import home_of
from tower.carriers.port import Adapter
from tower.conditions.port import Area
from tower.domain.events import Event, StopAmended
from tower.domain.geometry import LatLon
from tower.domain.records import Actor, Carrier
from tower.domain.state import Changed, State
from tower.eta.schedule import Arrival
from tower.feed.arrivals import ArrivalTable
from tower.feed.clock import Clock
from tower.feed.messages import CarrierHealth
from tower.feed.vehicles import VehicleTable
from tower.gateway.deciding.claims import claims_of, sweep
from tower.gateway.deciding.conditions import expired
from tower.gateway.deciding.playbooks import first_playbooks
from tower.gateway.desk import Desk
from tower.gateway.drivers import Drivers
from tower.gateway.duties import Duties
from tower.gateway.errors import NoSuchRegion
from tower.gateway.forecasting.area import area_of
from tower.gateway.forecasting.forecasting import Forecasting
from tower.gateway.forecasting.models import EVERY_S as MODELS_EVERY_S
from tower.gateway.forecasting.projection import Projection
from tower.gateway.forecasting.providers import Providers
from tower.gateway.hearing import Hearing
from tower.gateway.imports import Imports
from tower.gateway.inlet import Inlet
from tower.gateway.legs import LegTimes
from tower.gateway.line import line_wish
from tower.gateway.lines import LineShelf, RouteLines
from tower.gateway.live_state import LiveState
from tower.gateway.lookout import Lookout
from tower.gateway.machine import Machine
from tower.gateway.optimising import Optimising
from tower.gateway.presence import Presence
from tower.gateway.pulls import carrier_of, pull_of
from tower.gateway.reckoning.reckoning import Reckoning
from tower.gateway.regions import Regions, Roads
from tower.gateway.reporting.sending import Reports
from tower.gateway.room import Room, Source
from tower.gateway.seeing import Seeing
from tower.gateway.settings import GatewaySettings
from tower.gateway.signin import READERS, Tokens
from tower.gateway.suggesting import Suggesting
from tower.gateway.surveying import Surveyor
from tower.gateway.telling.accounts import Accounts
from tower.gateway.telling.drafts import Telling
from tower.gateway.telling.outbox import Outbox, load_templates
from tower.gateway.telling.registry import find_channels
from tower.gateway.telling.secrets import Secrets
from tower.gateway.traffic import Traffic
from tower.gateway.travelling import Travelling
from tower.journal.errors import JournalError
from tower.journal.journal import Journal
from tower.outreach.playbooks import PlaybooksBroken, default_playbooks
from tower.road.pack import RegionPack
from tower.routes.optimiser.process import Searchers

_log = logging.getLogger(__name__)

_SWEEP_S = 1.0
_SCRUB_S = 1.0
_SPARE_S = 30.0
_REPORTS_S = 20.0
_MEASURE_S = 5.0
_EXPIRY_S = 60.0
_RECALLED = timedelta(hours=24)
_STOPS_AN_EVENT = 4
_LINE_TABLES = frozenset({"routes", "stops", "depots", "vehicles"})


class Gateway:
    """Everything one gateway holds; lives on one event loop.

    Attributes:
        tokens: who may sign in.
        journal: the truth.
        live: the state folded from it.
        desk: where decisions are made.
        inlet: where carriers' messages come in.
        outbox: where customers are told, and their answers come in.
        imports: where manifests come in.
        drivers: where drivers' systems ask for the order to drive in.
        lines: the routes along the roads.
        legs: how long their legs are expected to take.
        traffic: how fast vehicles drive now.
        travelling: how long it takes from place to place.
        surveyor: what changes of sequence are judged by.
        suggesting: where stops fit best.
        optimising: searches for better orders.
        vehicle_table: where every vehicle is.
        arrival_table: when each stop is expected to be reached.
        projection: the newest arrivals with how every route stands.
        forecasting: what is remembered of them.
        seeing: what exceptions are found in.
        reckoning: what all of it comes to, today and in the past.
        reports: the figures as files, and as e-mails that are sent again and again.
        machine: the machine it runs on, as far as people must know of it.
        presence: who is there.
        regions: the regions at hand.
        providers: who is asked for weather and traffic.
    """

    _since_snapshot = 0

    def __init__(
        self,
        settings: GatewaySettings,
        journal: Journal,
        clock: Clock,
        tokens: Tokens,
        adapters: Mapping[str, Adapter],
        accounts: Accounts | None = None,
    ) -> None:
        """Put it together; to be called on the event loop.

        Args:
            settings: everything it is told.
            journal: the truth.
            clock: its time.
            tokens: who may sign in.
            adapters: the carriers' formats it understands.
            accounts: the ways to customers, closed at its end; None for the local outbox.

        Raises:
            NoSuchRegion: the region of the settings is not at hand.
            JournalError: the state cannot be read from the journal.
        """
        self.settings = settings
        self.journal = journal
        self.clock = clock
        self.tokens = tokens
        self.adapters = adapters
        self.live = LiveState(journal, asyncio.get_running_loop())
        self.arrival_table = ArrivalTable()
        self.vehicle_table = VehicleTable(self.arrival_table)
        self.hearing = Hearing(journal.refused.counts(), clock.time())
        self.lease = timedelta(seconds=settings.lease_s)
        self.presence = Presence(settings.lease_s / 2)
        self._line_changed = asyncio.Event()
        self.regions = Regions.at_hand(settings.region_folders)
        self.lines = RouteLines(self._roads(), _line_shelf(), self._line_changed.set)
        self.legs = LegTimes(self.live.state, self.lines, clock)
        heeding = (self.lines.heed, self.legs.heed)
        self.traffic = Traffic(self.live.state, self.lines, clock, heeding)
        self.travelling = Travelling(self.lines.asked, clock)
        self.surveyor = Surveyor(
            self.live.state, self.legs, self.vehicle_table, self.travelling, clock
        )
        self.suggesting = Suggesting(self.live.state, self.surveyor)
        self._searchers = Searchers()
        self.providers = Providers(settings.conditions, self._area, clock)
        self.optimising = Optimising(
            self.live.state, self.surveyor, self._searchers.run, self._searchers.warm
        )
        if accounts is None:
            accounts = Accounts.opened((), find_channels(), Secrets(), clock)
        telling = Telling(load_templates(settings), self._arrivals, accounts.media)
        self.desk = Desk(self.live, journal, clock, self.lease, self.surveyor.survey, telling)
        self.outbox = Outbox(settings, self.live, self.desk, journal, clock, accounts, telling)
        self.imports = Imports(self.desk, clock, settings.region, self._home)
        self.machine = Machine(journal, clock)
        self.inlet = Inlet(
            state=self.live.state,
            journal=journal,
            vehicles=self.vehicle_table,
            hearing=self.hearing,
            clock=clock,
            adapters=adapters,
            lane_messages=settings.lane_messages,
            witness=self.machine.witness,
        )
        self.drivers = Drivers(self.live, self.desk, clock)
        self.room = Room(
            self.desk,
            self.inlet,
            self.imports,
            self.drivers,
            clock,
            self._line_changed.set,
            self.outbox.hooks.incoming,
            self.outbox.kept_messages,
        )
        self.projection = Projection(
            self.live.state,
            self.legs,
            self.traffic.see,
            self.vehicle_table,
            self.arrival_table,
            clock,
        )
        self.forecasting = Forecasting(
            self.projection,
            self.live,
            self.desk,
            self._line_changed.set,
            settings,
        )
        self.seeing = Seeing(
            self.live.state,
            self.arrival_table,
            self.vehicle_table,
            self.lines,
            self.legs,
            self.hearing,
        )
        self.reckoning = Reckoning(
            journal,
            self.live,
            self.desk,
            clock,
            hearing=self.hearing,
            lines=self.lines,
            room=self.room,
            rest_s=settings.figures_s,
        )
        self.reports = Reports(
            self.live,
            self.desk,
            clock,
            accounts,
            self.reckoning.figures.query,
            lambda: self.reckoning.figures.has_simulated_past,
        )
        self._lookout, self._duties = Lookout(self), Duties()

    @property
    def state(self) -> State:
        """What the shift looks like now; read it, never change it."""
        return self.live.state

    @property
    def epoch(self) -> str:
        """Names the journal; a desktop resumes only on the epoch it knew."""
        return self.journal.epoch

    @property
    def trouble(self) -> str:
        """What the room should know of the gateway itself, in words; "" while all is well."""
        if self.journal.trouble is not None:
            return f"The gateway records nothing. {self.journal.trouble}"
        return (
            self.machine.trouble
            or self.lines.fault
            or self.hearing.crowding(self.clock.time())
            or self.outbox.accounts.trouble
            or self.forecasting.models.damage
        )

    def health(self) -> list[CarrierHealth]:
        """How every carrier is heard."""
        now = self.clock.time()
        return [
            self.hearing.health(carrier_id, now, silent=self._is_silent(carrier_id))
            for carrier_id in self.state.carriers
        ]

    def authenticate(self, token: str) -> Actor | None:
        """Who shows this token, or None where it is no good for watching the shift."""
        grant = self.tokens.grant(token)
        if grant is None or grant.role not in READERS:
            return None
        return grant.actor

    def claims(self, actor_id: str) -> tuple[str, ...]:
        """Ids of the exceptions a person holds."""
        return tuple(record.id for record in claims_of(self.state, actor_id, self.clock.now()))

    @contextlib.asynccontextmanager
    async def running(self, sources: Sequence[Source] = ()) -> AsyncIterator["Gateway"]:
        """Do everything a gateway does, for as long as the block lasts.

        Args:
            sources: who brings messages besides the carriers of the settings.

        Raises:
            SettingsError: a carrier or a provider of the settings cannot be asked.
        """
        pulls = [
            pull_of(one, self.adapters, self.clock) for one in self.settings.carrier if one.pulls
        ]
        providers = self.providers.open()
        self.live.listen(self._on_events_folded)
        self._duties.keep("taking messages in", self.inlet.serve)
        await self.room.register(self._carriers())
        await self._set_first_playbooks()
        self._want_lines(self.state.routes)
        self._duties.once("last positions", self._recall_positions)
        # Sources first: one that tells a past says so before anybody predicts from it.
        for pull in pulls:
            self._duties.keep(pull.name, partial(pull.run, self.room))
        for provider in providers:
            self._duties.keep(provider.name, partial(provider.run, self.room))
        for source in sources:
            self._duties.once(type(source).__name__, partial(source.run, self.room))
        self.reckoning.start()
        self._duties.keep("telling customers", self.outbox.courier.run)
        self._duties.every(_SWEEP_S, "claims", self._sweep_claims)
        self._duties.every(_SCRUB_S, "looking for damage", self.machine.soundness.look)
        self._duties.every(_SPARE_S, "spare memory", partial(asyncio.to_thread, heap.give_back))
        self._duties.every(
            _REPORTS_S,
            "reports",
            self._once_caught_up(self.reports.look),
            self.reports.hurry,
        )
        self._duties.every(_MEASURE_S, "measuring", self._once_caught_up(self.reckoning.measure))
        self._duties.every(
            _EXPIRY_S, "old conditions", self._once_caught_up(self._expire_conditions)
        )
        remember = partial(self.forecasting.remember, self.journal, self.clock.now())
        self._duties.once("measured arrivals", remember)
        self._duties.every(MODELS_EVERY_S, "arrival model", self.forecasting.models.look)
        self._duties.every(
            self.settings.project_s,
            "arrivals",
            self._once_caught_up(self._project),
            self._line_changed,
        )
        self._duties.every(
            self.settings.project_s,
            "arrivals kept and told",
            self._once_caught_up(self._keep_arrivals),
        )
        self._duties.every(
            self.settings.watch_s,
            "watch",
            self._once_caught_up(self._lookout.look),
            self._lookout.hurry,
        )
        try:
            yield self
        finally:
            await self._stop()

    async def _set_first_playbooks(self) -> None:
        now = self.clock.now()
        try:
            await self.desk.record(lambda state: first_playbooks(state, default_playbooks, now))
        except PlaybooksBroken as error:
            _log.error("exceptions have no playbooks until a supervisor sets some: %s", error)
        except JournalError as error:
            _log.error("exceptions have no playbooks until the next start: %s", error)

    def _once_caught_up(self, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """The same work, left out while a source is still telling the past."""

        async def work_if_caught_up() -> None:
            if not self.room.is_behind:
                await work()

        return work_if_caught_up

    async def _project(self) -> None:
        """Renew the arrivals, and learn from what was driven meanwhile."""
        await self.projection.renew()
        if self.traffic.renew():
            self._line_changed.set()

    async def _keep_arrivals(self) -> None:
        """Keep and publish them; whoever waits for a prediction does not wait for this."""
        await self.forecasting.keep()
        await self.forecasting.publish()

    def _arrivals(self) -> Mapping[str, Arrival]:
        return self.projection.arrivals

    def _carriers(self) -> list[Carrier]:
        """Those of the settings, and those a token speaks for that nobody else described."""
        described = [carrier_of(one) for one in self.settings.carrier]
        known = {one.id for one in described} | set(self.state.carriers)
        named = [
            Carrier(id=one.carrier, name=one.name or one.carrier) for one in self.settings.token
        ]
        return [*described, *(one for one in named if one.id and one.id not in known)]

    async def _stop(self) -> None:
        await self._duties.stop()
        await self.providers.close()
        await self.outbox.close()
        await self.reckoning.close()
        await self.optimising.close()
        await asyncio.to_thread(self._searchers.close)
        await self.lines.close()
        self.live.close()
        try:
            await asyncio.wrap_future(self.journal.save_snapshot(self.state))
        except JournalError as error:
            _log.warning("no snapshot at the end, so the next start takes longer: %s", error)

    def _on_events_folded(self, events: list[Event], changed: frozenset[Changed]) -> None:
        self._since_snapshot += len(events)
        # Of a large shift later: to fold so many events takes no longer than to read its state.
        due = max(self.settings.snapshot_every, len(self.state.stops) // _STOPS_AN_EVENT)
        if self._since_snapshot >= due:
            self._since_snapshot = 0
            self.journal.save_snapshot(self.state).add_done_callback(_log_failure)
        if any(one.table == "shifts" for one in changed):
            self.lines.use(self._roads())
            self._want_lines(self.state.routes)
        else:
            self._want_lines(_routes_touched(self.state, events, changed))

    def _want_lines(self, route_ids: "Sequence[str] | Mapping[str, object]") -> None:
        for route_id in route_ids:
            route = self.state.routes.get(route_id)
            wish = line_wish(self.state, route) if route else None
            if wish is not None:
                self.lines.want(wish)

    def _area(self) -> Area | None:
        """Where weather and traffic matter."""
        return area_of(self.state, self._home())

    def _home(self) -> LatLon | None:
        """Where the operation works: among its depots or stops, else in its region."""
        known = home_of(self.state)
        if known is not None or not self.settings.region:
            return known
        with RegionPack.open(self.regions.find(self.settings.region)) as pack:
            return pack.info.center

    def _roads(self) -> Roads:
        """Where travel times come from: the servers of the settings, then a region."""
        zone = self.state.shift.timezone if self.state.shift else "UTC"
        return self._region_roads().through(self.settings.roads, zone)

    def _region_roads(self) -> Roads:
        asked = self.settings.region
        if asked:
            return Roads.of(self.regions.find(asked))
        shift = self.state.shift
        if shift is None or not shift.region:
            return Roads()
        try:
            return Roads.of(self.regions.find(shift.region))
        except NoSuchRegion as error:
            _log.warning("%s Until then travel times are estimates.", error)
            return Roads()

    def _is_silent(self, carrier_id: str) -> bool:
        silence = self.state.silences.get(carrier_id)
        return silence is not None and silence.silent

    async def _recall_positions(self) -> None:
        """Show vehicles where they were last, until they say where they are."""
        since = self.clock.now() - _RECALLED
        self.vehicle_table.update_fixes(
            await asyncio.to_thread(self.journal.breadcrumbs.newest, since)
        )

    async def _expire_conditions(self) -> None:
        now = self.clock.now()
        if expired(self.state, now):
            await self.desk.record(lambda state: expired(state, now))

    async def _sweep_claims(self) -> None:
        present = self.presence.present()

        def choose(state: State) -> list[Event]:
            return sweep(state, self.clock.now(), self.lease, present)

        if choose(self.state):
            await self.desk.record(choose)


def _line_shelf() -> LineShelf:
    return LineShelf(Path(platformdirs.user_cache_path("tower")) / "lines")


def _log_failure(snapshot: "Future[None]") -> None:
    error = snapshot.exception()
    if error is not None:
        _log.warning("no snapshot was kept, so the next start takes longer: %s", error)


def _routes_touched(
    state: State, events: Iterable[Event], changed: frozenset[Changed]
) -> list[str]:
    """Routes whose line may be another one now: their order, places or depot changed."""
    moved = (one.subject.stop_id for one in events if isinstance(one.body, StopAmended))
    touched: dict[str, None] = {state.stops[stop_id].route_id: None for stop_id in moved}
    for table, id_ in changed:
        if table == "routes":
            touched[id_] = None
        elif table == "stops":
            stop = state.stops[id_]
            if stop.outcome is None and stop.underway is None:
                touched[stop.route_id] = None
        elif table in _LINE_TABLES:
            return list(state.routes)
    return list(touched)
