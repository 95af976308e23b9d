"""Labels of other programs come from files: as annotations, which can be taken back, and as a truth."""

import json

import numpy

from page import access
from page.browser import Page, check
from page.slices import DEPTH, SIZE, image

PROJECT = "labels"
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"


def run(browser, server, folder):
    folder.mkdir()
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    server.request("PUT", VOLUME, image(50))
    labels = numpy.full((DEPTH, SIZE, SIZE), 255, numpy.uint8)
    labels[5, 10:20] = 1
    numpy.save(folder / "labels.npy", labels)
    numpy.save(folder / "mask.npy", numpy.where(labels == 1, 255, 0).astype(numpy.uint8))
    page = Page(browser, f"{server.address}/#/{PROJECT}/image", expected=("Failed to load resource",))
    page.page.get_by_role("application").first.wait_for()
    page.page.get_by_role("tab", name="Download").click()
    annotations(page, server, folder)
    truth(page, server, folder)
    page.close()


def annotated(server):
    return {(part["axis"], part["index"]): part["voxels"]["cell"] for part in json.loads(server.request("GET", f"{VOLUME}/annotations"))}


def answer(page, is_accepted):
    """Answers the next question, and keeps it."""
    asked = []

    def dialog(question):
        asked.append(question.message)
        question.accept() if is_accepted else question.dismiss()

    page.page.once("dialog", dialog)
    return asked


def annotations(page, server, folder):
    page.page.get_by_label("File of labels").set_input_files(folder / "labels.npy")
    access.look(page, "labels from a file")
    asked = answer(page, False)
    page.button("Use these labels").click()
    page.page.get_by_text("Nothing was changed").wait_for()
    check("1 slice" in asked[0] and "640 voxels get a class" in asked[0], f"asked was {asked}")
    check(annotated(server) == {}, "annotations came that nobody agreed to")
    answer(page, True)
    page.button("Use these labels").click()
    page.page.get_by_text("1 slice was changed").wait_for()
    check(annotated(server) == {("z", 5): 640}, f"annotated is {annotated(server)}")
    page.page.get_by_label("Number of the slice on axis z").fill("5")
    page.page.get_by_label("Number of the slice on axis z").press("Enter")
    page.button("Take all of it back").click()
    page.page.get_by_text("It is as it was before").wait_for()
    check(annotated(server) == {}, f"annotated is {annotated(server)}")


def truth(page, server, folder):
    """A mask that could mean two things is refused with the remedy, which is taken from a field."""
    page.page.get_by_label("What they are").select_option("truth")
    page.page.get_by_label("File of labels").set_input_files(folder / "mask.npy")
    page.button("Use these labels").click()
    page.page.get_by_text("values=").first.wait_for()
    page.page.get_by_text("What the file can't say").last.click()
    page.page.get_by_label("What its values mean").fill("0:background,255:cell")
    page.button("Use these labels").click()
    page.page.get_by_text("The truth is stored").wait_for()
    page.page.get_by_role("tab", name="View").click()
    page.page.get_by_role("checkbox", name="Truth").wait_for()
    check(json.loads(server.request("GET", VOLUME))["truth"], "there is no truth")
