"""What goes wrong: the server's own words as exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from .job import Job


class SlicewiseError(Exception):
    """Anything that went wrong between this program and the server."""


class ConnectionFailed(SlicewiseError):
    """There was no answer: the server is not there, the connection broke, or it took too long."""


class Changed(SlicewiseError):
    """What is read piece by piece was replaced between two pieces."""


class ProblemError(SlicewiseError):
    """An answer that says no. Its text is the server's: what was wrong and what would be right."""

    def __init__(
        self, status: int, detail: str, *, title: str = "", field: Optional[str] = None, call: str = "",
        request_id: Optional[str] = None, retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(f"{detail} ({field})" if field and field not in detail else detail)
        self.status = status
        self.detail = detail
        self.title = title
        #: The parameter or field that is at fault, if it is one.
        self.field = field
        #: The method and the path.
        self.call = call
        #: By which the server's log has it.
        self.request_id = request_id
        #: The seconds after which the server asks to try again.
        self.retry_after = retry_after


class Malformed(ProblemError):
    """400: a path, query or body that makes no sense."""


class NotSignedIn(ProblemError):
    """401: a token is needed, or this one is not valid."""


class NotAllowed(ProblemError):
    """403: the token's role is too low, or it is for other projects."""


class NotFound(ProblemError):
    """404: something that the call names does not exist."""


class Conflict(ProblemError):
    """409, 412: it contradicts what is there, such as a slice that somebody else has changed."""


class TooLarge(ProblemError):
    """413: the body is larger than the server takes."""


class UnknownFormat(ProblemError):
    """415: the file is in no format that the server knows."""


class Invalid(ProblemError):
    """422: well formed but wrong; `field` names what is at fault."""


class Unavailable(ProblemError):
    """429, 502, 503, 504: not now, not even after waiting as long as the server asked for."""


class NoSpace(ProblemError):
    """507: the server's disk is full; nothing of the call was stored."""


class JobFailed(SlicewiseError):
    """A job that was waited for has failed or was cancelled; `job` is the job."""

    def __init__(self, job: Job) -> None:
        reason = f": {job.error}" if job.error else ""
        super().__init__(f"job {job.id} ({job.kind}) {'has failed' if job.state == 'failed' else 'was cancelled'}{reason}")
        self.job = job


BY_STATUS: dict[int, type[ProblemError]] = {
    400: Malformed, 401: NotSignedIn, 403: NotAllowed, 404: NotFound, 409: Conflict, 412: Conflict, 413: TooLarge,
    415: UnknownFormat, 422: Invalid, 429: Unavailable, 502: Unavailable, 503: Unavailable, 504: Unavailable,
    507: NoSpace,
}
