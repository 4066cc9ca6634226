"""The work on exceptions, in the words of the event log. Knows no widgets."""

from tower.domain import events as e
from tower.domain.words import Disposition, ExceptionState, Severity
from ui.eventlog.names import Names, Teller, Told, sentence


def _raised(_event: e.Event, body: e.ExceptionRaised, names: Names) -> Told:
    finding = body.finding
    tone = "late" if finding.severity is Severity.CRITICAL else "at_risk"
    return Told(sentence(names.finding(finding), finding.detail), tone)


def _worked(event: e.Event, body: e.ExceptionWorked, names: Names) -> Told:
    what = names.exception(event.subject.exception_id)
    if body.escalated_at == event.at:
        asked = f"{what} — a supervisor is asked to look"
        return Told(sentence(asked, body.escalated_because), "late")
    return Told(sentence(f"{what} — {_state(body, names)}", body.cause), _TONES[body.state])


_TONES = {
    ExceptionState.OPEN: "text_secondary",
    ExceptionState.CLAIMED: "text_secondary",
    ExceptionState.SNOOZED: "text_secondary",
    ExceptionState.ESCALATED: "at_risk",
    ExceptionState.RESOLVED: "on_time",
}


def _state(body: e.ExceptionWorked, names: Names) -> str:
    match body.state:
        case ExceptionState.CLAIMED:
            return f"claimed by {body.owner_name or body.owner}"
        case ExceptionState.SNOOZED:
            return f"snoozed {_until(body, names)}"
        case ExceptionState.ESCALATED:
            return "waits for a supervisor"
        case ExceptionState.RESOLVED:
            return "cleared by itself" if body.by_rule else _JUDGED[body.disposition]
    whom = body.assigned_name or body.assigned_to
    return f"back in the queue, for {whom}" if whom else "back in the queue"


_JUDGED = {
    None: "resolved",
    Disposition.DONE: "resolved",
    Disposition.FALSE_ALARM: "resolved as a false alarm",
    Disposition.DUPLICATE: "closed as a duplicate",
}


def _until(body: e.ExceptionWorked, names: Names) -> str:
    until = f"until {names.clock(body.snoozed_until)}" if body.snoozed_until else ""
    return f"{until} or the {body.awaits}" if body.awaits else until


def _noted(event: e.Event, body: e.ExceptionNoted, names: Names) -> Told:
    return Told(sentence(f"note on {names.exception(event.subject.exception_id)}", body.words))


_COMMANDS = {
    "claim_exception": "claim",
    "release_exception": "release",
    "assign_exception": "assignment",
    "snooze_exception": "snooze",
    "wake_exception": "waking",
    "escalate_exception": "escalation",
    "merge_exception": "merging",
    "note_exception": "note",
    "resolve_exception": "resolution",
    "reopen_exception": "reopening",
    "sequence_routes": "new order of stops",
    "lock_stops": "lock",
    "amend_stop": "what was agreed",
    "set_thresholds": "new thresholds",
    "set_playbooks": "new playbooks",
    "set_outreach_policy": "new rules of writing to customers",
    "send_messages": "message",
    "settle_message": "word on a message",
    "cancel_message": "cancelling a message",
    "see_replies": "reading replies",
    "set_consent": "consent",
    "file_claim": "claim of a customer",
    "settle_claim": "settlement of a claim",
    "record_survey": "answer to a survey",
    "close_return": "booking a return back in",
    "set_reporting": "new targets, views and reports",
    "send_report": "sending a report",
}


def command_words() -> frozenset[str]:
    """The orders whose refusal the log has words for."""
    return frozenset(_COMMANDS)


def refused(event: e.Event, body: e.CommandRefused, names: Names) -> Told:
    """An order that was not carried out, and why."""
    what = _COMMANDS.get(body.command, body.command.replace("_", " "))
    subject = event.subject
    on = f" on {names.route(subject.route_id)}" if subject.route_id else ""
    on = f" about {names.stop(subject.stop_id)}" if subject.stop_id else on
    return Told(f"{what[0].upper()}{what[1:]}{on} refused: {body.why}", "at_risk")


TELLERS: dict[type[e.Body], Teller] = {
    e.ExceptionRaised: _raised,
    e.ExceptionWorked: _worked,
    e.ExceptionNoted: _noted,
}
"""How each event about an exception is told."""
