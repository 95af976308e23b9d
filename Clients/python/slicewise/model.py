"""Models: trained networks and where they come from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

from .transport import Transport, path as path_of


class Model:
    """A trained network with the recipe that made it."""

    def __init__(self, transport: Transport, project: str, about: Mapping[str, Any]) -> None:
        self._transport = transport
        self._about = about
        self._path = project + path_of("models", about["name"])

    name = property(lambda self: str(self._about["name"]))
    state = property(lambda self: str(self._about["state"]))

    @property
    def classes(self) -> list[str]:
        """Names in order, as they were when it was trained."""
        return list(self._about["classes"])

    @property
    def recipe(self) -> dict[str, Any]:
        """With every `auto` filled in, so that it can be given again."""
        return dict(self._about["recipe"])

    @property
    def metrics(self) -> Optional[dict[str, Any]]:
        """The training's result; None if its weights were brought."""
        metrics: Optional[dict[str, Any]] = self._about["metrics"]
        return metrics

    @property
    def about(self) -> Mapping[str, Any]:
        """All that the server says of it."""
        return self._about

    def __repr__(self) -> str:
        return f"<model {self.name}: {', '.join(self.classes)}>"

    def save(
        self, path: Union[str, os.PathLike[str]], *, format: str = "safetensors", volume: Optional[str] = None,
        authors: Sequence[str] = (), license: Optional[str] = None,
    ) -> Path:
        """Saves it: its weights as `safetensors`, as an `onnx` graph, or as a package of `bioimageio` (a zip archive).

        `volume` is the name of one as which a graph scales all images, by default each by its own mean and deviation.
        `authors` and `license` (an identifier of SPDX) are those of a package.
        """
        target = Path(path)
        query = {
            "format": None if format == "safetensors" else format, "volume": volume,
            "authors": ";".join(authors) or None, "license": license}
        self._transport.call("GET", f"{self._path}/weights", query=query, sink=target, timeout=10 * self._transport.timeout)
        return target

    def delete(self) -> None:
        """Removes it with its predictions."""
        self._transport.call("DELETE", self._path)
