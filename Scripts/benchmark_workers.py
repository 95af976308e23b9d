#!/usr/bin/env python3
"""Measures what workers bring: seconds of an experiment and of a prediction with one and two workers of one thread, and what a
short training costs more on a worker than on the server.

    python3 Scripts/benchmark_workers.py [--steps 400] [--rounds 3] [--size 64,192,192] [--large 160,384,384] [--threads 1]
        [--program .build/release/slicewise]

The server computes nothing itself, but for the short trainings; the workers run on the same machine, each with a cache of its own
that holds the volumes already. An experiment is a cross-validation of two recipes by four parts, eight runs of so many steps each; its
results have to be the same with one worker and with two. Prints a JSON line for each figure, and a Markdown table of medians. Needs
the built program only, and as many idle cores as there are workers.
"""

import argparse
import contextlib
import json
import signal
import statistics
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from server import running

HERE = Path(__file__).resolve().parent
RECIPE = {"preset": "fast", "seed": 3}
CLASSES = {"classes": [{"name": "outside"}, {"name": "inside"}, {"name": "wall"}]}


class Bench:
    """Jobs of a server, and how long they take."""

    def __init__(self, server, program, folder, threads):
        self.server, self.program, self.folder, self.threads = server, program, Path(folder), threads

    def json(self, method, path, body=None):
        answer = self.server.request(method, path, None if body is None else json.dumps(body).encode())
        return json.loads(answer)

    def furnish(self, sizes):
        """A project with a phantom of each size, annotated."""
        self.json("PUT", "/v1/projects/p", CLASSES)
        for name, size in sizes.items():
            folder = self.folder / name
            subprocess.run(
                [self.program, "phantom", "--size", size, "--channels", "1", "--slices", "4", "--out", folder],
                check=True, stdout=subprocess.DEVNULL)
            self.server.request("PUT", f"/v1/projects/p/volumes/{name}", (folder / "image.nii.gz").read_bytes())
            self.server.request("PUT", f"/v1/projects/p/volumes/{name}/annotations", (folder / "sparse.nii.gz").read_bytes())

    def job(self, **request):
        """A job that has succeeded, and its seconds from asking to its end."""
        job = self.json("POST", "/v1/projects/p/jobs", request)
        while job["state"] in ("queued", "running"):
            job = self.json("GET", f"/v1/projects/p/jobs/{job['id']}?wait=60")
        assert job["state"] == "succeeded", job
        return job, seconds(job["finished"]) - seconds(job["created"])

    @contextlib.contextmanager
    def workers(self, count):
        """So many, which wait for jobs."""
        processes = [subprocess.Popen(
            [self.program, "worker", "--server", self.server.address, "--name", f"w{number}", "--threads", str(self.threads),
             "--cache", self.folder / f"cache-{number}"], stdout=subprocess.DEVNULL) for number in range(count)]
        try:
            while sum(worker["name"] < f"w{count}" for worker in self.json("GET", "/v1/workers")) < count:
                pass
            yield
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait()


def seconds(time):
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


def without_times(result):
    for run in result["runs"]:
        run["seconds"] = run["prediction_seconds"] = 0
    return result


def tell(figures, what, value):
    figures.setdefault(what, []).append(value)
    print(json.dumps({"what": what, "seconds": round(value, 2)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="64,192,192")
    parser.add_argument("--large", default="160,384,384")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--program", default=str(HERE.parent / ".build/release/slicewise"))
    a = parser.parse_args()
    program = Path(a.program).resolve()
    experiment = {
        "kind": "crossvalidate", "volumes": ["small"], "folds": 4, "budget": {"steps": a.steps}, "recipe": RECIPE,
        "variants": [{"name": "one"}, {"name": "two", "norm": "none"}]}
    short = {"kind": "train", "from": "scratch", "volumes": ["small"], "predict": [], "budget": {"steps": 50}, "recipe": RECIPE}
    figures, results = {}, []
    with tempfile.TemporaryDirectory() as folder:
        with running(program, folder, flags=["--workers-local", "0"]) as server:
            bench = Bench(server, program, folder, a.threads)
            bench.furnish({"small": a.size, "large": a.large})
            with bench.workers(1):
                bench.job(**short, name="model")
            for count in (1, 2):
                # Both have what they need.
                with bench.workers(count):
                    bench.job(**{**experiment, "budget": {"steps": 2}})
                    bench.job(kind="predict", model="model", volumes=["large"])
            for _ in range(a.rounds):
                for count in (1, 2):
                    with bench.workers(count):
                        job, took = bench.job(**experiment)
                        results.append(without_times(job["result"]))
                        tell(figures, f"experiment, {count}", took)
                        tell(figures, f"prediction, {count}", bench.job(kind="predict", model="model", volumes=["large"])[1])
                with bench.workers(1):
                    tell(figures, "training, worker", bench.job(**short)[1])
        for _ in range(a.rounds):
            with running(program, folder, flags=["--training-threads", str(a.threads)]) as server:
                bench = Bench(server, program, folder, a.threads)
                bench.job(**short)
                tell(figures, "training, server", bench.job(**short)[1])
    assert all(result == results[0] for result in results), "the results differ"
    medians = {what: statistics.median(values) for what, values in figures.items()}
    print("\n| | one worker | two | |\n|---|---:|---:|---:|")
    for what in ("experiment", "prediction"):
        one, two = medians[f"{what}, 1"], medians[f"{what}, 2"]
        print(f"| {what} | {one:.1f} s | {two:.1f} s | {two / one:.2f} |")
    own, far = medians["training, server"], medians["training, worker"]
    print(f"\nA short training: {own:.2f} s on the server, {far:.2f} s on a worker, {far - own:+.2f} s.")


if __name__ == "__main__":
    main()
