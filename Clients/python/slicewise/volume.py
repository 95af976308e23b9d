"""Volumes: images, what is annotated in them, and what was predicted of them."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Union

import numpy as np

from . import html
from .annotation import Annotations
from .array import RemoteArray
from .labels import Meanings, Source, check_values, is_file, of_source, planes, values_text
from .model import Model
from .records import Picture, Report, Suggestion, of_json
from .transport import Transport, path


class Volume(Annotations):
    """A volume as it was when it was fetched. Arrays are in the order (z, y, x), those of channels (c, z, y, x)."""

    def __init__(self, transport: Transport, project: str, about: Mapping[str, Any]) -> None:
        self._transport = transport
        self._project = project
        self._about = about
        self._path = project + path("volumes", about["name"])

    name = property(lambda self: str(self._about["name"]))
    dtype = property(lambda self: np.dtype(self._about["dtype"]))
    channels = property(lambda self: int(self._about["shape"]["c"]))
    unit = property(lambda self: str(self._about["spacing"].get("unit") or ""))
    warnings = property(lambda self: list(self._about["warnings"]))
    #: Another one whenever the voxels are others, or read otherwise; `None` by an older server.
    version = property(lambda self: self._about.get("version"))
    has_truth = property(lambda self: bool(self._about["truth"]))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Its size (z, y, x) in voxels."""
        shape = self._about["shape"]
        return shape["z"], shape["y"], shape["x"]

    @property
    def spacing(self) -> tuple[float, float, float]:
        """The distances of voxels (z, y, x), in `unit`."""
        spacing = self._about["spacing"]
        return spacing["z"], spacing["y"], spacing["x"]

    @property
    def about(self) -> Mapping[str, Any]:
        """All that the server says of it."""
        return self._about

    def __repr__(self) -> str:
        return f"<volume {self.name}: {'×'.join(map(str, self.shape))}, {self.channels} channels, {self.dtype}>"

    def _repr_html_(self) -> str:
        return html.volume(self)

    def refresh(self) -> Volume:
        """Gets it anew, and returns it."""
        self._about = self._transport.call("GET", self._path).json()
        return self

    def delete(self) -> None:
        """Removes it with its annotations, truth and predictions."""
        self._transport.call("DELETE", self._path)

    # What is there

    @property
    def image(self) -> RemoteArray:
        """Its voxels: (z, y, x), or (c, z, y, x) if it has several channels."""
        shape = self.shape if self.channels == 1 else (self.channels, *self.shape)
        return RemoteArray(self._transport, f"{self._path}/image", shape, self.dtype)

    @property
    def labels(self) -> RemoteArray:
        """All annotations merged: class indices, 255 where unlabeled."""
        return RemoteArray(self._transport, f"{self._path}/labels", self.shape, np.uint8)

    @property
    def truth(self) -> RemoteArray:
        """The dense truth that reports measure with: class indices, 255 where it says nothing."""
        return RemoteArray(self._transport, f"{self._path}/truth", self.shape, np.uint8)

    def set_truth(self, source: Source, *, values: Optional[Meanings] = None, axes: Optional[str] = None,
                  dataset: Optional[str] = None, ignore_place: bool = False) -> dict[str, Any]:
        """Sets the truth, of a file or an array, and returns how many voxels of which class it has."""
        if not is_file(source):
            check_values(np.asarray(source), values)
        query = {"values": self._values(values), "axes": axes, "dataset": dataset, "ignore-place": ignore_place or None}
        about: dict[str, Any] = self._transport.call(
            "PUT", f"{self._path}/truth", query=query, body=of_source(source),
            timeout=10 * self._transport.timeout).json()
        return about

    def delete_truth(self) -> None:
        self._transport.call("DELETE", f"{self._path}/truth")

    def picture(self, axis: str, index: int, **look: Any) -> Picture:
        """A PNG of a slice; `overlay="prediction"`, `alpha`, `outline`, `scale`, … are the server's parameters."""
        return Picture(self._transport.call("GET", self._path + path("slices", axis, index), query=look).body)

    # What was predicted

    def prediction(self, model: Union[str, Model, None] = None) -> RemoteArray:
        """The most probable class of every voxel, by a model (default: the one that the project goes by, or the newest)."""
        model = self._model("prediction", model, {})

        def plane(axis: int, index: int) -> Any:
            return self.predicted_slice("zyx"[axis], index, model)

        return RemoteArray(self._transport, f"{self._path}/prediction", self.shape, np.uint8, {"model": model}, plane)

    def predicted_slice(self, axis: str, index: int, model: Union[str, Model, None] = None) -> Any:
        """One slice of the prediction; without a prediction of the volume it is computed for the occasion."""
        answer = self._transport.call(
            "GET", self._path + path("prediction", "slices", axis, index),
            query={"format": "raw", "model": _model_name(model)}, timeout=10 * self._transport.timeout)
        return np.frombuffer(answer.body, np.uint8).reshape(planes(self.shape, axis))

    def probability(self, class_name: Optional[str] = None, model: Union[str, Model, None] = None) -> RemoteArray:
        """The probability of a class (z, y, x), or of all of the model's classes (c, z, y, x); float32 from 0 to 1."""
        query = {"class": class_name}
        model = self._model("probability", model, query)
        shape: tuple[int, ...] = self.shape
        if class_name is None:
            known = self._transport.call("GET", self._project + path("models", model)).json()["classes"]
            shape = (len(known), *shape)
        return RemoteArray(
            self._transport, f"{self._path}/probability", shape, np.float32, dict(query, model=model))

    def uncertainty(self, model: Union[str, Model, None] = None) -> RemoteArray:
        """How unsure a model is: entropy over its largest value, float32; 0 is certain, 1 undecided."""
        query = {"model": self._model("uncertainty", model, {})}
        return RemoteArray(self._transport, f"{self._path}/uncertainty", self.shape, np.float32, query)

    def report(self, model: Union[str, Model, None] = None) -> Report:
        """How good a model's prediction is: on slices learned from, held-out ones, and the truth."""
        query = {"model": _model_name(model)}
        return Report(self._transport.call("GET", f"{self._path}/report", query=query).json())

    def suggestions(self, count: int = 3, model: Union[str, Model, None] = None) -> list[Suggestion]:
        """The slices most worth annotating next, best first."""
        query = {"count": count, "model": _model_name(model)}
        answers = self._transport.call("GET", f"{self._path}/suggestions", query=query).json()
        return [of_json(Suggestion, each) for each in answers]

    def _model(self, what: str, model: Union[str, Model, None], query: Mapping[str, Any]) -> str:
        """The name of the model that is meant, so that a newer one does not come in between."""
        query = dict(query, model=_model_name(model), format="raw")
        answer = self._transport.call("GET", f"{self._path}/{what}", query=query, headers={"Range": "bytes=0-0"})
        return str(answer.headers["X-Slicewise-Model"])

    def _values(self, values: Optional[Meanings]) -> Optional[str]:
        def names() -> list[str]:
            return [str(each["name"]) for each in self._transport.call("GET", self._project).json()["classes"]]

        return values_text(values, names)


def _model_name(model: Union[str, Model, None]) -> Optional[str]:
    return model.name if isinstance(model, Model) else model
