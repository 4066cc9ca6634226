"""The network of the drills does what it is told, and nothing else."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol.proxy import DOWN, UP, Proxy

_PATIENCE_S = 10.0


class Echo:
    """A server that says again what it is told."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(one,), daemon=True).start()

    @staticmethod
    def _answer(one: socket.socket) -> None:
        with one:
            try:
                while piece := one.recv(4_096):
                    one.sendall(piece)
            except OSError:
                return

    def close(self) -> None:
        """Take no more connections."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(_PATIENCE_S)


@pytest.fixture(scope="module")
def echo() -> Iterator[Echo]:
    one = Echo()
    yield one
    one.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.port) as one:
        yield one


@pytest.fixture(scope="module")
def idle_proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.port) as one:
        yield one


@contextmanager
def line(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=_PATIENCE_S) as one:
        yield one


def _say(one: socket.socket, pieces: list[bytes]) -> None:
    for piece in pieces:
        one.sendall(piece)


def _all(one: socket.socket, size: int) -> bytes:
    """So many bytes, or what came before the end."""
    got = b""
    while len(got) < size and (piece := one.recv(65_536)):
        got += piece
    return got


@settings(max_examples=40)
@given(pieces=st.lists(st.binary(min_size=1, max_size=40_000), min_size=1, max_size=6))
def test_nothing_is_changed_while_it_does_nothing(idle_proxy: Proxy, pieces: list[bytes]) -> None:
    sent = b"".join(pieces)
    with line(idle_proxy) as one:
        sending = threading.Thread(target=_say, args=(one, pieces))
        sending.start()
        assert _all(one, len(sent)) == sent
        sending.join(_PATIENCE_S)
        one.shutdown(socket.SHUT_WR)
        assert one.recv(1) == b""


def test_a_cut_breaks_what_there_is_and_what_comes_until_it_is_mended(proxy: Proxy) -> None:
    with line(proxy) as one:
        one.sendall(b"before")
        assert _all(one, 6) == b"before"
        proxy.cut()
        assert _is_broken(one)
    with line(proxy) as one:
        assert _is_broken(one)
    proxy.mend()
    with line(proxy) as one:
        one.sendall(b"after")
        assert _all(one, 5) == b"after"


def test_what_is_delayed_comes_late_and_whole(proxy: Proxy) -> None:
    proxy.delay(0.2)
    with line(proxy) as one:
        begun = time.monotonic()
        one.sendall(b"late")
        assert _all(one, 4) == b"late"
        assert time.monotonic() - begun >= 0.4


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_half_open_says_nothing_and_breaks_when_it_is_over(proxy: Proxy, direction: str) -> None:
    with line(proxy) as one:
        proxy.swallow(UP if direction == UP else DOWN)
        one.sendall(b"lost")
        one.settimeout(0.2)
        with pytest.raises(TimeoutError):
            one.recv(1)
        one.settimeout(_PATIENCE_S)
        proxy.mend()
        assert _is_broken(one)


def test_trickling_lets_through_so_many_bytes_a_second(proxy: Proxy) -> None:
    proxy.trickle(100, DOWN)
    with line(proxy) as one:
        one.sendall(bytes(30))
        begun = time.monotonic()
        assert _all(one, 30) == bytes(30)
        assert time.monotonic() - begun >= 0.25
        one.sendall(bytes(100_000))
        proxy.mend()
        assert len(_all(one, 100_000)) == 100_000


def test_a_flood_is_poured_in_and_ends_with_the_connection(proxy: Proxy) -> None:
    with line(proxy) as one:
        proxy.flood(b"junk", DOWN)
        assert _all(one, 50_000).startswith(b"junkjunk")
        proxy.mend()
        assert _is_broken(one)


def _is_broken(one: socket.socket) -> bool:
    try:
        while one.recv(65_536):
            pass
    except ConnectionError:
        return True
    return True
