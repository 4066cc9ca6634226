"""Long polls of the map's page: none is ever forgotten."""

from collections.abc import Callable
from typing import cast

import pytest
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob

from ui.map import live
from ui.map.live import BINARY, Topic


class Deaths:
    """Stands for a request's `destroyed` signal."""

    def __init__(self) -> None:
        self._slots: list[Callable[[], object]] = []

    def connect(self, slot: Callable[[], object]) -> None:
        """As a signal does."""
        self._slots.append(slot)

    def emit(self) -> None:
        """The web engine deletes the request."""
        for slot in self._slots:
            slot()


class Request:
    """Stands for a request of the page."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.destroyed = Deaths()


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the requests that were answered."""
    numbers: list[int] = []
    monkeypatch.setattr(live, "reply", lambda job, *_: numbers.append(job.number))
    return numbers


def ask(topic: Topic, number: int) -> Deaths:
    """A request asks for something newer and is then held by the topic alone."""
    request = Request(number)
    topic.ask(cast("QWebEngineUrlRequestJob", request), topic.version)
    return request.destroyed


def test_a_request_that_dies_late_does_not_take_the_next_one_with_it(answered: list[int]) -> None:
    topic = Topic(BINARY, lambda _since: b"news")
    last = ask(topic, 0)
    for number in range(1, 200):
        topic.publish()
        waiting = ask(topic, number)
        last.emit()
        last = waiting
    topic.publish()
    assert answered == list(range(200)), "the map would stand still from the missing one on"


def test_a_request_the_page_gave_up_is_not_answered(answered: list[int]) -> None:
    topic = Topic(BINARY, lambda _since: b"news")
    ask(topic, 0).emit()
    topic.publish()
    assert answered == []
