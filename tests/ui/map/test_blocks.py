"""Long sequences share the blocks in which nothing changed."""

from hypothesis import given
from hypothesis import strategies as st

from ui.map.blocks import BLOCK, BlockedRecords, Blocks, blocks_of
from ui.map.scene import MapDepot


def _depot(number: int, lat: float = 47.0) -> MapDepot:
    return MapDepot(str(number), lat, 9.5)


def _filled(count: int) -> BlockedRecords[MapDepot]:
    records = BlockedRecords[MapDepot]()
    for number in range(count):
        records.put(_depot(number))
    return records


def test_only_the_block_of_a_changed_record_is_another_one() -> None:
    records = _filled(3 * BLOCK)
    before = records.shown()
    records.put(_depot(BLOCK + 1, 48.0))
    after = records.shown()
    same = [one is other for one, other in zip(before.blocks, after.blocks, strict=True)]
    assert same == [True, False, True]
    assert after[BLOCK + 1].lat == 48.0
    assert before[BLOCK + 1].lat == 47.0


def test_what_did_not_change_is_the_very_same() -> None:
    records = _filled(10)
    assert records.shown() is records.shown()


def test_a_record_that_went_makes_room_for_another() -> None:
    records = _filled(3)
    records.drop("1")
    assert [one.id for one in records.shown()] == ["0", "2"]
    assert records.get("1") is None
    records.put(_depot(7))
    assert [one.id for one in records.shown()] == ["0", "7", "2"]
    records.drop("nobody")


def test_a_sequence_without_blocks_is_a_block() -> None:
    assert blocks_of((1, 2)) == ((1, 2),)
    assert blocks_of(Blocks([(1,), (2, 3)])) == ((1,), (2, 3))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 700)), max_size=40))
def test_all_that_is_held_is_shown_once(steps: list[tuple[bool, int]]) -> None:
    records, wanted = _filled(600), {str(number) for number in range(600)}
    for is_put, number in steps:
        if is_put:
            records.put(_depot(number))
            wanted.add(str(number))
        else:
            records.drop(str(number))
            wanted.discard(str(number))
    shown = records.shown()
    assert sorted(one.id for one in shown) == sorted(wanted)
    assert len(shown) == len(wanted) == len(list(records))
