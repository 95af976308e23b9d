"""Answers of the server, and the bodies that are sent to it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Callable, Iterator, Optional, Union

from .errors import BY_STATUS, ProblemError, SlicewiseError

PIECE = 1 << 20


@dataclass
class Upload:
    """A body that is sent piece by piece, as often as needed."""

    length: int
    pieces: Callable[[], Iterator[Any]]

    @staticmethod
    def of_file(path: Union[str, os.PathLike[str]]) -> Upload:
        """The bytes of a file, which is read while it is sent."""
        path = Path(path)
        length = path.stat().st_size

        def pieces() -> Iterator[bytes]:
            left = length
            with path.open("rb") as file:
                while left and (piece := file.read(min(PIECE, left))):
                    left -= len(piece)
                    yield piece
            if left:
                raise SlicewiseError(f"{path} became {left} bytes shorter while it was sent")

        return Upload(length, pieces)


@dataclass
class Answer:
    """A whole answer, its body in memory."""

    call: str
    status: int
    headers: Message
    body: bytearray

    def json(self) -> Any:
        kind = self.headers.get_content_type()
        if kind not in ("application/json", "application/problem+json"):
            raise SlicewiseError(f"{self.call}: the answer is {kind}, not JSON; is the address that of a Slicewise server?")
        return json.loads(self.body)

    def problem(self) -> ProblemError:
        """The exception that this answer means."""
        about: dict[str, Any] = {}
        if self.headers.get_content_type() == "application/problem+json":
            with contextlib.suppress(ValueError):
                about = json.loads(self.body)
        title = about.get("title") or ""
        detail = about.get("detail") or title or f"the answer is {self.status}, and not in the words of a Slicewise server"
        if "Location" in self.headers and 300 <= self.status < 400:
            detail = f"the server is elsewhere: use the address {self.headers['Location']}"
        return BY_STATUS.get(self.status, ProblemError)(
            self.status, f"{self.call}: {detail}" if not about else detail, title=title, field=about.get("field"),
            call=self.call, request_id=self.headers.get("X-Request-Id"), retry_after=self._retry_after())

    def _retry_after(self) -> Optional[float]:
        """The seconds that the server asks to wait, given as a number or a date."""
        text = (self.headers.get("Retry-After") or "").strip()
        if text.isdigit():
            return float(text)
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
        except (TypeError, ValueError):
            return None
