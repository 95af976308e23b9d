"""Two models are compared side by side, on what both were measured on."""

import json
import time

import numpy

from page import access
from page.browser import Page, check
from page.slices import image

PROJECT = "models"
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"


def train(server, name, steps, **more):
    request = {"kind": "train", "name": name, "recipe": "fast", "budget": {"steps": steps}, **more}
    job = json.loads(server.request("POST", f"/v1/projects/{PROJECT}/jobs", json.dumps(request).encode()))
    end = time.monotonic() + 180
    while job["state"] in ("queued", "running"):
        check(time.monotonic() < end, f"the training of {name} does not end")
        job = json.loads(server.request("GET", f"/v1/projects/{PROJECT}/jobs/{job['id']}?wait=20"))
    check(job["state"] == "succeeded", f"the training of {name}: {job}")


def annotate(server, axis, index, role):
    rows = 16 if axis != "z" else 64
    labels = numpy.zeros((rows, 64), numpy.uint8)
    labels[:, 20:40] = 1
    server.request("POST", f"{VOLUME}/annotations?axis={axis}&index={index}&role={role}", labels.tobytes())


def run(browser, server):
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    server.request("PUT", VOLUME, image(50))
    annotate(server, "z", 2, "train")
    train(server, "first", 4)
    annotate(server, "z", 9, "train")
    annotate(server, "z", 13, "test")
    train(server, "second", 6)
    page = Page(browser, f"{server.address}/#/{PROJECT}/image")
    page.page.get_by_role("application").first.wait_for()
    page.page.get_by_role("tab", name="Results").click()
    page.page.get_by_text("Compare two models").first.click()
    making = page.page.get_by_role("region", name="Compare two models: How they were made")
    making.wait_for()
    rows = [row.inner_text().split("\t") for row in making.get_by_role("row").all()]
    check(rows[0][1:3] == ["first", "second"], f"the models that are compared are {rows[0]}")
    check(["Slices learned from", "1", "2", "+1"] in rows and ["Steps", "4", "6", "+2"] in rows, f"how they were made: {rows}")
    tests = page.page.get_by_role("region", name="Compare two models: Test slices of the project")
    compared = json.loads(server.request("GET", f"/v1/projects/{PROJECT}/models?compare=first,second"))
    for place, model in enumerate(compared["models"], 1):
        shown = {row.inner_text().split("\t")[0]: row.inner_text().split("\t")[place] for row in tests.get_by_role("row").all()}
        check(shown["mean IoU"] == f"{model['mean_iou']:.3f}", f"{model['model']} is shown as {shown}")
        check(shown["voxels measured"] == str(model["voxels"]), f"{model['model']} is shown as {shown}")
    page.picture("compared")
    access.look(page, "models compared")
    page.page.get_by_label("Second model").select_option("first")
    page.page.get_by_text("Choose two models that differ").wait_for()
    page.close()
