"""Labels in napari are class + 1, since 0 is transparent there; on the server they are the class, and 255 unlabeled."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from ..labels import UNLABELED
from ..records import Class


def to_layer(labels: Any) -> Any:
    """A layer's values of the server's labels, uint8."""
    labels = np.asarray(labels, np.uint8)
    return np.where(labels == UNLABELED, 0, labels + 1).astype(np.uint8)


def from_layer(values: Any, classes: Sequence[Class]) -> Any:
    """The server's labels of a layer's values, uint8; a value that is no class is refused."""
    values = np.asarray(values)
    known = [label + 1 for label, one in enumerate(classes) if not one.removed]
    strange = np.setdiff1d(values, [0, *known])
    if strange.size:
        names = ", ".join(f"{label} {classes[label - 1].name}" for label in known)
        raise ValueError(f"the label {strange[0]} is no class; the labels here are {names}, and 0 for unlabeled")
    return np.where(values == 0, UNLABELED, values.astype(np.int64) - 1).astype(np.uint8)


def colors(classes: Sequence[Class]) -> dict[Any, str]:
    """The colours of a layer's values; all others are transparent."""
    shown: dict[Any, str] = {None: "#00000000", 0: "#00000000"}
    shown.update({label + 1: one.color or "#808080" for label, one in enumerate(classes)})
    return shown
