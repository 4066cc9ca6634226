"""What the dispatcher's hand waits for goes before the rest where the processors are short.

The map's renderer and the gateway are busy for tens of milliseconds at a time. Without precedence
the threads of the window, of the feed and of the past wait behind them. Linux gives precedence to
administrators, to those the machine's limits allow it (`nice` in limits.conf), and on most
workstations to whoever sits there, by way of RealtimeKit. Where it does not, and on other systems,
the window works as any program does.
"""

import logging
import os
import sys
import threading

NICE = -10
"""Enough to be next on the processor; sound and what the machine itself does stay before it."""

_ANSWER_S = 2.0
_NONE = "no precedence for the window"

_log = logging.getLogger(__name__)


def go_first() -> None:
    """Give this thread precedence as far as the machine allows; what it starts later has none."""
    if sys.platform != "linux":
        return
    thread_id = threading.get_native_id()
    try:
        os.sched_setscheduler(0, os.SCHED_OTHER | os.SCHED_RESET_ON_FORK, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, thread_id, NICE)
    except PermissionError:
        ask = threading.Thread(target=_ask_realtime_kit, args=(thread_id,), daemon=True)
        ask.start()
    except OSError as error:
        _log.info("%s: %s", _NONE, error)


def _ask_realtime_kit(thread_id: int) -> None:
    """https://github.com/heftig/rtkit: MakeThreadHighPriority(thread, nice), of one's own."""
    # Only Linux has it, and few need it: the start of the others does not wait for its loading.
    from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

    name = "org.freedesktop.RealtimeKit1"
    kit = DBusAddress("/org/freedesktop/RealtimeKit1", bus_name=name, interface=name)
    call = new_method_call(kit, "MakeThreadHighPriority", "ti", (thread_id, NICE))
    try:
        with open_dbus_connection("SYSTEM") as bus:
            reply = bus.send_and_get_reply(call, timeout=_ANSWER_S)
    except (OSError, ValueError, RuntimeError) as error:
        _log.info("%s: no RealtimeKit (%s)", _NONE, error)
        return
    if reply.header.message_type is MessageType.error:
        _log.info("%s: %s", _NONE, " ".join(map(str, reply.body)))
