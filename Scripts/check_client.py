#!/usr/bin/env python3
"""Makes a Python client of /openapi.json and runs the whole loop with it.

`check_client.py PROGRAM` starts the server with temporary data. A warning of openapi-python-client fails, and so does an
answer that the client can't read.
"""

import importlib
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from server import running

PACKAGE = "slicewise_client"


def generate(address, folder):
    """Makes the client and puts it where Python finds it."""
    tools = Path(sys.executable).parent
    made = subprocess.run(
        [tools / "openapi-python-client", "generate", "--url", f"{address}/openapi.json", "--meta", "none",
         "--output-path", Path(folder) / PACKAGE, "--fail-on-warning"],
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}, capture_output=True, text=True)
    told = made.stdout + made.stderr
    if made.returncode or "warning" in told.lower() or "unable" in told.lower():
        sys.exit(f"check_client: {told}")
    sys.path.insert(0, str(folder))


class Loop:
    """The calls of one client; a problem ends the program with its detail."""

    def __init__(self, address):
        self.client = importlib.import_module(f"{PACKAGE}.client").Client(base_url=address, timeout=60)
        self.models = importlib.import_module(f"{PACKAGE}.models")
        self.types = importlib.import_module(f"{PACKAGE}.types")

    def __call__(self, tag, name, *path, **others):
        module = importlib.import_module(f"{PACKAGE}.api.{tag}.{name}")
        answer = module.sync_detailed(*path, client=self.client, **others)
        if answer.status_code >= 400 or isinstance(answer.parsed, self.models.Problem):
            sys.exit(f"check_client: {name}: {answer.status_code} {answer.content.decode()}")
        if answer.parsed is None and answer.content:
            sys.exit(f"check_client: {name}: the client can't read {answer.content[:200]}")
        return answer.parsed

    def file(self, path):
        return self.types.File(payload=io.BytesIO(Path(path).read_bytes()))


def run(loop, sample):
    models = loop.models
    classes = [models.Class(name=name) for name in ("inside tubule", "tubule", "background")]
    loop("projects", "put_projects_one", "client", body=models.ProjectRequest(classes=classes))
    volume = loop("volumes", "put_projects_volumes_one", "client", "sample", body=loop.file(sample / "image.nii.gz"))
    assert (volume.shape.z, volume.shape.y, volume.shape.x) == (16, 48, 48), volume
    axes = models.Axis
    for picture in sorted((sample / "slices").glob("*.png")):
        axis, index = picture.stem.split("-")
        posted = loop(
            "annotations", "post_projects_volumes_annotations", "client", "sample", body=loop.file(picture),
            axis=axes(axis), index=int(index), idempotency_key=picture.stem)
        assert posted.index == int(index), posted
    loop("annotations", "put_projects_volumes_truth", "client", "sample", body=loop.file(sample / "label.nii.gz"))
    recipe = models.Recipe(preset=models.RecipePreset("fast"), base=4, levels=2)
    request = models.TrainRequest(kind="train", recipe=recipe, budget=models.Budget(steps=20))
    job = loop("jobs", "post_projects_jobs", "client", body=request)
    while job.state.value in ("queued", "running"):
        time.sleep(0.2)
        job = loop("jobs", "get_projects_jobs_one", "client", job.id)
    assert job.state.value == "succeeded", job.error
    assert isinstance(job, models.TrainJob) and job.result.steps == 20, job
    assert loop("models", "get_projects_models_one", "client", job.model).recipe.base == 4
    prediction = loop("predictions", "get_projects_volumes_prediction", "client", "sample")
    assert prediction.payload.read(2) == b"\x1f\x8b"
    picture = loop("volumes", "get_projects_volumes_slices_one", "client", "sample",
                   models.Axis("z"), 8)
    assert picture.payload.read(4) == b"\x89PNG"
    report = loop("predictions", "get_projects_volumes_report", "client", "sample")
    assert 0 <= report.truth.mean_iou <= 1 and len(report.truth.classes) == 3, report
    assert loop("annotations", "get_projects_volumes_suggestions", "client", "sample")
    print(f"check_client: the loop ends with a mean IoU of {report.truth.mean_iou:.3f}")


def main():
    program = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder, running(program, folder) as server:
        sample = Path(folder) / "sample"
        subprocess.run([program, "phantom", "--size", "16,48,48", "--out", sample], check=True, capture_output=True)
        generate(server.address, folder)
        run(Loop(server.address), sample)


if __name__ == "__main__":
    main()
