"""After a training the slice that is looked at is predicted first; and volumes say how far the work on them is."""

import json

import numpy

from page import access
from page.browser import Page, View, check
from page.tools import npy

PROJECT, ROWS, DEPTH = "first", 96, 640
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"
# The last that a prediction of all of the volume comes to.
LOOKED_AT = DEPTH - 8


def run(browser, server):
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    # Long on axis y: a slice of it needs a small part of the volume.
    image = numpy.random.default_rng(1).integers(0, 60, (ROWS, DEPTH, ROWS)).astype(numpy.uint8)
    image[:, :, ROWS // 2:] += 150
    server.request("PUT", VOLUME, npy(image))
    card(browser, server, "Not annotated yet", "Not predicted yet")
    labels = numpy.repeat([[0, 1]], ROWS // 2, 1).astype(numpy.uint8).repeat(ROWS, 0)
    for index, role in ((LOOKED_AT - 3, "train"), (20, "test")):
        server.request("POST", f"{VOLUME}/annotations?axis=y&index={index}&role={role}", labels.tobytes())
    card(browser, server, "2 slices annotated (y 2), 1 kept for a test", "Not predicted yet")
    model = looked_at(browser, server)
    card(browser, server, "2 slices annotated (y 2), 1 kept for a test", f"Predicted by {model}")


def card(browser, server, *told):
    page = Page(browser, f"{server.address}/#/{PROJECT}")
    volume = page.page.get_by_role("article").filter(has_text="image")
    page.wait(lambda: all(words in volume.inner_text() for words in told), f"the volume says {told}")
    access.look(page, "a volume that says how far it is")
    page.close()


def few(route):
    """Asks for few steps in place of seconds."""
    request = route.request
    if request.method != "POST":
        return route.continue_()
    route.continue_(post_data=json.dumps(request.post_data_json | {"budget": {"steps": 5}}))


def job(server):
    return json.loads(server.request("GET", f"/v1/projects/{PROJECT}/jobs"))[0]


def looked_at(browser, server):
    """Trains, and sees the slice of the large view predicted while the rest is not; returns the model's name."""
    page = Page(browser, f"{server.address}/#/{PROJECT}/image")
    view = View(page, "y", ROWS, ROWS)
    view.canvas.wait_for()
    page.page.keyboard.press("Alt+2")
    number = page.page.get_by_label("Number of the slice on axis y")
    number.fill(str(LOOKED_AT))
    number.press("Enter")
    asked = []
    page.page.on("request", lambda request: asked.append(request.url) if "/prediction/slices/" in request.url else None)
    page.page.route("**/v1/projects/*/jobs", few)
    page.page.get_by_label("How long").select_option("quick")
    page.button("Train").click()
    said = page.page.locator("[data-status=labels]")

    def told():
        page.page.mouse.move(*view.place(40.5, 20.5))
        return "predicted" in said.inner_text()

    page.wait(told, "the slice that is looked at is predicted", 300)
    now = job(server)
    check(now["state"] == "running", f"the slice that is looked at came when all was over: the job has {now['state']}")
    contents = json.loads(server.request("GET", f"{VOLUME}/bricks"))
    check("prediction" not in {content["of"] for content in contents}, "all of the volume was predicted before what is looked at")
    check(f"/slices/y/{LOOKED_AT}?" in asked[0], f"asked for first was {asked[0]}")
    check(all(f"model={now['model']}" in address for address in asked), f"of {now['model']} was asked {asked}")
    page.picture("first")
    page.wait(lambda: page.page.locator("[data-job]").inner_text().startswith("Training done"), "the training ends", 600)
    page.close()
    return job(server)["model"]
