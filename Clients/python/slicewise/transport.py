"""HTTP with connections that are kept, timeouts, and second tries where they are safe."""

from __future__ import annotations

import contextlib
import http.client
import json as json_module
import random
import socket
import ssl
import threading
import time
import uuid
import weakref
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Union
from urllib.parse import quote, urlencode, urlsplit

from .answer import PIECE, Answer, Upload
from .errors import ConnectionFailed, SlicewiseError

VERSION = "0.1.0"
#: Seconds after which an unused connection is not trusted any more; the server closes it after 60.
IDLE = 20.0
#: Seconds of silence that end a stream, in which the server says every 15 that it is still there.
QUIET = 45.0
#: Problems that a second try may solve, if the server says when.
LATER = (409, 429, 503)

Query = Mapping[str, object]
Connection = http.client.HTTPConnection


def path(*words: object) -> str:
    """A path of words, each quoted."""
    return "".join("/" + quote(str(word), safe="") for word in words)


class Transport:
    """Sends calls to one server; may be used by several threads."""

    def __init__(
        self, url: str, token: Optional[str], *, timeout: float, patience: float, context: Optional[ssl.SSLContext],
    ) -> None:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"{url!r} is not the address of a server; it is like http://127.0.0.1:8080")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.patience = patience
        self._parts = parts
        self._prefix = parts.path.rstrip("/")
        self._context = context
        self._headers = {"User-Agent": f"slicewise-python/{VERSION}", "Accept": "*/*"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._idle: list[tuple[float, Connection]] = []
        self._lock = threading.Lock()
        self._met = False
        # Of a client that nobody has closed.
        weakref.finalize(self, _close, self._idle)

    def close(self) -> None:
        """Closes the connections that wait for another call."""
        _close(self._idle)

    def call(
        self, method: str, path: str, *, query: Optional[Query] = None, json: Any = None,
        body: Union[bytes, Upload, None] = None, headers: Optional[Mapping[str, str]] = None,
        again: Optional[bool] = None, timeout: Optional[float] = None, sink: Optional[Path] = None,
    ) -> Answer:
        """Sends a call and returns its answer; an answer of 300 or more is raised. The body goes to `sink` if given.

        `again` says whether it may be sent again when the answer was lost. By default that is so for GET, HEAD and
        PUT, and for POST, which gets an Idempotency-Key for that. Not sent, or refused for now, it is sent again anyway.
        """
        again = method != "DELETE" if again is None else again
        sent = dict(self._headers, **(headers or {}))
        if method == "POST":
            sent.setdefault("Idempotency-Key", str(uuid.uuid4()))
        if json is not None:
            body = json_module.dumps(json).encode()
            sent["Content-Type"] = "application/json"
        elif body is not None:
            sent["Content-Type"] = "application/octet-stream"
        target = self._prefix + path + self._query(query)
        deadline: Optional[float] = None
        tries = 0
        while True:
            tries += 1
            try:
                answer = self._send(method, target, body, sent, again, timeout or self.timeout, sink)
            except _Lost as lost:
                delay = self._backoff(tries) if (again or not lost.sent) and (lost.sent or self._met) else None
                failure: SlicewiseError = ConnectionFailed(f"{method} {self.url}{path}: {lost}")
            else:
                if answer.status < 300:
                    return answer
                failure = problem = answer.problem()
                if problem.retry_after is not None and answer.status in LATER:
                    delay = problem.retry_after
                else:
                    delay = self._backoff(tries) if again and answer.status in (502, 503, 504) else None
            deadline = deadline or time.monotonic() + self.patience
            if delay is None or time.monotonic() + delay > deadline:
                raise failure
            time.sleep(delay)

    @contextlib.contextmanager
    def stream(self, path: str, headers: Mapping[str, str]) -> Iterator[http.client.HTTPResponse]:
        """The answer to a GET, to be read as it comes; nothing is sent again."""
        connection = self._connection()
        connection.timeout = max(self.timeout, QUIET)
        try:
            try:
                connection.request("GET", self._prefix + path, headers=dict(self._headers, **headers))
                response = connection.getresponse()
                answer = None if response.status < 300 else Answer(
                    f"GET {path}", response.status, response.headers, bytearray(response.read()))
            except (OSError, http.client.HTTPException) as error:
                raise ConnectionFailed(f"GET {self.url}{path}: {_words(error, self.timeout)}") from error
            if answer:
                raise answer.problem()
            yield response
        finally:
            connection.close()

    def _send(
        self, method: str, target: str, body: Union[bytes, Upload, None], headers: Mapping[str, str], again: bool,
        timeout: float, sink: Optional[Path],
    ) -> Answer:
        # A kept connection may have been closed by the server: only what may be sent twice goes there.
        connection, kept = self._kept() if again else None, True
        if connection is None:
            connection, kept = self._connection(), False
        try:
            if connection.sock is None:
                connection.connect()
            connection.sock.settimeout(timeout)
        except OSError as error:
            connection.close()
            raise _Lost(_words(error, timeout), sent=False) from error
        try:
            whole = True
            try:
                if isinstance(body, Upload):
                    connection.request(
                        method, target, body.pieces(), dict(headers, **{"Content-Length": str(body.length)}))
                else:
                    connection.request(method, target, body, dict(headers))
            except (BrokenPipeError, ConnectionResetError):
                whole = False  # The server may have refused it by the head alone; its answer is there then.
            response = connection.getresponse()
            answer = Answer(f"{method} {target}", response.status, response.headers, _read(response, sink))
            if not whole and answer.status < 300:
                raise ConnectionResetError("the connection was closed before all was sent")
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if kept and not isinstance(error, socket.timeout):
                return self._send(method, target, body, headers, again, timeout, sink)
            raise _Lost(_words(error, timeout), sent=True) from error
        except BaseException:
            connection.close()
            raise
        self._met = True
        if whole and not response.will_close:
            with self._lock:
                self._idle.append((time.monotonic(), connection))
        else:
            connection.close()
        return answer

    def _connection(self) -> Connection:
        host = self._parts.hostname or ""
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, self._parts.port, timeout=self.timeout, context=self._context)
        return Connection(host, self._parts.port, timeout=self.timeout)

    def _kept(self) -> Optional[Connection]:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                since, connection = self._idle.pop()
            if time.monotonic() - since < IDLE:
                return connection
            connection.close()

    @staticmethod
    def _backoff(tries: int) -> float:
        return min(8.0, 0.25 * 2.0 ** (tries - 1)) * random.uniform(0.5, 1.0)

    @staticmethod
    def _query(query: Optional[Query]) -> str:
        pairs = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""


def _text(value: object) -> str:
    """A parameter's value as the server reads it."""
    if isinstance(value, (list, tuple)):
        return ",".join(_text(each) for each in value)
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


class _Lost(Exception):
    """No answer; `sent` says whether the server may have got the call."""

    def __init__(self, words: str, *, sent: bool) -> None:
        super().__init__(words)
        self.sent = sent


def _close(idle: list[tuple[float, Connection]]) -> None:
    while idle:
        idle.pop()[1].close()


def _words(error: Exception, timeout: float) -> str:
    if isinstance(error, socket.timeout):
        return f"no answer within {timeout:g} seconds"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there; is `slicewise serve` running, and is that its address?"
    if isinstance(error, socket.gaierror):
        return f"there is no machine of that name ({error.strerror})"
    return str(error) or type(error).__name__


def _read(response: http.client.HTTPResponse, sink: Optional[Path]) -> bytearray:
    """The body of an answer, without a second copy where its length is known; a good one goes to the sink."""
    length = response.length
    if sink and response.status < 300:
        done = 0
        with sink.open("wb") as file:
            while piece := response.read(PIECE):
                done += file.write(piece)
        if length is not None and done < length:
            raise http.client.IncompleteRead(b"", length - done)
        return bytearray()
    if length is None:
        return bytearray(response.read())
    body, done = bytearray(length), 0
    while done < length:
        count = response.readinto(memoryview(body)[done:])
        if not count:
            raise http.client.IncompleteRead(b"", length - done)
        done += count
    return body
