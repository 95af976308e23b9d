"""A volume of 1024³ voxels, most of which are empty: it is turned over, painted on, and does not fill the memory."""

import json

import numpy

from page.big_volume import BigVolume, levels_made
from page.browser import Page, check
from page.turning import WATCH, Turning, memory

PROJECT = "/v1/projects/large"
VOLUME = f"{PROJECT}/volumes/image"
SIZE = 1024


def run(browser, server):
    volume = BigVolume(SIZE, "uint8", is_sparse=True)
    server.request("PUT", PROJECT, b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    print(f"check_page: uploaded in {volume.upload(server, VOLUME):.0f} s, levels {levels_made(server, VOLUME, 300):.0f} s later")
    channel = json.loads(server.request("GET", VOLUME))["channels"][0]
    # So large that the main view needs every voxel of a slice.
    page = Page(browser, f"{server.address}/#/large/image", script=WATCH, viewport={"width": 1500, "height": 1000})
    page.page.get_by_role("application").first.wait_for()
    for axis in "zyx":
        turning = Turning(page, volume, axis)
        for direction in (1, -1):
            turning.steps(6, direction)
            turning.verify((channel["low"], channel["high"]))
        check(turning.level == 0, f"the large view shows level {turning.level} of a slice that it has a pixel for each voxel of")
    through(browser, page, volume)
    paint(page, server, volume)
    page.picture("large")
    page.close()
    server.request("DELETE", PROJECT)


def through(browser, page, volume):
    """All bricks of the finest level, twice as much as the page keeps."""
    turning = Turning(page, volume, "z")
    for index in range(32, SIZE, 64):
        turning.go(index)
    held, now, most = memory(page, browser)
    print(f"check_page: after 1 GiB of bricks the page holds {held:.0f} MB, its process {now:.0f} MB, {most:.0f} MB at most")
    check(held < 1000, f"the page holds {held:.0f} MB")


def paint(page, server, volume):
    turning = Turning(page, volume, "y")
    turning.go(517)
    page.page.keyboard.press("Escape")
    turning.view.canvas.focus()
    page.page.keyboard.press("b")
    page.page.get_by_label("Brush size").fill("5")
    turning.view.canvas.focus()
    page.page.keyboard.press("2")
    turning.view.stroke([(300.5, 200.5), (300.5, 260.5)])
    page.wait(lambda: page.page.locator("[data-status=saving]").inner_text() == "Saved", "the stroke is saved")
    raw = numpy.frombuffer(server.request("GET", f"{VOLUME}/annotations/y/517?format=raw"), numpy.uint8).reshape(SIZE, SIZE)
    check((raw[300, 205:256] == 1).all() and (raw != 255).sum() < 500, "the stroke is not where it was painted")
