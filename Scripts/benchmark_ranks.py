#!/usr/bin/env python3
"""Measures what several processes bring for one training: the mean IoU after equal times.

    Scripts/python Scripts/benchmark_ranks.py [PATH…] [--slices 2] [--seconds 60] [--seeds 1,2] [--ranks 2] [--mpi openmpi]

A PATH is NAME with its folder (../shared/data/nuclei_1135) of a pair NAME.image.nii.gz and NAME.label.nii.gz, or a folder of
such pairs; without one, four volumes of ../shared/data. Of each, so many evenly spaced slices on each axis are annotated. One
process of one thread, one of as many threads as there are ranks, and the ranks of one thread each train on them in turn for so
many seconds; `slicewise evaluate` scores the voxels that were not annotated. It prints a JSON line for each training, and
finally a Markdown table of means over the seeds. Needs the built program, MPI with its mpicc, numpy and an idle core for each
rank.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

from check_mpi import FLAGS, ROOT, SOURCE
from evaluate_loop import Sample, annotate, stems

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared/data"
USUAL = ["nuclei_1135", "walls_ovule", "neuropil_q0", "hippocampus_001"]


class Trainings:
    """Trainings on one volume at a time, in a folder of their own."""

    def __init__(self, a, folder):
        self.program, self.seconds, self.folder = Path(a.program).resolve(), a.seconds, folder
        library = folder / "libslicewise_mpi.so"
        subprocess.run([f"mpicc.{a.mpi}", "-O2", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
        self.mpirun = [f"mpirun.{a.mpi}", *FLAGS[a.mpi], "-n", str(a.ranks)]
        self.environment = {**os.environ, **ROOT, "SLICEWISE_MPI": str(library)}

    def call(self, *words, launch=()):
        done = subprocess.run(
            [*launch, self.program, *words], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"slicewise {words[0]}: {done.stderr[-2000:]}")
        return done.stdout, done.stderr

    def score(self, sample, seed, threads=1, launch=()):
        """The steps of a training and the mean IoU of its model where nothing was annotated."""
        sparse, model, dense = (self.folder / name for name in ("sparse.npy", "model.safetensors", "dense.npy"))
        _, said = self.call(
            "train", "--image", sample.image, "--labels", sparse, "--classes", *(f"class{c}" for c in range(sample.classes)),
            "--out", model, "--seconds", str(self.seconds), "--seed", str(seed), "--threads", str(threads), launch=launch)
        self.call("predict", "--model", model, "--image", sample.image, "--out", dense)
        found, _ = self.call(
            "evaluate", "--prediction", dense, "--truth", sample.image.replace(".image.", ".label."), "--labels", sparse,
            "--ignore-place", "--json")
        return int(re.findall(r"(\d+) steps? in", said)[-1]), json.loads(found)["mean_iou"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="*", default=[str(DATA / name) for name in USUAL])
    parser.add_argument("--slices", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", default="1,2")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--mpi", choices=FLAGS, default="openmpi")
    parser.add_argument("--program", default=str(HERE.parent / ".build/release/slicewise"))
    a = parser.parse_args()
    ways = ["one thread", f"{a.ranks} threads", f"{a.ranks} ranks"]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        trainings = Trainings(a, Path(folder))
        for sample in map(Sample, stems(a.path)):
            numpy.save(Path(folder) / "sparse.npy", annotate(sample.truth, [a.slices]))
            runs = {way: [] for way in ways}
            for seed in map(int, a.seeds.split(",")):
                for way in ways:
                    steps, found = trainings.score(
                        sample, seed, threads=a.ranks if way == ways[1] else 1, launch=trainings.mpirun if way == ways[2] else ())
                    runs[way].append((steps, found))
                    run = {"volume": sample.name, "seed": seed, "way": way, "steps": steps, "mean_iou": found}
                    print(json.dumps(run), flush=True)
            rows.append((sample.name, [numpy.mean(runs[way], axis=0) for way in ways]))
    rows.append(("**mean**", numpy.mean([means for _, means in rows], axis=0)))
    print("\n| | " + " | ".join(f"{way}, steps | IoU" for way in ways) + " |\n|---|" + "---:|" * 2 * len(ways))
    for name, means in rows:
        print(f"| {name} | " + " | ".join(f"{steps:.0f} | {found:.3f}" for steps, found in means) + " |")


if __name__ == "__main__":
    main()
