#!/usr/bin/env python3
"""What Slurm's limits do to the jobs of a server: too little memory, time that runs out, nodes that are drained.

    check_slurm_limits.py PROGRAM

Starts a Slurm of two nodes that ends what takes more memory than it asked for, and servers whose workers get too little memory or
time. With the memory that the plan of a job says each job comes to its end, and what its worker took at most is printed beside.
Takes some minutes, as Slurm counts time by the minute: CI runs check_slurm.py instead.
"""

import contextlib
import json
import os
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import slurm_cluster
from check_slurm import Service, expect, until

RECIPE = {"preset": "fast", "seed": 7}


class Limited(Service):
    """A server whose workers get what some more flags say."""

    def __init__(self, program, folder, cluster, *more):
        super().__init__(program, folder, cluster)
        self.more = more

    def flags(self):
        return [*super().flags(), *self.more]


@contextlib.contextmanager
def served(program, cluster, *flags, size="12,32,32"):
    """A server with data of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        service = Limited(program, Path(folder), cluster, *flags)
        try:
            service.furnish(size)
            service.start()
            service.upload()
            yield service
        finally:
            service.stop()


def peaks(service, number):
    """Follows the most MiB that a worker of a job had; the last element of the list."""
    found, over = [0.0], threading.Event()

    def follow():
        while not over.wait(0.05):
            for process in service.workers(number):
                with contextlib.suppress(OSError, AttributeError):
                    status = Path(f"/proc/{process}/status").read_text()
                    if "slicewise" in status.split("\n")[0]:
                        found[0] = max(found[0], int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)
    thread = threading.Thread(target=follow)
    thread.start()
    return found, lambda: (over.set(), thread.join())


def check_memory(program, cluster):
    """The memory of the plan is enough, whatever the volume and the recipe; too little is told."""
    for size, recipe in [("24,64,64", {}), ("64,192,192", {}), ("64,192,192", {"base": 16}), ("160,384,384", {})]:
        with served(program, cluster, size=size) as service:
            body = {"kind": "train", "name": "m", "from": "scratch", "budget": {"steps": 12}, "recipe": {**RECIPE, **recipe}}
            number = service.call("POST", "/v1/projects/p/jobs", body)["id"]
            peak, end = peaks(service, number)
            try:
                job = service.ended(number, seconds=600)
            finally:
                end()
            asked = cluster.call("squeue", "-h", "--states=all", f"--jobs={job['slurm']['job']}", "-o", "%m")
            expect(job["attempts"] == 1, job)
            print(f"check_slurm_limits: {size} {json.dumps(recipe)}: asked for {asked}, took {peak[0]:.0f} MiB", flush=True)
    with served(program, cluster, "--workers-slurm-memory-megabytes", "60", size="64,192,192") as service:
        number = service.call("POST", "/v1/projects/p/jobs", {
            "kind": "train", "name": "m", "from": "scratch", "budget": {"steps": 100_000}, "recipe": RECIPE})["id"]
        job = until("the job fails", lambda: service.final(number), 300)
        expect(job["state"] == "failed" and job["attempts"] == 3, job)
        print(f"check_slurm_limits: 60 MiB: {job['error']}; Slurm: {service.told(number)}", flush=True)


def check_time(program, cluster):
    """A worker whose time ends hands back what it has learned; the next one goes on from there."""
    with served(program, cluster, "--workers-slurm-time", "2", "--training-checkpoint-seconds", "600") as service:
        begin = time.monotonic()
        number = service.train("long", 150_000)
        first = until("it runs", lambda: service.state(job := service.job(number)) == "RUNNING" and job["slurm"])
        second = until("another worker has it", lambda: (
            (job := service.job(number))["slurm"]["job"] != first["job"] and service.state(job) == "RUNNING" and job["slurm"]), 200)
        print(f"check_slurm_limits: a worker of 2 minutes has given way after {time.monotonic() - begin:.0f} s", flush=True)
        until("the second one has begun", lambda: service.job(number)["state"] == "running")
        service.call("POST", f"/v1/projects/p/jobs/{number}/cancel")
        job = until("it is cancelled", lambda: service.final(number))
        # No checkpoint was due but the one that TERM brought.
        expect(job["attempts"] == 2 and second["job"] != first["job"] and service.resumed(number), job, service.events(number))


def check_drained(program, cluster):
    """What runs on a node that is drained goes on; what comes later waits for the other one, or says why it waits."""
    with served(program, cluster) as service:
        number = service.train("stays", 20_000)
        node = service.learned(number)["node"]
        cluster.call("scontrol", "update", f"NodeName={node}", "State=DRAIN", "Reason=test")
        other = service.train("elsewhere", 200)
        expect(service.ended(other)["slurm"]["node"] != node, service.job(other))
        expect(service.job(number)["state"] == "running", service.job(number))
        for name in slurm_cluster.NODES:
            cluster.call("scontrol", "update", f"NodeName={name}", "State=DRAIN", "Reason=test")
        waits = service.train("waits", 200)
        job = until("it says why it waits", lambda: (job := service.job(waits))["slurm"] and job["slurm"]["reason"] and job)
        print(f"check_slurm_limits: with all nodes drained a job is {job['slurm']['state']}: {job['slurm']['reason']}", flush=True)
        service.call("POST", f"/v1/projects/p/jobs/{number}/cancel")
        for name in slurm_cluster.NODES:
            cluster.wait("the node can be resumed", lambda: cluster.call(
                "scontrol", "update", f"NodeName={name}", "State=RESUME", check=False) == "")
        service.ended(waits)
        expect(service.job(number)["attempts"] == 1, service.job(number))


def main():
    program = Path(sys.argv[1]).resolve()
    if lack := slurm_cluster.missing():
        print(f"check_slurm_limits: SKIPPED: {lack}", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with slurm_cluster.running(Path(folder) / "cluster", enforces_memory=True) as cluster:
            for check in [check_drained, check_time, check_memory]:
                check(program, cluster)
    print("check_slurm_limits: all as expected")


if __name__ == "__main__":
    main()
