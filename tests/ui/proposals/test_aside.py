"""Windows of proposals leave the sheet beside the map in sight."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from ui.proposals.aside import aside


def test_they_stand_over_the_map_and_within_the_window(qtbot: QtBot) -> None:
    window, map_, sheet = QMainWindow(), QWidget(), QDockWidget("Routes")
    qtbot.addWidget(window)
    window.setCentralWidget(map_)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, sheet)
    window.resize(1366, 768)
    window.resizeDocks([sheet], [450], Qt.Orientation.Horizontal)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: sheet.width() == 450)
    box = aside(window, QSize(940, 900))
    assert box.left() > sheet.mapToGlobal(QPoint(sheet.width(), 0)).x()
    assert window.geometry().contains(box)
    assert aside(window, QSize(300, 200)).size() == QSize(300, 200)
