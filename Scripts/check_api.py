#!/usr/bin/env python3
"""Lets schemathesis try every call of /openapi.json with sound and broken requests.

`check_api.py PROGRAM [SECONDS]` starts the server with temporary data, half of the time against a project that is there
and half against anything. An answer of 5xx, or one that the document does not describe, fails.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

from server import running

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,allow_header_conformance"
)
# Names that are there, so that most requests come past 404.
NAMES = """
[parameters]
"path.project" = "check"
"path.volume" = "one"
"path.axis" = "z"
"path.index" = 2
"path.id" = 1
"""


def fill(server):
    """A project with a volume, its truth, and an annotated slice."""
    def array(values):
        file = io.BytesIO()
        numpy.save(file, values)
        return file.getvalue()

    server.request("PUT", "/v1/projects/check", b'{"classes":[{"name":"a"},{"name":"b"}]}')
    labels = numpy.random.default_rng(1).integers(0, 2, (5, 16, 16)).astype("uint8")
    place = "/v1/projects/check/volumes/one"
    server.request("PUT", place, array(labels.astype("uint16") * 100))
    server.request("PUT", f"{place}/truth", array(labels))
    server.request("POST", f"{place}/annotations?axis=z&index=2", array(labels[2]))
    server.request("POST", "/v1/projects/check/jobs", b'{"kind":"train","budget":{"steps":2},"recipe":{"base":2,"levels":1}}')


def schemathesis(server, folder, seconds, *options, config=""):
    (Path(folder) / "schemathesis.toml").write_text(config)
    command = [
        Path(sys.executable).parent / "schemathesis", "--config-file", Path(folder) / "schemathesis.toml", "run",
        f"{server.address}/openapi.json", "--checks", CHECKS, "--phases", "coverage,fuzzing,stateful",
        "--max-time", str(seconds), "--request-timeout", "20", "--suppress-health-check", "all", "--warnings", "off",
        "--continue-on-failure", "--max-failures", "40", "--seed", "1", "--no-color", *options,
    ]
    return subprocess.run(command, cwd=folder).returncode


def main():
    seconds = int(sys.argv[2] if len(sys.argv) > 2 else 90) // 2
    with tempfile.TemporaryDirectory() as folder, running(sys.argv[1], folder) as server:
        fill(server)
        kept = ["--exclude-method", "DELETE"]
        failed = schemathesis(server, folder, seconds, *kept, config=NAMES) + schemathesis(server, folder, seconds)
    sys.exit("check_api: see above" if failed else 0)


if __name__ == "__main__":
    main()
