"""Servers on loopback that answer as a test wants, in the forms of the manuals."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import numpy as np

from tower.road.polyline import encode_polyline

Answer = tuple[int, object]
Asked = Callable[[str, bytes], Answer]


@contextmanager
def answering(answer: Asked) -> Iterator[str]:
    """A server on loopback that answers what the test says; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply(answer(self.path, b""))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._reply(answer(self.path, self.rfile.read(length)))

        def _reply(self, said: Answer) -> None:
            status, content = said
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing on the screen."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def places_of(path: str) -> list[tuple[float, float]]:
    text = path.rpartition("/")[2].partition("?")[0]
    return [(float(lat), float(lon)) for lon, lat in (p.split(",") for p in text.split(";"))]


def osrm_answer(path: str) -> Answer:
    """Every leg takes 10 s and 100 m, in the form of OSRM's documentation."""
    places = places_of(path)
    near = [{"distance": 1.0} for _ in places]
    if path.startswith("/route/"):
        leg = {"duration": 10.0, "distance": 100.0, "annotation": {"duration": [9.0]}}
        legs = [leg for _ in places[1:]]
        line = encode_polyline(np.array(places), 6)
        return 200, {"code": "Ok", "routes": [{"legs": legs, "geometry": line}], "waypoints": near}
    numbers = dict(part.split("=") for part in path.partition("?")[2].split("&"))
    sources = numbers["sources"].replace("%3B", ";").split(";")
    goals = numbers["destinations"].replace("%3B", ";").split(";")
    cells = [[float(i) * 1000 + float(j) for j in goals] for i in sources]
    return 200, {
        "code": "Ok",
        "durations": cells,
        "distances": cells,
        "sources": near[: len(sources)],
        "destinations": near[: len(goals)],
    }


def valhalla_answer(path: str, body: bytes) -> Answer:
    """In the form of Valhalla's API references; nothing is known west of 9 degrees."""
    asked = json.loads(body)
    if path == "/locate":
        return 200, [
            {"edges": [{"way_id": 1}] if one["lon"] >= 9 else None, "nodes": None}
            for one in asked["locations"]
        ]
    if path == "/route":
        if len(asked["locations"]) > 20:
            return 400, {"error_code": 150, "error": "Exceeded max locations: 20"}
        line = [(one["lat"], one["lon"]) for one in asked["locations"]]
        legs = [
            {
                "summary": {"time": 12.5, "length": 0.2},
                "shape": encode_polyline(np.array(pair), 6),
                "maneuvers": [{"time": 12.5, "begin_shape_index": 0, "end_shape_index": 1}],
            }
            for pair in pairwise(line)
        ]
        return 200, {"trip": {"legs": legs}}
    sources, targets = asked["sources"], asked["targets"]
    if len(sources) * len(targets) > 2500:
        return 400, {"error_code": 150, "error": "Exceeded max locations: 2500"}
    if any(one["lon"] > 9.1 for one in [*sources, *targets]) and len(sources) + len(targets) > 2:
        return 400, {"error_code": 170, "error": "Locations are in unconnected regions."}
    cells = [[None if a["lon"] > 9.1 else 60 for _ in targets] for a in sources]
    kilometres = [[None if cell is None else 1.5 for cell in row] for row in cells]
    return 200, {"sources_to_targets": {"durations": cells, "distances": kilometres}}
