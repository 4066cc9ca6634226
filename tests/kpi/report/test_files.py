"""Reports as files: one page that prints, a workbook that counts, a table nobody can misuse."""

import csv
import io
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.kpi.report.figures import MADE_AT, WEEK, nothing, report, value_of
from tower.domain.reporting import Filters, Target
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.report import fonts
from tower.kpi.report.contents import Report, gather
from tower.kpi.report.page import pdf_bytes
from tower.kpi.report.table import HEADINGS, csv_bytes
from tower.kpi.report.workbook import xlsx_bytes

EMPTY = gather(nothing, "Nothing yet", WEEK, {}, MADE_AT)


def printed(made: Report) -> str:
    (page,) = PdfReader(io.BytesIO(pdf_bytes(made))).pages
    return page.extract_text()


class TestThePage:
    def test_it_is_one_sheet_of_a4(self) -> None:
        document = PdfReader(io.BytesIO(pdf_bytes(report())))
        (page,) = document.pages
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert document.metadata is not None
        assert document.metadata.title == "Weekly report, 2–8 March 2026"

    def test_it_says_what_was_counted_and_how_it_stands(self) -> None:
        words = printed(report(Filters(carriers=("c1",))))
        for expected in (
            "Weekly report",
            "2–8 March 2026",
            "Counts: carrier North Express",
            "93.5 %",
            "target ≥ 95 %  missed",
            "no access",
            "Definitions version 1",
            "journal up to event 12,345",
            "stop_delivered",
        ):
            assert expected in words

    def test_a_target_of_the_room_decides_what_is_met(self) -> None:
        words = printed(report(targets=(Target(measure="on_time", value=90.0),)))
        assert "target ≥ 90 %  met" in words

    def test_names_of_every_latin_alphabet_are_printed(self) -> None:
        if fonts.letters().held.isdisjoint({ord("Ł")}):
            pytest.skip("the desktop's typeface is not built here")
        words = printed(report())
        assert "Wojciech Łódź" in words
        assert "Müller & Čech" in words

    def test_letters_no_font_holds_are_written_with_what_they_are_made_of(self) -> None:
        western = fonts.Letters(frozenset(range(0x20, 0x100)))
        assert western.fit("Čech Müller 配達") == "Cech Müller ??"

    def test_a_very_long_name_is_cut_and_stays_on_the_page(self) -> None:
        words = printed(report(title="A very long name of a report " * 20))
        assert "A very long name of a report A" in words
        assert "…" in words

    def test_a_period_without_anything_says_so(self) -> None:
        assert printed(EMPTY).count("Nothing was counted in this period.") == 8

    def test_the_same_report_is_the_same_file(self) -> None:
        assert pdf_bytes(report()) == pdf_bytes(report())
        assert xlsx_bytes(report()) == xlsx_bytes(report())


class TestTheWorkbook:
    def test_it_has_a_sheet_a_panel_with_numbers_that_count(self) -> None:
        book = load_workbook(io.BytesIO(xlsx_bytes(report())))
        titles = [panel.title for panel in report().panels]
        assert book.sheetnames == ["Summary", *titles, "Definitions"]
        sheet = book["On time by hour"]
        assert [cell.value for cell in sheet[1]][:3] == ["Key", "Hour", "On time (%)"]
        assert sheet["C2"].value == value_of("on_time", 0)
        assert sheet["C2"].data_type == "n"
        assert sheet["C2"].number_format == "#,##0.0"

    def test_the_summary_says_what_it_is_about(self) -> None:
        sheet = load_workbook(io.BytesIO(xlsx_bytes(report())))["Summary"]
        assert sheet["B1"].value == "Weekly report"
        assert sheet["B2"].value == "2–8 March 2026"
        assert sheet["A8"].value == "On time"
        assert sheet["B8"].value == value_of("on_time", 0)
        assert sheet["E8"].value == pytest.approx(sheet["B8"].value - sheet["D8"].value)
        assert sheet["F8"].value == 95.0

    def test_no_word_becomes_a_formula(self) -> None:
        book = load_workbook(io.BytesIO(xlsx_bytes(report())))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "=cmd()" in {cell.value for cell in cells}
        assert "f" not in {cell.data_type for cell in cells}

    def test_every_measure_is_defined(self) -> None:
        sheet = load_workbook(io.BytesIO(xlsx_bytes(report())))["Definitions"]
        assert [row[0].value for row in sheet.iter_rows(min_row=3)] == list(MEASURES)

    def test_figures_nobody_knows_are_empty_cells(self) -> None:
        sheet = load_workbook(io.BytesIO(xlsx_bytes(EMPTY)))["Summary"]
        assert sheet["B8"].value is None


class TestTheTable:
    def lines(self, made: Report) -> list[dict[str, str]]:
        text = csv_bytes(made).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_it_says_what_alphabet_it_is_in(self) -> None:
        content = csv_bytes(report())
        assert content.startswith(b"\xef\xbb\xbf" + ",".join(HEADINGS).encode() + b"\r\n")

    def test_every_figure_is_a_line_with_all_its_digits(self) -> None:
        lines = self.lines(report())
        first = lines[0]
        assert (first["panel"], first["measure"]) == ("summary", "on_time")
        assert float(first["value"]) == value_of("on_time", 0)
        hours = [one for one in lines if one["panel"] == "by_hour" and one["measure"] == "on_time"]
        assert [one["key"] for one in hours] == [str(hour) for hour in range(7, 19)]
        assert [float(one["value"]) for one in hours] == [value_of("on_time", n) for n in range(12)]

    def test_no_word_becomes_a_formula_and_no_number_loses_its_sign(self) -> None:
        lines = self.lines(report())
        words = {one[field] for one in lines for field in ("key", "name")}
        assert "'=cmd()" in words
        assert "'=shop" in words
        assert not any(word.startswith(("=", "+", "-", "@")) for word in words)

    def test_figures_nobody_knows_are_empty_cells(self) -> None:
        assert {one["value"] for one in self.lines(EMPTY)} == {""}


def test_a_report_made_in_another_zone_says_which() -> None:
    made = gather(nothing, "", WEEK, {}, datetime(2026, 3, 9, 6, 0, tzinfo=UTC))
    assert "made 2026-03-09 06:00 UTC" in printed(made)


def test_every_file_says_that_days_were_made_up() -> None:
    remark = "Simulated history: the days before the shift were made up."
    made = replace(report(), remark=remark)
    assert remark in printed(made)
    assert remark in csv_bytes(made).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(xlsx_bytes(made)))["Summary"]
    assert sheet["B6"].value == remark
    assert sheet["A9"].value == "On time"
