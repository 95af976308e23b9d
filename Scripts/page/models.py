"""Models are compared, followed over the rounds, downloaded, and predict volumes that they have not learned from."""

import json
import time
import zipfile

import numpy

from page import access
from page.browser import Page, View, check
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


def rows_of(region):
    # All at once: the table may be made anew meanwhile.
    return region.get_by_role("row").evaluate_all("rows => rows.map((row) => row.innerText.split('\\t'))")


def run(browser, server):
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    server.request("PUT", VOLUME, image(50))
    server.request("PUT", f"/v1/projects/{PROJECT}/volumes/other", image(90))
    annotate(server, "z", 2, "train")
    train(server, "first", 4)
    annotate(server, "z", 9, "train")
    annotate(server, "z", 13, "test")
    train(server, "second", 6)
    page = Page(browser, f"{server.address}/#/{PROJECT}/image")
    page.page.get_by_role("application").first.wait_for()
    page.page.get_by_role("tab", name="Results").click()
    compared = json.loads(server.request("GET", f"/v1/projects/{PROJECT}/models?compare=first,second"))["models"]
    side_by_side(page, compared)
    rounds(page, compared)
    chosen(page)
    pinned(page, server)
    files(page, server)
    unlearned(page, server)
    accepted(page, server)
    page.close()


def side_by_side(page, compared):
    page.page.get_by_text("Compare two models").first.click()
    making = page.page.get_by_role("region", name="Compare two models: How they were made")
    making.wait_for()
    rows = rows_of(making)
    check(rows[0][1:3] == ["first", "second"], f"the models that are compared are {rows[0]}")
    check(["Slices learned from", "1", "2", "+1"] in rows and ["Steps", "4", "6", "+2"] in rows, f"how they were made: {rows}")
    tests = rows_of(page.page.get_by_role("region", name="Compare two models: Test slices of the project"))
    for place, model in enumerate(compared, 1):
        shown = {row[0]: row[place] for row in tests}
        check(shown["mean IoU"] == f"{model['mean_iou']:.3f}", f"{model['model']} is shown as {shown}")
        check(shown["voxels measured"] == str(model["voxels"]), f"{model['model']} is shown as {shown}")
    page.picture("compared")
    access.look(page, "models compared")
    page.page.get_by_label("Second model").select_option("first")
    page.page.get_by_text("Choose two models that differ").wait_for()
    page.page.get_by_text("Compare two models").first.click()


def rounds(page, compared):
    """Every model on the same test slices, oldest first, with each class."""
    page.page.get_by_text("All models over the rounds").click()
    region = page.page.get_by_role("region", name="All models over the rounds")
    region.wait_for()
    shown = rows_of(region)
    check(shown[0][:2] == ["Model", "mean IoU"] and [row[0] for row in shown[1:]] == ["first", "second"], f"{shown}")
    for row, model in zip(shown[1:], compared):
        wanted = [model["mean_iou"], *(model["iou"][name] for name in shown[0][2:])]
        check(row[1:] == ["–" if iou is None else f"{iou:.3f}" for iou in wanted], f"{row} of {model}")
    page.page.get_by_role("img", name="mean IoU:").wait_for()
    page.picture("rounds")
    access.look(page, "models over the rounds")


def chosen(page):
    """What is downloaded is the prediction of the model that is looked at."""
    for model in ("first", "second"):
        page.page.get_by_label("Model", exact=True).first.select_option(model)
        page.page.get_by_role("tab", name="Download").click()
        page.page.get_by_text(f"Predicted by the model {model}").wait_for()
        with page.page.expect_download() as waiting:
            page.button("Download prediction").click()
        check(f"-{model}." in waiting.value.suggested_filename, f"of {model} came {waiting.value.suggested_filename}")
        page.page.get_by_role("tab", name="Results").click()


def pinned(page, server):
    """The model that is chosen is pinned, and it is the one that is unpinned."""
    def goes_by():
        return json.loads(server.request("GET", f"/v1/projects/{PROJECT}"))["model"]

    page.page.get_by_label("Model", exact=True).first.select_option("first")
    page.button("Pin first").click()
    page.button("Unpin first").wait_for()
    check(goes_by() == "first", f"the project goes by {goes_by()}")
    page.page.get_by_label("Model", exact=True).first.select_option("")
    page.button("Unpin first").click()
    page.button("Pin second").wait_for()
    check(goes_by() is None, f"the project goes by {goes_by()}")


def files(page, server):
    """Models come as files for other programs, and from files."""
    page.page.goto(f"{server.address}#/{PROJECT}")
    page.page.get_by_text("Download a model").click()
    page.page.get_by_label("Model", exact=True).select_option("second")
    saved = {}
    for form, ending in (("safetensors", "safetensors"), ("onnx", "onnx"), ("bioimageio", "zip")):
        page.page.get_by_label("Format of the model").select_option(form)
        if form == "bioimageio":
            page.page.get_by_label("License").fill("CC-BY-4.0")
            page.page.get_by_label("Authors").fill("Ada Lovelace")
        with page.page.expect_download() as waiting:
            page.button("Download model").click()
        saved[form] = waiting.value.path()
        check(waiting.value.suggested_filename.endswith(f".{ending}"), waiting.value.suggested_filename)
    with zipfile.ZipFile(saved["bioimageio"]) as package:
        description = package.read("rdf.yaml").decode()
        check("Ada Lovelace" in description and "CC-BY-4.0" in description, description)
    page.picture("model-files")
    access.look(page, "models as files")
    page.page.get_by_text("Bring a model").click()
    page.page.get_by_label("Weights of a model").set_input_files(
        {"name": "brought.safetensors", "mimeType": "", "buffer": saved["safetensors"].read_bytes()})
    page.button("Bring the model").click()
    page.page.get_by_text("brought is a model of this project").wait_for()
    models = page.page.get_by_role("region", name="Models")
    models.get_by_text("brought", exact=True).wait_for()
    rows = rows_of(models)
    check([row[0] for row in rows[1:]] == ["brought", "second", "first"], f"the models are listed as {rows}")
    check(rows[2][2:4] == ["first", "2"], f"second came from {rows[2]}")


def unlearned(page, server):
    """A volume that no model has learned from is predicted: from its page, and from that of the project."""
    page.page.goto(f"{server.address}#/{PROJECT}/other")
    page.button("Predict this volume").click()
    page.page.get_by_text("The volume is predicted").first.wait_for(timeout=120000)
    page.button("Predict this volume").wait_for(state="hidden")
    server.request("GET", f"/v1/projects/{PROJECT}/volumes/other/prediction?model=brought&format=raw")
    page.page.goto(f"{server.address}#/{PROJECT}")
    page.button("Predict all volumes by first").click()
    jobs = page.page.get_by_role("region", name="Jobs")
    page.wait(lambda: len([row for row in rows_of(jobs) if row[1:3] == ["Prediction", "Done"]]) == 2, "all volumes are predicted", 120)
    server.request("GET", f"/v1/projects/{PROJECT}/volumes/other/prediction?model=first&format=raw")


def stored(server):
    return any((part["axis"], part["index"]) == ("z", 5) for part in json.loads(server.request("GET", f"{VOLUME}/annotations")))


def accepted(page, server):
    """A stroke accepts the prediction where it goes."""
    page.page.goto(f"{server.address}#/{PROJECT}/image")
    view = View(page, "z", 64, 64)
    view.canvas.wait_for()
    number = page.page.get_by_label("Number of the slice on axis z")
    number.fill("5")
    number.press("Enter")
    page.page.get_by_label("Brush size").fill("12")
    page.page.get_by_role("radio", name="What is predicted").check()
    end = time.monotonic() + 60
    while not stored(server):
        # The page drops a stroke, and says so, while the prediction is on its way, be it for the first time or anew: a person draws it again.
        check(time.monotonic() < end, f"no stroke accepts the prediction; the page says {page.page.locator('[data-status=said]').inner_text()!r}")
        page.wait(lambda: page.page.locator(".toolbox").get_attribute("aria-busy") == "false", "the prediction is there")
        view.stroke([(30, 8), (30, 56)])
        page.wait(lambda: page.page.locator("[data-status=saving]").inner_text() == "Saved", "what was drawn is saved")
    drawn, predicted = (numpy.frombuffer(server.request("GET", path), numpy.uint8) for path in (
        f"{VOLUME}/annotations/z/5?format=raw", f"{VOLUME}/prediction/slices/z/5?format=raw"))
    inside = drawn != 255
    check(inside.sum() > 300, f"the stroke has {inside.sum()} voxels")
    check((drawn[inside] == predicted[inside]).all(), "what a stroke accepted is not what is predicted")
