#!/usr/bin/env python3
"""A server whose trainings and predictions are computed by Slurm, with everything going wrong that may.

    check_slurm.py PROGRAM

Starts a Slurm of two nodes (slurm_cluster.py; as root), and a server with workers.engine slurm: a training and a prediction
become jobs of Slurm, which the JSON of the jobs tells; the runs of an experiment become one array on both nodes, and so do helpers
for the tiles of a large prediction; one that is cancelled is cancelled there; a training whose job of Slurm
is cancelled by hand, or whose node dies, goes on from its checkpoint; a server that is killed finds its jobs again and submits
none twice; a Slurm that is down is told, and all goes on when it is back. With Open MPI a training of two ranks, one on each
node, goes on after it was told to stop, and after one of them was killed. Each model is stored once.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import check_mpi
import slurm_cluster

RECIPE = {"preset": "fast", "levels": 2, "seed": 7}
# With a network of base 64 it is predicted in several tiles.
LARGE = "64,200,200"
# Both nodes are this machine, whether it has a network or not, and ranks may be more than cores.
OPEN_MPI = {
    "OMPI_MCA_pml": "ob1", "OMPI_MCA_btl": "vader,tcp,self", "OMPI_MCA_btl_tcp_if_include": "lo",
    "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_hwloc_base_binding_policy": "none"}


def expect(condition, *what):
    if not condition:
        sys.exit("check_slurm: " + " ".join(str(part) for part in what))


def until(what, find, seconds=120):
    """The first true value that is found."""
    end = time.monotonic() + seconds
    while not (found := find()):
        expect(time.monotonic() < end, "it never came true that", what)
        time.sleep(0.2)
    return found


class Service:
    """A server of the cluster, which can be killed and started again at the same address."""

    def __init__(self, program, folder, cluster):
        self.program, self.folder, self.cluster = program, folder, cluster
        self.port, = slurm_cluster.free_ports(1)
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.environment = {**os.environ, **cluster.environment, **OPEN_MPI}
        self.mpi = self.library() if shutil.which("mpicc.openmpi") else None

    def library(self):
        """That by which ranks speak Open MPI."""
        library = self.folder / "libslicewise_mpi.so"
        subprocess.run(["mpicc.openmpi", "-O2", "-shared", "-fPIC", "-o", library, check_mpi.SOURCE], check=True)
        return library

    def flags(self):
        ranks = ["--workers-slurm-mpi", "pmix", "--workers-slurm-mpi-library", self.mpi] if self.mpi else []
        return [
            *ranks, "--port", str(self.port), "--data", self.folder / "data", "--workers-engine", "slurm",
            "--workers-slurm-server", self.address, "--workers-slurm-token-file", self.folder / "token", "--workers-slurm-cpus", "2",
            "--workers-slurm-time", "10", "--workers-slurm-output", self.folder / "worker-%j.log",
            "--workers-slurm-poll-seconds", "1", "--workers-slurm-tile-workers", "2", "--workers-slurm-train-flags", "--nice=1",
            "--workers-lease", "6",
            "--training-checkpoint-seconds", "1"]

    def run(self, *words, **options):
        return subprocess.run(
            [self.program, *words], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", *self.flags()], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=open(self.folder / "server.log", "a"), text=True)
        expect(self.process.stdout.readline().startswith("listening"), "the server did not start:", self.log())

    def stop(self, number=signal.SIGTERM):
        if self.process:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def log(self):
        return (self.folder / "server.log").read_text()

    def call(self, method, path, body=None):
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(self.address + path, body, headers, method=method)) as answer:
            content = answer.read()
            return json.loads(content) if "json" in answer.headers.get("Content-Type", "") else content

    def furnish(self, size="12,32,32"):
        """Tokens, and the files of a project `p` with an annotated volume `v` and a large one `w`."""
        for name, role in [("boss", "admin"), ("nodes", "worker")]:
            made = self.run("token", "create", "--name", name, "--role", role, "--data", self.folder / "data", check=True).stdout
            self.token = re.search(r"slicewise_\S+", made)[0]
            (self.folder / "token").write_text(self.token)
            if role == "admin":
                boss = self.token
        self.token = boss
        self.run("phantom", "--size", size, "--channels", "1", "--slices", "1", "--out", self.folder, check=True)
        self.run("phantom", "--size", LARGE, "--channels", "1", "--slices", "0", "--out", self.folder / "large", check=True)

    def upload(self):
        self.call("PUT", "/v1/projects/p", {"classes": [{"name": name} for name in "abc"]})
        self.call("PUT", "/v1/projects/p/volumes/v", (self.folder / "image.nii.gz").read_bytes())
        self.call("PUT", "/v1/projects/p/volumes/v/annotations", (self.folder / "sparse.nii.gz").read_bytes())
        self.call("PUT", "/v1/projects/p/volumes/w", (self.folder / "large/image.nii.gz").read_bytes())

    def train(self, name, steps, recipe=None, **more):
        return self.call("POST", "/v1/projects/p/jobs", {
            "kind": "train", "name": name, "from": "scratch", "budget": {"steps": steps},
            "recipe": {**RECIPE, **(recipe or {})}, **more})["id"]

    def job(self, number):
        return self.call("GET", f"/v1/projects/p/jobs/{number}")

    def ended(self, number, seconds=180):
        """A job once it has ended."""
        job = until(f"job {number} ends: {self.job(number)}", lambda: self.final(number), seconds)
        expect(job["state"] == "succeeded", job, self.log())
        return job

    def final(self, number):
        job = self.job(number)
        return job if job["state"] not in ("queued", "running") else None

    def learned(self, number):
        """What Slurm says of a training once it has stored a checkpoint."""
        def find():
            job = self.job(number)
            expect(job["state"] in ("queued", "running"), job)
            return job["slurm"] if self.state(job) == "RUNNING" and self.has_checkpoint(number) else None
        return until(f"job {number} has learned something", find)

    @staticmethod
    def state(job):
        return (job["slurm"] or {}).get("state")

    def rows(self, query, *values):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/data/slicewise.sqlite?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def has_checkpoint(self, number):
        return bool(self.rows("SELECT 1 FROM job_checkpoint WHERE job = ?", number))

    def events(self, number):
        """The events of a job that has ended, of each the type and what it says."""
        text = self.call("GET", f"/v1/projects/p/jobs/{number}/events").decode()
        return [(kind, json.loads(data)) for kind, data in re.findall(r"event: (\w+)\ndata: (.*)", text)]

    def told(self, number):
        """The states in Slurm that the events of a job name, those that come twice in a row once."""
        states = [data["state"] for kind, data in self.events(number) if kind == "slurm"]
        return [state for index, state in enumerate(states) if states[index - 1:index] != [state]]

    def resumed(self, number):
        return any(kind == "log" and "continuing from the checkpoint" in data["message"] for kind, data in self.events(number))

    def submitted(self, number):
        """The numbers in Slurm of what was submitted for a job, in the last minutes."""
        return sorted(int(task) for task in self.tasks(number))

    def tasks(self, number):
        """The same of an array, as scancel takes them, with the state and the node of each."""
        listed = self.cluster.call(
            "squeue", "-h", "--states=all", "--array", f"--name=slicewise-{number}", "-o", "%i|%T|%N")
        return {task: (state, node) for task, state, node in (line.split("|") for line in listed.splitlines())}

    def workers(self, number):
        """The processes that compute a job."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if b"worker" in words[:2] and b"--job\0%d" % number in b"\0".join(words):
                    found.append(int(folder.name))
        return found


def check_settings(service):
    right = service.run("serve", "--check", *service.flags())
    expect(right.returncode == 0, "serve --check:", right.stderr)
    wrong = service.run("serve", "--check", *service.flags(), "--workers-slurm-partition", "nowhere")
    expect(wrong.returncode == 1 and "invalid partition" in wrong.stderr.lower(), "serve --check says", wrong.stderr)


def check_loop(service):
    """A training with its prediction, and a prediction by itself."""
    job = service.ended(service.train("one", 800))
    expect(job["worker"] == f"slurm-{job['slurm']['job']}", job)
    expect(job["slurm"]["node"] in slurm_cluster.NODES, job)
    told = service.told(job["id"])
    expect(told == ["PENDING", "RUNNING"], "the events say", told)
    until("Slurm's last word stands in the JSON", lambda: service.state(service.job(job["id"])) == "COMPLETED")
    number = service.call("POST", "/v1/projects/p/jobs", {"kind": "predict", "model": "one", "volumes": ["v"]})["id"]
    service.ended(number)
    labels = service.call("GET", "/v1/projects/p/volumes/v/prediction?format=raw")
    expect(len(labels) == 12 * 32 * 32, "the prediction has", len(labels), "bytes")
    for each in (job["id"], number):
        expect(len(service.submitted(each)) == 1, "job", each, "was submitted as", service.submitted(each))


def check_array(service):
    """The runs of an experiment are submitted at once, run on both nodes, are found again by a server that was killed, and
    one that is cancelled by hand comes back."""
    number = service.call("POST", "/v1/projects/p/jobs", {
        "kind": "crossvalidate", "folds": 3, "variants": [{"name": "one"}], "recipe": RECIPE, "budget": {"steps": 1500}})["id"]
    def running():
        return [node for state, node in service.tasks(number).values() if state == "RUNNING"]
    until("two runs go on", lambda: len(running()) == 2)
    expect(sorted(running()) == slurm_cluster.NODES, service.tasks(number))
    array = sorted(service.tasks(number))
    first = array[0].split("_")[0]
    expect(array == [f"{first}_{task}" for task in range(3)], "the experiment was submitted as", array)
    run = service.rows("SELECT id FROM job WHERE parent = ? AND number = 1", number)[0][0]
    until("the second run has learned something", lambda: service.has_checkpoint(run))
    service.stop(signal.SIGKILL)
    service.start()
    until("two runs go on once more", lambda: service.rows(
        "SELECT count(*) FROM job WHERE parent = ? AND state = 'running' AND attempts = 2", number) == [(2,)])
    expect(sorted(service.tasks(number)) == array, "after a restart there is also", service.tasks(number))
    service.cluster.call("scancel", array[1])
    job = service.ended(number)
    expect(len(job["result"]["runs"]) == 3, job)
    later = sorted(set(service.tasks(number)) - set(array))
    expect(len(later) == 1 and "_" not in later[0], "what was submitted after the array is", later)
    expect(service.resumed(number), service.events(number))
    told = [data for kind, data in service.events(number) if kind == "slurm"]
    expect({data["task"] for data in told} == {0, 1, 2, None}, told)
    expect([data["task"] for data in told if data["state"] == "CANCELLED"] == [1], told)
    workers = {worker for worker, in service.rows("SELECT worker FROM job WHERE parent = ?", number)}
    expect(workers == {f"slurm-{task}" for task in [array[0], later[0], array[2]]}, workers)


def check_helpers(service):
    """A prediction whose tiles a helper shares: of two there is room for one, and the other ends with the prediction."""
    service.ended(service.train("wide", 5, recipe={"base": 64}))
    number = service.call("POST", "/v1/projects/p/jobs", {"kind": "predict", "model": "wide", "volumes": ["w"]})["id"]
    job = service.ended(number)
    helpers = f"{number}-tiles"
    until("the helpers have ended", lambda: all(
        state in ("COMPLETED", "CANCELLED") for state, _ in service.tasks(helpers).values()))
    names = sorted(service.tasks(helpers))
    first = names[0].split("_")[0]
    # Slurm forgets a task that is cancelled while it waits.
    expect(names in ([f"{first}_0"], [f"{first}_0", f"{first}_1"]), "the helpers are", names)
    tiles = service.rows("SELECT worker, state, attempts FROM job WHERE parent = ?", number)
    expect(all(row[1:] == ("succeeded", 1) for row in tiles), tiles)
    expect(any(row[0] in [f"slurm-{name}" for name in names] for row in tiles), tiles)
    log = [data["message"] for kind, data in service.events(number) if kind == "log"]
    expect(any(f"submitted to Slurm as job {first}" in line for line in log), log)
    expect(any(f"{len(tiles)} tiles of w: " in line and f"by slurm-{first}_" in line for line in log), log)
    expect(job["slurm"]["task"] is None and len(service.submitted(number)) == 1, job)
    labels = service.call("GET", "/v1/projects/p/volumes/w/prediction?format=raw")
    expect(len(labels) == 64 * 200 * 200, "the prediction has", len(labels), "bytes")


def check_cancelling(service):
    """Of a job that waits in Slurm, and of one that runs."""
    cluster = service.cluster
    sleepers = [cluster.call("sbatch", "--parsable", "--cpus-per-task=2", "--output=/dev/null", "--wrap=exec sleep 1000") for _ in range(2)]
    waiting = service.train("never", 100)
    job = until("Slurm says why a job waits", lambda: (job := service.job(waiting))["slurm"] and job["slurm"]["reason"] and job)
    expect(job["slurm"]["reason"] in ("Resources", "Priority") and job["slurm"]["state"] == "PENDING", job)
    service.call("POST", f"/v1/projects/p/jobs/{waiting}/cancel")
    until("it is cancelled in Slurm", lambda: service.state(service.job(waiting)) == "CANCELLED")
    cluster.call("scancel", *sleepers)
    running = service.train("cut-short", 1_000_000)
    slurm = service.learned(running)
    service.call("POST", f"/v1/projects/p/jobs/{running}/cancel")
    job = until("it is cancelled", lambda: service.final(running))
    expect(job["state"] == "cancelled" and job["model"] == "cut-short", job)
    until("its worker has ended", lambda: not service.workers(running))
    until("Slurm knows", lambda: not cluster.call("squeue", "-h", f"--jobs={slurm['job']}", "-o", "%i", check=False))


def check_hand(service):
    """A job of Slurm that is cancelled by hand is submitted again, and what its worker has learned is kept."""
    number = service.train("by-hand", 3000)
    slurm = service.learned(number)
    service.cluster.call("scancel", str(slurm["job"]))
    job = service.ended(number)
    expect(job["attempts"] == 2 and job["slurm"]["job"] > slurm["job"], job)
    expect("CANCELLED" in service.told(number) and service.resumed(number), service.events(number))


def check_node(service):
    """A node that dies with all that runs there: Slurm starts the worker on another one."""
    number = service.train("lost-node", 3000)
    slurm = service.learned(number)
    service.cluster.kill(f"slurmd.{slurm['node']}")
    for process in [*parents(service.workers(number)), *service.workers(number)]:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    job = service.ended(number)
    expect(job["attempts"] == 2 and job["slurm"]["node"] != slurm["node"] and service.resumed(number), job)
    service.cluster.start_node(slurm["node"])


def parents(processes):
    """What started them: on a node, Slurm's shepherd of the job."""
    return [int(Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()[1]) for process in processes]


def check_restart(service):
    """A server that is killed finds its jobs again."""
    number = service.train("restarted", 3000)
    slurm = service.learned(number)
    service.stop(signal.SIGKILL)
    service.start()
    job = service.ended(number)
    expect(service.submitted(number) == [slurm["job"]] == [job["slurm"]["job"]], job, service.submitted(number))
    expect(job["attempts"] == 2 and service.resumed(number), job)


def check_ranks(service):
    """Of two ranks, one on each node, the first predicts alone; others are told to stop, then killed, at last cancelled."""
    job = service.ended(service.train("shared", 40, ranks=2))
    expect(job["result"]["ranks"] == 2 and job["result"]["volumes"][0]["volume"] == "v" and job["attempts"] == 1, job)
    until("both have ended well", lambda: service.state(service.job(job["id"])) == "COMPLETED")
    number = service.train("together", 1_000_000, ranks=2)
    slurm = service.learned(number)
    expect(len(service.workers(number)) == 2 and slurm["node"] == "n[1-2]", slurm, service.workers(number))
    # As --signal does it a minute before the end.
    service.cluster.call("scancel", "--signal=TERM", str(slurm["job"]))
    goes_on(service, number, attempt=2)
    ranks = {environment(process)["SLURM_PROCID"]: process for process in service.workers(number)}
    expect(sorted(ranks) == ["0", "1"], ranks)
    os.kill(ranks["1"], signal.SIGKILL)
    goes_on(service, number, attempt=3)
    service.call("POST", f"/v1/projects/p/jobs/{number}/cancel")
    job = until("it is cancelled", lambda: service.final(number))
    expect(job["state"] == "cancelled" and job["model"] == "together" and service.resumed(number), job)
    expect(service.call("GET", "/v1/projects/p/models/together")["metrics"]["ranks"] == 2, "the model does not tell of two ranks")
    until("no rank is left", lambda: not service.workers(number))


def goes_on(service, number, attempt):
    """Waits until an attempt has got further than the one before."""
    job = until(f"attempt {attempt} begins", lambda: (job := service.job(number))["attempts"] == attempt and job)
    until(f"attempt {attempt} goes on", lambda: service.job(number)["progress"]["step"] > job["progress"]["step"] + 5)


def environment(process):
    """The variables of a process."""
    words = Path(f"/proc/{process}/environ").read_bytes().decode(errors="replace").split("\0")
    return dict(word.split("=", 1) for word in words if "=" in word)


def check_down(service):
    """A Slurm that does not answer, and one that takes no jobs."""
    service.cluster.kill("slurmctld")
    number = service.train("down", 50)
    job = until("Slurm is told to be down", lambda: service.state(job := service.job(number)) == "unreachable" and job)
    expect(job["state"] == "queued" and "Unable to contact" in job["slurm"]["reason"], job)
    expect("Slurm can't be asked" in service.log(), service.log())
    service.cluster.start_controller()
    service.ended(number)
    expect("Slurm answers again" in service.log(), service.log())
    service.cluster.call("scontrol", "update", "PartitionName=all", "State=DRAIN")
    number = service.train("drained", 50)
    until("the refusal is told", lambda: service.state(service.job(number)) == "refused")
    service.cluster.call("scontrol", "update", "PartitionName=all", "State=UP")
    service.ended(number)


def main():
    program = Path(sys.argv[1]).resolve()
    if lack := slurm_cluster.missing():
        print(f"check_slurm: SKIPPED: {lack}", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with slurm_cluster.running(Path(folder) / "cluster") as cluster:
            service = Service(program, Path(folder), cluster)
            try:
                service.furnish()
                check_settings(service)
                service.start()
                service.upload()
                checks = [
                    check_loop, check_array, check_helpers, check_cancelling, check_hand, check_restart, check_node, check_down]
                if service.mpi:
                    checks.append(check_ranks)
                else:
                    print("check_slurm: SKIPPED ranks: there is no mpicc.openmpi", file=sys.stderr)
                for check in checks:
                    begin = time.monotonic()
                    check(service)
                    print(f"check_slurm: {check.__name__[6:]} ({time.monotonic() - begin:.0f} s)", flush=True)
                models = sorted(model["name"] for model in service.call("GET", "/v1/projects/p/models"))
                names = ["one", "cut-short", "by-hand", "restarted", "lost-node", "down", "drained", "wide"]
                expect(models == sorted(names + ["shared", "together"] * bool(service.mpi)), models)
            finally:
                service.stop()
    print("check_slurm: every model was stored once")


if __name__ == "__main__":
    main()
