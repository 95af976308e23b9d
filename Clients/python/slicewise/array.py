"""Volumes that stay on the server until they are looked at."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Callable, Optional, Union

import numpy as np

from .errors import Changed
from .transport import Query, Transport

#: What a request costs, in bytes that could have been fetched in its time.
REQUEST = 1 << 16

FORMATS = ("nii.gz", "nii", "nrrd", "seg.nrrd", "mha", "tiff", "npy", "raw")

Box = list[tuple[int, int]]


class RemoteArray:
    """An array on the server: slices like NumPy's, fetching little more than what is asked for.

    It stands for the voxels as they were at the first access: if others take their place, `Changed` is raised.
    `np.asarray(array)` fetches all, `array.save("x.nii.gz")` saves a file in the format that the name says.
    """

    def __init__(
        self, transport: Transport, path: str, shape: tuple[int, ...], dtype: Any, query: Optional[Query] = None,
        plane: Optional[Callable[[int, int], Any]] = None,
    ) -> None:
        self._transport = transport
        self._path = path
        self._query = dict(query or {})
        self._tag: Optional[str] = None
        #: Gets one plane (axis, index) where the server can do that.
        self._plane = plane
        self.shape = shape
        self.dtype: np.dtype[Any] = np.dtype(dtype).newbyteorder("<")

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(math.prod(self.shape))

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    @property
    def model(self) -> Optional[str]:
        """The model that predicted it, if it is a prediction."""
        model = self._query.get("model")
        return None if model is None else str(model)

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        size = "×".join(map(str, self.shape))
        return f"<{size} voxels of {self.dtype.name} at {self._transport.url}{self._path}>"

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> Any:
        if copy is False:
            raise ValueError("an array on the server can't be used without copying it")
        return np.asarray(self[...], dtype=dtype)

    def __getitem__(self, key: Any) -> Any:
        """The voxels of integers, slices and `...`, as an array of one's own."""
        box, rest = self._box(key)
        if any(low >= high for low, high in box):
            return np.empty([max(0, high - low) for low, high in box], self.dtype)[rest]
        flat = [axis for axis, (low, high) in enumerate(box) if high - low == 1 and self.shape[axis] > 1]
        if self._plane and len(flat) == 1:
            axis = flat[0]
            plane = np.expand_dims(self._plane(axis, box[axis][0]), axis)
            part = plane[tuple(slice(None) if a == axis else slice(*box[a]) for a in range(self.ndim))]
        else:
            part = self._read(box)
        part = part[rest]
        # What is kept should not hold on to more than was asked for.
        return part.copy() if part.size < math.prod(high - low for low, high in box) or self._plane else part

    def save(self, path: Union[str, os.PathLike[str]], format: Optional[str] = None) -> Path:
        """Saves it as a file, on the volume's grid, and returns its path."""
        path = Path(path)
        if format is None:
            names = dict({each: each for each in FORMATS}, tif="tiff")
            endings = [name for name in names if path.name.lower().endswith(f".{name}")]
            if not endings:
                raise ValueError(f"{path.name}: the name says no format; the formats are {', '.join(FORMATS)}")
            format = names[max(endings, key=len)]
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".slicewise-") as folder:
            part = Path(folder) / "part"
            self._transport.call("GET", self._path, query=dict(self._query, format=format), sink=part)
            shutil.move(str(part), path)
        return path

    def _box(self, key: Any) -> tuple[Box, Any]:
        """The smallest box that holds what is asked for, and the key into it."""
        keys = list(key) if isinstance(key, tuple) else [key]
        if sum(each is Ellipsis for each in keys) > 1:
            raise IndexError("an index can have one '...' only")
        if not any(each is Ellipsis for each in keys):
            keys.append(Ellipsis)
        missing = self.ndim - (len(keys) - 1)
        if missing < 0:
            raise IndexError(f"{len(keys) - 1} indices for an array of {self.ndim} axes")
        place = next(number for number, each in enumerate(keys) if each is Ellipsis)
        keys[place:place + 1] = [slice(None)] * missing
        box: Box = []
        rest: list[Any] = []
        for axis, (each, length) in enumerate(zip(keys, self.shape)):
            if isinstance(each, slice):
                places = range(*each.indices(length))
                low, high = (min(places[0], places[-1]), max(places[0], places[-1]) + 1) if places else (0, 0)
                # Backwards it goes to the box's beginning, which is said by no end.
                end = places.stop - low if places.step > 0 else None
                rest.append(slice(places.start - low, end, places.step) if places else slice(0, 0))
            elif isinstance(each, (int, np.integer)) and not isinstance(each, (bool, np.bool_)):
                low = int(each) + (length if each < 0 else 0)
                if not 0 <= low < length:
                    raise IndexError(f"index {each} is outside axis {axis}, which has {length}")
                high = low + 1
                rest.append(0)
            else:
                raise IndexError("only integers, slices and '...' are fetched; np.asarray(array)[…] takes all else")
            box.append((low, high))
        return box, tuple(rest)

    def _read(self, box: Box) -> Any:
        """The voxels of a box, by the cheapest way: for each place on the first `outer` axes one run of bytes."""
        strides = [math.prod(self.shape[axis + 1:]) for axis in range(self.ndim)]
        widths = [high - low for low, high in box]

        def run(outer: int) -> int:
            return sum((width - 1) * stride for width, stride in zip(widths[outer:], strides[outer:])) + 1

        def cost(outer: int) -> int:
            return int(math.prod(widths[:outer])) * (REQUEST + run(outer) * self.dtype.itemsize)

        outer = min(range(self.ndim + 1), key=cost)
        base = sum(low * stride for (low, _), stride in zip(box, strides))
        result = np.empty(widths, self.dtype)
        for place in np.ndindex(*widths[:outer]):
            first = base + sum(step * stride for step, stride in zip(place, strides))
            voxels = self._voxels(first, run(outer))
            inner = np.lib.stride_tricks.as_strided(
                voxels, widths[outer:], [stride * self.dtype.itemsize for stride in strides[outer:]])
            if outer == 0 and voxels.size == self.size:
                return voxels.reshape(self.shape)
            result[place] = inner
        return result

    def _voxels(self, first: int, count: int) -> Any:
        """A run of voxels in the file's order."""
        size = self.dtype.itemsize
        headers = {} if count == self.size else {"Range": f"bytes={first * size}-{(first + count) * size - 1}"}
        answer = self._transport.call("GET", self._path, query=dict(self._query, format="raw"), headers=headers)
        whole = answer.headers.get("Content-Range", f"/{len(answer.body)}").rpartition("/")[2]
        tag = answer.headers.get("ETag")
        self._tag = self._tag or tag
        if tag != self._tag or int(whole) != self.nbytes:
            raise Changed(f"{self._path}: the voxels are others by now; get the array anew")
        if len(answer.body) == self.nbytes:  # Some proxies know no ranges.
            return np.frombuffer(answer.body, self.dtype)[first:first + count]
        return np.frombuffer(answer.body, self.dtype)
