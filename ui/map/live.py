"""Long polls: a request of the page waits here until there is something newer to answer."""

import time
from collections.abc import Callable, Mapping
from itertools import count

import msgspec
from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob

from ui.map.pasttrails import MapTrails
from ui.map.replies import reply
from ui.map.scene import MapScene, VehicleColumns, VehicleName
from ui.map.wire import SceneState, encode_frame

JSON = QByteArray(b"application/json")
BINARY = QByteArray(b"application/octet-stream")


class Topic:
    """One thing the page polls: its version, and the requests waiting for a newer one.

    Args:
        content_type: Of the answers.
        body: Makes the answer for a page that has seen a version.
    """

    def __init__(self, content_type: QByteArray, body: Callable[[int], bytes]) -> None:
        self.version = 0
        self._content_type = content_type
        self._body = body
        self._waiting: dict[int, tuple[QWebEngineUrlRequestJob, int]] = {}
        self._tickets = count()

    def ask(self, job: QWebEngineUrlRequestJob, since: int) -> None:
        """Answer at once if there is something newer than ``since``, else hold the request."""
        if self.version not in (0, since):
            self._answer(job, since)
            return
        # An answered request dies late, when the next one may have its address, and so its id().
        ticket = next(self._tickets)
        self._waiting[ticket] = (job, since)
        job.destroyed.connect(lambda: self._waiting.pop(ticket, None))

    def publish(self) -> None:
        """Say that there is something newer, and answer whoever waits."""
        self.version += 1
        waiting, self._waiting = self._waiting, {}
        for job, since in waiting.values():
            self._answer(job, since)

    def drop(self) -> None:
        """Let every waiting request go unanswered, because the page is going away."""
        waiting, self._waiting = self._waiting, {}
        for job, _ in waiting.values():
            job.fail(QWebEngineUrlRequestJob.Error.RequestAborted)

    def _answer(self, job: QWebEngineUrlRequestJob, since: int) -> None:
        reply(job, self._content_type, self._body(since))


class LiveData(QObject):
    """What the page shows now, and the topics it learns it from."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.vehicles = Topic(BINARY, self._vehicle_bytes)
        self.scene = Topic(JSON, self._scene_bytes)
        self.trails = Topic(JSON, self._trail_bytes)
        self.trails_shown = MapTrails()
        self._frame: VehicleColumns | None = None
        self._scene = MapScene(0)
        self._names: Mapping[int, VehicleName] = {}
        self._told = SceneState()

    def show_vehicles(self, frame: VehicleColumns) -> None:
        """Take the newest frame; the bytes are made only when the page asks for them."""
        self._frame = frame
        if frame.names is not self._names:
            self._names = frame.names
            self.scene.publish()
        self.vehicles.publish()

    def show_scene(self, scene: MapScene) -> None:
        """Take the newest scene."""
        self._scene = scene
        self.scene.publish()

    def show_trails(self, trails: MapTrails) -> None:
        """Take the trails to be shown instead of those before."""
        self.trails_shown = trails
        self.trails.publish()

    def hand_over(self, to: "LiveData") -> None:
        """Show another page what this one is shown now."""
        if self._frame is not None:
            to.show_vehicles(self._frame)
        to.show_scene(self._scene)
        to.show_trails(self.trails_shown)

    def drop(self) -> None:
        """Let the page's waiting requests go."""
        self.vehicles.drop()
        self.scene.drop()
        self.trails.drop()

    def _vehicle_bytes(self, _since: int) -> bytes:
        if self._frame is None:
            message = "a vehicle topic is only published with a frame"
            raise LookupError(message)
        now_ms = self._frame.now_ms or time.time() * 1000.0
        return encode_frame(self.vehicles.version, self._frame, now_ms)

    def _trail_bytes(self, _since: int) -> bytes:
        body = msgspec.structs.asdict(self.trails_shown)
        return msgspec.json.encode({"version": self.trails.version, **body})

    def _scene_bytes(self, since: int) -> bytes:
        return self._told.answer(since, self.scene.version, self._scene, self._names)
