#!/usr/bin/env python3
"""Measures a running service: requests under load while a training runs, and one very large volume.

    python3 Scripts/benchmark_service.py load  [--seconds 10] [--training 1]
    python3 Scripts/benchmark_service.py soak  [--seconds 240]
    python3 Scripts/benchmark_service.py large [--size 1024,1024,1024] [--predict 120|inf] [--recipe default]
    python3 Scripts/benchmark_service.py clients

With --predict a network is trained on the large volume for 10 steps and predicts it for the given seconds, or to the
end; the result is then downloaded. `clients` are many that read a long job's events, or send bodies that never end.

Needs the built program, and wrk (apt-get install wrk) for load and soak. It starts its own server on a free port with a
temporary data folder, and removes both.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, ".build", "release", "slicewise")

READ = """
counter = 0
local places = {{}}
for i = 0, {z} - 1 do places[#places + 1] = "z/" .. i end
for i = 0, {y} - 1 do places[#places + 1] = "y/" .. i end
for i = 0, {x} - 1 do places[#places + 1] = "x/" .. i end
function request()
    counter = counter + 1
    return wrk.format("GET", "/v1/projects/p/volumes/v/slices/" .. places[counter % #places + 1])
end
"""
PAUSE = """
function delay() return {milliseconds} end
"""
POST = """
local body = io.open("{body}", "rb"):read("*a")
local index = 0
local headers = {{["Content-Type"] = "application/octet-stream"}}
function request()
    index = (index + 1) % {z}
    return wrk.format("POST", "/v1/projects/p/volumes/v/annotations?axis=z&index=" .. index, headers, body)
end
"""


class Server:
    """The program as a child process with a data folder of its own."""

    def __init__(self, folder, *flags):
        self.folder = folder
        command = [PROGRAM, "serve", "--port", "0", "--data", os.path.join(folder, "data"), "--log-level", "warning"]
        self.process = subprocess.Popen(command + list(flags), stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        match = re.match(r"listening on (http://([^:]+):(\d+))", line)
        if not match:
            sys.exit(f"the server said: {line}")
        self.address, self.host, self.port = match[1], match[2], int(match[3])

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=600)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, data

    def json(self, method, path, value=None):
        body = None if value is None else json.dumps(value)
        status, data = self.call(method, path, body, {"Content-Type": "application/json"})
        if status >= 300:
            sys.exit(f"{method} {path}: {status} {data.decode(errors='replace')[:400]}")
        return json.loads(data) if data else None

    def memory(self, key="VmRSS"):
        """MiB now (VmRSS) or at most (VmHWM)."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(key + r":\s+(\d+)", file.read())[1]) / 1024

    def anonymous(self):
        """MiB that are not file pages."""
        return self.memory("RssAnon")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        start = time.time()
        self.process.wait(30)
        return time.time() - start


@contextlib.contextmanager
def service(*flags):
    folder = tempfile.mkdtemp(prefix="slicewise-bench-")
    try:
        server = Server(folder, *flags)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wrk(server, script, connections, seconds, threads=1):
    path = os.path.join(server.folder, f"script-{time.monotonic_ns()}.lua")
    with open(path, "w") as file:
        file.write(script)
    return subprocess.Popen(
        ["wrk", "-c", str(connections), "-t", str(threads), "-d", str(seconds), "--latency", "--timeout", "10", "-s",
         path, server.address], stdout=subprocess.PIPE, text=True)


def report(name, process):
    text, _ = process.communicate()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    tails = dict(re.findall(r"^\s+(50|90|99)%\s+(\S+)", text, re.M))
    errors = re.findall(r"(?:Socket errors|Non-2xx).*", text)
    print(f"{name:44} {rate:8.0f}/s   p50 {tails.get('50')}  p90 {tails.get('90')}  p99 {tails.get('99')}"
          f"   {' '.join(errors) or 'no errors'}", flush=True)


SIZE = (64, 256, 256)


def prepare(server, training, seconds):
    """A project with a volume, annotated slices and, with --training, a long training."""
    sample = os.path.join(server.folder, "sample")
    subprocess.run([PROGRAM, "phantom", "--size", ",".join(map(str, SIZE)), "--channels", "1", "--out", sample],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    names = ["inside", "tubule", "background"]
    server.json("PUT", "/v1/projects/p", {"classes": [{"name": name} for name in names]})
    with open(os.path.join(sample, "image.nii.gz"), "rb") as file:
        status, _ = server.call("PUT", "/v1/projects/p/volumes/v", file)
        assert status == 201, status
    with open(os.path.join(sample, "sparse.nii.gz"), "rb") as file:
        status, _ = server.call("PUT", "/v1/projects/p/volumes/v/annotations", file)
        assert status < 300, status
    if training:
        job = server.json("POST", "/v1/projects/p/jobs",
                          {"kind": "train", "budget": {"seconds": seconds, "steps": 10**6}, "predict": []})
        while server.json("GET", f"/v1/projects/p/jobs/{job['id']}")["state"] == "queued":
            time.sleep(0.1)
    body = os.path.join(server.folder, "slice.raw")
    status, data = server.call("GET", "/v1/projects/p/volumes/v/annotations")
    first = json.loads(data)[0]
    status, raw = server.call("GET", f"/v1/projects/p/volumes/v/annotations/{first['axis']}/{first['index']}?format=raw")
    assert len(raw) == SIZE[1] * SIZE[2] and first["axis"] == "z"
    with open(body, "wb") as file:
        file.write(raw)
    for axis, count in zip("zyx", SIZE):  # Warm.
        for index in range(count):
            server.call("GET", f"/v1/projects/p/volumes/v/slices/{axis}/{index}")
    return READ.format(z=SIZE[0], y=SIZE[1], x=SIZE[2]), POST.format(body=body, z=SIZE[0])


def load(options):
    with service() as server:
        read, post = prepare(server, options.training, options.seconds * 8 + 60)
        print(f"volume {SIZE}, {'while a training runs' if options.training else 'nothing else runs'}, "
              f"{os.cpu_count()} cores, wrk on the same machine")
        report("slice PNGs, 500 connections", wrk(server, read, 500, options.seconds))
        report("posts, 16 connections", wrk(server, post, 16, options.seconds))
        report("posts, 64 connections", wrk(server, post, 64, options.seconds))
        slow = wrk(server, read + PAUSE.format(milliseconds=200), 484, options.seconds)
        posts = wrk(server, post, 16, options.seconds)
        report("together: slice PNGs, 484 connections", slow)
        report("together: posts, 16 connections", posts)
        print(f"memory {server.memory():.0f} MiB, peak {server.memory('VmHWM'):.0f} MiB; "
              f"stopped after {server.stop():.1f} s")


def soak(options):
    with service() as server:
        read, post = prepare(server, options.training, options.seconds + 120)
        watch = AnonymousWatch(server)
        for number in range(max(options.seconds // 60, 1)):
            seconds = min(options.seconds, 60)
            slow = wrk(server, read + PAUSE.format(milliseconds=200), 484, seconds)
            posts = wrk(server, post, 16, seconds)
            report("slice PNGs, 484 connections", slow)
            report("posts, 16 connections", posts)
            samples = watch.take()
            job = server.json("GET", "/v1/projects/p/jobs")[0] if options.training else {}
            print(f"after {seconds * (number + 1)} s: anonymous MiB least {min(samples):.0f}, mean "
                  f"{statistics.mean(samples):.0f}, most {max(samples):.0f}; now {server.memory():.0f} resident, "
                  f"{server.memory('Threads') * 1024:.0f} threads, database {database_bytes(server) / 1e6:.0f} MB, "
                  f"training {job.get('state')} at step {(job.get('progress') or {}).get('step')}", flush=True)


def large(options):
    extent = tuple(int(part) for part in options.size.split(","))
    z, y, x = extent
    bytes_total = 2 * z * y * x
    head = npy_head("<u2", extent)
    plane = noisy_plane(y, x)

    def body():
        yield bytes(head)
        for index in range(z):
            shift = (index * 6) % (len(plane) // 2) * 2
            yield plane[shift:] + plane[:shift]

    with service() as server:
        server.json("PUT", "/v1/projects/p", {"classes": [{"name": "dark"}, {"name": "bright"}]})
        watch = PeakWatch(server)
        start = time.time()
        status, data = server.call("PUT", "/v1/projects/p/volumes/v", body(),
                                   {"Content-Length": str(len(head) + bytes_total)})
        seconds = time.time() - start
        print(f"upload of {bytes_total / 1e9:.2f} GB: {seconds:.1f} s, {bytes_total / 1e6 / seconds:.0f} MB/s, status "
              f"{status}, peak {watch.take():.0f} MiB", flush=True)
        if status != 201:
            sys.exit(data.decode(errors="replace"))
        for axis, count in zip("zyx", extent):
            times = []
            for step in range(21):
                index = (step * 7919 + 13) % count
                start = time.time()
                status, data = server.call("GET", f"/v1/projects/p/volumes/v/slices/{axis}/{index}")
                times.append(time.time() - start)
                assert status == 200
            print(f"slice PNG on {axis}: median {statistics.median(times) * 1e3:.0f} ms, worst {max(times) * 1e3:.0f} ms, "
                  f"{len(data) / 1e3:.0f} kB", flush=True)
        print(f"peak while drawing {watch.take():.0f} MiB", flush=True)
        for axis, (rows, columns), index in (("z", (y, x), z // 2), ("y", (z, x), y // 2), ("x", (z, y), x // 3)):
            labels = bytearray(b"\xff") * (rows * columns)
            for row in range(0, rows, 2):
                labels[row * columns:row * columns + columns] = bytes((row // 64 % 2,)) * columns
            status, data = server.call(
                "POST", f"/v1/projects/p/volumes/v/annotations?axis={axis}&index={index}", bytes(labels),
                {"Content-Type": "application/octet-stream"})
            assert status == 201, data
        if options.predict > 0:
            predict(server, options, watch)
        label(server, extent, watch)
        start = time.time()
        server.call("DELETE", "/v1/projects/p/volumes/v")
        print(f"delete: {time.time() - start:.1f} s, the database is then "
              f"{database_bytes(server) / 1e6:.0f} MB", flush=True)


def label(server, extent, watch):
    """Uploads and fetches a label volume without unlabeled voxels."""
    z, y, x = extent
    head = npy_head("|u1", extent)
    plane = b"".join(bytes((row // 64 % 2,)) * x for row in range(y))

    def body():
        yield head
        for index in range(z):
            shift = index * 7 % y * x
            yield plane[shift:] + plane[:shift]

    watch.take()
    start = time.time()
    status, data = server.call("PUT", "/v1/projects/p/volumes/v/annotations?author=script", body(),
                               {"Content-Length": str(len(head) + z * y * x)})
    posted = json.loads(data)
    print(f"label volume of {z * y * x / 2**20:.0f} Mi voxels: {time.time() - start:.1f} s, status {status}, "
          f"{len(posted.get('slices', []))} slices, {posted.get('conflicts')} conflicts, peak {watch.take():.0f} MiB",
          flush=True)
    for name in ["annotations/z/1?format=raw", "slices/y/1?overlay=annotation", "labels?format=npy"]:
        start = time.time()
        size, status = download(server, "/v1/projects/p/volumes/v/" + name)
        print(f"GET {name}: {status}, {size / 1e6:.1f} MB in {time.time() - start:.1f} s, peak {watch.take():.0f} MiB",
              flush=True)


def clients(options):
    """Peaks of memory: 32 readers of a day's events of an old program, and 40 senders of 62 of 63 MiB."""
    with service() as server:
        server.json("PUT", "/v1/projects/p", {"classes": [{"name": "dark"}, {"name": "bright"}]})
        server.call("PUT", "/v1/projects/p/volumes/v", npy_head("|u1", (4, 4, 4)) + bytes(64))
        database = sqlite3.connect(os.path.join(server.folder, "data", "slicewise.sqlite"))
        day = "'2026-01-01 00:00:00.000'"
        database.executescript(f"""
            INSERT INTO job (project, kind, state, request, created, started, finished, attempts)
                VALUES (1, 'predict', 'succeeded', '{{"kind":"predict"}}', {day}, {day}, {day}, 1);
            WITH RECURSIVE count (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM count WHERE i < 172800)
                INSERT INTO job_event (job, type, data, created) SELECT 1, 'progress', json_object(
                    'phase', 'training', 'step', i, 'steps', 1000000, 'seconds', i / 2.0, 'eta', 3600.5,
                    'loss', 0.123456789 + i / 1e7, 'heldout_iou', 0.9), {day} FROM count""")
        database.close()
        print(f"at first {server.memory():.0f} MiB", flush=True)
        watch = PeakWatch(server)
        readers = [connection(server, b"GET /v1/projects/p/jobs/1/events HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(32)]
        time.sleep(5)
        print(f"32 clients, 172,800 events, none read: peak {watch.take():.0f} MiB", flush=True)
        print(f"one read to its end, {drain(readers[0]) / 1e6:.0f} MB: peak {watch.take():.0f} MiB", flush=True)
        for reader in readers:
            reader.close()
        for name, path in [("a missing project", "/v1/projects/q/volumes/v"), ("a volume", "/v1/projects/p/volumes/v")]:
            head = (f"POST {path}/annotations?axis=z&index=0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: {63 << 20}\r\n"
                    "Content-Type: application/octet-stream\r\n\r\n")
            senders = [connection(server, head.encode(), 62) for _ in range(40)]
            time.sleep(1)
            uploads = os.path.join(server.folder, "data", "uploads")
            files = os.listdir(uploads) if os.path.isdir(uploads) else []
            size = sum(os.path.getsize(os.path.join(uploads, name)) for name in files)
            print(f"40 unfinished posts of 63 MiB to {name}: peak {watch.take():.0f} MiB, {size / 1e6:.0f} MB on the disk",
                  flush=True)
            for sender in senders:
                sender.close()


def connection(server, head, megabytes=0):
    """A connection on which a head and some zeros were sent, as far as the server took them."""
    made = socket.create_connection((server.host, server.port), timeout=60)
    with contextlib.suppress(OSError):
        made.sendall(head)
        for _ in range(megabytes):
            made.sendall(bytes(1 << 20))
    return made


def drain(reader):
    """Reads a chunked answer to its end; its bytes."""
    end, size = b"", 0
    while not end.endswith(b"\r\n0\r\n\r\n") and (piece := reader.recv(1 << 16)):
        end = (end + piece)[-16:]
        size += len(piece)
    reader.close()
    return size


def npy_head(kind, extent):
    head = bytearray(b"\x93NUMPY\x01\x00")
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {tuple(extent)}, }}"
    text += " " * (64 - (len(head) + 2 + len(text) + 1) % 64) + "\n"
    return bytes(head) + len(text).to_bytes(2, "little") + text.encode()


def predict(server, options, watch):
    job = server.json("POST", "/v1/projects/p/jobs",
                      {"kind": "train", "budget": {"steps": 10}, "from": "scratch", "recipe": options.recipe})
    path = f"/v1/projects/p/jobs/{job['id']}"
    began, state = time.time(), {}
    predicting, minutes = None, 1
    while True:
        state = server.json("GET", path)
        if state["state"] not in ("queued", "running"):
            break
        phase = (state.get("progress") or {}).get("phase")
        if phase == "predicting" and predicting is None:
            print(f"training of 10 steps: {time.time() - began:.0f} s, peak {watch.take():.0f} MiB", flush=True)
            predicting = time.time()
        if predicting and time.time() - predicting > options.predict:
            break
        if predicting and time.time() - predicting > 60 * minutes:
            progress = state.get("progress") or {}
            print(f"  {60 * minutes:5} s: {server.memory():.0f} MiB resident, {server.anonymous():.0f} anonymous, "
                  f"peak {watch.peak:.0f}; {progress.get('fraction') or 0:.1%}, {progress.get('eta')} s to go",
                  flush=True)
            minutes += 1
        time.sleep(0.5)
    print(f"prediction after {time.time() - (predicting or began):.0f} s: {json.dumps(state.get('progress'))}, state "
          f"{state['state']}, peak {watch.take():.0f} MiB, peak of the process {server.memory('VmHWM'):.0f} MiB; "
          f"{state.get('error') or ''}", flush=True)
    if state["state"] == "succeeded":
        for name in ["prediction/slices/z/1?format=png", "prediction/slices/x/1?format=npy", "prediction?format=raw",
                     "prediction?format=nii.gz", "uncertainty?format=npy"]:
            start = time.time()
            size, status = download(server, "/v1/projects/p/volumes/v/" + name)
            print(f"GET {name}: {status}, {size / 1e6:.1f} MB in {time.time() - start:.1f} s, peak {watch.take():.0f} MiB",
                  flush=True)
    else:
        server.call("POST", path + "/cancel")


def download(server, path):
    """The number of bytes of a response, which are read and dropped, and its status."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=3600)
    connection.request("GET", path)
    answer = connection.getresponse()
    size = 0
    while chunk := answer.read(1 << 20):
        size += len(chunk)
    connection.close()
    return size, answer.status


def noisy_plane(y, x):
    """uint16 voxels with the entropy of a camera: blobs and about 6 bits of noise."""
    noise = os.urandom(y * x)
    plane = bytearray(2 * y * x)
    plane[0::2] = bytes(value & 0x3F for value in noise)
    row = bytes((column * 5 // x) for column in range(x))
    plane[1::2] = b"".join(row if (line // 64) % 2 else row[::-1] for line in range(y))
    return bytes(plane)


class AnonymousWatch:
    """Samples the anonymous memory every half second; `take` returns the samples since the last call."""

    def __init__(self, server):
        self.server, self.samples = server, []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while self.server.process.poll() is None:
            with contextlib.suppress(Exception):
                self.samples.append(self.server.anonymous())
            time.sleep(0.5)

    def take(self):
        samples, self.samples = self.samples, []
        return samples


class PeakWatch:
    """Samples the resident memory; `take` returns the maximum since the last call."""

    def __init__(self, server):
        self.server, self.peak = server, 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while self.server.process.poll() is None:
            with contextlib.suppress(Exception):
                self.peak = max(self.peak, self.server.memory())
            time.sleep(0.05)

    def take(self):
        peak, self.peak = self.peak, 0
        return peak


def database_bytes(server):
    folder = os.path.join(server.folder, "data")
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)
               if name.startswith("slicewise.sqlite"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["load", "soak", "large", "clients"])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--training", type=int, default=1)
    parser.add_argument("--size", default="1024,1024,1024")
    parser.add_argument("--predict", type=float, default=0)
    parser.add_argument("--recipe", default="default")
    options = parser.parse_args()
    {"load": load, "soak": soak, "large": large, "clients": clients}[options.what](options)


main()
