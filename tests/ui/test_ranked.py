"""Rows kept sorted and searched are those sorted and searched anew."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from ui.ranked import RankedRows


class Thing(NamedTuple):
    """A row."""

    id: str
    rank: int
    name: str


NAMES = st.text("ab ", max_size=4)
THINGS = st.builds(Thing, st.sampled_from([f"t{n}" for n in range(12)]), st.integers(0, 3), NAMES)
STEPS = st.lists(st.lists(THINGS, max_size=8) | st.sampled_from([f"t{n}" for n in range(12)]))


def _ranked() -> RankedRows[Thing]:
    return RankedRows(
        {"rank": lambda row: row.rank},
        {"name": lambda row: row.name, "id": lambda row: row.id},
        lambda row: row.name,
    )


@given(STEPS, st.lists(st.text("ab", min_size=1, max_size=3), max_size=3))
def test_order_and_words_are_those_of_a_plain_sort_and_search(
    steps: list[list[Thing] | str], words: list[str]
) -> None:
    ranked, plain = _ranked(), dict[str, Thing]()
    for step in steps:
        if isinstance(step, str):
            ranked.drop([step])
            plain.pop(step, None)
        else:
            rows = {one.id: one for one in step}
            ranked.put(rows)
            plain.update(rows)
        # Asked for in between, so that what is kept has to be kept right.
        found = ranked.with_words(ranked.order("rank", "name", "-rank", "id"), words)
        expected = [one for one in plain.values() if all(word in one.name for word in words)]
        expected.sort(key=lambda one: (one.rank, one.name, one.id))
        assert ranked.ids(found) == [one.id for one in expected]
        assert len(ranked) == len(plain)


def test_many_new_texts_find_their_places_at_once() -> None:
    ranked = _ranked()
    ranked.put({f"t{n}": Thing(f"t{n}", 0, f"{n * 37 % 101:03}") for n in range(101)})
    ranked.put({"new": Thing("new", 0, "0505")})
    names = [id_ for id_ in ranked.ids(ranked.order("name")) if id_ == "new"]
    order = ranked.ids(ranked.order("name"))
    assert names == ["new"]
    assert order.index("new") == 51


def test_some_new_texts_among_many_find_their_places() -> None:
    ranked, things = _ranked(), {}
    for first, count in ((0, 300), (300, 200), (500, 3)):
        some = {
            f"t{n}": Thing(f"t{n}", 0, f"{n * 37 % 503:03}") for n in range(first, first + count)
        }
        ranked.put(some)
        things.update(some)
        expected = sorted(things.values(), key=lambda one: one.name)
        assert ranked.ids(ranked.order("name")) == [one.id for one in expected]


def test_a_word_typed_further_and_taken_back_finds_the_same() -> None:
    ranked = _ranked()
    ranked.put({f"t{n}": Thing(f"t{n}", 0, "ab" if n % 2 else "aa") for n in range(6)})
    all_of = ranked.order("id")
    assert len(ranked.with_words(all_of, ("a",))) == 6
    assert ranked.ids(ranked.with_words(all_of, ("ab",))) == ["t1", "t3", "t5"]
    assert len(ranked.with_words(all_of, ("a",))) == 6
    ranked.put({"t0": Thing("t0", 0, "ab")})
    assert ranked.ids(ranked.with_words(ranked.order("id"), ("ab",))) == ["t0", "t1", "t3", "t5"]
