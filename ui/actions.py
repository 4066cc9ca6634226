"""Every action of the desktop, declared once: menus, shortcuts, palette and manual come from it."""

from typing import NamedTuple


class Action(NamedTuple):
    """Something the dispatcher can do.

    Attributes:
        id: name in code; the main window binds a handler to it.
        menu: menu it stands in; `View/Theme` is the submenu Theme of View.
        title: words in the menu; `&` marks the mnemonic.
        shortcut: key sequence as Qt spells it, or "".
        more: further key sequences that do the same.
        says: what it does, for the keyboard sheet, the palette and the status bar.
        checkable: True where it is on or off.
        group: True where a separator stands before it.
    """

    id: str
    menu: str
    title: str
    says: str
    shortcut: str = ""
    more: tuple[str, ...] = ()
    checkable: bool = False
    group: bool = False

    @property
    def plain_title(self) -> str:
        """The title without mnemonic mark and dots."""
        return self.title.replace("&", "").removesuffix("…")


MENUS: tuple[str, ...] = (
    "File",
    "Edit",
    "View",
    "Route",
    "Exception",
    "Time",
    "Map",
    "Reports",
    "Window",
    "Help",
)
"""The menu bar from left to right."""

ACTIONS: tuple[Action, ...] = (
    Action("import_manifest", "File", "&Import routes and stops…",
           "Read a manifest (CSV or JSON) into the shift", "Ctrl+I"),
    Action("save_picture", "File", "Save &picture of the window…",
           "Save what the window shows as a PNG file", "Ctrl+Shift+S"),
    Action("quit", "File", "&Quit", "Close Tower", "Ctrl+Q", group=True),
    Action("undo", "Edit", "&Undo",
           "Take back your last gesture, committed change, lock, agreement or work on exceptions",
           "Ctrl+Z"),
    Action("redo", "Edit", "&Redo", "Do again what was taken back", "Ctrl+Shift+Z", ("Ctrl+Y",)),
    Action("find", "Edit", "&Find anything…",
           "Find a stop, vehicle, customer, parcel, route, exception or command", "Ctrl+K",
           ("Ctrl+F", "/"), group=True),
    Action("copy_selection", "Edit", "&Copy selected", "Copy what is selected, in words", "Ctrl+C"),
    Action("select_nothing", "Edit", "Select &nothing", "Clear the selection", "Esc"),
    Action("room_settings", "Edit", "Room &settings…",
           "Thresholds, playbooks, outreach policy and channels, for the whole room", "Ctrl+,",
           group=True),
    Action("theme_dark", "View/Theme", "&Dark", "Dark theme", checkable=True),
    Action("theme_light", "View/Theme", "&Light", "Light theme", checkable=True),
    Action("theme_toggle", "View", "S&witch theme", "Switch between dark and light",
           "Ctrl+Shift+L"),
    Action("full_screen", "View", "&Full screen", "The window without its frame", "F11",
           checkable=True),
    Action("performance", "View", "&Performance…",
           "Show how the operation did, over days, weeks and months, and the stops behind it",
           "Ctrl+Shift+P"),
    Action("show_everything", "View", "Clear &filters",
           "Show every depot, shift and carrier again", group=True),
    Action("layout_dispatcher", "View/Layout", "&Dispatcher",
           "The dispatcher's layout, as you left it", checkable=True, group=True),
    Action("layout_supervisor", "View/Layout", "&Supervisor",
           "The supervisor's layout, as you left it", checkable=True),
    Action("layout_manager", "View/Layout", "Regional &manager",
           "The regional manager's layout, as you left it", checkable=True),
    Action("reset_layout", "View", "&Reset layout", "Put every panel back to where it belongs"),
    Action("route_next", "Route", "&Next route", "Select the next route by risk", "Alt+PgDown"),
    Action("route_previous", "Route", "&Previous route", "Select the route before", "Alt+PgUp"),
    Action("route_optimise", "Route", "&Optimise…",
           "Search a better order for the selected stops, or for the rest of the route",
           "Ctrl+Shift+O", group=True),
    Action("routes_optimise", "Route", "Optimise several &routes…",
           "Search a better order over routes you pick; stops may move between them",
           "Ctrl+Alt+O"),
    Action("stop_best_place", "Route", "&Best place for the stop…",
           "Show where the selected stop fits best over all routes, at what cost", "B"),
    Action("route_broke_down", "Route", "Vehicle bro&ke down…",
           "Spread the stops of the selected vehicle over the others", "Ctrl+Shift+B"),
    Action("stop_why_arrival", "Route", "&Why this arrival…",
           "Show when the selected stop is reached and why, what was promised and told", "I",
           group=True),
    Action("route_driven", "Route", "Planned a&gainst driven…",
           "Set the selected route as it was driven beside the route as planned, stop by stop",
           "D"),
    Action("stop_claims", "Route", "Clai&ms about the stop…",
           "File or decide a claim about the selected stop, or book its return back in",
           "Ctrl+Shift+M"),
    Action("route_fit", "Route", "Show &whole route on the map",
           "Fit the map to the selected route", "Ctrl+Shift+R", group=True),
    Action("route_vehicle", "Route", "Select its &vehicle",
           "Select the vehicle that drives the selected route"),
    Action("stop_next", "Route", "Next &stop of the route",
           "Select the next stop of the selected route, at first the one that is to be served",
           "Alt+Right"),
    Action("stop_previous", "Route", "Previous s&top of the route",
           "Select the stop before", "Alt+Left"),
    Action("stop_earlier", "Route", "Move stop &up",
           "Put the selected stops one place earlier", "Alt+Up", group=True),
    Action("stop_later", "Route", "Move stop &down",
           "Put the selected stops one place later", "Alt+Down"),
    Action("stop_move_to", "Route", "&Move stop to…",
           "Choose a route and a place for the selected stops", "M"),
    Action("stop_take_off", "Route", "T&ake stop off its route",
           "Take the selected stops off their routes", "Del"),
    Action("stop_lock", "Route", "&Lock or unlock stop…",
           "Lock the selected stops where they are because they are promised, or release them",
           "L"),
    Action("draft_commit", "Route", "&Commit changes",
           "Send what was changed to the gateway and the drivers", "Ctrl+Return",
           ("Ctrl+Enter",), group=True),
    Action("draft_discard", "Route", "Disca&rd changes…",
           "Forget what was changed and not sent", "Ctrl+Backspace"),
    Action("exception_next", "Exception", "&Next", "Walk down the exception queue", "J"),
    Action("exception_previous", "Exception", "&Previous", "Walk up the exception queue", "K"),
    Action("exception_open", "Exception", "&Open",
           "Select the exception's stop or vehicle everywhere; Enter in the queue does the same",
           "O"),
    Action("exception_find", "Exception", "&Filter the queue…",
           "Put the cursor into the filter of the exception queue", "Ctrl+E"),
    Action("exception_select_all", "Exception", "Select &all shown",
           "Mark every exception that is shown, to work on them together", "Ctrl+Shift+A"),
    Action("exception_claim", "Exception", "&Claim", "Take the selected exceptions", "C",
           group=True),
    Action("exception_release", "Exception", "Re&lease",
           "Give the selected exceptions back to the queue", "U"),
    Action("exception_assign", "Exception", "&Assign…",
           "Ask somebody to look at the selected exceptions", "A"),
    Action("exception_assign_me", "Exception", "Assign to m&e",
           "Put the selected exceptions on your own list", "Shift+A"),
    Action("exception_snooze", "Exception", "&Snooze…",
           "Put the selected exceptions aside until a time, a reply, an arrival or an outcome",
           "S", group=True),
    Action("exception_wake", "Exception", "&Wake", "Bring the selected snoozed exceptions back",
           "W"),
    Action("exception_escalate", "Exception", "Escala&te…",
           "Ask a supervisor to look at the selected exceptions", "E"),
    Action("exception_note", "Exception", "N&ote…",
           "Write something down about the selected exceptions", "N"),
    Action("exception_resolve", "Exception", "&Resolve…",
           "Close the selected exceptions with their cause", "R", group=True),
    Action("exception_false_alarm", "Exception", "False alar&m…",
           "Close the selected exceptions as false alarms", "X"),
    Action("exception_merge", "Exception", "Mer&ge…",
           "Close the selected exceptions as duplicates of another", "Shift+M"),
    Action("exception_reopen", "Exception", "Reope&n",
           "Put the selected resolved exceptions back into the queue", "Shift+R"),
    Action("exception_moment", "Exception", "At that mome&nt…",
           "Go to when the exception was raised, and show what its vehicle was doing", "H",
           group=True),
    *(
        Action(f"playbook_{number}", "Exception/Playbook", f"Step &{number}",
               f"Show what step {number} of the playbook does; Enter does it", str(number),
               group=number == 1)
        for number in range(1, 10)
    ),
    Action("reply_write", "Exception", "Write to the customer…",
           "Put the cursor into the answer to the customer", "T"),
    Action("reply_choose", "Exception", "What the reply as&ks for",
           "Go to what the customer's newest reply offers; Enter does it", "Y"),
    Action("reply_next", "Exception", "Next unread repl&y", "Go to the next reply nobody has read",
           "Shift+J"),
    Action("bulk_message", "Exception", "Tell all customers of a late route…",
           "List whom the selected route keeps waiting, and tell them together", "Shift+T"),
    *(
        Action(f"exception_view_{number}", "Exception/Saved views", f"Saved view &{number}",
               f"Show saved view {number} of the exception queue", f"Ctrl+{number}",
               group=number == 1)
        for number in range(1, 10)
    ),
    Action("exception_save_view", "Exception", "Save this &view…",
           "Keep what the queue shows now under a name"),
    Action("alerts_quiet", "Exception", "&Do not disturb",
           "No sound and no notices until it is switched off; what is held back is counted",
           "Ctrl+Shift+D", checkable=True, group=True),
    Action("time_travel", "Time", "Look at the &past",
           "Show any moment of the shift again, or return to live", "Z", checkable=True),
    Action("time_live", "Time", "Back to &live",
           "Show what is so now; Esc does the same where nothing is selected", "Backspace"),
    Action("time_play", "Time", "&Play", "Play the shift forwards, or pause", "P", group=True),
    Action("time_play_back", "Time", "Play &backwards", "Play the shift backwards, or pause",
           "Shift+P"),
    Action("time_faster", "Time", "&Faster", "Play faster: ×1, ×5, ×20, ×60, ×120", "Ctrl+Up"),
    Action("time_slower", "Time", "&Slower", "Play slower", "Ctrl+Down"),
    Action("time_event_next", "Time", "&Next event",
           "Go to where the next event was learnt", ".", group=True),
    Action("time_event_before", "Time", "Event b&efore",
           "Go to where the event before was learnt", ","),
    Action("time_exception_next", "Time", "Next e&xception",
           "Go to where the next exception was raised", "Ctrl+Right"),
    Action("time_exception_before", "Time", "Exception bef&ore",
           "Go to where the exception before was raised", "Ctrl+Left"),
    Action("time_go_to", "Time", "&Go to time…", "Type the time to be looked at", "Ctrl+T",
           group=True),
    Action("time_bookmark", "Time", "Book&mark…",
           "Keep the moment that is shown, with words, for this shift", "Ctrl+B"),
    Action("map_fit_all", "Map", "Show &everything", "Fit the map to the whole shift", "0"),
    Action("map_fit_selected", "Map", "Show what is &selected",
           "Fit the map to the selected route, or follow the selected vehicle", "F"),
    Action("map_follow", "Map", "&Follow vehicle",
           "Keep the selected vehicle in the middle of the map", "G", checkable=True, group=True),
    Action("trail_toggle", "Map", "Tra&il of the vehicle",
           "Show where the selected vehicle drove, by speed and with its stays, or no longer", "V",
           group=True),
    Action("trail_span_hour", "Map/Trails", "Last &hour", "Trails reach back an hour",
           checkable=True),
    Action("trail_span_shift", "Map/Trails", "Whole &shift",
           "Trails reach back to the begin of the shift", checkable=True),
    Action("trail_span_moment", "Map/Trails", "Around the &moment",
           "Trails show ten minutes before and after the exception selected, or now",
           checkable=True),
    Action("trails_clear", "Map", "Clear trai&ls", "Take every trail off the map", "Shift+V"),
    Action("map_tiles", "Map", "&Tile provider…",
           "Choose whose tiles are shown where no region has a map", group=True),
    Action("report_on_time", "Reports", "&On time by hour", "Show on time by hour"),
    Action("report_failed", "Reports", "&Failed attempts", "Show failed attempts of today"),
    Action("report_events", "Reports", "&Event log", "Show everything that happened"),
    Action("report_outbox", "Reports", "Out&box",
           "Show every message to customers, and the replies", "Shift+O"),
    Action("report_arrivals", "Reports", "&Predicted arrivals…",
           "Show what predicts arrivals, and how good it is", group=True),
    Action("report_refused", "Reports", "&Refused messages…",
           "What carriers sent that was not believed, and why"),
    Action("export_recording", "Reports", "Export &recording…",
           "Save a moment or a span as a file that another Tower opens", "Ctrl+Shift+E",
           group=True),
    Action("export_stops", "Reports", "Export &stops as CSV…",
           "Save every stop with its window, state and ETA"),
    Action("minimise", "Window", "&Minimise", "Minimise the window", "Ctrl+M"),
    Action("docks_home", "Window", "Bring panels &back",
           "Dock every floating panel and show every hidden one"),
    Action("keyboard", "Help", "&Keyboard", "Every shortcut on one sheet", "F1", ("?",)),
    Action("about", "Help", "&About Tower", "Version, licences and where the map comes from"),
)  # fmt: skip
"""The actions in menu order. Panels add their show/hide actions to Window."""


def by_id() -> dict[str, Action]:
    """The actions by id."""
    return {action.id: action for action in ACTIONS}


def keyboard_sheet() -> list[tuple[str, list[tuple[str, str]]]]:
    """Menus with the keys and words of their actions that have a key."""
    sheet = []
    for menu in MENUS:
        rows = [
            (" or ".join((action.shortcut, *action.more)), action.says)
            for action in ACTIONS
            if action.shortcut and action.menu.split("/")[0] == menu
        ]
        if rows:
            sheet.append((menu, rows))
    return sheet
