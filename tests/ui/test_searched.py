"""Words are found in texts of any length and script."""

from hypothesis import given
from hypothesis import strategies as st

from ui.searched import SearchedTexts

TEXTS = st.text("aé·字 ", max_size=4) | st.builds(lambda one: one * 60, st.text("ab", max_size=5))
STEPS = st.lists(st.dictionaries(st.integers(0, 9), TEXTS, min_size=1), min_size=1)


@given(STEPS, st.lists(st.text("abé·字", min_size=1, max_size=3), min_size=1, max_size=4))
def test_words_stand_where_they_stand_in_the_texts(
    steps: list[dict[int, str]], words: list[str]
) -> None:
    searched, plain = SearchedTexts(), [""] * 10
    for step in steps:
        searched.set(list(step), list(step.values()), 10)
        for slot, text in step.items():
            plain[slot] = text
        for word in words:
            found = searched.mask(word).nonzero()[0].tolist()
            assert found == [slot for slot, text in enumerate(plain) if word in text]


def test_a_long_text_that_became_short_is_found_by_what_it_says_now() -> None:
    searched = SearchedTexts()
    searched.set([0, 1], ["gate " * 50 + "code", "no access"], 2)
    assert searched.mask("code").tolist() == [True, False]
    searched.set([0], ["no access either"], 2)
    assert searched.mask("code").tolist() == [False, False]
    assert searched.mask("access").tolist() == [True, True]
