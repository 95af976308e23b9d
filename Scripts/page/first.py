"""After a training the slice that is looked at is predicted first; and volumes say how far the work on them is."""

import json

import numpy

from page import access
from page.browser import Page, View, check
from page.tools import npy

PROJECT = "first"
VOLUMES = f"/v1/projects/{PROJECT}/volumes"
# Volumes are predicted by their names: one that takes long goes before the one that is looked at.
SIZES = {"before": (96, 2560, 96), "image": (48, 48, 48)}
LOOKED_AT = 30


def run(browser, server):
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    for name, size in SIZES.items():
        image = numpy.random.default_rng(1).integers(0, 60, size).astype(numpy.uint8)
        image[:, :, size[2] // 2:] += 150
        server.request("PUT", f"{VOLUMES}/{name}", npy(image))
    card(browser, server, "Not annotated yet", "Not predicted yet")
    for name, index, role in (("before", 9, "train"), ("image", 9, "train"), ("image", 20, "test")):
        rows, _, columns = SIZES[name]
        labels = bytes([0] * (columns // 2) + [1] * (columns // 2)) * rows
        server.request("POST", f"{VOLUMES}/{name}/annotations?axis=y&index={index}&role={role}", labels)
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
    """Trains, and sees the slice of the large view predicted before the rest; returns the model's name."""
    page = Page(browser, f"{server.address}/#/{PROJECT}/image")
    view = View(page, "y", 48, 48)
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
    contents = json.loads(server.request("GET", f"{VOLUMES}/image/bricks"))
    check("prediction" not in {content["of"] for content in contents}, "all of the volume was predicted before what is looked at")
    check(f"/slices/y/{LOOKED_AT}?" in asked[0], f"asked for first was {asked[0]}")
    model = json.loads(server.request("GET", f"/v1/projects/{PROJECT}/models"))[0]["name"]
    check(all(address.endswith(f"model={model}") for address in asked), f"of {model} was asked {asked}")
    print(f"check_page: the slice that is looked at is there when {now['progress'].get('fraction') or 0:.0%} of all is predicted")
    page.picture("first")
    page.wait(lambda: page.page.locator("[data-job]").inner_text().startswith("Training done"), "the training ends", 600)
    page.close()
    return model
