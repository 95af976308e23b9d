"""What the tools store: exactly what was drawn, by mouse, keyboard, touch and pen, without a frame that is late."""

import io
import json

import numpy

from page import access
from page.browser import Page, View, check

PROJECT, DEPTH, SIZE = "tools", 5, 1024
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"
DRAWN = """
const path = [];
window.drawnPath = path;
const { beginPath, moveTo, lineTo } = CanvasRenderingContext2D.prototype;
Object.assign(CanvasRenderingContext2D.prototype, {
  beginPath() { this.parts = []; beginPath.call(this); },
  moveTo(x, y) { this.parts?.push([x, y]); moveTo.call(this, x, y); },
  lineTo(x, y) {
    this.parts?.push([x, y]);
    // No other path has so many lines.
    if (this.parts?.length >= 8) window.drawnPath = this.parts;
    lineTo.call(this, x, y);
  },
});
"""


def npy(image):
    """The bytes of an NPY file."""
    file = io.BytesIO()
    numpy.save(file, image)
    return file.getvalue()


def furnish(server):
    classes = [{"name": "background"}, {"name": "cell"}, {"name": "wall"}]
    server.request("PUT", f"/v1/projects/{PROJECT}", json.dumps({"classes": classes}).encode())
    image = numpy.full((DEPTH, SIZE, SIZE), 100, numpy.uint8)
    image[:, 300:400, 300:400] = 200
    server.request("PUT", VOLUME, npy(image))


class Bench(Page):
    def __init__(self, browser, server, **options):
        super().__init__(browser, f"{server.address}/#/{PROJECT}/image", **options)
        self.server = server
        self.view = View(self, "z", SIZE, SIZE)
        self.view.canvas.wait_for()
        self.slice(0)

    def slice(self, index):
        self.index = index
        number = self.page.get_by_label("Number of the slice on axis z")
        number.fill(str(index))
        number.press("Enter")
        self.view.canvas.focus()

    def size(self, size):
        self.page.get_by_label("Brush size").fill(str(size))
        self.view.canvas.focus()

    def stored(self):
        """The slice on the server, when all is saved."""
        saving = self.page.locator("[data-status=saving]")
        self.wait(lambda: saving.inner_text() == "Saved", "the strokes are saved")
        raw = self.server.request("GET", f"{VOLUME}/annotations/z/{self.index}?format=raw")
        return numpy.frombuffer(raw, numpy.uint8).reshape(SIZE, SIZE)

    def annotated(self, index):
        """Waits until the server has a slice."""
        self.wait(lambda: any((part["axis"], part["index"]) == ("z", index) for part in self.list()), f"slice {index} is stored")

    def loaded(self):
        """Waits until what painting needs is there."""
        self.wait(lambda: self.page.locator(".toolbox").get_attribute("aria-busy") == "false", "gray values are there")

    def list(self):
        return json.loads(self.server.request("GET", f"{VOLUME}/annotations"))

    def click(self, row, column, button="left"):
        self.page.mouse.click(*self.view.place(row, column), button=button)


def outline(bench):
    """The voxels that are stored are those inside the outline that was drawn at the cursor."""
    bench.page.keyboard.press("b")
    bench.page.keyboard.press("2")
    # Larger, so that a voxel is several pixels.
    for _ in range(12):
        bench.page.keyboard.press("+")
    for number, size in enumerate((1, 2, 5, 12, 31)):
        bench.size(size)
        box = bench.view.canvas.bounding_box()
        x, y = box["x"] + box["width"] * (0.2 + 0.14 * number) + 0.37, box["y"] + box["height"] * 0.5 + 1.61
        bench.page.mouse.move(x, y)
        bench.page.wait_for_timeout(100)
        drawn = bench.page.evaluate("drawnPath")
        bench.page.mouse.down()
        bench.page.mouse.up()
        new = bench.stored() == 1
        bench.page.keyboard.press("Control+z")
        rows, columns = numpy.nonzero(new)
        check(len(rows) > 0, f"a brush of {size} voxels stored nothing")
        xs, ys = [place[0] for place in drawn], [place[1] for place in drawn]
        zoom = (max(xs) - min(xs)) / (columns.max() - columns.min() + 1)
        # Each line of the outline, as an edge between a voxel inside and one outside.
        edges = set()
        for (x0, y0), (x1, y1) in zip(drawn[::2], drawn[1::2]):
            row0, row1 = (round((value - min(ys)) / zoom) for value in (y0, y1))
            column0, column1 = (round((value - min(xs)) / zoom) for value in (x0, x1))
            edges |= {("v", row, column0) for row in range(min(row0, row1), max(row0, row1))}
            edges |= {("h", row0, column) for column in range(min(column0, column1), max(column0, column1))}
        part = numpy.pad(new[rows.min():rows.max() + 1, columns.min():columns.max() + 1], 1).astype(int)
        right = {("v", row - 1, column) for row, column in zip(*numpy.nonzero(numpy.diff(part, axis=1)))}
        right |= {("h", row, column - 1) for row, column in zip(*numpy.nonzero(numpy.diff(part, axis=0)))}
        check(edges == right, f"a brush of {size} voxels: the outline has {len(edges)} edges, the stored voxels {len(right)}")
    bench.page.keyboard.press("f")


def shapes(bench):
    """Polygon, lasso, fill, eraser, the right button, the rest of a slice, copies and interpolation."""
    bench.slice(1)
    bench.page.keyboard.press("p")
    bench.page.keyboard.press("2")
    for row, column in ((200, 200), (200, 600), (600, 600), (600, 200)):
        bench.click(row, column)
    bench.page.keyboard.press("Enter")
    square = bench.stored()
    count = (square == 1).sum()
    check(abs(count - 160000) < 6000, f"a polygon of 400 × 400 voxels filled {count}")
    check(square[400, 400] == 1 and square[100, 100] == 255, "the polygon is somewhere else")
    bench.page.keyboard.press("l")
    bench.page.keyboard.press("3")
    bench.view.stroke([(300, 300), (300, 500), (500, 500), (500, 300), (300, 300)])
    check(bench.stored()[400, 400] == 2, "the lasso filled nothing")
    bench.page.keyboard.press("g")
    bench.page.keyboard.press("1")
    bench.click(250, 250)
    filled = bench.stored()
    check((filled == 1).sum() == 0 and filled[250, 250] == 0 and filled[400, 400] == 2, "the fill did not stay in its outline")
    bench.page.keyboard.press("e")
    bench.size(21)
    bench.click(400, 400)
    check(bench.stored()[400, 400] == 255, "the eraser erased nothing")
    bench.page.keyboard.press("b")
    bench.page.keyboard.press("2")
    bench.click(450, 450, button="right")
    check(bench.stored()[450, 450] == 255, "the right button erased nothing")
    bench.page.keyboard.press("r")
    rest = bench.stored()
    check((rest == 255).sum() == 0 and rest[100, 100] == 1 and rest[250, 250] == 0, "the rest was not filled")
    bench.page.keyboard.press("Control+z")
    check((bench.stored() == 255).sum() > 0, "filling the rest can't be undone")
    bench.slice(3)
    bench.page.keyboard.press("c")
    bench.annotated(3)
    check((bench.stored()[100:700, 100:700] == filled[100:700, 100:700]).mean() > 0.98, "the nearest slice was not copied")
    bench.slice(2)
    bench.page.keyboard.press("i")
    bench.annotated(2)
    check((bench.stored() == 0).sum() > 10000, "nothing lies between two slices")


def keyboard(bench):
    """The keyboard alone paints, and a mask and 'only what is unlabeled' are obeyed."""
    bench.slice(4)
    bench.page.keyboard.press("b")
    bench.page.keyboard.press("3")
    bench.size(1)
    for _ in range(3):
        bench.page.keyboard.press("ArrowRight")
    bench.page.keyboard.down("Space")
    for _ in range(5):
        bench.page.keyboard.press("ArrowDown")
    bench.page.keyboard.up("Space")
    labels = bench.stored()
    check((labels == 2).sum() == 6, f"the keyboard painted {(labels == 2).sum()} voxels in place of 6")
    check((labels == 2).any(axis=1).sum() == 6, "they are not below each other")
    box = bench.page.get_by_role("checkbox", name="Only gray values")
    box.check()
    bench.page.get_by_label("Only gray values: from").fill("150")
    bench.page.get_by_label("Only gray values: to").fill("250")
    bench.page.get_by_label("Only gray values: to").press("Tab")
    bench.size(60)
    bench.page.keyboard.press("1")
    bench.loaded()
    bench.view.stroke([(350, 290), (350, 410)])
    labels = bench.stored()
    check((labels[300:400, 300:400] == 0).sum() > 3000, "the mask let nothing through")
    check((labels == 0).sum() == (labels[300:400, 300:400] == 0).sum(), "the mask let other gray values through")
    box.uncheck()
    bench.page.get_by_label("Paint over").select_option(label="Only what is unlabeled")
    bench.view.canvas.focus()
    bench.page.keyboard.press("2")
    bench.view.stroke([(350, 290), (350, 410)])
    after = bench.stored()
    check((after == 0).sum() == (labels == 0).sum() and (after == 1).sum() > 500, "what had a class was painted over")
    bench.page.get_by_label("Paint over").select_option(label="Everything")


def pens(browser, server):
    """A finger paints; a pen paints thinner where it is pressed less."""
    bench = Bench(browser, server, has_touch=True)
    bench.slice(0)
    bench.page.keyboard.press("b")
    bench.page.keyboard.press("3")
    bench.size(40)
    bench.page.touchscreen.tap(*bench.view.place(800, 200))
    check(bench.stored()[800, 200] == 2, "a finger painted nothing")
    counts = []
    for column, pressure in ((500, 0.1), (800, 1.0)):
        x, y = bench.view.place(800, column)
        bench.view.canvas.evaluate(
            """(canvas, [x, y, pressure]) => {
                for (const type of ["pointerdown", "pointerup"]) canvas.dispatchEvent(new PointerEvent(type, {
                    pointerType: "pen", pointerId: 77, button: 0, clientX: x, clientY: y, pressure, bubbles: true, cancelable: true }));
            }""", [x, y, pressure])
        counts.append(int((bench.stored()[700:900, column - 60:column + 60] == 2).sum()))
    check(0 < counts[0] < counts[1] / 4, f"pressed a little and pressed hard, a pen painted {counts} voxels")
    palms(bench)
    bench.close()


def palms(bench):
    """What touches the screen while a pen is near is a hand at rest; a moment after, it is a finger again."""
    before, place = bench.stored(), bench.view.place(600, 900)
    bench.view.canvas.evaluate(
        """(canvas, [x, y]) => {
            const event = (pointerType, pointerId, type) => canvas.dispatchEvent(new PointerEvent(type, {
                pointerType, pointerId, button: type === "pointermove" ? -1 : 0, clientX: x, clientY: y, bubbles: true, cancelable: true }));
            event("pen", 77, "pointermove");
            for (const type of ["pointerdown", "pointermove", "pointerup"]) event("touch", 78, type);
        }""", place)
    check((bench.stored() == before).all(), "a palm painted while a pen was near")

    def finger():
        bench.page.touchscreen.tap(*place)
        return bench.stored()[600, 900] == 2

    bench.wait(finger, "a finger paints when the pen is away")


def revisions(bench):
    """A slice's history is looked at and brought back, and the slice is kept for a test."""
    bench.slice(1)
    before = bench.stored()
    bench.page.get_by_text("History of this slice").click()
    restores = bench.page.get_by_role("button", name="Restore the revision of")
    restores.first.wait_for()
    bench.page.get_by_role("button", name="Look at the revision of").last.click()
    bench.button("Stop looking").click()
    restores.last.click()
    bench.wait(lambda: (bench.stored() != before).any(), "an earlier revision is back")
    bench.view.canvas.focus()
    bench.page.keyboard.press("Control+z")
    bench.wait(lambda: (bench.stored() == before).all(), "the restored revision is undone")
    bench.page.get_by_text("This slice", exact=True).click()
    bench.page.get_by_label("Keep for a test").check()

    bench.wait(lambda: any(part["index"] == 1 and part["role"] == "test" for part in bench.list()), "the slice is kept for a test")
    access.look(bench, "what can be done to a slice")
    bench.view.canvas.focus()
    bench.page.keyboard.press("k")
    bench.wait(lambda: any(part["index"] == 1 and part["role"] == "train" for part in bench.list()), "the slice is learned from again")


def frames(bench):
    """Tells how long frames are in a stroke of radius 100 with 200 events, and how much of that the page works.

    A machine as busy as it likes must not fail the check; 50 ms is what people would notice.
    """
    bench.slice(0)
    bench.page.keyboard.press("b")
    told = []
    for trial in range(3):
        bench.page.keyboard.press(str(1 + trial))
        bench.size(200)
        x0, y0 = bench.view.place(150, 150)
        x1, y1 = bench.view.place(850, 850)
        told.append(bench.view.canvas.evaluate(
            """async (canvas, [x0, y0, x1, y1]) => {
                const request = window.requestAnimationFrame, frame = () => new Promise((resolve) => request(resolve));
                let work = 0, mostWork = 0, longest = 0, last = await frame();
                const measured = (run) => { const start = performance.now(); run(); work += performance.now() - start; };
                window.requestAnimationFrame = (run) => request((time) => measured(() => run(time)));
                const event = (type, share, buttons) => measured(() => canvas.dispatchEvent(new PointerEvent(type, {
                    pointerId: 1, button: type === "pointermove" ? -1 : 0, buttons, bubbles: true, cancelable: true, pointerType: "mouse",
                    clientX: x0 + (x1 - x0) * share + 40 * Math.sin(share * 40), clientY: y0 + (y1 - y0) * share })));
                const end = async () => {
                    const now = await frame();
                    [longest, mostWork, last, work] = [Math.max(longest, now - last), Math.max(mostWork, work), now, 0];
                };
                event("pointerdown", 0, 1);
                for (let number = 1; number <= 200; number++) {
                    event("pointermove", number / 200, 1);
                    if (number % 2 === 0) await end();
                }
                event("pointerup", 1, 0);
                await end();
                await end();
                window.requestAnimationFrame = request;
                return [mostWork, longest];
            }""", [x0, y0, x1, y1]))
    text = ", ".join(f"{work:.0f} ms of work and {longest:.0f} ms long" for work, longest in told)
    print(f"check_page: the worst frames of three strokes of radius 100: {text}")


def run(browser, server):
    furnish(server)
    bench = Bench(browser, server, script=DRAWN)
    for part in (outline, shapes, keyboard, revisions, frames):
        part(bench)
    bench.picture("tools")
    bench.close()
    pens(browser, server)
