"""Debian's Chromium, driven by Playwright, with everything that goes wrong in a page noted."""

import contextlib
import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parents[2] / ".build" / "page"


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).stem}: {message}")


def check(condition, message):
    if not condition:
        fail(message)


@contextlib.contextmanager
def chromium(*flags):
    """A browser, for a block."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    check(path, "there is no chromium: `apt-get install chromium`")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--host-resolver-rules=MAP slicewise.test 127.0.0.1", *flags])
        try:
            yield browser
        finally:
            browser.close()


class Page:
    """A tab whose errors end the check, unless they are told to be expected."""

    def __init__(self, browser, address, expected=(), context=None, script=None, **options):
        options = {"viewport": {"width": 1280, "height": 720}} | options
        self.context = context or browser.new_context(accept_downloads=True, **options)
        self.page = self.context.new_page()
        if script:
            self.page.add_init_script(script)
        self.faults = []
        self.expected = expected
        self.page.on("console", self.told)
        self.page.on("pageerror", lambda error: self.faults.append(f"{error}"))
        self.page.goto(address)

    def told(self, message):
        # The check itself reads canvases.
        expected = ("willReadFrequently", *self.expected)
        if message.type in ("error", "warning") and not any(part in message.text for part in expected):
            self.faults.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def picture(self, name):
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def wait(self, condition, what, seconds=30):
        """Waits until a function of the page is true; asking again and again is what the page's policy allows."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                self.picture("fault")
                shown = self.page.locator(".note, .warning").all_inner_texts()
                fail(f"after {seconds} s still not: {what}; the page says {shown}; {self.faults}")
            time.sleep(0.05)

    def button(self, name, exact=True):
        return self.page.get_by_role("button", name=name, exact=exact)

    def close(self):
        self.context.close()
        check(not self.faults, f"the browser's console says {self.faults}")


class View:
    """A slice on the screen, by voxels."""

    def __init__(self, page, axis, rows, columns, row_spacing=1.0, column_spacing=1.0):
        self.page = page
        self.canvas = page.page.get_by_role("application", name=f"View of axis {axis}")
        finest = min(row_spacing, column_spacing)
        self.rows, self.columns = rows, columns
        self.down, self.across = row_spacing / finest, column_spacing / finest

    def place(self, row, column):
        """Where on the screen a place of the slice is while all of it is shown."""
        box = self.canvas.bounding_box()
        zoom = self.zoom(box)
        return (box["x"] + box["width"] / 2 + (column - self.columns / 2) * zoom * self.across,
                box["y"] + box["height"] / 2 + (row - self.rows / 2) * zoom * self.down)

    def zoom(self, box):
        """Pixels of the screen along the shorter side of a voxel."""
        return min((box["height"] - 12) / (self.rows * self.down), (box["width"] - 12) / (self.columns * self.across))

    def voxels(self, x, y):
        """The rows and columns of the slice that pixels of the canvas show, by their middles."""
        # As the page itself counts, in whole pixels.
        box = self.canvas.evaluate("canvas => ({ width: canvas.clientWidth, height: canvas.clientHeight })")
        zoom = self.zoom(box)
        return ((y + 0.5 - box["height"] / 2) / zoom / self.down + self.rows / 2,
                (x + 0.5 - box["width"] / 2) / zoom / self.across + self.columns / 2)

    def stroke(self, places, button="left"):
        """Drags through places, as a hand does."""
        mouse = self.page.page.mouse
        mouse.move(*self.place(*places[0]))
        mouse.down(button=button)
        for place in places[1:]:
            mouse.move(*self.place(*place), steps=4)
        mouse.up(button=button)

    def colors(self):
        """The colours of the canvas on a grid of pixels, to see whether it changes."""
        return self.canvas.evaluate(
            """canvas => {
                const context = canvas.getContext("2d"), colors = [];
                for (let row = 1; row < 24; row++) for (let column = 1; column < 24; column++) {
                    const [red, green, blue] = context.getImageData(
                        canvas.width * column / 24, canvas.height * row / 24, 1, 1).data;
                    colors.push([red, green, blue]);
                }
                return colors;
            }""")
