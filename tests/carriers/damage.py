"""Damaged copies of real messages, for Hypothesis."""

from collections.abc import Sequence

from hypothesis import strategies as st


@st.composite
def damaged(draw: st.DrawFn, originals: Sequence[bytes]) -> bytes:
    """One of the originals with a few bytes cut out, put in or written over."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        data[start:end] = draw(_PIECES)
    return bytes(data)


_PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [
            b"",
            b"null",
            b"-1",
            b"1e400",
            b"9" * 30,
            b"9" * 400,
            b"9" * 5000,
            b"1e300",
            b"{}",
            b"[]",
            b'"',
            b"\\ud800",
            b"\x00",
            b"\xff",
            b";",
            b",",
            b"\n",
            b"NaN",
            b"0001-01-01T00:00:00+23:59",
            b"9999-12-31T23:59:59-23:59",
        ]
    ),
)
