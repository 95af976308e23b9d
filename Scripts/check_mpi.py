#!/usr/bin/env python3
"""Trains one model by several processes, as mpirun of Open MPI and of MPICH starts them.

    check_mpi.py PROGRAM [--speed]

With each MPI that is installed: two ranks write one model, the same as two ranks write again; ranks with other labels refuse
to train; a killed rank ends the run, and the same command goes on from the checkpoint, with as many ranks or alone, but not
with other labels. --speed prints instead the patches a second that one process and two make of one thread each, and how many
times as many the two make; that needs two idle cores.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "Deployment/mpi/slicewise_mpi.c"
ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
# One machine, whether it has a network or not, and more ranks than cores.
FLAGS = {
    "openmpi": ["--oversubscribe", "--bind-to", "none", "--mca", "btl", "vader,self", "--mca", "mpi_yield_when_idle", "1"],
    "mpich": [],
}


def expect(condition, *what):
    if not condition:
        sys.exit("check_mpi: " + " ".join(str(part) for part in what))


class Run:
    """The trainings of one MPI on a phantom."""

    def __init__(self, mpi, program, folder):
        self.mpi, self.program, self.folder = mpi, program, folder
        self.library = folder / "libslicewise_mpi.so"
        subprocess.run(
            [f"mpicc.{mpi}", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", self.library, SOURCE], check=True)
        subprocess.run(
            [program, "phantom", "--size", "16,48,48", "--slices", "3", "--out", folder], check=True,
            stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def command(self, out, *more, labels="sparse.nii.gz"):
        return [self.program, "train", "--image", self.folder / "image.nii.gz", "--labels", self.folder / labels, "--out",
                self.folder / out, "--recipe", '{"base":8}', "--threads", "1", *more]

    def start(self, ranks, out, *more, **other):
        """Starts a training by so many ranks; one is not started by MPI."""
        launch = [*self.mpirun(), "-n", str(ranks)] if ranks > 1 else []
        return self.process([*launch, *self.command(out, *more, **other)])

    def mpirun(self):
        return [f"mpirun.{self.mpi}", *FLAGS[self.mpi]]

    def process(self, words):
        return subprocess.Popen(
            words, env={**os.environ, **ROOT, "SLICEWISE_MPI": str(self.library)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def train(self, ranks, out, *more):
        process = self.start(ranks, out, *more)
        output = process.communicate()[0]
        expect(process.returncode == 0, self.mpi, "ended with", process.returncode, output)
        return output

    def weights(self, name):
        """The tensors of a model; what is said beside them has the seconds that it took."""
        content = (self.folder / name).read_bytes()
        return content[8 + int.from_bytes(content[:8], "little"):]

    def iou(self, name):
        labels = self.folder / "labels.nii.gz"
        subprocess.run(
            [self.program, "predict", "--model", self.folder / name, "--image", self.folder / "image.nii.gz", "--out", labels],
            check=True, stderr=subprocess.DEVNULL)
        text = subprocess.run(
            [self.program, "evaluate", "--prediction", labels, "--truth", self.folder / "label.nii.gz", "--json"], check=True,
            capture_output=True, text=True).stdout
        return float(re.search(r'"mean_iou"\s*:\s*([0-9.]+)', text)[1])

    def check_one_model(self):
        output = self.train(2, "two.safetensors", "--steps", "100")
        expect(output.count("100 steps") == 1 and "on 2 ranks" in output, self.mpi, "says", output)
        self.train(2, "again.safetensors", "--steps", "100")
        expect(self.weights("two.safetensors") == self.weights("again.safetensors"), self.mpi, "differs from run to run")
        self.train(1, "one.safetensors", "--steps", "100")
        expect(self.weights("two.safetensors") != self.weights("one.safetensors"), self.mpi, "two ranks learn no more than one")
        found = self.iou("two.safetensors")
        expect(found > 0.4, self.mpi, "mean IoU", found)
        return found

    def check_other_labels(self):
        """Ranks that don't learn from the same labels end before the first step."""
        shutil.copy(self.folder / "label.nii.gz", self.folder / "dense.nii.gz")
        process = self.process(
            [*self.mpirun(), "-n", "1", *self.command("apart.safetensors", "--steps", "2"), ":", "-n", "1",
             *self.command("apart.safetensors", "--steps", "2", labels="dense.nii.gz")])
        output = process.communicate()[0]
        expect(process.returncode != 0 and "don't train alike" in output, self.mpi, "trains on two kinds of labels", output)
        expect(not (self.folder / "apart.safetensors").exists(), self.mpi, "wrote a model of ranks that differ")

    def check_killed_rank(self, ranks_after):
        checkpoint = self.folder / "checkpoint.safetensors"
        # The first checkpoint is written after 15 seconds.
        more = ["--checkpoint", checkpoint, "--seconds", "22"]
        process = self.start(2, "killed.safetensors", *more)
        while not checkpoint.exists():
            expect(process.poll() is None, self.mpi, "ended by itself")
            time.sleep(0.1)
        ranks = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and self.is_rank(int(pid), checkpoint)]
        expect(len(ranks) == 2, self.mpi, "runs", len(ranks), "ranks")
        os.kill(max(ranks), signal.SIGKILL)
        output = process.communicate()[0]
        expect(process.returncode != 0, self.mpi, "ends well without a rank", output)
        expect(not (self.folder / "killed.safetensors").exists(), self.mpi, "wrote a model without a rank")
        expect(not any(self.is_rank(pid, checkpoint) for pid in ranks), self.mpi, "leaves a rank behind")
        process = self.start(ranks_after, "killed.safetensors", *more, labels="dense.nii.gz")
        output = process.communicate()[0]
        expect(process.returncode != 0 and "has other labels" in output, self.mpi, "goes on with other labels", output)
        output = self.train(ranks_after, "killed.safetensors", *more)
        expect("going on from step" in output, self.mpi, "begins anew", output)
        expect(not checkpoint.exists(), self.mpi, "leaves the checkpoint")

    def is_rank(self, pid, checkpoint):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return line[0] == str(self.program).encode() and str(checkpoint).encode() in line
        except OSError:
            return False

    def speed(self):
        """Patches a second of one process and of two, of one thread each."""
        found = {1: [], 2: []}
        for _ in range(3):
            for ranks in found:
                self.train(ranks, "speed.safetensors", "--seconds", "15")
                found[ranks].append(ranks * self.pace("speed.safetensors"))
        one, two = (sorted(rates)[1] for rates in found.values())
        print(f"{self.mpi}: {one:.1f} patches a second, two ranks {two:.1f}: {two / one:.2f} times "
              f"(medians of three; {', '.join(f'{b / a:.2f}' for a, b in zip(*found.values()))} in turn)")

    def pace(self, name):
        """The steps a second of a training, without its begin and what follows its last step."""
        content = (self.folder / name).read_bytes()
        header = json.loads(content[8:8 + int.from_bytes(content[:8], "little")])
        points = json.loads(header["__metadata__"]["user.training"])["curve"]["points"]
        first = points[len(points) // 10]
        return (points[-1]["step"] - first["step"]) / (points[-1]["seconds"] - first["seconds"])


def main():
    program = Path(sys.argv[1]).resolve()
    known = [mpi for mpi in FLAGS if shutil.which(f"mpirun.{mpi}") and shutil.which(f"mpicc.{mpi}")]
    expect(known, "there is no mpirun.openmpi or mpirun.mpich: install openmpi-bin libopenmpi-dev, or mpich libmpich-dev")
    for mpi in known:
        with tempfile.TemporaryDirectory() as folder:
            run = Run(mpi, program, Path(folder))
            if "--speed" in sys.argv:
                run.speed()
                continue
            found = run.check_one_model()
            run.check_other_labels()
            ranks_after = 2 if mpi == known[0] else 1
            run.check_killed_rank(ranks_after)
            print(f"check_mpi: {mpi}: one model of two ranks (mean IoU {found:.3f}), and on after a killed rank with {ranks_after}")


if __name__ == "__main__":
    main()
