"""Labels as they are sent: arrays of class indices, of other values that are named, or masks by class."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, Optional, Union

import numpy as np

from .answer import PIECE, Upload

#: The label of a voxel that nobody has said anything about; it is not background.
UNLABELED = 255

#: What the values of an array or a file mean: a class's name or index, or None for unlabeled.
Meanings = Union[str, Mapping[Any, Union[str, int, None]]]

_PAIR = re.compile(r",\s*(-?\d+|#\w+|transparent)\s*:")

Source = Union[str, "os.PathLike[str]", Any]


def of_masks(masks: Mapping[str, Any]) -> tuple[Any, dict[int, Optional[str]]]:
    """The labels of masks by class name, and what they mean; what no mask has is unlabeled."""
    if not masks:
        raise ValueError("there is no mask; give {'class name': mask, …}")
    labels: Any = None
    meanings: dict[int, Optional[str]] = {UNLABELED: None}
    for number, (name, mask) in enumerate(masks.items()):
        mask = np.asarray(mask)
        if mask.dtype != np.bool_:
            raise TypeError(f"the mask of {name!r} is of {mask.dtype}; masks are arrays of booleans, such as labels == 2")
        if labels is None:
            labels = np.full(mask.shape, UNLABELED, np.uint8)
        if mask.shape != labels.shape:
            raise ValueError(f"the mask of {name!r} is {_size(mask.shape)}, those before it are {_size(labels.shape)}")
        if (both := mask & (labels != UNLABELED)).any():
            raise ValueError(f"the mask of {name!r} and those before it share {int(both.sum())} voxels")
        labels[mask] = number
        meanings[number] = name
    return labels, meanings


def values_text(meanings: Optional[Meanings], names: Callable[[], list[str]]) -> Optional[str]:
    """The parameter `values=`; `names` gets the names of the classes by their index."""
    if meanings is None or isinstance(meanings, str):
        return meanings
    pairs = []
    for value, meaning in meanings.items():
        if isinstance(value, (bool, np.bool_)):
            value = int(value)
        if meaning is None or meaning == UNLABELED:
            meaning = "unlabeled"
        elif isinstance(meaning, (int, np.integer)):
            known = names()
            if not 0 <= meaning < len(known):
                raise ValueError(f"{meaning} is no class; the classes are {', '.join(known)}, with indices from 0")
            meaning = known[int(meaning)]  # By its name, since a class could be called 1.
        elif _PAIR.search(meaning):
            known = names()  # What looks like a list of pairs goes by its index.
            if meaning not in known or str(known.index(meaning)) in known:
                raise ValueError(f"{meaning!r} is no class, or can't be told from several; {', '.join(known)} are there")
            meaning = str(known.index(meaning))
        pairs.append(f"{value}:{meaning}")
    return ",".join(pairs)


def check_values(labels: Any, meanings: Optional[Meanings]) -> None:
    """Refuses booleans that nobody has given a meaning."""
    if labels.dtype == np.bool_ and meanings is None:
        raise TypeError(
            "booleans do not say which classes they mean: give values={False: 'background', True: 'cell'} with your "
            "classes (None for unlabeled), or a mask for each class, {'cell': mask}")


def is_file(source: Source) -> bool:
    return isinstance(source, (str, os.PathLike))


def of_array(array: Any) -> Upload:
    """An array as an NPY file, which is made while it is sent."""
    array = np.asarray(array)
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"voxels are numbers, not {array.dtype}")
    array = np.ascontiguousarray(array)
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
    header = head.getvalue()

    def pieces() -> Iterator[Any]:
        yield header
        flat: Any = array.reshape(-1).view(np.uint8) if array.size else np.empty(0, np.uint8)
        for start in range(0, flat.size, PIECE):
            yield memoryview(flat[start:start + PIECE])

    return Upload(len(header) + array.nbytes, pieces)


def of_source(source: Source) -> Upload:
    """A file, or an array as one."""
    return Upload.of_file(Path(source)) if is_file(source) else of_array(source)


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def planes(shape: tuple[int, int, int], axis: str) -> tuple[int, int]:
    """The rows and columns of a slice on an axis of a volume (z, y, x)."""
    rows, columns = (length for name, length in zip("zyx", shape) if name != axis)
    return rows, columns
