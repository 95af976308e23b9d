"""What the server tells of classes, slices and scores."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Mapping, Optional, TypeVar

from . import html

Record = TypeVar("Record")


def of_json(kind: type[Record], about: Mapping[str, Any]) -> Record:
    """A record of a JSON object; members that newer servers add are left out."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in about.items() if name in known})


@dataclass(frozen=True)
class Class:
    """A class of a project; its place in the list is its label."""

    name: str
    color: Optional[str] = None
    #: Only earlier revisions and models have it; it keeps its place.
    removed: bool = False

    def to_json(self) -> dict[str, Any]:
        about: dict[str, Any] = {"name": self.name}
        if self.color:
            about["color"] = self.color
        if self.removed:
            about["removed"] = True
        return about


@dataclass(frozen=True)
class AnnotatedSlice:
    """A revision of an annotated slice."""

    axis: str
    index: int
    #: None where a dry run only tells.
    revision: Optional[int] = None
    #: Voxels by class name, and those unlabeled, of the whole slice as it is now.
    voxels: Optional[dict[str, int]] = None
    role: str = "train"
    author: Optional[str] = None
    #: ISO 8601 in UTC; None in the answer to a post.
    created: Optional[str] = None
    cleared: bool = False
    #: The number by which all that its call changed is taken back.
    change: Optional[int] = None
    #: Voxels where it differs from slices that cross it; of posts only.
    conflicts: Optional[int] = None


@dataclass(frozen=True)
class AnnotationChange:
    """What a call that changes several slices has done, or would do."""

    #: By which `restore_change` takes it back; None if nothing was changed.
    change: Optional[int]
    slices: list[AnnotatedSlice]
    #: How many voxels were labelled, relabelled, erased, …, as the server counts them.
    counts: dict[str, Any]


@dataclass(frozen=True)
class Suggestion:
    """A slice worth annotating next."""

    axis: str
    index: int
    #: Its mean uncertainty, 0 to 1.
    score: float
    model: str


class Picture(bytes):
    """The bytes of a PNG, which a notebook shows as the picture that it is."""

    def _repr_png_(self) -> bytes:
        return bytes(self)


class Report(dict[str, Any]):
    """Scores of a prediction, as the server's JSON: `report["truth"]["mean_iou"]`, `report["warnings"]`, …"""

    @property
    def model(self) -> str:
        return str(self["model"])

    def mean_iou(self, part: str = "heldout") -> Optional[float]:
        """The mean IoU of `training`, `heldout` or `truth`; None where there is nothing to compare."""
        scores = self[part]
        return None if scores is None else scores["mean_iou"]

    def _repr_html_(self) -> str:
        return html.report(self)
