"""The risk map as a page: cells of a measure drawn by folium over the region's own ground.

Knows no widgets. folium takes over a second to load: call `picture` off the GUI thread.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tower.kpi.measures.definition import Better, Definition
from tower.kpi.query import Box, Place, PlacesAnswer
from tower.kpi.report.wording import value_words

COLOURS = ("#2c7bb6", "#abd9e9", "#ffdf90", "#fdae61", "#d7191c")
"""From as it should be to worst: blue over yellow to red, told apart without seeing green."""

FEW = 5
"""A cell with fewer behind it is drawn faintly: a single stop says little of a place."""

BEHIND = "behind"
"""Where a click on a cell wants to go, with the cell's number after a slash."""

_STEPS = (0.0, 0.5, 1.0, 2.0)
_QUINTILES = (20, 40, 60, 80)
_OPACITY, _FAINT = 0.62, 0.22
_EDGE = "#4a5560"


class Scale(NamedTuple):
    """How values become colours.

    Attributes:
        bounds: the worse a value, the more bounds it has passed; from best to worst.
        rises: a greater value is a worse one.
    """

    bounds: tuple[float, ...]
    rises: bool

    def step(self, value: float) -> int:
        """Number of the colour of a value."""
        passed = (value > bound if self.rises else value < bound for bound in self.bounds)
        return sum(passed)


class RiskPicture(NamedTuple):
    """A map as a page of its own: what stands on it, and the script that makes it."""

    html: str
    script: str


def scale_of(definition: Definition, target: float | None, places: Sequence[Place]) -> Scale:
    """How a measure is coloured: by how far it misses its target, else by fifths of the cells."""
    rises = definition.better is not Better.HIGHER
    if target is not None and definition.tolerance:
        sign = 1.0 if rises else -1.0
        return Scale(tuple(target + sign * step * definition.tolerance for step in _STEPS), rises)
    values = [place.value for place in places if place.value is not None]
    if not values:
        return Scale((), rises)
    ordered = np.percentile(values, _QUINTILES if rises else _QUINTILES[::-1])
    return Scale(tuple(float(bound) for bound in ordered), rises)


def legend(definition: Definition, scale: Scale) -> tuple[str, ...]:
    """What each colour stands for, from best to worst."""
    said = [value_words(definition, bound) for bound in scale.bounds]
    if not said:
        return ()
    worse = "over" if scale.rises else "under"
    best = f"{'up to' if scale.rises else 'from'} {said[0]}"
    between = [f"to {words}" for words in said[1:]]
    return (best, *between, f"{worse} {said[-1]}")


def picture(answer: PlacesAnswer, definition: Definition, scale: Scale) -> RiskPicture:
    """The cells on a map; takes over a second the first time, then some hundredths.

    A click on a cell goes to `behind/NUMBER`, by the order of the answer's places.
    """
    import folium
    from branca.element import Figure

    made = folium.Map(tiles=None, zoom_control=True, control_scale=True, zoom_snap=0.25)
    # Neither Leaflet nor anything else comes from elsewhere: the page brings its own.
    made.default_js, made.default_css = [], []
    if answer.places:
        _cells(answer.places, definition, scale).add_to(made)
        # A single stop far away must not make all the others small.
        firm = [place for place in answer.places if place.counted >= FEW] or answer.places
        made.fit_bounds(_around([place.box for place in firm]))
    figure = Figure()
    figure.add_child(made)
    figure.render()
    return RiskPicture(figure.html.render(), figure.script.render())


def _cells(places: Sequence[Place], definition: Definition, scale: Scale) -> Any:  # noqa: ANN401 - of folium
    import folium

    features = [_feature(number, place, definition) for number, place in enumerate(places)]
    known = {str(number): place for number, place in enumerate(places)}

    def look(feature: dict[str, Any]) -> dict[str, object]:
        place = known[feature["id"]]
        step = 0 if place.value is None else scale.step(place.value)
        opacity = _OPACITY if place.counted >= FEW else _FAINT
        colour = COLOURS[step]
        return {"fillColor": colour, "color": _EDGE, "weight": 0.5, "fillOpacity": opacity}

    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=look,
        on_each_feature=folium.JsCode(_ON_CLICK),
        tooltip=folium.GeoJsonTooltip(fields=["says"], labels=False),
    )


_ON_CLICK = f"""
function (feature, layer) {{
  layer.on("click", function () {{ window.location.href = "{BEHIND}/" + feature.id; }});
}}
"""


def _feature(number: int, place: Place, definition: Definition) -> dict[str, object]:
    box = place.box
    ring = [
        [box.west, box.south],
        [box.east, box.south],
        [box.east, box.north],
        [box.west, box.north],
        [box.west, box.south],
    ]
    says = f"{definition.title}: {value_words(definition, place.value)} of {place.counted:,.0f}"
    return {
        "type": "Feature",
        "id": str(number),
        "properties": {"says": says},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _around(boxes: Sequence[Box]) -> list[list[float]]:
    """The south-western and the north-eastern corner of cells."""
    return [
        [min(box.south for box in boxes), min(box.west for box in boxes)],
        [max(box.north for box in boxes), max(box.east for box in boxes)],
    ]
