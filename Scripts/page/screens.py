"""Nothing is cut off on a small screen, on a tablet, with very long names, thirty classes and a hundred annotated slices."""

import json

import numpy

from page import access
from page.browser import Page, check
from page.slices import image

PROJECT = "p" + "rojectname" * 6
VOLUME = f"/v1/projects/{PROJECT}/volumes/" + "v" + "olumename" * 7
CUT = """() => {
    const found = [];
    const cut = (element) => element.scrollWidth > element.clientWidth + 1;
    for (const element of document.querySelectorAll("html, body, #page, .tools, .side, .card, .upload")) {
        if (element.clientWidth > 0 && cut(element)) found.push(`${element.tagName}.${element.className} scrolls sideways`);
    }
    for (const control of document.querySelectorAll("button, input, select, a")) {
        const box = control.getBoundingClientRect();
        if (box.width === 0 || control.closest(".unseen, .scrolled, nav")) continue;
        if (box.left < -1 || box.right > innerWidth + 1) found.push(`${control.outerHTML.slice(0, 80)} is beyond the edge`);
    }
    for (const row of document.querySelectorAll(".toolbox .class")) {
        if (row.scrollHeight > row.clientHeight + 1) found.push(`the class ${row.textContent.slice(0, 20)} lies over the next`);
    }
    return found;
}"""


def run(browser, server):
    classes = [{"name": "class" + "name" * 23 + f"{number}"} for number in range(28)] + [{"name": "background"}, {"name": "cell"}]
    body = json.dumps({"classes": classes, "description": "description" * 40})
    server.request("PUT", f"/v1/projects/{PROJECT}", body.encode())
    server.request("PUT", VOLUME, image(50))
    labels = numpy.full((16, 64), 29, numpy.uint8)
    for axis in "yx":
        for index in range(50):
            server.request("POST", f"{VOLUME}/annotations?axis={axis}&index={index}&role={'test' if index % 9 == 0 else 'train'}", labels.tobytes())
    for name, options in (
        ("small", {"viewport": {"width": 1280, "height": 720}}),
        ("tablet", {"viewport": {"width": 834, "height": 1112}, "has_touch": True, "is_mobile": True}),
        ("tablet-wide", {"viewport": {"width": 1112, "height": 834}, "has_touch": True, "is_mobile": True}),
    ):
        page = Page(browser, server.address, **options)
        page.page.get_by_role("link", name=PROJECT).wait_for()
        look(page, f"{name}-projects")
        page.page.goto(f"{server.address}#/{PROJECT}")
        page.page.get_by_role("link", name=VOLUME.split("/")[-1]).first.wait_for()
        look(page, f"{name}-project")
        page.page.goto(f"{server.address}#/{PROJECT}/{VOLUME.split('/')[-1]}")
        page.page.get_by_role("application").first.wait_for()
        for tab in page.page.get_by_role("tab").all():
            tab.click()
            look(page, f"{name}-{tab.inner_text().lower()}")
        reachable(page)
        access.look(page, name)
        page.close()


def look(page, name):
    cut = page.page.evaluate(CUT)
    page.picture(name)
    check(not cut, f"{name}: {cut}")


def reachable(page):
    """Every control of the tools can be scrolled to, and is on top there."""
    for button in page.page.locator(".tools").get_by_role("button").all():
        button.scroll_into_view_if_needed()
        check(button.is_visible(), f"{button} is not seen")
    undo = page.button("Undo")
    undo.scroll_into_view_if_needed()
    box = undo.bounding_box()
    on_top = page.page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.textContent", [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    check(on_top == "Undo", f"over Undo lies {on_top}")
