"""The whole loop by the keyboard alone: from a project's form to a prediction, a correction and a download."""

import json

from page.browser import Page, check

PROJECT = "keys"
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"


class Hands:
    """Goes to controls by Tab, as those do who can't use a pointer."""

    def __init__(self, page):
        self.page = page
        self.keys = page.page.keyboard

    def focused(self):
        return self.page.page.evaluate(
            """() => {
                const element = document.activeElement;
                const label = element.labels?.[0]?.textContent;
                return [element.tagName, element.getAttribute("aria-label") ?? label ?? element.textContent, element.matches(":focus-visible")];
            }""")

    def to(self, name, tag=None, most=150):
        """Presses Tab until a control has the focus, and it can be seen that it has."""
        for _ in range(most):
            at, label, is_seen = self.focused()
            if label.strip() == name and (tag is None or at == tag):
                check(is_seen, f"it is not seen that {name} has the focus")
                return
            self.keys.press("Tab")
        self.page.picture("fault")
        check(False, f"{name} is not reached by Tab")

    def press(self, name, key="Enter", tag=None):
        self.to(name, tag)
        self.keys.press(key)

    def type(self, name, text):
        self.to(name)
        self.keys.press("Control+a")
        self.keys.type(text)


def run(browser, server, sample):
    page = Page(browser, server.address)
    page.page.get_by_role("heading", name="Projects").wait_for()
    hands = Hands(page)
    hands.type("Project name", PROJECT)
    hands.type("Name of class 2", "nucleus")
    hands.press("Create project")
    page.page.get_by_role("heading", name=PROJECT).wait_for()
    # A browser's own window chooses the file; the rest is the page's.
    page.page.get_by_label("Choose files").first.set_input_files(sample.image)
    page.page.get_by_text("not stored yet").first.wait_for()
    hands.type("Volume name", "image")
    hands.press("Upload", tag="BUTTON")
    page.page.get_by_text("Understood as").first.wait_for()
    hands.press("Open")
    page.page.get_by_role("application").first.wait_for()
    for turns, label in ((0, 1), (3, 2)):
        paint(page, server, hands, turns, label)
    train(page, hands)
    hands.to("View of axis z")
    hands.keys.press("n")
    page.wait(lambda: "uncertainty" in page.page.locator("[data-status=said]").inner_text(), "a suggestion is gone to")
    hands.keys.press("Shift+PageDown")
    hands.press("Train", key="ArrowRight", tag="BUTTON")
    for _ in range(2):
        hands.keys.press("ArrowRight")
    with page.page.expect_download() as waiting:
        hands.press("Download prediction")
    check(waiting.value.path().stat().st_size > 100, "the prediction is empty")
    page.close()


def paint(page, server, hands, turns, label):
    """Paints two lines with the cursor of the keyboard, on a slice so many further."""
    hands.to("View of axis z")
    for _ in range(turns):
        hands.keys.press("PageDown")
    for line, name in ((0, "1"), (6, "2")):
        hands.keys.press(name)
        for _ in range(line + 1):
            hands.keys.press("ArrowDown")
        hands.keys.down("Space")
        for _ in range(8):
            hands.keys.press("ArrowRight")
        hands.keys.up("Space")
    page.wait(lambda: page.page.locator("[data-status=saving]").inner_text() == "Saved", "the strokes are saved")
    slices = json.loads(server.request("GET", f"{VOLUME}/annotations"))
    check(len(slices) == label and all(min(part["voxels"][name] for name in ("background", "nucleus")) > 0 for part in slices),
          f"by the keys were painted {slices}")


def train(page, hands):
    hands.to("How long")
    hands.keys.press("Home")
    hands.press("Train", tag="BUTTON")
    page.wait(lambda: page.page.locator("[data-job]").inner_text().startswith("Training done"), "the training ends", 600)
