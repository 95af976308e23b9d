"""Channels have the names and the colours that their file gives them: before they are stored, and when they are looked at."""

import json

from page import access
from page.browser import Page, View, check
from page.slices import color
from page.uploads import choose_folder, told

PROJECT, DEPTH, ROWS, COLUMNS = "channels", 6, 20, 24
# Names come from people, and are text.
NAMES = ("<b>DAPI</b>", "GFP")


def run(browser, server, folder):
    server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
    store(folder / "two.ome.zarr")
    page = Page(browser, f"{server.address}/#/{PROJECT}")
    item = choose_folder(page, folder / "two.ome.zarr")
    told(page, item, f"channel 0, {NAMES[0]}: 10 to 200", f"channel 1, {NAMES[1]}: 10 to 200", "not stored yet")
    page.button("Upload").click()
    page.page.get_by_text("Understood as").first.wait_for()
    page.page.get_by_role("link", name="Open").click()
    view = View(page, "z", ROWS, COLUMNS)
    view.canvas.wait_for()
    page.page.get_by_role("tab", name="View").click()
    for index, (name, hue) in enumerate(zip(NAMES, ("#0000ff", "#00ff00"))):
        page.page.get_by_role("checkbox", name=f"Channel {index}: {name}", exact=True).wait_for()
        shown = page.page.get_by_label(f"Colour of channel {index}").input_value()
        check(shown == hue, f"channel {index} is shown in {shown}")
    # The first channel is bright on the left side, the other on the right.
    page.wait(lambda: color(view, 4, 4)[2] > 200, "the first channel is blue")
    check(max(color(view, 4, 4)[:2]) < 30, f"the first channel is {color(view, 4, 4)}")
    page.wait(lambda: color(view, 4, 20)[1] > 200, "the second channel is green")
    # By its key, which the control goes along with.
    view.canvas.focus()
    page.page.keyboard.press("o")
    page.wait(lambda: page.page.get_by_role("checkbox", name="Only gray values").is_checked(), "a key masks by gray values")
    listed = page.page.get_by_label("Gray values of channel").locator("option").all_inner_texts()
    check(listed == [f"{index}: {name}" for index, name in enumerate(NAMES)], f"the channels to paint by are {listed}")
    access.look(page, "channels with names")
    page.picture("channels")
    page.close()


def store(folder):
    """An OME-Zarr of two channels with their looks."""
    axes = [{"name": "c", "type": "channel"}, *({"name": name, "type": "space", "unit": "micrometer"} for name in "zyx")]
    scale = {"type": "scale", "scale": [1, 0.5, 0.5, 0.5]}
    attributes = {
        "multiscales": [{"version": "0.4", "axes": axes, "datasets": [{"path": "0", "coordinateTransformations": [scale]}]}],
        "omero": {"channels": [{"label": name, "color": hue} for name, hue in zip(NAMES, ("0000FF", "00FF00"))]},
    }
    array = {"zarr_format": 2, "shape": [2, DEPTH, ROWS, COLUMNS], "chunks": [1, DEPTH, ROWS, COLUMNS], "dtype": "|u1", "compressor": None,
             "fill_value": 0, "order": "C", "filters": None, "dimension_separator": "."}
    (folder / "0").mkdir(parents=True)
    (folder / ".zgroup").write_text('{"zarr_format":2}')
    (folder / ".zattrs").write_text(json.dumps(attributes))
    (folder / "0" / ".zarray").write_text(json.dumps(array))
    half = COLUMNS // 2
    for channel, row in enumerate(([200] * half + [10] * half, [10] * half + [200] * half)):
        (folder / "0" / f"{channel}.0.0.0").write_bytes(bytes(row) * ROWS * DEPTH)
