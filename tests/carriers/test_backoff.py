"""A carrier's service that is down is not hammered, and is back soon after it is up."""

from hypothesis import given
from hypothesis import strategies as st

from tower.carriers.backoff import Backoff


def test_waits_double_up_to_the_longest_and_start_again_after_a_success() -> None:
    backoff = Backoff(first_s=0.5, longest_s=4.0, chance=lambda: 1.0)
    assert [backoff.next_wait() for _ in range(5)] == [0.5, 1.0, 2.0, 4.0, 4.0]
    backoff.succeeded()
    assert backoff.next_wait() == 0.5


@given(failures=st.integers(1, 40))
def test_no_wait_is_longer_than_a_minute(failures: int) -> None:
    backoff = Backoff()
    assert all(0.0 <= backoff.next_wait() <= 60.0 for _ in range(failures))
