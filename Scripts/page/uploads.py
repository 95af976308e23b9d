"""What a file is understood as is told before it is stored, and can be put right."""

import json

import h5py
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
    store(page, server, folder / "cells.ome.zarr")
    several(page, server, folder / "two.h5")
    page.close()


def choose(page, file):
    page.page.get_by_label("Choose files").first.set_input_files(file)
    return page.page.get_by_role("listitem").filter(has_text=file.name).last


def choose_folder(page, folder):
    page.page.get_by_label("Upload: choose a folder").set_input_files(folder)
    return page.page.get_by_role("listitem").filter(has_text=folder.name).last


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
    # Sent again it replaces this volume: another's name can't be typed any more.
    check(item.get_by_label("Volume name").is_disabled(), "a volume that is stored can be given another's name")


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


def store(page, server, folder):
    """A folder that is an OME-Zarr is packed by the page; its time points can be chosen."""
    scale = {"type": "scale", "scale": [1, 2, 0.5, 0.5]}
    axes = [{"name": "t", "type": "time"}, *({"name": name, "type": "space", "unit": "micrometer"} for name in "zyx")]
    multiscales = [{"version": "0.4", "axes": axes, "datasets": [{"path": "0", "coordinateTransformations": [scale]}]}]
    (folder / "0").mkdir(parents=True)
    (folder / ".zgroup").write_text('{"zarr_format":2}')
    (folder / ".zattrs").write_text(json.dumps({"multiscales": multiscales}))
    array = {"zarr_format": 2, "shape": [2, 6, 20, 24], "chunks": [1, 6, 20, 24], "dtype": "|u1", "compressor": None, "fill_value": 0,
             "order": "C", "filters": None, "dimension_separator": "."}
    (folder / "0" / ".zarray").write_text(json.dumps(array))
    for time in range(2):
        (folder / "0" / f"{time}.0.0.0").write_bytes(bytes([10 * (time + 1) + number % 5 for number in range(6 * 20 * 24)]))
    item = choose_folder(page, folder)
    told(page, item, "OME-Zarr", "6 × 20 × 24", "2 × 0.5 × 0.5 µm", "10 to 14", "not stored yet")
    item.get_by_text("What the file can't say").click()
    item.get_by_label("Time point").fill("1")
    item.get_by_label("Time point").press("Tab")
    told(page, item, "20 to 24", "not stored yet")
    page.picture("upload-zarr")
    page.button("Upload").click()
    told(page, item, "Understood as")
    check(volumes(server)["cells"]["shape"] == {"c": 1, "z": 6, "y": 20, "x": 24}, f"{volumes(server)}")
    check(volumes(server)["cells"]["channels"][0]["minimum"] == 20, "another time point was stored than was chosen")


def several(page, server, path):
    """Of a file with several datasets one is chosen from a list."""
    with h5py.File(path, "w") as file:
        file["raw"] = numpy.arange(16 * 20 * 24, dtype=numpy.uint16).reshape(16, 20, 24)
        file["other one"] = numpy.zeros((16, 20, 24), numpy.uint8)
    item = choose(page, path)
    item.get_by_label("Which one is the image?").select_option("/raw")
    told(page, item, "HDF5", "16 × 20 × 24", "uint16", "/raw", "not stored yet")
    item.get_by_role("button", name="Don't upload two.h5").click()
