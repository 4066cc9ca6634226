"""No provider gets more than it bears, and nobody two messages at once."""

from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.telling.channels import Provider
from tower.gateway.settings import ChannelSettings
from tower.gateway.telling.accounts import Account
from tower.gateway.telling.capacity import Capacity, Place


class Watch:
    """A clock a test sets."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def account(at_once: int, per_second: float) -> Account:
    settings = ChannelSettings(name="texts", plugin="test", at_once=at_once, per_second=per_second)
    return Account(settings, plugin=None, channel=Provider())  # type: ignore[arg-type]


def test_one_message_at_a_time_goes_to_an_address_and_for_a_stop() -> None:
    capacity, texts = Capacity(), account(10, 1_000)
    first = capacity.take(texts, "+447700900001", "S1")
    assert first is not None
    assert capacity.take(texts, "+447700900001", "S2") is None
    assert capacity.take(texts, "customer@example.org", "S1") is None
    assert capacity.take(texts, "+447700900002", "S2") is not None
    capacity.give_back(first)
    assert capacity.take(texts, "+447700900001", "S1") is not None


@given(
    st.integers(1, 5),
    st.sampled_from([0.5, 2.0, 25.0]),
    st.lists(st.tuples(st.sampled_from([0.0, 0.01, 0.3, 2.0]), st.booleans()), max_size=80),
)
def test_a_provider_is_never_given_more_than_its_settings_allow(
    at_once: int, per_second: float, steps: list[tuple[float, bool]]
) -> None:
    watch = Watch()
    capacity, texts = Capacity(watch), account(at_once, per_second)
    under_way: list[Place] = []
    begun: list[float] = []
    for number, (passed, is_done) in enumerate(steps):
        watch.s += passed
        if is_done and under_way:
            capacity.give_back(under_way.pop())
        place = capacity.take(texts, f"address {number}", f"S{number}")
        if place is not None:
            under_way.append(place)
            begun.append(watch.s)
        assert len(under_way) <= at_once
    in_a_row = max(1.0, 0.2 * per_second)
    for at in begun:
        within = [one for one in begun if at - 1.0 <= one <= at]
        assert len(within) <= per_second + in_a_row + 1e-6


def test_who_waits_is_served_when_time_has_passed() -> None:
    watch = Watch()
    capacity, texts = Capacity(watch), account(100, 1.0)
    assert capacity.take(texts, "a", "S1") is not None
    assert capacity.take(texts, "b", "S2") is None
    watch.s += 1.0
    assert capacity.take(texts, "b", "S2") is not None
