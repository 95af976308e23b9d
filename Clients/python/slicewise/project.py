"""Projects: classes that volumes, annotations and models share."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Optional, Sequence, Union

from . import html
from .job import JobQueue
from .labels import Source, of_source
from .model import Model
from .records import Class, of_json
from .transport import Transport, path
from .volume import Volume

ClassLike = Union[str, "tuple[str, str]", Class]

_KEEP: Any = object()


def class_of(one: ClassLike) -> Class:
    """A class of its name, or of its name and colour."""
    if isinstance(one, str):
        return Class(one)
    return one if isinstance(one, Class) else Class(*one)


class Project(JobQueue):
    """A project as it was when it was fetched; `refresh()` gets it anew."""

    def __init__(self, transport: Transport, about: Mapping[str, Any]) -> None:
        self._transport = transport
        self._about = about
        self._path = path("v1", "projects", about["name"])

    name = property(lambda self: str(self._about["name"]))
    description = property(lambda self: str(self._about["description"]))

    @property
    def classes(self) -> list[Class]:
        """In order: the place of a class is its label. Removed ones keep their places."""
        return [of_json(Class, each) for each in self._about["classes"]]

    @property
    def model_name(self) -> Optional[str]:
        """The model that the project goes by; None for the newest."""
        name: Optional[str] = self._about["model"]
        return name

    def label(self, name: str) -> int:
        """The label of a class."""
        names = [each.name for each in self.classes]
        if name not in names:
            raise ValueError(f"{name!r} is no class of {self.name}; its classes are {', '.join(names)}")
        return names.index(name)

    def __repr__(self) -> str:
        return f"<project {self.name}: {', '.join(each.name for each in self.classes)}>"

    def _repr_html_(self) -> str:
        return html.project(self)

    def refresh(self) -> Project:
        """Gets the project anew, and returns it."""
        self._about = self._transport.call("GET", self._path).json()
        return self

    def update(
        self, *, classes: Optional[Iterable[ClassLike]] = None, description: Optional[str] = None,
        model: Optional[str] = _KEEP,
    ) -> Project:
        """Renames and appends classes, changes the description, or the model that the project goes by (None: the newest)."""
        body: dict[str, Any] = {}
        if classes is not None:
            body["classes"] = [class_of(each).to_json() for each in classes]
        if description is not None:
            body["description"] = description
        if model is not _KEEP:
            body["model"] = model
        # Without If-Match a project that somebody has removed would be made anew.
        self._about = self._transport.call("PUT", self._path, json=body, headers={"If-Match": "*"}).json()
        return self

    def delete(self) -> None:
        """Removes the project with everything in it."""
        self._transport.call("DELETE", self._path)

    def volumes(self) -> list[Volume]:
        """The volumes, by name."""
        answers = self._transport.call("GET", f"{self._path}/volumes").json()
        return [Volume(self._transport, self._path, each) for each in answers]

    def volume(self, name: str) -> Volume:
        """The volume of that name."""
        return Volume(self._transport, self._path, self._transport.call("GET", self._path + path("volumes", name)).json())

    def upload(
        self, name: str, source: Source, *, spacing: Optional[Sequence[float]] = None, unit: Optional[str] = None,
        axes: Optional[str] = None, dataset: Optional[str] = None, level: Optional[int] = None,
        time: Optional[int] = None, replace: bool = False,
    ) -> Volume:
        """Uploads an image: a file (its path) or an array (z, y, x or c, z, y, x, or as `axes` says).

        `spacing` is (z, y, x): the distances between voxels, whatever the file says; `dataset` says which one of an HDF5
        file or OME-Zarr is meant, `level` and `time` which resolution and time point of an OME-Zarr. The same content again
        changes nothing; other content under the name is a `Conflict` unless `replace`.
        """
        query = {
            "spacing": None if spacing is None else [float(distance) for distance in spacing], "unit": unit, "axes": axes,
            "dataset": dataset, "level": level, "time": time, "replace": replace or None}
        answer = self._transport.call(
            "PUT", self._path + path("volumes", name), query=query, body=of_source(source),
            timeout=10 * self._transport.timeout)
        return Volume(self._transport, self._path, answer.json())

    def take(
        self, name: str, place: str, *, spacing: Optional[Sequence[float]] = None, unit: Optional[str] = None,
        axes: Optional[str] = None, dataset: Optional[str] = None, level: Optional[int] = None,
        time: Optional[int] = None, replace: bool = False,
    ) -> Volume:
        """Takes an image that lies on the server's machine, by its whole path, or an OME-Zarr elsewhere, by its address.

        The server has to allow both (`import.roots`), and it takes an admin. The rest is as for `upload`.
        """
        query = {
            "from": place, "spacing": None if spacing is None else [float(distance) for distance in spacing], "unit": unit,
            "axes": axes, "dataset": dataset, "level": level, "time": time, "replace": replace or None}
        answer = self._transport.call(
            "PUT", self._path + path("volumes", name), query=query, timeout=10 * self._transport.timeout)
        return Volume(self._transport, self._path, answer.json())

    def models(self) -> list[Model]:
        """The models, newest first."""
        answers = self._transport.call("GET", f"{self._path}/models").json()
        return [Model(self._transport, self._path, each) for each in answers]

    def model(self, name: str) -> Model:
        """The model of that name."""
        return Model(self._transport, self._path, self._transport.call("GET", self._path + path("models", name)).json())

    def bring_model(self, name: str, weights: Source) -> Model:
        """Brings the weights of a safetensors file, trained elsewhere."""
        answer = self._transport.call(
            "PUT", self._path + path("models", name), body=of_source(weights), timeout=10 * self._transport.timeout)
        return Model(self._transport, self._path, answer.json())

    def compare(self, models: Iterable[Union[str, Model]]) -> dict[str, Any]:
        """Models side by side, measured on the project's test slices."""
        names = ",".join(each if isinstance(each, str) else each.name for each in models)
        about: dict[str, Any] = self._transport.call("GET", f"{self._path}/models", query={"compare": names}).json()
        return about
