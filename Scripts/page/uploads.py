"""What a file is understood as is told before it is stored, and can be put right."""

import json

import numpy

from page import access
from page.browser import Page, check

PROJECT = "uploads"
VOLUMES = f"/v1/projects/{PROJECT}/volumes"


def run(browser, server, folder):
    folder.mkdir()
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    numpy.save(folder / "image.npy", numpy.arange(12 * 40 * 50, dtype=numpy.uint16).reshape(12, 40, 50))
    numpy.save(folder / "other.npy", numpy.ones((12, 40, 50), numpy.uint8))
    (folder / "notes.tiff").write_text("no picture")
    page = Page(browser, f"{server.address}/#/{PROJECT}", expected=("Failed to load resource",))
    understood(page, server, folder)
    replaced(page, server, folder)
    refused(page, server, folder)
    page.close()


def choose(page, file):
    page.page.get_by_label("Choose files").first.set_input_files(file)
    return page.page.get_by_role("listitem").filter(has_text=file.name).last


def told(page, item, *facts):
    """Waits until the server's reading of a file has these facts."""
    page.wait(lambda: all(fact in item.inner_text() for fact in facts), f"{facts} are told")


def volumes(server):
    return {volume["name"]: volume for volume in json.loads(server.request("GET", VOLUMES))}


def understood(page, server, folder):
    item = choose(page, folder / "image.npy")
    told(page, item, "NPY", "12 × 40 × 50", "uint16", "0 to 23999", "does not say how far apart", "not stored yet")
    check(not volumes(server), "a file was stored before anybody said so")
    access.look(page, "a file that was looked at")
    page.picture("upload")
    item.get_by_label("Axes").select_option("czyx")
    page.wait(lambda: "axes" in item.locator(".warning").last.inner_text(), "axes that do not fit are refused")
    item.get_by_label("Axes").select_option("zyx")
    item.get_by_label("Spacing").fill("2, 0.5, 0.5")
    item.get_by_label("Unit").select_option("micrometer")
    told(page, item, "2 × 0.5 × 0.5 µm", "not stored yet")
    check(not volumes(server), "a file was stored before anybody said so")
    page.button("Upload").click()
    page.page.get_by_text("Understood as").first.wait_for()
    check(volumes(server)["image"]["spacing"] == {"z": 2, "y": 0.5, "x": 0.5, "unit": "micrometer"}, f"{volumes(server)}")


def replaced(page, server, folder):
    """A name that is taken is said; its volume is replaced only if that is asked for."""
    before = volumes(server)["image"]
    item = choose(page, folder / "other.npy")
    item.get_by_label("Volume name").fill("image")
    item.get_by_label("Volume name").press("Tab")
    box = item.get_by_role("checkbox", name="Replace image")
    box.wait_for()
    page.button("Upload").click()
    page.wait(lambda: page.button("Upload").is_enabled(), "the upload is over")
    check(volumes(server)["image"] == before, "a volume was replaced that nobody gave away")
    box.check()
    page.button("Upload").click()
    page.wait(lambda: volumes(server)["image"]["sha256"] != before["sha256"], "the volume is replaced")
    told(page, item, "Understood as")


def refused(page, server, folder):
    item = choose(page, folder / "notes.tiff")
    told(page, item, "is not known")
    item.get_by_role("button", name="Don't upload notes.tiff").click()
    item.wait_for(state="detached")
    check(not page.button("Upload").is_visible(), "there is nothing left to upload")
    check(set(volumes(server)) == {"image"}, f"{set(volumes(server))}")
