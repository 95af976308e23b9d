"""The tour of a first visit, from an empty server to a prediction; `picture` makes the README's picture of it."""

import json

import numpy

from page import access, loop
from page.browser import Page, View, check
from server import running

SHAPE = (40, 96, 96)
VOLUME = "/v1/projects/tour/volumes/phantom"


def run(browser, program, folder):
    folder.mkdir()
    with running(program, folder) as server:
        page = begin(browser, server)
        page.page.get_by_text("Turn the wheel over the large view").wait_for()
        access.look(page, "the tour")
        view = View(page, "z", *SHAPE[1:])
        truth = labels(server, "truth")
        # As the steps say: each class on a slice, and one of another axis.
        for label in range(3):
            view.canvas.focus()
            page.page.keyboard.press("b")
            page.page.get_by_label("Brush size").fill("3")
            page.page.get_by_role("radio").nth(label).check()
            for row, first, last in loop.runs(truth[20] == label, 4)[:12]:
                view.stroke([(row + 0.5, first + 1.5), (row + 0.5, last - 0.5)])
        page.wait(lambda: page.page.locator("[data-status=saving]").inner_text() == "Saved", "the strokes are saved")
        loop.train(page)
        prediction = labels(server, "prediction")
        check((prediction == truth).mean() > 0.5, f"only {(prediction == truth).mean():.0%} of the tour's prediction is right")
        page.button("Next suggestion").click()
        page.wait(lambda: "uncertainty" in page.page.locator("[data-status=said]").inner_text(), "where the suggestion is, is told")
        page.picture("tour")
        # The tour was for a first visit.
        page.page.goto(server.address)
        page.page.get_by_role("link", name="tour").wait_for()
        check(page.button("Begin the tour").count() == 0, "the tour is offered to those who have a project")
        page.close()


def begin(browser, server, **options):
    page = Page(browser, server.address, **options)
    page.page.get_by_text("There is no project yet").wait_for()
    page.button("Begin the tour").click()
    page.page.get_by_role("application").first.wait_for()
    return page


def labels(server, what):
    raw = numpy.frombuffer(server.request("GET", f"{VOLUME}/{what}?format=raw"), numpy.uint8)
    return raw.reshape(SHAPE)


def picture(browser, program, folder):
    """The README's picture: `cp .build/page/workbench.png Documentation/`."""
    folder.mkdir()
    with running(program, folder) as server:
        page = begin(browser, server, viewport={"width": 1200, "height": 640}, color_scheme="dark")
        truth = labels(server, "truth")
        for axis, index, row, column, rows, columns in (("z", 20, 16, 15, 44, 46), ("y", 40, 4, 20, 32, 40), ("x", 30, 4, 10, 32, 60)):
            part = numpy.take(truth, index, "zyx".index(axis))[row:row + rows, column:column + columns]
            server.request("POST", f"{VOLUME}/annotations?axis={axis}&index={index}&region={row},{column},{rows},{columns}",
                           numpy.ascontiguousarray(part).tobytes())
        page.page.reload()
        page.page.get_by_role("application").first.wait_for()
        page.page.get_by_label("How long").select_option("usual")
        page.button("Train").click()
        page.wait(lambda: page.page.locator("[data-job]").inner_text().startswith("Training done"), "the training ends", 900)
        page.page.get_by_role("tab", name="View").click()
        page.page.locator(".notes button").first.click()
        page.page.mouse.move(*View(page, "z", *SHAPE[1:]).place(40.5, 74.5))
        page.wait(lambda: "predicted" in page.page.locator("[data-status=labels]").inner_text(), "the prediction is seen")
        page.picture("workbench")
        results = json.loads(server.request("GET", f"{VOLUME}/report"))
        print(f"check_page: the picture's prediction has an IoU of {results['truth']['mean_iou']:.3f}")
        page.close()
