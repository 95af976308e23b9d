"""Starts a Slicewise server, or one of files, on a free port, for the checks in this folder."""

import contextlib
import functools
import http.server
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Server:
    address: str
    token: str | None
    pid: int | None = None

    def request(self, method, path, body=None):
        """Returns the body of the response; an error status ends the program with its message."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = urllib.request.Request(self.address + path, data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")


@contextlib.contextmanager
def running(program, folder, token=None, flags=()):
    """Starts the server with its data in the folder, and stops it at the end of the block."""
    data = Path(folder) / "data"
    command = [program, "serve", "--port", "0", "--data", data, "--log-level", "error", *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if found := re.search(r"https?://\S+?:\d+", line):
                yield Server(found[0], token, process.pid)
                break
        else:
            sys.exit("the server did not start")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


class FileHandler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def web_server(folder):
    """Serves the files of a folder; the block is given its address."""
    handler = functools.partial(FileHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}"
        web.shutdown()
