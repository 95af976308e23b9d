"""What of a labels layer has changed since the server was told, slice by slice; knows neither napari nor Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ..errors import Conflict
from ..labels import UNLABELED, planes
from ..project import Project
from ..records import AnnotatedSlice
from ..volume import Volume
from .values import from_layer, to_layer

Plane = tuple[str, int]


@dataclass(frozen=True)
class Draft:
    """What is to be sent of a slice: the values of the layer where `mask` is set."""

    plane: Plane
    mask: Any
    values: Any


@dataclass(frozen=True)
class Sent:
    """What the server has now."""

    draft: Draft
    #: None if there was nothing to send.
    revision: Optional[AnnotatedSlice]
    #: The layer's values of the slice where `draft.mask` is set: what was erased may still be labelled by slices that cross.
    values: Any


def plane_of(array: Any, plane: Plane) -> Any:
    """A view of a slice of an array (z, y, x)."""
    axis, index = plane
    key: list[Any] = [slice(None)] * 3
    key["zyx".index(axis)] = index
    return array[tuple(key)]


class Session:
    """The annotation of one volume in a labels layer. Nothing goes to the server before `post`."""

    def __init__(self, project: Project, volume: Volume) -> None:
        self.project = project
        self.volume = volume
        #: The image that is drawn on: what is drawn on it is not for another that takes its place.
        self.image: Optional[str] = volume.version
        #: The layer's values as the server has them.
        self.stored = to_layer(volume.labels[...])
        #: Where strokes went, by the slice that they were painted on.
        self._strokes: dict[Plane, Any] = {}

    def painted(self, axis: str, voxels: tuple[Any, Any, Any]) -> None:
        """Notes that voxels (their z, y and x) were painted while slices on that axis were shown."""
        along = "zyx".index(axis)
        voxels = tuple(np.asarray(each).ravel() for each in voxels)  # type: ignore[assignment]
        for (other, index), mask in self._strokes.items():
            place = "zyx".index(other)
            here = voxels[place] == index
            mask[tuple(each[here] for each in _without(voxels, place))] = False
        for index in np.unique(voxels[along]):
            here = voxels[along] == index
            plane = (axis, int(index))
            mask = self._strokes.setdefault(plane, np.zeros(planes(self.volume.shape, axis), bool))
            mask[tuple(each[here] for each in _without(voxels, along))] = True

    def changed(self, data: Any, axis: str) -> dict[Plane, Any]:
        """Where slices differ from what the server has, by the slice that it belongs to.

        What was painted by no stroke, such as by another plugin, belongs to slices on `axis`.
        """
        differs = np.asarray(data) != self.stored
        found: dict[Plane, Any] = {}
        rest = differs.copy()
        for plane, mask in self._strokes.items():
            here = plane_of(differs, plane) & mask
            plane_of(rest, plane)[mask] = False
            if here.any():
                found[plane] = here
        along = "zyx".index(axis)
        others = tuple(each for each in range(3) if each != along)
        for index in np.flatnonzero(rest.any(axis=others)):
            plane = (axis, int(index))
            here = plane_of(rest, plane)
            found[plane] = found[plane] | here if plane in found else here.copy()
        return found

    def draft(self, data: Any, plane: Plane) -> Optional[Draft]:
        """What is to be sent of a slice; None if nothing was painted on it."""
        mask = self.changed(data, plane[0]).get(plane)
        return None if mask is None else Draft(plane, mask, np.array(plane_of(np.asarray(data), plane)))

    def post(self, draft: Draft) -> Sent:
        """Lays a draft over the slice as the server has it.

        Raises `Conflict` if somebody changes it at this moment, or has replaced the image.
        """
        try:
            return self._post(draft)
        except Conflict as error:
            if error.field != "if-image":
                raise
            raise Conflict(
                error.status, "somebody has replaced the image that this was drawn on; nothing was sent. Save the layer if you "
                "need it, remove it, and open the volume again", field=error.field, call=error.call) from error

    def _post(self, draft: Draft) -> Sent:
        (axis, index), mask = draft.plane, draft.mask
        labels = from_layer(np.where(mask, draft.values, 0), self.project.refresh().classes)
        history = self.volume.history(axis, index)
        revision = history[-1].revision if history else 0
        slice_ = np.full(planes(self.volume.shape, axis), UNLABELED, np.uint8)
        if history and not history[-1].cleared:
            slice_ = self.volume.annotation(axis, index, revision).copy()
        before = slice_.copy()
        slice_[mask] = labels[mask]
        sent: Optional[AnnotatedSlice] = None
        if (slice_ != UNLABELED).any():
            known = {label: label for label, one in enumerate(self.project.classes) if not one.removed}
            meanings: dict[int, Optional[int]] = {**known, UNLABELED: None}
            sent = self.volume.annotate(axis, index, slice_, values=meanings, if_revision=revision, if_image=self.image)
        elif (before != UNLABELED).any():
            sent = self.volume.clear(axis, index, if_revision=revision, if_image=self.image)
        values = np.where(mask, draft.values, 0)
        erased = mask & (labels == UNLABELED)
        if erased.any():
            rows, columns = (slice(int(found.min()), int(found.max()) + 1) for found in np.nonzero(erased))
            key: list[Any] = [rows, columns]
            key.insert("zyx".index(axis), index)
            left = to_layer(self.volume.labels[tuple(key)])
            part = values[rows, columns]
            part[erased[rows, columns]] = left[erased[rows, columns]]
        return Sent(draft, sent, values)

    def accept(self, sent: Sent, data: Any) -> int:
        """Takes note of what the server has, corrects the layer's data, and returns how many voxels stay labelled."""
        plane, mask = sent.draft.plane, sent.draft.mask
        here = plane_of(data, plane)
        # What was painted since then stays.
        same = mask & (here == sent.draft.values)
        stays = int((same & (here != sent.values)).sum())
        here[same] = sent.values[same]
        plane_of(self.stored, plane)[mask] = sent.values[mask]
        return stays


def voxels_of(atom: Any, shape: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """The z, y and x of what one step of napari's history of a labels layer has changed."""
    if hasattr(atom, "slice_key"):  # Since napari 0.9, a box and which of its voxels.
        starts = [part.indices(length)[0] for part, length in zip(atom.slice_key, shape)]
        inside = np.ones(np.shape(atom.old_values), bool) if atom.mask is None else atom.mask
        z, y, x = (found + start for found, start in zip(np.nonzero(inside), starts))
    else:
        # Integers and slices, too, where a program has set the data.
        index = [each if not isinstance(each, slice) else np.arange(*each.indices(n)) for each, n in zip(atom[0], shape)]
        z, y, x = np.broadcast_arrays(*np.ix_(*index) if any(isinstance(each, slice) for each in atom[0]) else index)
    return z, y, x


def _without(voxels: Any, place: int) -> list[Any]:
    return [each for number, each in enumerate(voxels) if number != place]
