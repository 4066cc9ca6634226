"""Reports over HTTP: as files for whoever may read, sent at once for supervisors."""

import csv
import io
import uuid
from collections.abc import Iterator

import httpx
import msgspec
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.gateway.reporting.office import NORTH, WEEKLY
from tests.gateway.running import RunningGateway, asked_until
from tower.domain.commands import Command, SendReport, SetReporting
from tower.domain.reporting import Reporting, ReportRun
from tower.domain.words import MessageState
from tower.kpi.measures.catalogue import MEASURES

REPORT = "/v1/kpi/report"


@pytest.fixture
def reader(shared_gateway: RunningGateway) -> Iterator[httpx.Client]:
    """Somebody who may read; the figures have been counted."""
    behind = shared_gateway.journal.seq
    with shared_gateway.client("vic") as http:
        asked_until(http, "/v1/kpi/measures", lambda answer: answer.json()["seq"] >= behind)
        yield http


def test_a_page_to_print(reader: httpx.Client) -> None:
    answer = reader.post(REPORT, json={"format": "pdf", "title": "Müller's week"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="muller-s-week-2026-11-20.pdf"'
    )
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    assert "Müller's week" in page.extract_text()


def test_a_workbook_and_a_table_say_the_same(reader: httpx.Client) -> None:
    book = load_workbook(io.BytesIO(reader.post(REPORT, json={"format": "xlsx"}).content))
    sheet = {row[0].value: row[1].value for row in book["Summary"].iter_rows()}
    text = reader.post(REPORT, json={"format": "csv"}).content.decode("utf-8-sig")
    lines = {
        row["measure"]: row["value"]
        for row in csv.DictReader(io.StringIO(text))
        if row["panel"] == "summary"
    }
    assert float(lines["stops"]) == sheet[MEASURES["stops"].title]


def test_days_that_there_are_not_are_refused_in_words(reader: httpx.Client) -> None:
    answer = reader.post(REPORT, json={"filters": {"since": "2026-02-30"}})
    assert answer.status_code == 422
    assert "no such day" in answer.json()["message"]
    assert reader.post(REPORT, json={"format": "docx"}).status_code == 422
    assert reader.post(REPORT, content=b"{").status_code == 400


def test_nobody_without_a_token_and_no_carrier_gets_one(shared_gateway: RunningGateway) -> None:
    for person, status in (("", 401), ("own", 403)):
        with shared_gateway.client(person) as http:
            assert http.post(REPORT, json={}).status_code == status


def test_only_a_supervisor_sends_one_now_and_is_told_what_became_of_it(
    gateway: RunningGateway,
) -> None:
    with gateway.client("sue") as sue:
        refused = _command(sue, SendReport(schedule_id="weekly"))
        assert "no scheduled report weekly" in refused.json()["message"]
        reporting = Reporting(views=(NORTH,), schedules=(WEEKLY,))
        assert _command(sue, SetReporting(version=0, reporting=reporting)).status_code == 200
        with gateway.client("ann") as ann:
            refused = _command(ann, SendReport(schedule_id="weekly"))
            assert refused.json()["message"] == "Only a supervisor may send a report."
        assert _command(sue, SendReport(schedule_id="weekly")).status_code == 200
    run = gateway.until(lambda: _ended(gateway))
    assert run.state is MessageState.NOT_SENT
    assert run.problem == "Nobody got it: the settings name no account that sends e-mail."


def _command(http: httpx.Client, command: Command) -> httpx.Response:
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    return http.post("/v1/commands", content=msgspec.json.encode(command), headers=headers)


def _ended(gateway: RunningGateway) -> ReportRun | None:
    runs = gateway.state.report_runs.values()
    return next((run for run in runs if not run.state.is_pending), None)
