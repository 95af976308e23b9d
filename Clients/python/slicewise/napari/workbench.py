"""Volumes of a server as layers of a viewer, and what is painted in them."""

from __future__ import annotations

from typing import Any, Optional

from napari.utils import DirectLabelColormap

from ..client import Client
from ..job import Job
from ..project import Project
from .form import Form
from .session import Plane, Session, voxels_of
from .values import colors


class Workbench(Form):
    """Opens a volume of a server in the viewer, and knows which slices were painted."""

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__()
        self.viewer = napari_viewer
        self.client: Optional[Client] = None
        self.project: Optional[Project] = None
        self.session: Optional[Session] = None
        self.job: Optional[Job] = None
        #: The layer that is painted in.
        self.layer: Any = None
        self._shown: list[Any] = []
        self._suggested: list[Plane] = []
        self.buttons["Connect"].clicked.connect(lambda _=False: self.connect_server())
        self.buttons["Open"].clicked.connect(lambda _=False: self.open_volume())
        self.projects.currentTextChanged.connect(self._choose_project)
        self.classes.currentIndexChanged.connect(self._choose_class)

    # Opening

    def connect_server(self) -> None:
        try:
            client = Client(self.url.text().strip(), self.token.text().strip() or None)
        except ValueError as error:
            return self.say(str(error))
        # What another server told is not offered while this one is asked.
        self.client = client
        self.projects.clear()

        def done(projects: list[Project]) -> None:
            if self.client is not client:
                return
            self.projects.addItems([each.name for each in projects])
            self.say("Choose a project and a volume." if projects else "There is no project on this server yet.")

        self.run(client.projects, done)

    def _choose_project(self, name: str) -> None:
        client = self.client
        self.project = None
        self.volumes.clear()
        if not client or not name:
            return

        def done(found: tuple[Project, list[str]]) -> None:
            if self.client is client and self.projects.currentText() == name:
                self.project = found[0]
                self.volumes.clear()
                self.volumes.addItems(found[1])

        def work() -> tuple[Project, list[str]]:
            project = client.project(name)
            return project, [each.name for each in project.volumes()]

        self.run(work, done)

    def open_volume(self) -> None:
        project, name = self.project, self.volumes.currentText()
        if not project or not name:
            return self.say("Choose a project and a volume first.")
        if self._unsent():
            return

        def work() -> tuple[Session, Any]:
            volume = project.volume(name)
            return Session(project.refresh(), volume), volume.image[...]

        def done(found: tuple[Session, Any]) -> None:
            # Painting may have gone on meanwhile.
            if not self._unsent():
                self._show(*found)

        self.run(work, done)

    def _unsent(self) -> bool:
        """Whether another volume's layers would take the place of work that the server does not have; says so."""
        if count := len(self.changed()):
            self.say(f"{count} changed slices have not been sent: send them, or remove the layer, and open again.")
        return count > 0

    def _show(self, session: Session, image: Any) -> None:
        for layer in self._shown:
            if layer in self.viewer.layers:
                self.viewer.layers.remove(layer)
        volume = session.volume
        place: dict[str, Any] = {"scale": volume.spacing}
        limits = [(each["low"], max(each["high"], each["low"] + 1e-6)) for each in volume.about["channels"]]
        channels = [image] if volume.channels == 1 else list(image)
        several = ("green", "magenta", "cyan", "yellow", "red", "blue")
        self._shown = [
            self.viewer.add_image(
                channel, name=volume.name if len(channels) == 1 else f"{volume.name} {number}",
                contrast_limits=limits[number], blending="additive",
                colormap="gray" if len(channels) == 1 else several[number % len(several)], **place)
            for number, channel in enumerate(channels)]
        self.layer = self._labels(session, session.stored.copy(), "annotation")
        self.layer.events.paint.connect(self._painted)
        self._shown.append(self.layer)
        self.session, self._suggested = session, []
        self.classes.clear()
        for label, one in enumerate(session.project.classes):
            if not one.removed:
                self.classes.addItem(one.name, label + 1)
        self.viewer.layers.selection.active = self.layer
        self.say(f"{volume!r}: choose a class and paint with napari's brush.")

    def _labels(self, session: Session, data: Any, name: str) -> Any:
        return self.viewer.add_labels(
            data, name=name, scale=session.volume.spacing, opacity=0.5,
            colormap=DirectLabelColormap(color_dict=colors(session.project.classes)))

    # Painting

    def _choose_class(self, _: int) -> None:
        value = self.classes.currentData()
        if self.layer is not None and value is not None:
            self.layer.selected_label = value

    def _axis(self) -> Optional[str]:
        """The axis whose slices are shown; None in three dimensions."""
        first = self.viewer.dims.ndim - 3
        hidden = [axis - first for axis in self.viewer.dims.not_displayed if axis >= first]
        return "zyx"[hidden[0]] if len(hidden) == 1 else None

    def plane(self) -> Optional[Plane]:
        """The slice of the layer that is shown."""
        axis = self._axis()
        if axis is None or self.layer is None:
            return None
        place = "zyx".index(axis)
        index = round(self.layer.world_to_data(self.viewer.dims.point)[-3:][place])
        return (axis, int(index)) if 0 <= index < self.layer.data.shape[place] else None

    def _painted(self, event: Any) -> None:
        axis = self._axis()
        if self.session and axis:
            for atom in event.value:
                self.session.painted(axis, voxels_of(atom, self.layer.data.shape))

    def changed(self) -> dict[Plane, Any]:
        """The slices that differ from what the server has."""
        if self.session is None or self.layer is None or self.layer not in self.viewer.layers:
            return {}
        return self.session.changed(self.layer.data, self._axis() or "z")

    def look(self, axis: str, index: int) -> None:
        """Shows a slice."""
        first, place = self.viewer.dims.ndim - 3, "zyx".index(axis)
        self.viewer.dims.ndisplay = 2
        others = [each for each in range(self.viewer.dims.ndim) if each != first + place]
        self.viewer.dims.order = (*others[:-2], first + place, *others[-2:])
        at = [0.0, 0.0, 0.0]
        at[place] = index
        self.viewer.dims.set_point(first + place, self.layer.data_to_world(at)[-3:][place])
