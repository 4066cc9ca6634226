"""The panels around the map and what the menus call them."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QWidget

from ui.draft.draft import Draft
from ui.eventlog.panel import EventLogPanel
from ui.exceptions.panel import ExceptionsPanel
from ui.kpi.board import Board
from ui.kpi.hours import OnTimePanel
from ui.kpi.reasons import FailedAttemptsPanel
from ui.kpi.strip import KpiStrip
from ui.maphost import MapHost
from ui.maptarget import MapTarget
from ui.outreach.outboxpanel import OutboxPanel
from ui.outreach.playbookarea import PlaybookArea
from ui.routes.gestures import StopGestures
from ui.routes.panel import RoutesPanel
from ui.routes.stoplist import StopList
from ui.session import Session
from ui.timeline.panel import TimelinePanel
from ui.timeline.target import TimelineTarget
from ui.together import marked_in
from ui.widgets.rowlist import RowList

DOCKS: dict[str, str] = {
    "routes": "Routes",
    "exceptions": "Exceptions",
    "on_time": "On time by hour",
    "timeline": "Shift timeline",
    "event_log": "Event log",
    "outbox": "Outbox",
    "failed_attempts": "Failed attempts, today",
}
"""Docked panels by stable name, with their titles."""


class RouteList(Protocol):
    """What the Route menu asks of the routes panel.

    Attributes:
        gestures: what is done with the selected stops.
    """

    gestures: StopGestures

    @property
    def is_behind(self) -> bool:
        """True while routes that changed are not shown yet."""
        ...

    def walk(self, step: int) -> None:
        """Select the route `step` rows further down."""
        ...

    def show_actions(self, actions: Mapping[str, QAction], stack: QUndoStack) -> None:
        """Let the buttons of the stop sheet do what these actions do."""
        ...


class Panels(NamedTuple):
    """Every panel of the window.

    Attributes:
        strip: the KPI strip under the top bar.
        board: the measures it shows, and others with it.
        docked: the docked panels by their names in `DOCKS`.
        queue: the exception panel, as the Exception menu works it.
        playbook: the steps for the exception shown.
        outbox: every message of the shift.
        routes: the routes panel, as the Route menu works it.
        commanding: widgets that only give commands; off while the past is shown.
        route_lists: the lists whose rows are routes; `stop_lists` those whose rows are stops.
    """

    strip: QWidget
    board: Board
    docked: Mapping[str, QWidget]
    queue: ExceptionsPanel
    playbook: PlaybookArea
    outbox: OutboxPanel
    routes: RouteList
    commanding: tuple[QWidget, ...]
    route_lists: tuple[RowList, ...]
    stop_lists: tuple[StopList, ...]

    @property
    def is_behind(self) -> bool:
        """True while some panel does not show yet what the session holds."""
        return self.board.is_behind or self.routes.is_behind


def make_panels(session: Session, map_host: MapHost, draft: Draft) -> Panels:
    """Make every panel on a session; the map shows whole what they open.

    Args:
        session: what they show.
        map_host: the map.
        draft: the change of sequence being tried out, one for the whole desktop.
    """
    board = Board(session, map_host)
    routes, exceptions = RoutesPanel(session, draft), ExceptionsPanel(session)
    playbook, outbox = PlaybookArea(session, draft), OutboxPanel(session)
    exceptions.card.offer_playbook(playbook)
    routes.fit_wanted.connect(map_host.fit_route)
    stop_lists = (routes.sheet.list, routes.loose_list)
    map_host.show_draft(draft, marked_in(stop_lists))
    timeline = TimelinePanel(
        session, draft, marked_in(stop_lists), standings=routes.routes.standings
    )
    for target in (MapTarget(map_host), TimelineTarget(timeline)):
        routes.add_target(target)
    return Panels(
        strip=KpiStrip(session, board),
        board=board,
        queue=exceptions,
        playbook=playbook,
        outbox=outbox,
        routes=routes,
        commanding=(
            playbook,
            exceptions.card.bubbles.answer,
            exceptions.card.bubbles.reply_pane,
            routes.sheet.header.bar,
        ),
        route_lists=(routes.list,),
        stop_lists=stop_lists,
        docked={
            "routes": routes,
            "exceptions": exceptions,
            "timeline": timeline,
            "event_log": EventLogPanel(session),
            "outbox": outbox,
            "on_time": OnTimePanel(session, board),
            "failed_attempts": FailedAttemptsPanel(session, board),
        },
    )
