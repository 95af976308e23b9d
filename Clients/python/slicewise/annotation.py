"""Annotated slices of a volume."""

from __future__ import annotations

from typing import Any, Mapping, Optional

import numpy as np

from .labels import Meanings, Source, check_values, is_file, of_array, of_masks, of_source, planes
from .records import AnnotatedSlice, AnnotationChange, of_json
from .transport import Transport, path


class Annotations:
    """What a volume's slices are said to be. Every change is a new revision; nothing is overwritten."""

    _transport: Transport
    _path: str
    shape: Any

    def annotate(
        self, axis: str, index: int, labels: Any, *, values: Optional[Meanings] = None,
        corner: Optional[tuple[int, int]] = None, author: Optional[str] = None, role: Optional[str] = None,
        if_revision: Optional[int] = None, if_image: Optional[str] = None,
    ) -> AnnotatedSlice:
        """Posts the labels of a slice, rows × columns.

        They are class indices with 255 for unlabeled, or what `values` says: `{0: None, 1: "cell"}`; or a mask for each
        class: `{"cell": mask, …}`, where what no mask has is unlabeled. Unlabeled is not background.
        A part of the slice is laid over what was there with its first row and column at `corner`. `if_revision` posts
        only if the slice is still at that revision (0: has none), and `if_image` only if the volume still has the image
        of that `version`; otherwise `Conflict`.
        """
        if isinstance(labels, Mapping):
            if values is not None:
                raise TypeError("masks by class need no values=")
            labels, values = of_masks(labels)
        labels = np.asarray(labels)
        if labels.ndim != 2:
            raise ValueError(f"a slice has rows and columns; these labels have {labels.ndim} axes")
        check_values(labels, values)
        region = None if corner is None else ",".join(str(number) for number in (*corner, *labels.shape))
        query = {
            "axis": axis, "index": index, "values": self._values(values), "region": region, "author": author,
            "role": role, "if-revision": if_revision, "if-image": if_image}
        answer = self._transport.call("POST", f"{self._path}/annotations", query=query, body=of_array(labels))
        return of_json(AnnotatedSlice, answer.json())

    def annotate_all(
        self, source: Source, *, values: Optional[Meanings] = None, author: Optional[str] = None,
        axes: Optional[str] = None, dataset: Optional[str] = None, ignore_place: bool = False, dry_run: bool = False,
    ) -> AnnotationChange:
        """Makes the annotations say what a label volume says, a file or an array (z, y, x); unlabeled voxels are erased.

        With `dry_run` it only tells what would be changed.
        """
        if not is_file(source):
            check_values(np.asarray(source), values)
        query = {
            "values": self._values(values), "author": author, "axes": axes, "dataset": dataset,
            "ignore-place": ignore_place or None, "dry-run": dry_run or None}
        # Sent twice, it could undo what others do in between.
        answer = self._transport.call(
            "PUT", f"{self._path}/annotations", query=query, body=of_source(source), again=dry_run,
            timeout=10 * self._transport.timeout)
        return _change(answer.json())

    def annotations(self) -> list[AnnotatedSlice]:
        """The annotated slices, oldest revision first."""
        return [of_json(AnnotatedSlice, each) for each in self._transport.call("GET", f"{self._path}/annotations").json()]

    def annotation(self, axis: str, index: int, revision: Optional[int] = None) -> Any:
        """The labels of an annotated slice, now or as an earlier revision left them: rows × columns, uint8."""
        answer = self._transport.call("GET", self._slice(axis, index), query={"format": "raw", "revision": revision})
        return np.frombuffer(answer.body, np.uint8).reshape(planes(self.shape, axis))

    def history(self, axis: str, index: int) -> list[AnnotatedSlice]:
        """Every revision of a slice, oldest first."""
        answers = self._transport.call("GET", f"{self._slice(axis, index)}/history").json()
        return [of_json(AnnotatedSlice, each) for each in answers]

    def restore(
        self, axis: str, index: int, revision: int, *, author: Optional[str] = None, if_revision: Optional[int] = None,
        if_image: Optional[str] = None,
    ) -> AnnotatedSlice:
        """Brings an earlier revision of a slice back, as a new one."""
        query = {"revision": revision, "author": author, "if-revision": if_revision, "if-image": if_image}
        answer = self._transport.call("POST", f"{self._slice(axis, index)}/restore", query=query)
        return of_json(AnnotatedSlice, answer.json())

    def set_role(
        self, axis: str, index: int, role: str, *, author: Optional[str] = None, if_revision: Optional[int] = None,
        if_image: Optional[str] = None,
    ) -> AnnotatedSlice:
        """Says what a slice is for: `train`, to learn from, or `test`, only ever to measure on."""
        query = {"role": role, "author": author, "if-revision": if_revision, "if-image": if_image}
        answer = self._transport.call("PUT", f"{self._slice(axis, index)}/role", query=query, again=False)
        return of_json(AnnotatedSlice, answer.json())

    def clear(
        self, axis: str, index: int, *, author: Optional[str] = None, if_revision: Optional[int] = None,
        if_image: Optional[str] = None,
    ) -> AnnotatedSlice:
        """Takes the annotation of a slice away, as a new revision."""
        query = {"author": author, "if-revision": if_revision, "if-image": if_image}
        answer = self._transport.call("DELETE", self._slice(axis, index), query=query)
        return of_json(AnnotatedSlice, answer.json())

    def clear_all(self, *, author: Optional[str] = None, dry_run: bool = False) -> AnnotationChange:
        """Takes the annotations of all slices away; `restore_change` brings them back."""
        query = {"author": author, "dry-run": dry_run or None}
        return _change(self._transport.call("DELETE", f"{self._path}/annotations", query=query, again=dry_run).json())

    def restore_change(self, change: int, *, author: Optional[str] = None) -> AnnotationChange:
        """Takes back all that one call changed."""
        answer = self._transport.call(
            "POST", f"{self._path}/annotations/restore", query={"change": change, "author": author})
        return _change(answer.json())

    def _slice(self, axis: str, index: int) -> str:
        return self._path + path("annotations", axis, index)

    def _values(self, values: Optional[Meanings]) -> Optional[str]:
        raise NotImplementedError


def _change(about: Mapping[str, Any]) -> AnnotationChange:
    counts = {name: value for name, value in about.items() if name not in ("change", "slices")}
    return AnnotationChange(about.get("change"), [of_json(AnnotatedSlice, each) for each in about["slices"]], counts)
