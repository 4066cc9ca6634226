"""A report as an e-mail: the figures in words, and the page as a file."""

import re
import unicodedata
from datetime import datetime

from tower.domain.words import Channel as Medium
from tower.gateway.reporting.due import Due
from tower.kpi.report.contents import Report, Tile
from tower.kpi.report.page import pdf_bytes
from tower.kpi.report.wording import (
    change_words,
    filter_words,
    is_on_target,
    period_words,
    target_words,
    value_words,
)
from tower.outreach.port import Attachment, Outgoing

SENDER = "Tower"
_NOTHING = "Nothing was counted in this period."
_MEDIA = "application/pdf"
_OTHERS = re.compile(r"[^a-z0-9]+")


def file_name(report: Report, ending: str) -> str:
    """What the file is called, as `weekly-report-2026-03-08.pdf`."""
    ascii_title = unicodedata.normalize("NFKD", report.title).encode("ascii", "ignore").decode()
    stem = _OTHERS.sub("-", ascii_title.lower()).strip("-")[:60].strip("-") or "report"
    return f"{stem}-{report.summary.until}.{ending}"


def attached(report: Report) -> Attachment:
    """The report's page as a file; takes a tenth of a second."""
    return Attachment(name=file_name(report, "pdf"), media=_MEDIA, content=pdf_bytes(report))


def letter(report: Report, page: Attachment, due: Due, to: str, due_at: datetime) -> Outgoing:
    """The e-mail to one reader; the same sending and reader give the same key.

    Args:
        report: what it says.
        page: the report as a file.
        due: the sending.
        to: the reader's address, one of the schedule's.
        due_at: when it was due, in the operation's time zone.
    """
    period = period_words(report.summary.since, report.summary.until)
    return Outgoing(
        key=f"report-{due.run_id}-{due.schedule.to.index(to) + 1}",
        message_id=f"report-{due.run_id}",
        medium=Medium.EMAIL,
        to=to,
        subject=f"{report.title}, {period}",
        text=_words(report, period, due_at),
        language="en",
        sender=SENDER,
        attachments=(page,),
        is_internal=True,
    )


def _words(report: Report, period: str, due_at: datetime) -> str:
    counts = filter_words(report.filters, report.summary.names)
    lines = (
        f"{report.title}: {period}. Counts {counts}.",
        *filter(None, (report.remark,)),
        "",
        *([_line(tile) for tile in report.tiles if tile.value is not None] or (_NOTHING,)),
        "",
        "The whole report is attached as a page to print.",
        f"It was due at {due_at:%H:%M on %A}; a supervisor may change or end it in Tower's",
        "Performance window, under Scheduled reports.",
    )
    return "\n".join(lines)


def _line(tile: Tile) -> str:
    met = {None: "", True: "met", False: "missed"}[is_on_target(tile)]
    target = f"({target_words(tile)}, {met})" if met else ""
    change = change_words(tile)
    words = (
        f"{tile.definition.title}: {value_words(tile.definition, tile.value)}",
        f"{change} against the period before" if change else "",
        target,
    )
    return "  ".join(filter(None, words))
