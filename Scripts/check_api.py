#!/usr/bin/env python3
"""Tests every call of /openapi.json with schemathesis, by valid and invalid requests.

`check_api.py PROGRAM [SECONDS]` starts the server with temporary data. Half of the time goes to a project that has
every resource a call can name, half to arbitrary names. A 5xx response, or one that is not in the document, fails.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy

from server import running

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,allow_header_conformance"
)
# Names of existing resources, so that most requests are not answered with 404.
NAMES = """
[parameters]
"path.project" = "check"
"path.volume" = "one"
"path.axis" = "z"
"path.index" = 2
"path.id" = 1
"path.model" = "first"
"path.key" = ".zattrs"
"query.model" = "first"
"query.class" = "a"
"""
# Small enough to be trained in a moment.
TINY = {"preset": "fast", "base": 2, "levels": 2, "patch": {"z": 4, "y": 16, "x": 16}}
JOBS = [
    {"kind": "train", "name": "first", "holdout": {"fraction": 0.3, "seed": 1}},
    {"kind": "predict", "model": "first"},
    {"kind": "crossvalidate", "folds": 2, "variants": [{"norm": "batch"}, {"norm": "none"}]},
    {"kind": "slices", "counts": [1, 2]},
    {"kind": "transfer", "variants": [{}]},
]


def fill(server):
    """A project with volumes, their truths, annotated slices, a model, predictions, and a finished job of every kind."""
    def array(values):
        file = io.BytesIO()
        numpy.save(file, values)
        return file.getvalue()

    server.request("PUT", "/v1/projects/check", b'{"classes":[{"name":"a"},{"name":"b"}]}')
    for number, name in enumerate(["one", "two"]):
        labels = numpy.random.default_rng(number).integers(0, 2, (6, 24, 24)).astype("uint8")
        place = f"/v1/projects/check/volumes/{name}"
        server.request("PUT", place, array(labels.astype("uint16") * 100))
        server.request("PUT", f"{place}/truth", array(labels))
        for index in (1, 2, 4):
            server.request("POST", f"{place}/annotations?axis=z&index={index}", array(labels[index]))
            server.request("POST", f"{place}/annotations?axis=y&index={index}", array(labels[:, index]))
            server.request("POST", f"{place}/annotations?axis=x&index={index}", array(labels[:, :, index]))
    for job in JOBS:
        if job["kind"] != "predict":
            job = job | {"budget": {"steps": 3}, "recipe": TINY}
        made = json.loads(server.request("POST", "/v1/projects/check/jobs", json.dumps(job).encode()))
        while made["state"] in ("queued", "running"):
            time.sleep(0.1)
            made = json.loads(server.request("GET", f"/v1/projects/check/jobs/{made['id']}"))
        if made["state"] != "succeeded":
            sys.exit(f"check_api: the job {job} is {made['state']}: {made['error']}")


def schemathesis(server, folder, seconds, *options, config=""):
    """Whether all tests passed; prints their number, or the whole output if any failed."""
    (Path(folder) / "schemathesis.toml").write_text(config)
    # A call may wait for a job for a minute.
    command = [
        Path(sys.executable).parent / "schemathesis", "--config-file", Path(folder) / "schemathesis.toml", "run",
        f"{server.address}/openapi.json", "--checks", CHECKS, "--phases", "coverage,fuzzing,stateful",
        "--max-time", str(seconds), "--request-timeout", "70", "--suppress-health-check", "all", "--warnings", "off",
        "--continue-on-failure", "--max-failures", "40", "--seed", "1", "--no-color",
        "--header", f"Authorization: Bearer {server.token}", *options,
    ]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout)
    else:
        print("check_api:", " ".join(re.findall(r"(?:Tested: \d+|\d+ generated, \d+ passed)", done.stdout)))
    return done.returncode == 0


def main():
    seconds = int(sys.argv[2] if len(sys.argv) > 2 else 90) // 2
    with tempfile.TemporaryDirectory() as folder:
        made = [sys.argv[1], "token", "create", "--name", "check", "--role", "admin", "--data", Path(folder) / "data"]
        token = subprocess.run(made, capture_output=True, text=True, check=True).stdout.strip()
        with running(sys.argv[1], folder, token) as server:
            fill(server)
            sound = schemathesis(server, folder, seconds, "--exclude-method", "DELETE", config=NAMES)
            sound = schemathesis(server, folder, seconds) and sound
    sys.exit(0 if sound else "check_api: see above")


if __name__ == "__main__":
    main()
