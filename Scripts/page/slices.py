"""Annotated slices are seen where they cross others, all slices between two are interpolated, and an image that is replaced."""

import io
import json

import numpy

from page.browser import Page, View, check

PROJECT, DEPTH, SIZE = "slices", 16, 64
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"


def image(value):
    """An image of one value, but for a voxel."""
    file, voxels = io.BytesIO(), numpy.full((DEPTH, SIZE, SIZE), value, numpy.uint8)
    voxels[0, 0, 0] = 255 - value
    numpy.save(file, voxels)
    return file.getvalue()


def run(browser, server):
    classes = [{"name": "background", "color": "#00ff00"}, {"name": "cell", "color": "#ff0000"}]
    server.request("PUT", f"/v1/projects/{PROJECT}", json.dumps({"classes": classes}).encode())
    server.request("PUT", VOLUME, image(50))
    crossing(browser, server)
    between(browser, server)
    replaced(browser, server)


def annotate(server, axis, index, labels, **query):
    query = "&".join(f"{name}={value}" for name, value in {"axis": axis, "index": index, **query}.items())
    server.request("POST", f"{VOLUME}/annotations?{query}", labels.astype(numpy.uint8).tobytes())


def annotated(server):
    return {(part["axis"], part["index"]): part for part in json.loads(server.request("GET", f"{VOLUME}/annotations"))}


def labels(server, axis, index):
    raw = numpy.frombuffer(server.request("GET", f"{VOLUME}/annotations/{axis}/{index}?format=raw"), numpy.uint8)
    return raw.reshape({"z": (SIZE, SIZE)}.get(axis, (DEPTH, SIZE)))


def turn(page, axis, index):
    number = page.page.get_by_label(f"Number of the slice on axis {axis}")
    number.fill(str(index))
    number.press("Enter")


def open_page(browser, server, **options):
    page = Page(browser, f"{server.address}/#/{PROJECT}/image", **options)
    page.page.get_by_role("application").first.wait_for()
    return page


def said(page, view, row, column):
    """What the page says of a voxel that is pointed at."""
    page.page.mouse.move(*view.place(row + 0.5, column + 0.5))
    return page.page.locator("[data-status=labels]").inner_text()


def color(view, row, column):
    """The colour on the screen of a voxel, of which no other layer lies over the gray image."""
    box, place = view.canvas.bounding_box(), view.place(row + 0.5, column + 0.5)
    at = [(place[0] - box["x"]) / box["width"], (place[1] - box["y"]) / box["height"]]
    return view.canvas.evaluate(
        "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(canvas.width * x, canvas.height * y, 1, 1).data].slice(0, 3)", at)


def crossing(browser, server):
    lines = numpy.full((DEPTH, SIZE), 255)
    lines[:, 10:30] = 1
    annotate(server, "y", 20, lines)
    page = open_page(browser, server)
    view = View(page, "z", SIZE, SIZE)
    turn(page, "z", 3)
    page.wait(lambda: said(page, view, 20, 15) == "annotated cell", "a crossing slice is told under the pointer")
    check(said(page, view, 20, 40) == "annotated unlabeled", "what a crossing slice leaves out is unlabeled")
    page.page.mouse.move(2, 2)
    red, green, blue = color(view, 20, 15)
    check(red > green + 20 and red > blue + 20, f"a crossing slice is seen as {red, green, blue}")
    check(len(set(color(view, 40, 15))) == 1, "beside it the image is gray")
    # The slice's own labels go over what crosses it.
    view.canvas.focus()
    page.page.keyboard.press("b")
    page.page.keyboard.press("1")
    page.page.get_by_label("Brush size").fill("5")
    view.stroke([(20.5, 12), (20.5, 20)])
    check(said(page, view, 20, 15) == "annotated background", "own labels go over what crosses")
    page.page.mouse.move(2, 2)
    page.wait(lambda: color(view, 20, 15)[1] > color(view, 20, 15)[0], "own labels are seen over what crosses")
    # And they are seen at once in the views that they cross.
    turn(page, "x", 15)
    side = View(page, "x", DEPTH, SIZE)
    page.wait(lambda: said(page, side, 3, 19) == "annotated background", "a stroke is told where it crosses another view")
    page.picture("crossing")
    page.page.get_by_role("tab", name="View").click()
    page.page.get_by_role("checkbox", name="Crossing slices").set_checked(False)
    check(said(page, view, 20, 28) == "annotated unlabeled", "crossing slices can be left out")
    page.close()


def between(browser, server):
    for index, size in ((8, 10), (13, 30)):
        square = numpy.zeros((SIZE, SIZE))
        square[:size, :size] = 1
        annotate(server, "z", index, square)
    annotate(server, "z", 11, numpy.zeros((SIZE, SIZE)), role="test")
    page = open_page(browser, server)
    turn(page, "z", 9)
    page.page.get_by_role("application").first.focus()
    page.page.get_by_text("This slice", exact=True).click()
    page.button("Interpolate all slices between").click()
    page.wait(lambda: {("z", index) for index in (9, 10, 12)} <= set(annotated(server)), "the slices between are annotated")
    sizes = [int((labels(server, "z", index) == 1).sum()) for index in (8, 9, 10, 12, 13)]
    check(sizes == sorted(sizes) and sizes[1] > sizes[0], f"the squares between have {sizes} voxels")
    check((labels(server, "z", 11) == 0).all(), "a slice that is kept for a test was changed")
    page.close()


def replaced(browser, server):
    """A stroke on an image that was replaced meanwhile does not go to the other one; the page shows that."""
    page = open_page(browser, server, expected=("409",))
    page.wait(lambda: page.page.locator("[data-status=saving]").inner_text() == "Saved", "the slice is loaded")
    turn(page, "z", 1)
    before = annotated(server)
    server.request("PUT", f"{VOLUME}?replace=true", image(90))
    view = View(page, "z", SIZE, SIZE)
    view.canvas.focus()
    page.page.keyboard.press("b")
    view.stroke([(40, 40), (40, 50)])
    page.page.get_by_text("Somebody replaced this image").first.wait_for()
    page.page.get_by_text("of another image that had this name").first.wait_for()
    check(annotated(server) == before, "a stroke went to an image that nobody drew on")
    page.wait(lambda: (said(page, view, 5, 5), page.page.locator("[data-status=values]").inner_text())[1] == "gray 90",
              "the new image is shown")
    page.close()
    leaving(browser, server)


def leaving(browser, server):
    """A stroke that is sent as the page is left does not go to another image either; the browser keeps it."""
    page = open_page(browser, server, expected=("409",))
    page.wait(lambda: page.page.locator("[data-status=saving]").inner_text() == "Saved", "the slice is loaded")
    turn(page, "z", 2)
    before = annotated(server)
    view = View(page, "z", SIZE, SIZE)
    view.canvas.focus()
    page.page.keyboard.press("b")
    server.request("PUT", f"{VOLUME}?replace=true", image(120))
    with page.page.expect_response(lambda answer: answer.request.method == "POST" and "/annotations?" in answer.url) as sent:
        view.stroke([(40, 40), (40, 50)])
        page.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    check(sent.value.status == 409, f"an image that nobody drew on answered {sent.value.status} to a stroke")
    page.page.close()
    check(annotated(server) == before, "a stroke went to an image that nobody drew on")
    again = open_page(browser, server, context=page.context)
    again.page.get_by_text("of another image that had this name").first.wait_for()
    check(annotated(server) == before, "a stroke went to an image that nobody drew on")
    again.page.once("dialog", lambda question: question.accept())
    again.button("Discard").click()
    again.page.get_by_text("of another image that had this name").first.wait_for(state="detached")
    again.close()
