#!/usr/bin/env python3
"""Compares training on slices that the server suggests with training on evenly spaced ones, at equal count.

    evaluate_suggestions.py http://127.0.0.1:8080 PATH… [--slices 1,2,4] [--seconds 60 | --steps N] [--seeds 1,2]

A PATH is a folder of pairs NAME.image.nii.gz and NAME.label.nii.gz, or NAME with its folder. For every volume and seed:

- suggested: annotates the first count of evenly spaced slices per axis (1: three slices), trains, asks for as many
  suggestions as slices are missing to the next count, annotates those, trains again, and so on;
- even: at every count the same number of evenly spaced slices;
- random: the same first slices, then randomly drawn ones (with --random).

Every training is from scratch with the same budget and seed, so that only the slices differ. Scores are mean IoU over
the voxels that neither side has annotated at that count. Prints a JSON line per training and finally a Markdown table.
Needs a running server, Python 3 and numpy; removes its projects from the server.
"""
import argparse, io, json, random, statistics, sys, time, urllib.error, urllib.request
import numpy as np
from evaluate_loop import Sample, indices, score, stems


class Server:
    """Calls the server; an error ends the script with the server's message."""

    def __init__(self, base, token):
        self.base, self.token = base.rstrip("/"), token

    def __call__(self, method, path, body=None):
        is_json = isinstance(body, (dict, list))
        data = json.dumps(body).encode() if is_json else body
        request = urllib.request.Request(self.base + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json" if is_json else "application/octet-stream")
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                payload, kind = answer.read(), answer.headers.get("Content-Type", "")
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read()[:600].decode(errors='replace')}")
        return json.loads(payload) if kind.startswith("application/json") else payload


class Side:
    """A project of its own, with the slices annotated so far."""

    def __init__(self, server, name, sample, a, seed):
        self.server, self.sample, self.a, self.seed = server, sample, a, seed
        self.project = f"/v1/projects/{name}"
        self.volume = self.project + "/volumes/sample"
        self.slices = []
        server("PUT", self.project, {"classes": [{"name": f"class{c}"} for c in range(sample.classes)]})
        server("PUT", self.volume, open(sample.image, "rb").read())

    def annotate(self, places):
        for axis, index in places:
            plane = np.ascontiguousarray(self.sample.truth.take(index, "zyx".index(axis)))
            self.server("POST", f"{self.volume}/annotations?axis={axis}&index={index}", plane.tobytes())
            self.slices.append((axis, index))

    def train(self):
        """The dense prediction after a training from scratch."""
        recipe = {"preset": self.a.recipe, "seed": self.seed}
        budget = {"steps": self.a.steps} if self.a.steps else {"seconds": self.a.seconds}
        job = self.server("POST", self.project + "/jobs",
                          {"kind": "train", "from": "scratch", "recipe": recipe, "budget": budget})
        while job["state"] in ("queued", "running"):
            time.sleep(0.5)
            job = self.server("GET", f"{self.project}/jobs/{job['id']}")
        if job["state"] != "succeeded":
            sys.exit(f"job {job['id']} {job['state']}: {job.get('error')}")
        dense = self.server("GET", self.volume + "/prediction?format=npy")
        return np.load(io.BytesIO(dense)).reshape(self.sample.truth.shape)

    def suggestions(self, count):
        found = self.server("GET", f"{self.volume}/suggestions?count={count}")
        return [(s["axis"], s["index"]) for s in found]

    def mask(self):
        """The voxels that are annotated."""
        mask = np.zeros(self.sample.truth.shape, bool)
        for axis, index in self.slices:
            mask[tuple(index if "zyx"[n] == axis else slice(None) for n in range(3))] = True
        return mask

    def end(self):
        self.server("DELETE", self.project)


def evenly(sample, count):
    return [(axis, i) for n, axis in enumerate("zyx") for i in indices(sample.truth.shape[n], count)]


def drawn(sample, taken, count, seed):
    rest = [(axis, i) for n, axis in enumerate("zyx") for i in range(sample.truth.shape[n]) if (axis, i) not in taken]
    return random.Random(seed).sample(rest, count)


def compare(server, sample, a, seed):
    counts = [int(k) for k in a.slices.split(",")]
    names = ["suggested", "even"] + (["random"] if a.random else [])
    sides = {n: Side(server, f"{a.project}-{n}", sample, a, seed) for n in names if n != "even"}
    for count in counts:
        wanted = evenly(sample, count)
        sides["even"] = Side(server, f"{a.project}-even", sample, a, seed)
        sides["even"].annotate(wanted)
        for name in names:
            side = sides[name]
            if name == "even":
                continue
            missing = len(wanted) - len(side.slices)
            if not side.slices:
                side.annotate(wanted)
            elif name == "suggested":
                side.annotate(side.suggestions(missing))
            else:
                side.annotate(drawn(sample, side.slices, missing, seed))
        unseen = ~np.logical_or.reduce([sides[n].mask() for n in names])
        made = {}
        for name in names:
            # At the first count the slices are the same, and with them the training.
            same = made.get("suggested") if count == counts[0] else None
            if name == "even" and same:
                made[name] = same
                continue
            mean, ious = score(sides[name].train(), sample.truth, sample.classes, unseen)
            made[name] = (mean, ious)
            print(json.dumps({"volume": sample.name, "seed": seed, "slices": count, "side": name,
                              "mean_iou": round(mean, 4), "iou": [None if x is None else round(x, 4) for x in ious],
                              "planes": [f"{axis}{i}" for axis, i in sides[name].slices]}), flush=True)
        sides["even"].end()
        yield count, {n: made[n][0] for n in names}
    for name in names:
        if name != "even":
            sides[name].end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("path", nargs="+")
    parser.add_argument("--slices", default="1,2,4")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--recipe", default="default", help="a preset's name")
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--project", default="suggestions", help="what the projects' names begin with")
    parser.add_argument("--token")
    a = parser.parse_args()
    server = Server(a.server, a.token)
    found = {}
    for sample in map(Sample, stems(a.path)):
        for seed in map(int, a.seeds.split(",")):
            for count, means in compare(server, sample, a, seed):
                for name, mean in means.items():
                    found.setdefault((sample.name, count), {}).setdefault(name, []).append(mean)
    names = ["even", "suggested"] + (["random"] if a.random else [])
    print("\n| volume | slices per axis | " + " | ".join(names) + " | suggested − even |")
    print("|---|---:|" + "---:|" * (len(names) + 1))
    gains = []
    for (volume, count), sides in found.items():
        cells = []
        for name in names:
            spread = f" ± {statistics.stdev(sides[name]):.3f}" if len(sides[name]) > 1 else ""
            cells.append(f"{statistics.mean(sides[name]):.3f}{spread}")
        gain = statistics.mean(sides["suggested"]) - statistics.mean(sides["even"])
        if count != int(a.slices.split(",")[0]):
            gains.append(gain)
        print(f"| {volume} | {count} | " + " | ".join(cells) + f" | {gain:+.3f} |")
    if gains:
        print(f"\nmean gain of the suggested slices: {statistics.mean(gains):+.3f} over {len(gains)} rows")


if __name__ == "__main__":
    main()
