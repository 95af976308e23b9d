"""Opens volumes in Neuroglancer by their links, in Chromium, and compares what it draws, voxel by voxel.

The page is the one that the package `neuroglancer` of PyPI carries. Chromium draws it without a graphics card.
"""

import importlib.util
import json
import urllib.parse
from pathlib import Path

import numpy
import zarr

from page.browser import PICTURES, chromium
from server import web_server

FLAGS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
# What is drawn: the volume, a path in its OME-Zarr, the level, the plane on z, the channel.
PLANES = (
    ("odd", "", 0, 40, 1),
    ("odd", "", 1, 20, 0),
    ("whole", "probability", 0, 3, 1),
    ("whole", "uncertainty", 1, 2, 0),
    ("whole", "labels/annotation", 0, 1, None),
    ("whole", "labels/annotation", 1, 1, None),
    ("whole", "labels/prediction", 0, 2, None),
    ("whole", "labels/truth", 0, 4, None),
    ("whole", "labels/objects/a", 0, 2, None),
)
METERS = {"micrometer": 1e-6, "nanometer": 1e-9}
# Pixels of the screen along a voxel, and how many seconds a plane may take.
SIZE, PATIENCE = 6, 90
# Of 16 bits the upper ones are red, the lower ones green.
SHADER = "void main() { uint v = toRaw(getDataValue()); emitRGB(vec3(float(v >> 8), float(v & 255u), 0.0) / 255.0); }"
COLORS = numpy.array([[0, 0, 0], [255, 0, 0], [0, 255, 0]])

# Whether the layer of a name, and no other, has been drawn completely each of the last times that this was asked.
IS_DRAWN = """name => {
    const viewer = window.viewer, layers = viewer?.layerManager.managedLayers ?? [];
    if (layers.length !== 1 || layers[0].name !== name) return false;
    for (const source of layers[0].layer?.dataSources ?? []) if (source.loadState?.error) throw source.loadState.error;
    const asked = window.asked?.name === name ? window.asked : { name, times: 0 };
    asked.times = viewer.isReady() ? asked.times + 1 : 0;
    window.asked = asked;
    return asked.times > 3;
}"""
# The colours in the middles of rows × columns of voxels of a height and width in pixels, with the middle of `all` in the panel's.
PIXELS = """({ rows, columns, height, width, all }) => {
    viewer.display.draw();
    const { canvas, panels } = viewer.display, panel = [...panels].find(panel => panel.sliceView);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height), colors = [];
    const top = panel.canvasRelativeClippedTop + (panel.renderViewport.height - all[0]) / 2;
    const left = panel.canvasRelativeClippedLeft + (panel.renderViewport.width - all[1]) / 2;
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
        const y = Math.floor(top + (row + 0.5) * height), x = Math.floor(left + (column + 0.5) * width);
        colors.push(...data.slice(4 * (y * canvas.width + x), 4 * (y * canvas.width + x) + 3));
    }
    return colors;
}"""


def state(name, source, spacing, factors, middle, channel, are_classes):
    """What Neuroglancer is told by its address: one layer, on axis z, so large that a voxel of level 0 has `SIZE` pixels."""
    layer = {"name": name, "source": source, "crossSectionRenderScale": SIZE * max(factors[1:])}
    if are_classes:
        colors = {str(label): "#%02x%02x%02x" % tuple(color) for label, color in enumerate(COLORS)}
        layer |= {"type": "segmentation", "segmentColors": colors, "selectedAlpha": 1}
    else:
        layer |= {"type": "image", "shader": SHADER, "opacity": 1}
    if channel is not None:
        layer |= {"localDimensions": {"c'": [1, ""]}, "localPosition": [channel]}
    return {
        "dimensions": {axis: [spacing["zyx".index(axis)], "m"] for axis in "xyz"}, "position": list(reversed(middle)),
        "crossSectionScale": 1 / SIZE, "layout": "xy", "layers": [layer], "crossSectionBackgroundColor": "#000000",
        "showAxisLines": False, "showScaleBar": False, "showDefaultAnnotations": False}


def check_plane(page, viewer, address, version, plane, expect):
    volume, path, level, index, channel = plane
    what = f"{volume}, {path or 'image'}, level {level} in format {version}"
    are_classes = path.startswith("labels/") and "objects" not in path
    group = zarr.open_group(f"{address}/{path}".rstrip("/"), mode="r")
    attributes = group.attrs.asdict()
    multiscale = attributes.get("ome", attributes)["multiscales"][0]
    scales = numpy.array([each["coordinateTransformations"][0]["scale"][-3:] for each in multiscale["datasets"]])
    spacing, factors = scales[0] * METERS[multiscale["axes"][-1]["unit"]], scales[level] / scales[0]
    whole = group["0"].shape[-3:]
    # A voxel's number is the place of its middle. Coarse voxels at the end may stand for fewer and are left out.
    middle = [(index + 0.5) * factors[0] - 0.5, (whole[1] - 1) / 2, (whole[2] - 1) / 2]
    rows, columns = (int(all // factor) for all, factor in zip(whole[1:], factors[1:]))
    source = f"{address}/{path}".rstrip("/") + f"/|zarr{version}:"
    told = state(what, source, list(spacing), list(factors), middle, channel, are_classes)
    page.goto(f"{viewer}#!{urllib.parse.quote(json.dumps(told))}")
    page.wait_for_function(IS_DRAWN, arg=what, timeout=PATIENCE * 1000, polling=50)
    colors = page.evaluate(PIXELS, {
        "rows": rows, "columns": columns, "height": SIZE * factors[1], "width": SIZE * factors[2],
        "all": [SIZE * all for all in whole[1:]]})
    found = numpy.array(colors).reshape(rows, columns, 3)
    wanted = group[str(level)][(*(() if channel is None else (channel,)), index)][:rows, :columns]
    if are_classes:
        found = (found[..., None, :] == COLORS).all(-1) @ (numpy.arange(3) + 1) - 1
    else:
        found = found[..., 0] * 256 + found[..., 1]
    wrong = numpy.argwhere(found != wanted)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "neuroglancer.png")
    expect(len(wrong) == 0, f"Neuroglancer draws {len(wrong)} of {wanted.size} voxels otherwise:", what, "at", *wrong[:1],
           *(f"{found[tuple(each)]} instead of {wanted[tuple(each)]}" for each in wrong[:1]))


def check(server, project, folder, expect):
    """Every plane in both versions of OME-Zarr, by links, from a page of another address."""
    client = Path(importlib.util.find_spec("neuroglancer").submodule_search_locations[0]) / "static" / "client"
    # The page wants to be below such an address; beyond it there is nobody to talk to, which it says and does without.
    (folder / "viewers" / "v").mkdir(parents=True)
    (folder / "viewers" / "v" / "check").symlink_to(client)
    paths = {
        name: json.loads(server.request("POST", f"/v1/projects/{project}/shares", json.dumps({"volume": name}).encode()))["paths"]
        for name in dict.fromkeys(plane[0] for plane in PLANES)}
    with web_server(folder / "viewers") as web, chromium(*FLAGS) as browser:
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.set_default_timeout(PATIENCE * 1000)
        for plane in PLANES:
            for version, name in ((2, "ome.zarr"), (3, "ome.zarr3")):
                address = server.address + paths[plane[0]][name]
                check_plane(page, f"{web}/v/check/", address, version, plane, expect)
