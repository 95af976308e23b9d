#!/usr/bin/env python3
"""Scores recipes on densely labelled volumes, of which only a few slices are used for training.

    evaluate_loop.py PATH… [--slices 1,2,4] [--seconds 120 | --steps N] [--seeds 1,2,3] [--recipe default …]

A PATH is a folder of pairs NAME.image.nii.gz and NAME.label.nii.gz, or NAME with its folder (data/nuclei_1135). For every
volume, number of slices, recipe, budget and seed: annotates k evenly spaced slices per axis (index ⌊(i+½)·n/k⌋), runs
`slicewise train` and `slicewise predict`, and scores the voxels that were not annotated. Prints a JSON line per run and
finally a Markdown table of mean IoU, its standard deviation over the seeds, and the difference to a baseline.

    --rounds           continue from the model of the previous count, with cumulative slices (as an annotator would)
    --union            cumulative slices, but each count from scratch, for comparison with --rounds
    --transfer A,B     train on all other volumes together and score the named ones, which have no annotations
    --forest           also score a random forest on multiscale features (needs scikit-image and scikit-learn)
    --baseline FILE    take the baseline from JSON lines with "volume", "k" (or "slices") and "miou" (or "mean_iou")
    --series FILE      write the forest's line for the plot of `slicewise experiment presets --others FILE`
    --lines FILE       append the JSON lines to this file, and skip runs that it already has

Needs Python 3 and numpy. A recipe is a preset's name, a JSON object or a JSON file; give several to compare them.
"""
import argparse, gzip, json, os, re, struct, subprocess, sys, tempfile, time
import numpy as np

UNLABELED = 255
TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8"}


def read_nifti(path):
    """The stored numbers of a NIfTI-1 file, z first."""
    raw = open(path, "rb").read()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    order = "<" if struct.unpack_from("<i", raw, 0)[0] == 348 else ">"
    dim = struct.unpack_from(order + "8h", raw, 40)
    shape = [n for n in dim[1:1 + dim[0]]]
    while len(shape) > 3 and shape[-1] == 1:
        shape.pop()
    kind = order + TYPES[struct.unpack_from(order + "h", raw, 70)[0]]
    start = int(struct.unpack_from(order + "f", raw, 108)[0])
    return np.frombuffer(raw, kind, int(np.prod(shape)), start).reshape(shape[::-1])


def indices(n, count):
    return sorted({int((i + 0.5) * n / count) for i in range(min(count, n))})


def annotate(truth, counts):
    """The truth on the slices of all given counts, 255 elsewhere."""
    sparse = np.full(truth.shape, UNLABELED, np.uint8)
    for count in counts:
        for axis in range(3):
            for index in indices(truth.shape[axis], count):
                plane = tuple(index if other == axis else slice(None) for other in range(3))
                sparse[plane] = truth[plane]
    return sparse


def score(prediction, truth, classes, mask):
    p, t = prediction[mask], truth[mask]
    known = t != UNLABELED
    p, t = p[known], t[known]
    ious = []
    for c in range(classes):
        union = int(((p == c) | (t == c)).sum())
        ious.append(int(((p == c) & (t == c)).sum()) / union if union else None)
    defined = [x for x in ious if x is not None]
    return sum(defined) / len(defined), ious


class Sample:
    """A volume with its truth."""

    def __init__(self, stem):
        self.name, self.image = os.path.basename(stem), stem + ".image.nii.gz"
        self.truth = read_nifti(stem + ".label.nii.gz").astype(np.uint8)
        self.classes = int(self.truth[self.truth != UNLABELED].max()) + 1


def stems(paths):
    found = []
    for path in paths:
        if os.path.isdir(path):
            names = sorted(n for n in os.listdir(path) if n.endswith(".image.nii.gz"))
            found += [os.path.join(path, n[:-len(".image.nii.gz")]) for n in names]
        else:
            found.append(path[:-len(".image.nii.gz")] if path.endswith(".image.nii.gz") else path)
    missing = [s for s in found for e in (".image.nii.gz", ".label.nii.gz") if not os.path.exists(s + e)]
    if missing or not found:
        sys.exit(f"no image or no label file: {', '.join(missing) or paths}")
    return found


class Slicewise:
    """Trains and predicts with the program, on files in a folder of its own."""

    def __init__(self, program, threads, folder):
        self.program, self.folder = program, folder
        self.threads = ["--threads", str(threads)] if threads else []

    def call(self, *words):
        done = subprocess.run([self.program, *words, *self.threads], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{self.program} {words[0]}: {done.stderr[-2000:]}")
        return done.stderr

    def path(self, name):
        return os.path.join(self.folder, name)

    def train(self, samples, sparse, classes, model, recipe, budget, seed, start=None):
        for number, labels in enumerate(sparse):
            np.save(self.path(f"{number}.npy"), labels)
        words = ["--image", *(s.image for s in samples)]
        words += ["--labels", *(self.path(f"{n}.npy") for n in range(len(sparse)))]
        words += ["--classes", *(f"class{c}" for c in range(classes)), "--out", self.path(model), "--recipe", recipe]
        words += ["--seed", str(seed), *budget, *(["--from", self.path(start)] if start else [])]
        begun = time.time()
        said = self.call("train", *words)
        steps = re.findall(r"(\d+) steps in", said)
        return {"steps": int(steps[-1]) if steps else None, "train_s": round(time.time() - begun, 1)}

    def predict(self, sample, model):
        begun = time.time()
        self.call("predict", "--model", self.path(model), "--image", sample.image, "--out", self.path("out.npy"))
        dense = np.load(self.path("out.npy")).reshape(sample.truth.shape)
        return dense, round(time.time() - begun, 1)


def features(sample):
    from skimage.feature import multiscale_basic_features
    image = read_nifti(sample.image).astype(np.float32)
    return multiscale_basic_features(image, edges=True, texture=True, sigma_min=0.7, sigma_max=10)


def forest(samples, sparse, targets, seed):
    """Dense segmentations of the targets by a random forest trained on the samples."""
    from sklearn.ensemble import RandomForestClassifier
    shown, labels = [], []
    for sample, known in zip(samples, sparse):
        mask = known != UNLABELED
        shown.append(features(sample)[mask])
        labels.append(known[mask])
    shown, labels = np.concatenate(shown), np.concatenate(labels)
    if len(labels) > 60000:
        some = np.random.default_rng(seed).choice(len(labels), 60000, replace=False)
        shown, labels = shown[some], labels[some]
    trees = RandomForestClassifier(100, n_jobs=-1, min_samples_leaf=2, random_state=seed).fit(shown, labels)
    for target in targets:
        table = features(target)
        yield trees.predict(table.reshape(-1, table.shape[-1])).reshape(target.truth.shape)


class Table:
    """All runs: those done now and those from a file."""

    def __init__(self, path):
        self.path, self.runs = path, []
        if path and os.path.exists(path):
            self.runs = [json.loads(line) for line in open(path) if line.strip()]

    KEYS = ("volume", "slices", "method", "budget", "seed", "mode")

    def find(self, key):
        return next((r for r in self.runs if all(r.get(k) == key[k] for k in self.KEYS)), None)

    def add(self, run):
        line = json.dumps(run)
        print(line, flush=True)
        self.runs.append(run)
        if self.path:
            with open(self.path, "a") as file:
                file.write(line + "\n")

    def markdown(self, mode, baseline):
        """The Markdown table of a mode; without a baseline, runs are compared with the forest's mean."""
        runs = [r for r in self.runs if r["mode"] == mode]
        rows = sorted({(r["volume"], r["slices"]) for r in runs})
        columns = sorted({(r["method"], r["budget"]) for r in runs})
        known = baseline or {row: float(np.mean(found)) for row in rows if (found := [
            r["mean_iou"] for r in runs if (r["volume"], r["slices"]) == row and r["method"] == "forest"])}
        head = ["volume", "slices", *(f"{m} {b}".strip() for m, b in columns), *(["baseline"] if baseline else [])]
        lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
        margins, means = {c: [] for c in columns}, {c: [] for c in columns}
        for volume, slices in rows:
            cells = [volume, str(slices)]
            for column in columns:
                values = [r["mean_iou"] for r in runs if (r["volume"], r["slices"]) == (volume, slices)
                          and (r["method"], r["budget"]) == column]
                if not values:
                    cells.append("–")
                    continue
                mean = float(np.mean(values))
                means[column].append(mean)
                text = f"{mean:.3f}" + (f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else "")
                reference = known.get((volume, slices))
                if reference is not None and column[0] != "forest":
                    margins[column].append(mean - reference)
                    text += f" ({mean - reference:+.3f})"
                cells.append(text)
            if baseline:
                cells.append(f"{known[(volume, slices)]:.3f}" if (volume, slices) in known else "–")
            lines.append("| " + " | ".join(cells) + " |")
        cells = ["**mean**", ""]
        for column in columns:
            text = f"{np.mean(means[column]):.3f}" if means[column] else "–"
            if margins[column]:
                text += f" ({np.mean(margins[column]):+.3f}, least {min(margins[column]):+.3f})"
            cells.append(text)
        lines.append("| " + " | ".join(cells + ([""] if baseline else [])) + " |")
        return "\n".join(lines)


def write_series(path, runs):
    """The forest's mean IoU by its mean seconds, a line for each count: for `slicewise experiment presets --others`."""
    lines = []
    for count in sorted({r["slices"] for r in runs}):
        mine = [r for r in runs if r["slices"] == count]
        point = {"x": float(np.mean([r["train_s"] for r in mine])), "y": float(np.mean([r["mean_iou"] for r in mine]))}
        lines.append({"name": f"random forest, {count} per axis", "points": [point]})
    with open(path, "w") as file:
        json.dump(lines, file)


def read_baseline(path):
    found = {}
    for line in open(path):
        if line.startswith("{"):
            run = json.loads(line)
            if run.get("method", "rf") in ("rf", "forest"):
                value = run.get("miou", run.get("mean_iou"))
                found[(run["volume"], run.get("k", run.get("slices")))] = value
    return found


def mode(a):
    return "transfer" if a.transfer else "rounds" if a.rounds else "union" if a.union else "single"


def budgets(a):
    if a.steps:
        return [(f"{n} steps", ["--steps", n]) for n in a.steps.split(",")]
    return [(f"{s} s", ["--seconds", s]) for s in a.seconds.split(",")]


def summary(key, prediction, sample, classes, mask, extra):
    mean, ious = score(prediction, sample.truth, classes, mask)
    return {**key, "mean_iou": round(mean, 4), "iou": [None if x is None else round(x, 4) for x in ious], **extra}


def loops(a, program, samples, table):
    """Every volume on its own."""
    counts = [int(k) for k in a.slices.split(",")]
    for sample in samples:
        for seed in map(int, a.seeds.split(",")):
            for number, count in enumerate(counts):
                shown = [count] if mode(a) == "single" else counts[:number + 1]
                sparse = annotate(sample.truth, shown)
                mask = sparse == UNLABELED
                share = {"annotated": round(float((~mask).mean()), 4)}
                if a.forest:
                    key = dict(volume=sample.name, slices=count, method="forest", budget="", seed=seed, mode=mode(a))
                    if not table.find(key):
                        begun = time.time()
                        dense = next(forest([sample], [sparse], [sample], seed))
                        extra = {**share, "train_s": round(time.time() - begun, 1)}
                        table.add(summary(key, dense, sample, sample.classes, mask, extra))
            for recipe in a.recipe:
                for budget, words in budgets(a):
                    start = None
                    for number, count in enumerate(counts):
                        shown = [count] if mode(a) == "single" else counts[:number + 1]
                        key = dict(volume=sample.name, slices=count, method=recipe, budget=budget, seed=seed, mode=mode(a))
                        last = dict(key, slices=counts[-1])
                        if table.find(last if a.rounds else key):
                            continue
                        sparse = annotate(sample.truth, shown)
                        mask = sparse == UNLABELED
                        model = f"{number % 2}.safetensors"
                        made = program.train([sample], [sparse], sample.classes, model, recipe, words, seed, start)
                        start = model if a.rounds else None
                        dense, seconds = program.predict(sample, model)
                        extra = {**made, "predict_s": seconds, "annotated": round(float((~mask).mean()), 4)}
                        table.add(summary(key, dense, sample, sample.classes, mask, extra))


def transfer(a, program, samples, table):
    """Training on some volumes, scored on others without annotations."""
    names = a.transfer.split(",")
    targets = [s for s in samples if s.name in names]
    teachers = [s for s in samples if s.name not in names]
    if len(targets) != len(names) or not teachers:
        sys.exit(f"--transfer names {names}; the volumes are {[s.name for s in samples]}")
    classes = max(s.classes for s in samples)
    for count in map(int, a.slices.split(",")):
        sparse = [annotate(s.truth, [count]) for s in teachers]
        for seed in map(int, a.seeds.split(",")):
            keys = [dict(volume=t.name, slices=count, method="forest", budget="", seed=seed, mode=mode(a))
                    for t in targets]
            if a.forest and not all(map(table.find, keys)):
                for key, target, dense in zip(keys, targets, forest(teachers, sparse, targets, seed)):
                    table.add(summary(key, dense, target, classes, np.full(dense.shape, True), {}))
            for recipe in a.recipe:
                for budget, words in budgets(a):
                    keys = [dict(k, method=recipe, budget=budget) for k in keys]
                    if all(map(table.find, keys)):
                        continue
                    made = program.train(teachers, sparse, classes, "0.safetensors", recipe, words, seed)
                    for key, target in zip(keys, targets):
                        dense, seconds = program.predict(target, "0.safetensors")
                        extra = {**made, "predict_s": seconds}
                        table.add(summary(key, dense, target, classes, np.full(dense.shape, True), extra))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="+")
    parser.add_argument("--slices", default="1,2,4")
    parser.add_argument("--seconds", default="120", help="one or more, as in 120,300")
    parser.add_argument("--steps", help="one or more, instead of --seconds")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--recipe", nargs="+", default=["default"])
    parser.add_argument("--rounds", action="store_true")
    parser.add_argument("--union", action="store_true")
    parser.add_argument("--transfer")
    parser.add_argument("--forest", action="store_true")
    parser.add_argument("--baseline")
    parser.add_argument("--lines")
    parser.add_argument("--series")
    parser.add_argument("--threads", type=int)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--program", default=os.path.join(here, "..", ".build", "release", "slicewise"))
    a = parser.parse_args()
    samples = [Sample(s) for s in stems(a.path)]
    table = Table(a.lines)
    with tempfile.TemporaryDirectory() as folder:
        program = Slicewise(a.program, a.threads, folder)
        (transfer if a.transfer else loops)(a, program, samples, table)
    if a.series:
        write_series(a.series, [r for r in table.runs if r["method"] == "forest" and r["mode"] == "single"])
    print("\n" + table.markdown(mode(a), read_baseline(a.baseline) if a.baseline else None))


if __name__ == "__main__":
    main()
