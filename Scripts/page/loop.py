"""The whole loop as a person does it, from the address alone: project, image, strokes, training, prediction, download."""

import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy

from page.browser import Page, View, check

PROJECT = "loop"


@dataclass
class Sample:
    """An image, and what is right of its voxels: z, y, x."""

    image: Path
    truth: numpy.ndarray

    @staticmethod
    def of(image, label):
        truth = numpy.asarray(nibabel.load(label).dataobj).squeeze().transpose(2, 1, 0)
        return Sample(image, (truth > 0).astype(numpy.uint8))

    @property
    def name(self):
        return self.image.name.split(".")[0]


def furnish(server, sample):
    """The project and the image alone, for parts that come without the loop."""
    server.request("PUT", f"/v1/projects/{PROJECT}", json.dumps({"classes": [{"name": "background"}, {"name": "nucleus"}]}).encode())
    server.request("PUT", f"/v1/projects/{PROJECT}/volumes/image", sample.image.read_bytes())


def create(page):
    """Makes the project with two classes."""
    page.page.get_by_label("Project name").fill(PROJECT)
    page.page.get_by_label("Name of class 2").fill("nucleus")
    page.button("Create project").click()
    page.page.get_by_role("heading", name=PROJECT).wait_for()


def upload(page, sample):
    page.page.get_by_label("Choose files").first.set_input_files(sample.image)
    page.page.get_by_label("Volume name").fill("image")
    page.button("Upload").click()
    page.page.get_by_text("Understood as").first.wait_for()
    z, y, x = sample.truth.shape
    told = page.page.get_by_text("Understood as").first.inner_text()
    check(f"{z} × {y} × {x}" in told, f"the page understood {told}")
    page.page.get_by_role("link", name="Open").click()
    page.page.get_by_role("application").first.wait_for()


def point(page, sample):
    """What the page says of the voxel under the pointer is what the file has."""
    gray = numpy.asarray(nibabel.load(sample.image).dataobj).squeeze().transpose(2, 1, 0)
    spacing = [float(length) for length in nibabel.load(sample.image).header.get_zooms()[:3]]
    depth, height, width = gray.shape
    view = View(page, "z", height, width, spacing[1], spacing[0])
    for row, column in ((3, 5), (height // 2, width - 2), (height - 1, 0)):
        page.page.mouse.move(*view.place(row + 0.5, column + 0.5))
        told = page.page.locator("[data-status=values]")
        wanted = f"gray {gray[depth // 2, row, column]}"
        page.wait(lambda: told.inner_text() == wanted, f"{wanted} at row {row}, column {column}", 10)


# A quick training is of so many steps here, with a seed: it learns the same however busy the machine is.
STEPS, SEED = 150, 1


def runs(mask, least=6):
    """Horizontal runs of voxels that a brush of three rows paints without leaving a mask, a row in three: (row, first, last)."""
    found = []
    for row in range(2, mask.shape[0] - 2, 3):
        inside = mask[row - 1:row + 2].all(0)
        edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], inside.astype(int), [0]))))
        found += [(row, first, last - 1) for first, last in edges.reshape(-1, 2) if last - first >= least]
    return found


def paint(page, server, sample, axis, index, spacing, most=24, predicted=None):
    """Paints strokes into what is right, those first that correct most of a prediction if there is one.

    Returns how many voxels the server then has of each class.
    """
    truth = numpy.take(sample.truth, index, "zyx".index(axis))
    wrong = numpy.zeros_like(truth) if predicted is None else numpy.take(predicted, index, "zyx".index(axis)) != truth
    rows, columns = {"z": "yx", "y": "zx", "x": "zy"}[axis]
    page.page.keyboard.press("Escape")
    number = page.page.get_by_label(f"Number of the slice on axis {axis}")
    number.fill(str(index))
    number.press("Enter")
    view = View(page, axis, *truth.shape, spacing[rows], spacing[columns])
    view.canvas.focus()
    page.page.keyboard.press("b")
    page.page.get_by_label("Brush size").fill("3")
    for label in (1, 0):
        view.canvas.focus()
        page.page.keyboard.press(str(label + 1))
        strokes = sorted(runs(truth == label), key=lambda run: (-wrong[run[0], run[1]:run[2] + 1].sum(), run[1] - run[2]))[:most]
        for row, first, last in strokes:
            view.stroke([(row + 0.5, first + 2), (row + 0.5, last - 1)])
    page.wait(lambda: page.page.locator("[data-status=saving]").inner_text() == "Saved", "the strokes are saved")
    slices = json.loads(server.request("GET", f"/v1/projects/{PROJECT}/volumes/image/annotations"))
    found = [part for part in slices if (part["axis"], part["index"]) == (axis, index)]
    check(found and found[0]["voxels"]["nucleus"] > 20, f"painted on {axis} {index}, the server has {slices}")
    raw = numpy.frombuffer(
        server.request("GET", f"/v1/projects/{PROJECT}/volumes/image/annotations/{axis}/{index}?format=raw"), numpy.uint8)
    raw = raw.reshape(truth.shape)
    right = (raw == truth)[raw != 255].mean()
    check(right > 0.9, f"only {right:.0%} of the painted voxels of {axis} {index} are where the pointer was")
    return found[0]["voxels"]


def counted(route):
    """Asks for steps in place of seconds."""
    request = route.request
    if request.method != "POST":
        return route.continue_()
    job = request.post_data_json
    check("seconds" in job["budget"], f"the page asks for {job}")
    route.continue_(post_data=json.dumps(job | {"recipe": {"preset": job["recipe"], "seed": SEED}, "budget": {"steps": STEPS}}))


def train(page, seconds=600):
    page.page.route("**/v1/projects/*/jobs", counted)
    page.page.get_by_role("tab", name="Train").click()
    page.page.get_by_label("How long").select_option("quick")
    page.button("Train").click()
    page.button("Cancel training").wait_for()
    page.wait(lambda: page.page.get_by_role("img", name="Loss and IoU by step").locator("path.loss").get_attribute("d"),
              "a curve of the loss", 60)
    page.picture("training")
    page.wait(lambda: page.page.locator("[data-job]").inner_text().startswith("Training done"), "the training ends", seconds)


def worst(sample, predicted, axis):
    """The slice on an axis of which most is predicted wrongly."""
    others = tuple(other for other in range(3) if other != "zyx".index(axis))
    return int((predicted != sample.truth).sum(others).argmax())


def mean_iou(server):
    return json.loads(server.request("GET", f"/v1/projects/{PROJECT}/volumes/image/report"))["truth"]["mean_iou"]


def run(browser, server, sample):
    page = Page(browser, server.address)
    create(page)
    upload(page, sample)
    volume = json.loads(server.request("GET", f"/v1/projects/{PROJECT}/volumes/image"))
    depth, height, width = sample.truth.shape
    point(page, sample)
    before = View(page, "z", height, width).colors()
    page.picture("opened")
    paint(page, server, sample, "z", depth // 2, volume["spacing"])
    check(View(page, "z", height, width).colors() != before, "nothing is seen of the strokes")
    paint(page, server, sample, "y", height // 2, volume["spacing"])
    page.picture("painted")
    train(page)
    prediction(page, server)
    server.request("PUT", f"/v1/projects/{PROJECT}/volumes/image/truth?values=0:background,1:nucleus", truth_file(sample))
    first = mean_iou(server)
    page.page.keyboard.press("Escape")
    page.page.get_by_role("application").first.focus()
    page.page.keyboard.press("n")
    # Corrected where most is wrong, on an axis that the model has not learned from, and once more on another.
    predicted = numpy.load(io.BytesIO(server.request("GET", f"/v1/projects/{PROJECT}/volumes/image/prediction?format=npy")))
    for axis in "xz":
        paint(page, server, sample, axis, worst(sample, predicted, axis), volume["spacing"], predicted=predicted)
    train(page)
    second = mean_iou(server)
    print(f"check_page: IoU {first:.3f} after the first round, {second:.3f} after the second")
    check(second >= first, f"the second round made it worse: {first:.3f}, then {second:.3f}")
    objects(page, server)
    download(page, sample)
    page.close()


def prediction(page, server):
    """The prediction is seen: the views look otherwise without it."""
    page.page.get_by_role("tab", name="View").click()
    box = page.page.get_by_role("checkbox", name="Prediction")
    view = page.page.get_by_role("application", name="View of axis x")
    shown = lambda: View(page, "x", 1, 1).colors()
    view.wait_for()
    box.set_checked(False)
    without = shown()
    box.set_checked(True)
    page.wait(lambda: shown() != without, "the prediction is seen")
    page.picture("predicted")


def objects(page, server):
    """Objects are listed with their sizes, lead to their places, and come as a table."""
    page.page.get_by_role("tab", name="Results").click()
    page.page.get_by_label("Class of the objects").select_option("nucleus")
    page.page.get_by_label("Smallest, in voxels").fill("50")
    listed = json.loads(server.request("GET", f"/v1/projects/{PROJECT}/volumes/image/objects?class=nucleus&min-voxels=50"))["objects"]
    chosen = listed[min(1, len(listed) - 1)]
    page.button("Find objects").click()
    page.button(f"Go to object {chosen['id']}").wait_for()
    rows = page.page.get_by_role("region", name="Objects").get_by_role("row").evaluate_all(
        "rows => rows.slice(1).map((row) => row.innerText.split('\\t'))")
    check(len(rows) == min(200, len(listed)), f"{len(rows)} rows of {len(listed)} objects")
    for row, found in zip(rows, sorted(listed, key=lambda found: -found["voxels"])):
        measured = [found["voxels"], found["volume"], *(found["center"][axis] for axis in "zyx")]
        near = all(abs(float(shown) - value) <= 1e-3 * abs(value) + 1e-9 for shown, value in zip(row[1:], measured))
        check(near and len(row) == 6, f"an object of {measured} is listed as {row}")
    page.button(f"Go to object {chosen['id']}").click()
    for axis, middle in chosen["center"].items():
        shown = int(page.page.get_by_label(f"Number of the slice on axis {axis}").input_value())
        check(abs(shown - middle) <= 0.5, f"object {chosen['id']} has its middle at {middle} on {axis}, and slice {shown} is shown")
    page.picture("objects")
    with page.page.expect_download() as waiting:
        page.button("Objects as CSV").click()
    table = server.request("GET", f"/v1/projects/{PROJECT}/volumes/image/objects?class=nucleus&min-voxels=50&format=csv")
    check(waiting.value.path().read_bytes() == table, "the file is not the server's table")
    check(len(table.splitlines()) == len(listed) + 1, f"the file has {len(table.splitlines())} lines")


def truth_file(sample):
    image = nibabel.Nifti1Image(sample.truth.transpose(2, 1, 0), nibabel.load(sample.image).affine)
    return gzip.compress(image.to_bytes(), 1)


def download(page, sample):
    page.page.get_by_role("tab", name="Download").click()
    for form in ("nii.gz", "npy", "tiff"):
        page.page.get_by_label("Format", exact=True).select_option(form)
        with page.page.expect_download() as waiting:
            page.button("Download prediction").click()
        path = waiting.value.path()
        check(waiting.value.suggested_filename.endswith(form), waiting.value.suggested_filename)
        check(path.stat().st_size > 1000, f"the prediction as {form} is empty")
        if form == "npy":
            check(numpy.load(path).shape == sample.truth.shape, "the prediction has another shape")
