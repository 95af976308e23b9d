#!/usr/bin/env python3
"""A Slurm of two nodes on this machine, for tests: no systemd, nothing outside of one folder.

    slurm_cluster.py up FOLDER      starts it, and prints the variable that Slurm's programs find it by
    slurm_cluster.py down FOLDER    ends it

As root, with Debian's slurmctld, slurmd, slurm-client and munge. Ports are free ones, and munge has a key and a socket of its
own, so that a Slurm that the machine may have is left alone.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo"]
NODES = ["n1", "n2"]
# Two jobs of two cores each may run, whatever the machine has. What Slurm waits for is short; a job that it starts anew waits
# until its credential has expired. What MPI keeps of each node lies in a folder of its own.
CONFIGURATION = """\
ClusterName=slicewise
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
TmpFS={folder}/tmp.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
{accounts}
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=300
KillWait=10
SlurmdTimeout=10
MessageTimeout=5
SchedulerParameters=bf_interval=1,sched_min_interval=0,batch_sched_delay=0
{nodes}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

# Each second the memory of all that runs is measured, and what has more than it asked for is ended.
ENFORCING = "JobAcctGatherType=jobacct_gather/linux\nJobAcctGatherFrequency=task=1\nJobAcctGatherParams=OverMemoryKill"
NOT_ENFORCING = "JobAcctGatherType=jobacct_gather/none"


class Cluster:
    """One cluster, by its folder, which only root may write to."""

    def __init__(self, folder, enforces_memory=False):
        self.folder = Path(folder).resolve()
        self.accounts = ENFORCING if enforces_memory else NOT_ENFORCING
        self.configuration = self.folder / "slurm.conf"
        self.environment = {"SLURM_CONF": str(self.configuration)}

    def call(self, *words, check=True):
        """The output of one of Slurm's programs."""
        done = subprocess.run(
            words, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.returncode} {done.stderr}")
        return done.stdout.strip()

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        (self.folder / "state").mkdir(exist_ok=True)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        controller, *ports = free_ports(1 + len(NODES))
        nodes = [
            f"NodeName={name} NodeHostname={socket.gethostname()} NodeAddr=127.0.0.1 Port={port} CPUs=2 RealMemory=16000"
            for name, port in zip(NODES, ports)]
        self.configuration.write_text(CONFIGURATION.format(
            host=socket.gethostname(), controller=controller, folder=self.folder, accounts=self.accounts,
            nodes="\n".join(nodes)))
        self.daemon("munged", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                    f"--pid-file={self.folder}/munged.pid", f"--log-file={self.folder}/munged.log",
                    f"--seed-file={self.folder}/munged.seed")
        self.start_controller()
        for name in NODES:
            (self.folder / f"tmp.{name}").mkdir(exist_ok=True)
            self.start_node(name)
        self.wait("the nodes are idle", lambda: self.call("sinfo", "-h", "-N", "-o", "%t").split() == ["idle"] * len(NODES))

    def daemon(self, *words):
        """Starts a program that goes to the background by itself."""
        with open(self.folder / "start.log", "ab") as log:
            subprocess.run(
                words, env={**os.environ, **self.environment}, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                timeout=60)

    def start_controller(self):
        self.daemon("slurmctld")
        self.wait("slurmctld answers", lambda: "UP" in self.call("scontrol", "ping", check=False))

    def start_node(self, name):
        self.daemon("slurmd", "-N", name)

    def kill(self, name, number=signal.SIGKILL):
        """Ends a daemon, by the name of its file: munged, slurmctld, slurmd.n1."""
        file = self.folder / f"{name}.pid"
        try:
            pid = int(file.read_text())
            os.kill(pid, number)
        except (OSError, ValueError):
            return
        self.wait(f"{name} has ended", lambda: not Path(f"/proc/{pid}").exists())
        file.unlink(missing_ok=True)

    def stop(self):
        """Ends the jobs, then the daemons."""
        with contextlib.suppress(Exception):
            self.call("scancel", f"--user={os.getuid()}", check=False)
            self.wait("the jobs have ended", lambda: not self.call("squeue", "-h", check=False), seconds=30)
        for name in [*(f"slurmd.{node}" for node in NODES), "slurmctld", "munged"]:
            self.kill(name, signal.SIGTERM if name != "slurmctld" else signal.SIGKILL)

    def wait(self, what, holds, seconds=60):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                logs = "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in self.folder.glob("*.log"))
                raise RuntimeError(f"it never came true that {what}\n{logs}")
            time.sleep(0.1)


def free_ports(count):
    """So many ports that nobody listens at."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def missing():
    """What this machine lacks for a cluster, in words; None if nothing."""
    if os.getuid() != 0:
        return "only root can start a Slurm"
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    return f"there is no {', '.join(lacking)}: install slurmctld, slurmd, slurm-client and munge" if lacking else None


@contextlib.contextmanager
def running(folder, enforces_memory=False):
    """A cluster for the length of a block."""
    cluster = Cluster(folder, enforces_memory)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("up", "down"):
        sys.exit(__doc__)
    if lack := missing():
        sys.exit(f"slurm_cluster: {lack}")
    cluster = Cluster(sys.argv[2])
    if sys.argv[1] == "down":
        return cluster.stop()
    cluster.start()
    print(f"export SLURM_CONF={cluster.configuration}")


if __name__ == "__main__":
    main()
