"""Rows come, go and move without the view losing what is selected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ui.keyed import KeyedModel, held_order, runs

_Failures = QAbstractItemModelTester.FailureReportingMode


class Words(KeyedModel[str]):
    """A word a row."""

    titles: tuple[str, ...] = ("Word", "Length")

    def text(self, row: str, column: int) -> str:
        return (row, str(len(row)))[column]


@pytest.fixture
def model(qtbot: QtBot) -> Words:
    model = Words()
    QAbstractItemModelTester(model, _Failures.Fatal, model)
    model.arrange({"a": "apple", "b": "bread", "c": "cheese"})
    qtbot.wait(0)
    return model


def test_what_is_selected_stays_selected_when_rows_move(model: Words) -> None:
    selection = QItemSelectionModel(model)
    flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
    selection.setCurrentIndex(model.index(1, 0), flag)
    model.arrange({"c": "cheese", "d": "dates", "b": "bread", "a": "apple"})
    assert model.ids == ["c", "d", "b", "a"]
    assert selection.currentIndex().row() == 2
    assert selection.currentIndex().data() == "bread"


def test_only_rows_that_changed_are_told(model: Words) -> None:
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.renew({"a": "apple", "b": "butter", "c": "cream", "x": "unknown"})
    assert told == [(1, 2)]
    assert model.record_of("b") == "butter"
    assert model.record_of("x") is None


def test_a_row_that_goes_takes_nothing_with_it(model: Words) -> None:
    kept = QPersistentModelIndex(model.index(2, 0))
    gone = QPersistentModelIndex(model.index(0, 0))
    model.arrange({"b": "bread", "c": "cheese"})
    assert not gone.isValid()
    assert kept.row() == 1
    assert model.place_of("a") == -1
    assert model.id_at(7) == ""


def test_a_row_reads_itself_out(model: Words) -> None:
    assert model.index(0, 0).data() == "apple"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Length"
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) == "apple, 5"
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


_orders = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(st.lists(_orders, min_size=1, max_size=6))
def test_any_order_follows_any_other(orders: list[list[str]]) -> None:
    model = Words()
    QAbstractItemModelTester(model, _Failures.Fatal, model)
    for order in orders:
        model.arrange({id_: id_ * 2 for id_ in order})
        assert model.ids == order
        assert [model.record(model.place_of(id_)) for id_ in order] == [id_ * 2 for id_ in order]


def test_of_many_rows_that_go_at_once_none_takes_another_along(qtbot: QtBot) -> None:
    model = Words()
    QAbstractItemModelTester(model, _Failures.Fatal, model)
    words = {f"{number:03}": "x" * number for number in range(1, 101)}
    model.arrange(words)
    kept = [QPersistentModelIndex(model.index(row, 1)) for row in range(0, 100, 3)]
    gone = [QPersistentModelIndex(model.index(row, 0)) for row in range(1, 100, 3)]
    removals: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: removals.append((first, last)))
    third = {id_: word for place, (id_, word) in enumerate(words.items()) if place % 3 == 0}
    model.arrange(dict(reversed(third.items())))
    qtbot.wait(0)
    assert model.ids == sorted(third, reverse=True)
    assert [index.data() for index in kept] == [str(number) for number in range(1, 101, 3)]
    assert not any(index.isValid() for index in gone)
    assert len(removals) == 1, "one run is removed sooner than thirty"


def test_runs_join_neighbours() -> None:
    assert list(runs([4, 1, 2, 7, 6])) == [(1, 2), (4, 4), (6, 7)]
    assert list(runs([])) == []


def test_under_the_pointer_nothing_moves() -> None:
    assert held_order(["a", "b", "c"], ["n", "c", "b", "a"], "b") == ["a", "b", "n", "c"]
    assert held_order(["a", "b"], ["n", "b", "a"], "") == ["a", "b", "n"]


def test_what_is_new_below_the_pointer_stands_in_its_place() -> None:
    shown = held_order(["b", "f"], ["b", "d", "f"], "b")
    shown = held_order(shown, ["a", "b", "d", "e", "f", "g"], "b")
    assert shown == ["b", "a", "d", "e", "f", "g"], "the gravest first, whichever came first"


def test_a_long_list_keeps_what_is_selected_through_filter_and_sort(qtbot: QtBot) -> None:
    model = Words()
    QAbstractItemModelTester(model, _Failures.Fatal, model)
    rows = {f"w{n}": f"word {n % 90}" for n in range(5_000)}
    every = list(rows)
    model.line_up(every, rows)
    qtbot.wait(0)
    selection = QItemSelectionModel(model)
    flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
    selection.setCurrentIndex(model.index(4_000, 0), flag)
    model.line_up([id_ for id_ in every if int(id_[1:]) % 2 == 0], rows)
    assert (model.rowCount(), selection.currentIndex().row()) == (2_500, 2_000)
    assert (model.place_of("w4000"), model.place_of("w1")) == (2_000, -1)
    assert model.record_of("w1") is None
    model.line_up(every[::-1], rows)
    assert (model.rowCount(), selection.currentIndex().row()) == (5_000, 999)
    model.line_up(["w4000", "w2"], rows)
    assert (model.rowCount(), selection.currentIndex().data()) == (2, "word 40")


def test_of_a_long_list_only_rows_that_changed_are_told(qtbot: QtBot) -> None:
    model, told = Words(), list[tuple[int, int]]()
    rows = {f"w{n}": "word" for n in range(5_000)}
    model.line_up(list(rows), rows)
    qtbot.wait(0)
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    rows.update({"w7": "another", "w8": "another"})
    model.renew({"w7": "another", "w8": "another"})
    assert told == [(7, 8)]
    assert model.record(7) == "another"


def test_places_are_right_however_many_rows_are_asked_for(model: Words) -> None:
    ids = [f"w{number}" for number in range(9)]
    for order in (ids, ids[::-1], ids[2:]):
        model.arrange({id_: id_ for id_ in order})
        asked = ["w0", *order, "none", "w0", ""]
        expected = [order.index(id_) if id_ in order else -1 for id_ in asked]
        assert [model.place_of(id_) for id_ in asked] == expected
