"""Where things stand in a row of the list and of the sheet, for any width of the panel."""

from typing import NamedTuple

from PySide6.QtCore import QRectF

_EDGE_PX = 10.0
_GAP_PX = 8.0
_NAME_PX = (34.0, 84.0)
_TIMES_PX = 98.0
"""Room for `no access 14:09`."""


class RouteColumns(NamedTuple):
    """The columns of the list of routes."""

    chip: QRectF
    name: QRectF
    driver: QRectF
    progress: QRectF
    tally: QRectF
    at: QRectF
    pill: QRectF


def route_columns(box: QRectF, longest_name_px: float) -> RouteColumns:
    """The columns of a route's row.

    Args:
        box: the row.
        longest_name_px: width of the longest name, so that all names fit where they can.
    """
    is_narrow = box.width() < 400
    pill = _from_right(box, box.right() - _EDGE_PX, 86 if is_narrow else 94)
    at = _from_right(box, pill.left() - _GAP_PX, 36)
    tally = _from_right(box, at.left() - _GAP_PX, 38)
    if is_narrow:
        progress = QRectF(tally.left(), box.center().y() + 7, tally.width(), 5)
        tally.moveTop(box.top() - 4)
    else:
        progress = _from_right(box, tally.left() - _GAP_PX, 46)
    chip = QRectF(box.left() + _EDGE_PX, box.center().y() - 9, 7, 18)
    name_px = min(max(longest_name_px, _NAME_PX[0]), _NAME_PX[1])
    name = QRectF(chip.right() + 9, box.top(), name_px, box.height())
    left = name.right() + 10
    right = min(progress.left(), tally.left()) - _GAP_PX
    driver = QRectF(left, box.top(), right - left, box.height())
    return RouteColumns(chip, name, driver, progress, tally, at, pill)


class StopColumns(NamedTuple):
    """The columns of the stop sheet."""

    mark: QRectF
    circle: QRectF
    who: QRectF
    bar: QRectF
    times: QRectF


def stop_columns(box: QRectF) -> StopColumns:
    """The columns of a stop's row; `bar` is where the clock is drawn, as tall as the row."""
    is_narrow = box.width() < 400
    times = _from_right(box, box.right() - _EDGE_PX, _TIMES_PX)
    bar = _from_right(box, times.left() - _GAP_PX, box.width() * (0.24 if is_narrow else 0.27))
    mark = QRectF(box.left() + 6, box.top(), 16, box.height())
    circle = QRectF(mark.right() + 4, box.center().y() - 11.5, 23, 23)
    left = circle.right() + 10
    who = QRectF(left, box.top(), bar.left() - _GAP_PX - left, box.height())
    return StopColumns(mark, circle, who, bar, times)


def upper(box: QRectF) -> QRectF:
    """The first of a row's two lines."""
    return QRectF(box.left(), box.center().y() - 16, box.width(), 17)


def lower(box: QRectF) -> QRectF:
    """The second of a row's two lines."""
    return QRectF(box.left(), box.center().y() + 0.5, box.width(), 14)


def _from_right(box: QRectF, right: float, width: float) -> QRectF:
    return QRectF(right - width, box.top(), width, box.height())
