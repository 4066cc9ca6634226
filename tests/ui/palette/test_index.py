"""Anything is found by a few letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.example_shift import NOON, event, example_state
from tower.domain.events import StopDelivered
from tower.domain.fold import apply
from tower.domain.records import Subject
from ui.filter import links
from ui.palette.entries import build_index, findable
from ui.palette.index import Entry, SearchIndex

ENTRIES = [
    Entry("stop", "s1", "Bakery Müller", "Stop 4 · R-204 · Landstrasse 12", "ORD-7 PARCEL-000417"),
    Entry("stop", "s2", "Demo Pharmacy 3", "Stop 9 · R-211 · Im Bretscha 3", "ORD-8 PARCEL-9"),
    Entry("vehicle", "v1", "FL 4012", "van · R-204 · Driver A12 · Own vans"),
    Entry("route", "r1", "R-204", "Route · Driver A12", "r1"),
    Entry("exception", "x1", "Stop 9 · gate code missing", "Driver at the door", "no access"),
    Entry("command", "theme_toggle", "Switch theme", "View · dark and light"),
]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("muller", "s1"),
        ("MÜLL", "s1"),
        ("pharm", "s2"),
        ("parcel-000417", "s1"),
        ("000417", "s1"),
        ("4012", "v1"),
        ("r-204", "r1"),
        ("driver a12 van", "v1"),
        ("landstr 204", "s1"),
        ("gate code", "x1"),
        ("theme", "theme_toggle"),
    ],
)
def test_the_best_hit_is_what_was_meant(query: str, best: str) -> None:
    assert SearchIndex(ENTRIES).search(query)[0].entry.id == best


@pytest.mark.parametrize(
    ("typed", "meant"), [("pharmcy", "s2"), ("bakrey", "s1"), ("swich", "theme_toggle")]
)
def test_a_slip_of_the_finger_is_forgiven(typed: str, meant: str) -> None:
    assert SearchIndex(ENTRIES).search(typed)[0].entry.id == meant


def test_words_nobody_has_find_nothing() -> None:
    index = SearchIndex(ENTRIES)
    assert index.search("zzqq") == []
    assert index.search("   ") == []
    assert SearchIndex([]).search("bakery") == []


def test_a_rare_word_is_found_among_thousands_that_share_the_other() -> None:
    crowd = [Entry("stop", f"s{n}", f"Customer {n:05d}") for n in range(3000)]
    found = SearchIndex(crowd).search("customer 02871")
    assert [hit.entry.id for hit in found] == ["s2871"]


@given(st.text(max_size=30))
def test_no_typing_breaks_it(text: str) -> None:
    for hit in SearchIndex(ENTRIES).search(text):
        assert hit.entry in ENTRIES


@given(st.sampled_from(ENTRIES), st.data())
def test_every_piece_of_a_title_finds_its_entry(entry: Entry, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(entry.title) - 3))
    piece = entry.title[start : start + 3]
    if piece.strip():
        hits = SearchIndex(ENTRIES).search(piece)
        assert entry in [hit.entry for hit in hits]


def test_what_is_found_is_the_entry_as_it_was_given() -> None:
    odd = Entry("stop", "s\ud800", "Two\nlines \x1f", "ﬁne · 北京", "ORD-9")
    index = SearchIndex([*ENTRIES, odd])
    assert index.search("pharm")[0].entry == ENTRIES[1]
    assert index.search("北京")[0].entry == odd
    assert len(index) == len(ENTRIES) + 1


def test_everything_of_a_shift_is_found_after_its_deliveries_too() -> None:
    state = example_state()
    index = build_index(findable(state, links(state)))
    served = event(StopDelivered(), Subject(stop_id="s7"), at=NOON)
    apply(state, served)
    for typed, kind, id_ in (
        ("ORD-1007", "stop", "s7"),
        ("R-201", "route", "r1"),
        ("FL 4002", "vehicle", "gig:v2"),
        ("gate code missing", "exception", "x1"),
        ("demo depot", "depot", "depot-1"),
        ("switch theme", "command", "theme_toggle"),
    ):
        found = index.search(typed)[0].entry
        assert (found.kind, found.id) == (kind, id_)
