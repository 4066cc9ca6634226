"""Saved views: filters, dimension and measure under a name, for everybody in the room."""

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QWidget

from tower.domain.reporting import SavedView
from ui.performance.figures import Figures
from ui.performance.keeping import Keeping, new_id
from ui.performance.look import look_of
from ui.session import Session
from ui.widgets.pill import Pill, Run

DEFAULT_KEY = "performance/default_view"
NAME_MOST = 80


class ViewsPill(Pill):
    """Chooses, keeps, renames and deletes views.

    Args:
        session: who sits here.
        figures: what is looked at.
        keeping: keeps the views.
        settings: keeps which of them this desktop opens with.

    Attributes:
        current: id of the view last chosen, "" for none.
    """

    def __init__(
        self,
        session: Session,
        figures: Figures,
        keeping: Keeping,
        settings: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session.theme, "Saved views", parent)
        self._session, self._figures = session, figures
        self._keeping, self._settings = keeping, settings
        self.current = ""
        self._views_menu = QMenu(self)
        self._views_menu.aboutToShow.connect(self.refresh)
        self.set_menu(self._views_menu)
        keeping.changed.connect(self._show)
        figures.look_changed.connect(self._show)
        self._show()

    @property
    def views(self) -> tuple[SavedView, ...]:
        """The room's views."""
        return self._keeping.held.views

    @property
    def default(self) -> str:
        """Id of the view this desktop opens with, "" for none."""
        return str(self._settings.value(DEFAULT_KEY, ""))

    def view(self, id_: str) -> SavedView | None:
        """A view by id."""
        return next((one for one in self.views if one.id == id_), None)

    def _called(self, name: str) -> SavedView | None:
        """The view of a name, however it is written."""
        wanted = " ".join(name.split())[:NAME_MOST].casefold()
        return next((one for one in self.views if one.name.casefold() == wanted), None)

    def choose(self, id_: str) -> None:
        """Look at what a view shows."""
        view = self.view(id_)
        if view is not None:
            self.current = id_
            self._figures.show(look_of(view, self._figures.look))
            self._show()

    def save_as(self, name: str) -> None:
        """Keep what is looked at under a name; a view of that name is replaced."""
        name = " ".join(name.split())[:NAME_MOST]
        if not name:
            return
        known = self._called(name)
        look, id_ = self._figures.look, known.id if known is not None else new_id()
        self.current = id_
        view = SavedView(
            id=id_,
            name=name,
            filters=look.filters,
            by=look.by.value,
            measure=look.measure,
            owner=self._session.actor_id,
        )
        self._keeping.save_view(view)

    def rename(self, view: SavedView, name: str) -> None:
        """Call a view something else."""
        name = " ".join(name.split())[:NAME_MOST]
        other = self._called(name)
        if other is not None and other.id != view.id:
            self._keeping.said.emit(f"Not renamed: there is another view “{other.name}”")
        elif name and name != view.name:
            fresh = SavedView(
                id=view.id,
                name=name,
                filters=view.filters,
                by=view.by,
                measure=view.measure,
                owner=view.owner,
            )
            self._keeping.save_view(fresh)

    def set_default(self, id_: str) -> None:
        """Open with this view from now on; "" with none."""
        self._settings.setValue(DEFAULT_KEY, id_)
        self._show()

    # The menu

    def refresh(self) -> None:
        """Fill the menu anew."""
        menu = self._views_menu
        menu.clear()
        for view in self.views:
            mark = "  ★" if view.id == self.default else ""
            action = menu.addAction(view.name.replace("&", "&&") + mark)
            action.setCheckable(True)
            action.setChecked(view.id == self.current)
            action.triggered.connect(lambda _on=False, id_=view.id: self.choose(id_))
        if not self.views:
            menu.addAction("No view is saved yet").setEnabled(False)
        menu.addSeparator()
        self._add_work(menu)

    def _add_work(self, menu: QMenu) -> None:
        may, view = self._keeping.may_change, self.view(self.current)
        work = (
            ("&Save what is shown as…", self._ask_name, may),
            ("Save &over “{}”", self._save_over, may),
            ("&Rename “{}”…", self._ask_other_name, may),
            ("&Delete “{}”…", self._ask_delete, may),
            ("Open with “{}” &always", self._toggle_default, True),
        )
        name = view.name.replace("&", "&&") if view is not None else ""
        for words, then, allowed in work:
            if "{}" in words and view is None:
                continue
            action = menu.addAction(words.format(name))
            action.setEnabled(allowed)
            action.triggered.connect(lambda _on=False, then=then: then())
            if then == self._toggle_default and view is not None:
                action.setCheckable(True)
                action.setChecked(view.id == self.default)
        if not may:
            menu.addAction("Views are saved by supervisors").setEnabled(False)

    def _ask_name(self) -> None:
        name, is_done = QInputDialog.getText(self, "Save view", "Name of the view")
        if not is_done:
            return
        known = self._called(name)
        if known is None:
            self.save_as(name)
        else:
            said = f"There is a view “{known.name}” already. Replace it for everybody?"
            self._ask("Save view", said, lambda: self.save_as(name))

    def _save_over(self) -> None:
        view = self.view(self.current)
        if view is not None:
            self.save_as(view.name)

    def _ask_other_name(self) -> None:
        view = self.view(self.current)
        if view is None:
            return
        name, is_done = QInputDialog.getText(self, "Rename view", "Name", text=view.name)
        if is_done:
            self.rename(view, name)

    def _ask_delete(self) -> None:
        view = self.view(self.current)
        if view is None:
            return
        said = f"Delete the view “{view.name}” for everybody?"
        self._ask("Delete view", said, lambda: self.delete(view))

    def _ask(self, title: str, said: str, then: Callable[[], None]) -> None:
        """Do something that others will notice once it is confirmed."""
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(said)
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Yes).clicked.connect(then)
        box.open()

    def delete(self, view: SavedView) -> None:
        """Forget a view."""
        self._keeping.delete_view(view)

    def _toggle_default(self) -> None:
        self.set_default("" if self.current == self.default else self.current)

    def _show(self) -> None:
        view = self.view(self.current)
        words = view.name if view is not None else "none"
        is_other = view is not None and look_of(view, self._figures.look) != self._figures.look
        note = " (changed)" if is_other else ""
        colour = "text" if view is not None else "text_secondary"
        self.set_runs([Run("View ", "muted"), Run(f"{words}{note}", colour), Run(" ▾", "muted")])
