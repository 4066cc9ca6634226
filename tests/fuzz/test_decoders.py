"""Whatever bytes come, every decoder takes them or refuses them in words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.carriers.damage import damaged
from tests.fuzz.decoder import CORPUS, Decoder
from tests.fuzz.decoders import DECODERS

each = pytest.mark.parametrize("decoder", DECODERS.values(), ids=list(DECODERS))


def test_the_corpus_has_a_folder_for_each_decoder_and_no_other() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(DECODERS)


@each
def test_everything_in_the_corpus_is_taken_or_refused_in_words(decoder: Decoder) -> None:
    kept = decoder.corpus()
    assert kept
    taken = [decoder.tried(data) for data in kept]
    assert any(taken)


@each
@given(data=st.binary(max_size=400))
@settings(max_examples=40)
def test_any_bytes_at_all(decoder: Decoder, data: bytes) -> None:
    decoder.tried(data)


@each
@given(data=st.data())
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example]
)
def test_what_was_damaged_on_the_way(decoder: Decoder, data: st.DataObject) -> None:
    decoder.tried(data.draw(damaged(decoder.corpus())))
