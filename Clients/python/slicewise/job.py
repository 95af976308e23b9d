"""Jobs: trainings, predictions and experiments, which the server does one after the other."""

from __future__ import annotations

import math
import time
from typing import Any, Iterable, Iterator, Mapping, Optional, Union

from . import html
from .errors import JobFailed
from .events import FINAL, Event, follow
from .model import Model
from .transport import Transport, path
from .volume import Volume

Volumes = Iterable[Union[str, Volume]]

#: A part of the slices (0 to 0.9), slices as (volume, axis, index), or what the server's `holdout` takes.
Holdout = Union[float, Mapping[str, Any], "Iterable[tuple[Union[str, Volume], str, int]]"]


def _name(one: Union[str, Volume, Model]) -> str:
    return one if isinstance(one, str) else str(one.name)


class Job:
    """A job as it was when it was last looked at; `refresh()`, `wait()` and `events()` look again."""

    def __init__(self, transport: Transport, project: str, about: Mapping[str, Any]) -> None:
        self._transport = transport
        self._project = project
        self._about = about
        self._path = project + path("jobs", about["id"])

    id = property(lambda self: int(self._about["id"]))
    kind = property(lambda self: str(self._about["kind"]))
    #: queued, running, succeeded, failed or cancelled.
    state = property(lambda self: str(self._about["state"]))

    @property
    def progress(self) -> dict[str, Any]:
        return dict(self._about["progress"] or {})

    @property
    def model(self) -> Optional[str]:
        """The name of the model that it has made or used."""
        name: Optional[str] = self._about["model"]
        return name

    @property
    def result(self) -> Optional[dict[str, Any]]:
        """What it has found; None before its end."""
        result: Optional[dict[str, Any]] = self._about["result"]
        return result

    @property
    def error(self) -> Optional[str]:
        error: Optional[str] = self._about["error"]
        return error

    @property
    def about(self) -> Mapping[str, Any]:
        """All that the server says of it."""
        return self._about

    def __repr__(self) -> str:
        return f"<job {self.id}: {self.kind}, {self.state}>"

    def _repr_html_(self) -> str:
        return html.job(self)

    def refresh(self, wait: Optional[int] = None) -> Job:
        """Looks again, if asked for after the state has changed or `wait` seconds (60 at most) have passed."""
        timeout = None if wait is None else wait + self._transport.timeout
        query = {"wait": wait}
        self._about = self._transport.call("GET", self._path, query=query, timeout=timeout).json()
        return self

    def wait(self, timeout: Optional[float] = None, check: bool = True) -> Job:
        """Waits for its end, at most for `timeout` seconds (`TimeoutError`).

        A job that has not succeeded is raised (`JobFailed`) unless `check` is false.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.state not in FINAL:
            left = 30 if deadline is None else min(30, math.ceil(deadline - time.monotonic()))
            if left < 0:
                raise TimeoutError(f"job {self.id} is {self.state} after {timeout:g} seconds; it goes on")
            self.refresh(wait=left)
        if check and self.state != "succeeded":
            raise JobFailed(self)
        return self

    def events(self, after: int = 0) -> Iterator[Event]:
        """What happens to it, from the first event or the one after `after` on, until its end.

        A lost connection is taken up where it broke. The job is looked at again at the end, not meanwhile.
        """
        yield from follow(self._transport, f"{self._path}/events", lambda: self.refresh().state, after)
        self.refresh()

    def curve(self) -> list[dict[str, Any]]:
        """The learning curve: `step`, `seconds`, `loss` and, where it was measured, `heldout_iou`."""
        points: list[dict[str, Any]] = self._transport.call("GET", f"{self._path}/curve").json()
        return points

    def table(self, format: str = "md") -> str:
        """The result of an experiment as tables (`md`) or a plot (`svg`)."""
        return self._transport.call("GET", f"{self._path}/result", query={"format": format}).body.decode()

    def cancel(self) -> Job:
        """Ends it; a training keeps what it has learned as a model that is used where it is named."""
        self._about = self._transport.call("POST", f"{self._path}/cancel").json()
        return self

    def retry(self, name: Optional[str] = None) -> Job:
        """Queues a failed or cancelled job again, as a new one, with another name for its model if you like."""
        answer = self._transport.call("POST", f"{self._path}/retry", query={"name": name})
        return Job(self._transport, self._project, answer.json())


class JobQueue:
    """The jobs of a project."""

    _transport: Transport
    _path: str

    def jobs(self, state: Optional[str] = None) -> list[Job]:
        """The jobs, newest first."""
        answers = self._transport.call("GET", f"{self._path}/jobs", query={"state": state}).json()
        return [Job(self._transport, self._path, each) for each in answers]

    def job(self, id: int) -> Job:
        """The job of that number."""
        return Job(self._transport, self._path, self._transport.call("GET", self._path + path("jobs", id)).json())

    def submit(self, kind: str, **fields: Any) -> Job:
        """Queues a job of any kind; fields that are None are left out."""
        body = dict({name: value for name, value in fields.items() if value is not None}, kind=kind)
        return Job(self._transport, self._path, self._transport.call("POST", f"{self._path}/jobs", json=body).json())

    def train(
        self, *, seconds: Optional[float] = None, steps: Optional[int] = None, volumes: Optional[Volumes] = None,
        start: Union[str, Model, None] = None, holdout: Optional[Holdout] = None,
        recipe: Union[str, Mapping[str, Any], None] = None, predict: Optional[Volumes] = None,
        name: Optional[str] = None,
    ) -> Job:
        """Queues a training on the annotated slices, after which it predicts.

        `start` is "latest" (default), "scratch" or a model; `predict` names the volumes to predict at the end (default:
        those learned from, [] for none); `name` is that of the model. The other fields are those of the server.
        """
        budget = {key: value for key, value in (("seconds", seconds), ("steps", steps)) if value is not None}
        return self.submit(
            "train", budget=budget or None, volumes=_names(volumes), holdout=_holdout(holdout), recipe=recipe,
            predict=_names(predict), name=name, **{"from": None if start is None else _name(start)})

    def predict(self, volumes: Optional[Volumes] = None, model: Union[str, Model, None] = None) -> Job:
        """Queues a prediction of volumes (default: all) by a model (default: the one that the project goes by)."""
        return self.submit("predict", volumes=_names(volumes), model=None if model is None else _name(model))


def _names(volumes: Optional[Volumes]) -> Optional[list[str]]:
    if isinstance(volumes, str):
        raise TypeError(f"a list of volumes is needed: [{volumes!r}]")
    return None if volumes is None else [_name(each) for each in volumes]


def _holdout(holdout: Optional[Holdout]) -> Optional[Mapping[str, Any]]:
    if holdout is None or isinstance(holdout, Mapping):
        return holdout
    if isinstance(holdout, (int, float)):
        return {"fraction": holdout}
    return {"slices": [
        {"volume": _name(volume), "axis": axis, "index": int(index)} for volume, axis, index in holdout]}
