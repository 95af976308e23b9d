"""Server-sent events of a job, followed through lost connections."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Iterator, Optional

from .errors import ConnectionFailed, Unavailable
from .transport import Transport

#: States that a job does not leave.
FINAL = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Event:
    """What happened to a job: `progress`, `state` or `log`."""

    #: Its number; `job.events(after=id)` goes on after it.
    id: int
    kind: str
    data: dict[str, Any]


def parse(lines: Iterable[bytes]) -> Iterator[Event]:
    """The events in a stream of lines; one that is cut off is left out."""
    number, kind = 0, "message"
    data: list[str] = []
    for raw in lines:
        if not raw.endswith(b"\n"):
            return
        line = raw.decode().rstrip("\r\n")
        if not line:
            if data:
                yield Event(number, kind, json.loads("\n".join(data)))
            kind, data = "message", []
            continue
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "id" and value.isdigit():
            number = int(value)
        elif name == "event":
            kind = value
        elif name == "data":
            data.append(value)


def follow(transport: Transport, path: str, state: Callable[[], str], after: int = 0) -> Iterator[Event]:
    """The events of a job after the one with that number, until it has ended.

    After a lost connection, or a silence of more than the timeout, it goes on after the last event that came; it gives
    up when there is no answer for the transport's patience.
    """
    deadline: Optional[float] = None
    ended = False
    while True:
        delay = 0.5
        try:
            came = False
            with transport.stream(path, {"Last-Event-ID": str(after), "Accept": "text/event-stream"}) as response:
                deadline = None
                for event in parse(response):
                    after, came = event.id, True
                    ended = ended or event.kind == "state" and event.data["state"] in FINAL
                    yield event
            # Without the last event in this stream nor the one before, it had come before the first.
            if ended or not came and state() in FINAL:
                return
        except (ConnectionFailed, Unavailable, OSError, http.client.HTTPException) as error:
            deadline = deadline or time.monotonic() + transport.patience
            delay = max(delay, getattr(error, "retry_after", None) or 0)
            if time.monotonic() + delay > deadline:
                if isinstance(error, (ConnectionFailed, Unavailable)):
                    raise
                raise ConnectionFailed(f"GET {transport.url}{path}: {error or type(error).__name__}") from error
        time.sleep(delay)
