"""Servers for the tests: real ones with temporary data, and one that answers what it is told to."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from slicewise import Client

PROGRAM = os.environ.get("SLICEWISE_PROGRAM", "slicewise")
#: Without what the caller has set for a server of their own.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("SLICEWISE_")}
CLASSES = ["inside tubule", "tubule", "background"]
#: A network that learns in a second.
SMALL = {"preset": "fast", "base": 4, "levels": 2}


class Server:
    """`slicewise serve` with its data in a folder, on a free port at first and on the same one after `kill()`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.start()

    def start(self) -> None:
        command = [PROGRAM, "serve", "--port", str(self.port), "--data", str(self.folder / "data"), "--log-level", "error"]
        # If the tests crash, the server's standard error must not keep alive what reads theirs.
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT)
        for line in self.process.stdout:
            if found := re.search(r"(http://\S+?):(\d+)", line):
                self.url, self.port = found[0], int(found[2])
                return
        raise RuntimeError("the server did not start")

    def stop(self, by: int = signal.SIGTERM) -> None:
        self.process.send_signal(by)
        self.process.wait()
        self.process.stdout.close()


class ServerTestCase(unittest.TestCase):
    """Tests with a server that has a project with one volume: 16×48×48 voxels in three channels, and its truth."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="slicewise-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.server = Server(cls.folder)
        cls.addClassCleanup(lambda: cls.server.stop())
        sample = cls.folder / "sample"
        subprocess.run(
            [PROGRAM, "phantom", "--size", "16,48,48", "--out", str(sample)], check=True, capture_output=True,
            env=ENVIRONMENT)
        cls.client = Client(cls.server.url)
        cls.addClassCleanup(cls.client.close)
        cls.project = cls.client.create_project("kidney", CLASSES)
        cls.volume = cls.project.upload("sample", sample / "image.nii.gz")
        cls.volume.set_truth(sample / "label.nii.gz")
        cls.truth = cls.volume.truth[...]

    @classmethod
    def annotate(cls) -> None:
        """Three slices of the truth, one on each axis."""
        for axis, index in (("z", 8), ("y", 24), ("x", 24)):
            cls.volume.annotate(axis, index, cls.truth.take(index, "zyx".index(axis)))


class Script:
    """A server that gives the answers of a list, one after the other, and keeps what it was sent.

    An answer is (status, headers, body); None closes the connection without one.
    """

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline()
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                script.requests.append((self.command, self.path, dict(self.headers), body))
                answer = script.answers.pop(0)
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, content = answer
                self.send_response(status)
                for name, value in dict({"Content-Length": str(len(content))}, **headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Script:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def problem(status: int, detail: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """The answer of a Slicewise server that says no."""
    body = f'{{"type":"about:blank","title":"No","status":{status},"detail":"{detail}"}}\n'.encode()
    return status, dict({"Content-Type": "application/problem+json"}, **{
        name.replace("_", "-"): value for name, value in headers.items()}), body


def json_answer(body: str, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, body.encode()


def blobs(shape: tuple[int, int, int], seed: int = 1) -> np.ndarray:
    """Gray values of no meaning."""
    return np.random.default_rng(seed).integers(0, 4000, shape).astype(np.uint16)
