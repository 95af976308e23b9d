"""Turns over the slices of a volume in the page, and takes the time from the wheel to the pixels of the next slice."""

import imagecodecs
import numpy

from page.browser import View, check

# Notes when the wheel was turned or a key pressed, and when the canvas of a view has all of a slice on it. A frame later the
# browser has painted that, as far as a page can know.
WATCH = """(() => {
    const turning = window.turning = { started: 0, shown: null, waiting: null, until: null };
    const start = (event) => { turning.started = event.timeStamp; };
    for (const type of ["wheel", "keydown"]) addEventListener(type, start, { capture: true, passive: true });
    const look = (canvas) => {
        const { axis, slice, level } = canvas.dataset;
        const { waiting } = turning;
        if (!waiting || canvas.getAttribute("aria-busy") !== "false" || axis !== waiting.axis || slice !== waiting.slice) return;
        const drawn = performance.now();
        turning.waiting = null;
        requestAnimationFrame(() => waiting.done({
            drawn: drawn - turning.started, next: performance.now() - turning.started, level: Number(level) }));
    };
    new MutationObserver((changes) => changes.forEach(({ target }) => look(target)))
        .observe(document, { subtree: true, attributes: true, attributeFilter: ["aria-busy", "data-slice"] });
    turning.wait = (axis, slice) => {
        turning.until = new Promise((done) => {
            turning.waiting = { axis, slice: String(slice), done };
            setTimeout(() => done(null), 60000);
        });
    };
})();"""


class Turning:
    """A view of an open volume, whose slices are turned over."""

    def __init__(self, page, volume, axis):
        self.page, self.volume, self.axis = page, volume, axis
        self.view = View(page, axis, volume.size, volume.size)
        self.view.canvas.focus()
        page.page.keyboard.press(f"Alt+{'zyx'.index(axis) + 1}")
        self.view.canvas.hover(position={"x": 60, "y": 60})
        page.page.keyboard.press("f")
        self.settle()

    @property
    def index(self):
        return int(self.view.canvas.get_attribute("data-slice") or -1)

    @property
    def level(self):
        return int(self.view.canvas.get_attribute("data-level"))

    def settle(self):
        """When all of the slice is there, at the size that the view has now."""
        self.page.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.wait(lambda: self.view.canvas.get_attribute("aria-busy") == "false", f"a slice of axis {self.axis} is there", 120)

    def go(self, index):
        """Milliseconds to a slice whose number is typed."""
        self.expect(index)
        number = self.page.page.get_by_label(f"Number of the slice on axis {self.axis}")
        number.fill(str(index))
        number.press("Enter")
        return self.took(index)["drawn"]

    def expect(self, index):
        self.page.page.evaluate("([axis, slice]) => window.turning.wait(axis, slice)", [self.axis, index])

    def took(self, index):
        took = self.page.page.evaluate("window.turning.until")
        check(took is not None, f"after 60 s slice {index} of axis {self.axis} is not all there")
        return took

    def steps(self, count, direction=1):
        """Turns the wheel so often, each time when the slice before is there.

        Returns milliseconds from the event until all of the slice was drawn, and until the frame after that.
        """
        self.view.canvas.hover(position={"x": 60, "y": 60})
        drawn, later, at = [], [], self.index
        for _ in range(count):
            at += direction
            self.expect(at)
            self.page.page.mouse.wheel(0, 100 * direction)
            took = self.took(at)
            drawn.append(took["drawn"])
            later.append(took["next"])
        return drawn, later

    def verify(self, window, picture=None):
        """The pixels on the canvas are those of the slice, by the voxels that were sent, or by the server's picture of it."""
        size, level, index = self.volume.size, self.level, self.index
        shown = self.view.canvas.evaluate(
            """canvas => {
                const { width, height } = canvas, { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
                const grays = [];
                for (let y = 5; y < height; y += 23) for (let x = 5; x < width; x += 23) grays.push([x, y, data[(y * width + x) * 4]]);
                return grays;
            }""")
        x, y, shown = (numpy.array(part, float) for part in zip(*shown))
        rows, columns = (numpy.floor(place).astype(int) for place in self.view.voxels(x, y))
        inside = (rows >= 0) & (columns >= 0) & (rows < size) & (columns < size)
        rows, columns, shown = rows[inside], columns[inside], shown[inside]
        if picture is None:
            at = {"z": (index, rows, columns), "y": (rows, index, columns), "x": (rows, columns, index)}[self.axis]
            values = self.volume.at_level(level, *(numpy.asarray(place) >> level for place in at)).astype(float)
            wanted = numpy.clip((values - window[0]) * 255 / ((window[1] - window[0]) or 1), 0, 255)
        else:
            gray = imagecodecs.png_decode(picture)
            wanted = gray.reshape(size, size, -1)[rows, columns, 0].astype(float)
        # Lines of the other slices, the scale bar and the cursor lie over some.
        right = abs(shown - wanted) <= 2
        for part in (wanted >= 0, wanted > 0):
            check(part.sum() > 20 and right[part].mean() > 0.9,
                  f"slice {index} of axis {self.axis} at level {level}: {right[part].mean():.0%} of {part.sum()} pixels are on the canvas")


def memory(page, browser):
    """MB that the page's scripts hold, arrays included, and that its process has and had at most."""
    session = page.context.new_cdp_session(page.page)
    heap = session.send("Runtime.getHeapUsage")
    session.detach()
    held = sum(heap.get(part) or 0 for part in ("usedSize", "embedderHeapUsedSize", "backingStorageSize"))
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    now = most = 0
    for process in processes:
        if process["type"] != "renderer":
            continue
        with open(f"/proc/{process['id']}/status") as file:
            told = dict(line.split(":", 1) for line in file)
        now, most = max(now, int(told["VmRSS"].split()[0])), max(most, int(told["VmHWM"].split()[0]))
    return held / 1e6, now * 1024 / 1e6, most * 1024 / 1e6
