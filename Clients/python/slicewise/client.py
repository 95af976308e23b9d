"""The way in: `with Client() as client: …`."""

from __future__ import annotations

import os
import ssl
from typing import Any, Iterable, Optional, Union

from .errors import Conflict
from .project import ClassLike, Project, class_of
from .transport import Transport, path

DEFAULT_URL = "http://127.0.0.1:8080"


class Client:
    """A Slicewise server.

    The address and the token are `SLICEWISE_URL` and `SLICEWISE_TOKEN` where they are not given. `timeout` is how many
    seconds a silent server is waited for; uploads get ten times as many. What may safely be sent again is, for
    `patience` seconds at most; `Retry-After` is obeyed within them. Several threads may share a client.
    """

    def __init__(
        self, url: Optional[str] = None, token: Optional[str] = None, *, timeout: float = 60, patience: float = 60,
        context: Optional[ssl.SSLContext] = None,
    ) -> None:
        url = url or os.environ.get("SLICEWISE_URL") or DEFAULT_URL
        token = token or os.environ.get("SLICEWISE_TOKEN") or None
        self.transport = Transport(url, token, timeout=timeout, patience=patience, context=context)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.transport.url!r})"

    def close(self) -> None:
        """Closes the connections; another call opens new ones."""
        self.transport.close()

    def ready(self) -> bool:
        """Whether the server can work; raises what keeps it from that."""
        return bool(self.transport.call("GET", "/readyz").json()["status"] == "ready")

    def projects(self) -> list[Project]:
        """Every project that the token may see, by name."""
        return [Project(self.transport, each) for each in self.transport.call("GET", "/v1/projects").json()]

    def project(self, name: str) -> Project:
        """The project of that name."""
        return Project(self.transport, self.transport.call("GET", path("v1", "projects", name)).json())

    def create_project(self, name: str, classes: Iterable[ClassLike], description: Optional[str] = None) -> Project:
        """Makes a project, or finds the one of that name with these classes.

        A class is a name, a (name, "#rrggbb") or a `Class`. A project that is there with other classes is left as it
        is (`Conflict`): `project.update(classes=…)` renames and appends.
        """
        wanted = [class_of(each) for each in classes]
        body: dict[str, Any] = {"classes": [each.to_json() for each in wanted]}
        if description is not None:
            body["description"] = description
        try:
            answer = self.transport.call(
                "PUT", path("v1", "projects", name), json=body, headers={"If-None-Match": "*"})
        except Conflict as error:
            if error.status != 412:
                raise
            project = self.project(name)
            there = [each.name for each in project.classes]
            if there != [each.name for each in wanted]:
                raise Conflict(
                    409, f"the project {name} is there with the classes {', '.join(there)}; "
                    "client.project(name).update(classes=…) changes them", call=error.call) from error
            return project
        return Project(self.transport, answer.json())

    def audit(
        self, project: Union[str, Project, None] = None, limit: int = 100, before: Optional[int] = None,
    ) -> list[dict[str, Any]]:
        """Who changed what, newest first."""
        name = project.name if isinstance(project, Project) else project
        query = {"project": name, "limit": limit, "before": before}
        entries: list[dict[str, Any]] = self.transport.call("GET", "/v1/audit", query=query).json()
        return entries
