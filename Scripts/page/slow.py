"""On a slow and failing network the page goes on: what is drawn is saved while the image is on its way, and that comes in the end."""

import contextlib
import json
import re

import numpy
from playwright.sync_api import Error

from page.browser import Page, View, check
from page.tools import npy

PROJECT, DEPTH, SIZE = "slow", 200, 64
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"


class Held:
    """Keeps requests waiting until it is told to let them go; the last one fails then."""

    def __init__(self):
        self.routes = []
        self.is_open = False

    def __call__(self, route):
        route.continue_() if self.is_open else self.routes.append(route)

    def release(self):
        self.is_open = True
        *others, last = self.routes
        last.abort()
        for route in others:
            # The page may not want it any longer.
            with contextlib.suppress(Error):
                route.continue_()


def run(browser, server):
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    # Every slice of axis z has its number for a gray value.
    server.request("PUT", VOLUME, npy(numpy.arange(DEPTH, dtype=numpy.uint8).repeat(SIZE * SIZE).reshape(DEPTH, SIZE, SIZE)))
    context, held = browser.new_context(viewport={"width": 1280, "height": 720}), Held()
    context.route(re.compile(r"/bricks/\d"), held)
    page = Page(browser, f"{server.address}/#/{PROJECT}/image", expected=("ERR_", "Failed to load resource"), context=context)
    view = View(page, "z", SIZE, SIZE)
    view.canvas.wait_for()
    values, heard = page.page.locator("[data-status=values]"), page.page.locator(".unseen[role=status]")

    def pointed():
        page.page.mouse.move(*view.place(40.5, 20.5))
        return values.inner_text()

    page.wait(lambda: pointed() == "gray …" and len(held.routes) > 1, "the image is on its way")
    view.canvas.focus()
    page.page.keyboard.press("b")
    page.page.keyboard.press("2")
    view.stroke([(20.5, 20.5), (20.5, 40.5)])
    page.wait(lambda: json.loads(server.request("GET", f"{VOLUME}/annotations")), "the stroke is stored without the image")
    page.wait(lambda: heard.text_content().strip() == "Saved", "that the stroke is saved is heard")
    check(view.canvas.get_attribute("aria-busy") == "true", "the image came that was held")
    number = page.page.get_by_label("Number of the slice on axis z")
    number.fill("10")
    number.press("Enter")
    held.release()
    page.page.get_by_text("the server does not answer").first.wait_for()
    page.wait(lambda: pointed() == "gray 10", "the slice that is looked at is there")
    page.wait(lambda: {canvas.get_attribute("aria-busy") for canvas in page.page.get_by_role("application").all()} == {"false"},
              "what failed has come, too")
    page.close()
