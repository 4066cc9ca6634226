"""Which of Traccar's alarm words are exceptions of the last mile, and how grave.

Driving style (overspeed, hard braking), doors, geofences and ignition are left out on purpose:
they happen at every stop and would bury what a dispatcher must act on. Source of the words: the
ALARM_ constants of Traccar's Position model and the types of its Event model.
"""

from typing import NamedTuple

from tower.domain.words import ExceptionKind, Severity


class Alarm(NamedTuple):
    """What an alarm word means to the room."""

    kind: ExceptionKind
    severity: Severity
    headline: str
    cleared: bool = False


_VEHICLE = ExceptionKind.VEHICLE

ALARMS: dict[str, Alarm] = {
    "temperature": Alarm(
        ExceptionKind.TEMPERATURE, Severity.MAJOR, "Cargo temperature out of range"
    ),
    "sos": Alarm(_VEHICLE, Severity.CRITICAL, "Driver pressed the emergency button"),
    "accident": Alarm(_VEHICLE, Severity.CRITICAL, "Accident detected"),
    "fallDown": Alarm(_VEHICLE, Severity.CRITICAL, "Fall detected"),
    "fault": Alarm(_VEHICLE, Severity.MAJOR, "Vehicle fault"),
    "tow": Alarm(_VEHICLE, Severity.MAJOR, "Vehicle is being towed"),
    "fuelLeak": Alarm(_VEHICLE, Severity.MAJOR, "Fuel leak"),
    "jamming": Alarm(_VEHICLE, Severity.MAJOR, "Tracker is being jammed"),
    "tampering": Alarm(_VEHICLE, Severity.MAJOR, "Tracker tampered with"),
    "removing": Alarm(_VEHICLE, Severity.MAJOR, "Tracker removed"),
    "powerCut": Alarm(_VEHICLE, Severity.MAJOR, "Tracker lost the vehicle's power"),
    "powerRestored": Alarm(_VEHICLE, Severity.MAJOR, "Power restored", cleared=True),
    "lowPower": Alarm(_VEHICLE, Severity.MINOR, "Vehicle battery low"),
    "lowBattery": Alarm(_VEHICLE, Severity.MINOR, "Tracker battery low"),
}
"""Alarm words of positions and of `alarm` events."""

EVENTS: dict[str, Alarm] = {
    "deviceOffline": Alarm(ExceptionKind.NO_SIGNAL, Severity.MINOR, "Tracker went offline"),
    "deviceOnline": Alarm(
        ExceptionKind.NO_SIGNAL, Severity.MINOR, "Tracker is online", cleared=True
    ),
}
"""Event types that are exceptions of themselves."""


def alarms_in(words: str) -> list[Alarm]:
    """The alarms of a position; newer servers send several with commas between."""
    found = (ALARMS.get(word.strip()) for word in words.split(","))
    return [alarm for alarm in found if alarm is not None]
