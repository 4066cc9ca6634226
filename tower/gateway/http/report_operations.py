"""Operations about figures as a whole: as a file to hand on, and by place."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from tower.domain.reporting import Filters
from tower.gateway.answers import Answer, Problem
from tower.gateway.http.call import Call, json_response
from tower.gateway.http.kpi_operations import figured
from tower.gateway.http.operation import Answered, Body, Operation
from tower.gateway.reporting.letters import file_name
from tower.gateway.signin import READERS
from tower.kpi.query import PlacesAnswer, PlacesAsk
from tower.kpi.report.contents import Report
from tower.kpi.report.page import pdf_bytes
from tower.kpi.report.table import csv_bytes
from tower.kpi.report.workbook import xlsx_bytes

_OK = 200


class Format(StrEnum):
    """What a report is written as."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class ReportWish(Answer, frozen=True, kw_only=True):
    """What report is wanted.

    Attributes:
        title: what it is called.
    """

    format: Format = Format.PDF
    filters: Filters = Filters()
    title: Annotated[str, Meta(min_length=1, max_length=80)] = "Performance"


_WRITERS: dict[Format, Callable[[Report], bytes]] = {
    Format.PDF: pdf_bytes,
    Format.XLSX: xlsx_bytes,
    Format.CSV: csv_bytes,
}
_MEDIA = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv",
}


async def _report(call: Call) -> Response:
    wish = call.read(ReportWish)
    reports = call.gateway.reports
    report = await figured(lambda: reports.report(wish.title, wish.filters))
    content = await asyncio.to_thread(_WRITERS[wish.format], report)
    name = file_name(report, wish.format.value)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, _OK, headers, media_type=_MEDIA[wish.format])


async def _places(call: Call) -> Response:
    ask = call.read(PlacesAsk)
    return json_response(await figured(lambda: call.gateway.reckoning.figures.places(ask)))


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/v1/kpi/places",
        name="kpi_places",
        about="A measure by place: the cells of a map with the most behind them.",
        handle=_places,
        roles=READERS,
        body=Body(about="What is asked.", kind=PlacesAsk),
        answers={
            200: Answered(about="The cells.", kind=PlacesAnswer),
            422: Answered(about="There is no such measure by place, or no such day.", kind=Problem),
            503: Answered(about="The figures cannot be had now; why, in words.", kind=Problem),
        },
    ),
    Operation(
        method="POST",
        path="/v1/kpi/report",
        name="kpi_report",
        about="A report of the figures: a page to print, a workbook, or a table.",
        handle=_report,
        roles=READERS,
        body=Body(about="Of which figures, and as what.", kind=ReportWish),
        answers={
            200: Answered(
                about="The file; its name is in Content-Disposition.",
                media=_MEDIA[Format.PDF],
                also=(_MEDIA[Format.XLSX], _MEDIA[Format.CSV]),
            ),
            422: Answered(about="There is no such day.", kind=Problem),
            503: Answered(about="The figures cannot be had now; why, in words.", kind=Problem),
        },
    ),
)
