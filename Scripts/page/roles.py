"""On a server with tokens the page asks for one, and offers only what its role may do."""

import json
import sqlite3
import subprocess

from page import loop
from page.browser import Page, View, check
from server import running

ROLES = ("viewer", "annotator", "trainer", "admin")


def token(program, folder, role):
    made = subprocess.run(
        [program, "token", "create", "--data", folder / "data", "--name", f"a-{role}", "--role", role],
        check=True, capture_output=True, text=True)
    return made.stdout.split()[-1]


def run(browser, program, folder, sample):
    folder.mkdir()
    tokens = {role: token(program, folder, role) for role in ROLES}
    with running(program, folder, tokens["admin"]) as server:
        loop.furnish(server, sample)
        volume = json.loads(server.request("GET", f"/v1/projects/{loop.PROJECT}/volumes/image"))
        annotate(server, volume["shape"])
        for role in ROLES:
            look(browser, server, role, tokens[role], volume)


def annotate(server, shape):
    """A slice that is looked at, and one that crosses it, each of one class."""
    path = f"/v1/projects/{loop.PROJECT}/volumes/image/annotations"
    for axis, index, label, rows in (("z", shape["z"] // 2, 0, shape["y"] // 2), ("y", shape["y"] * 3 // 4, 1, shape["z"])):
        region = f"0,0,{rows},{shape['x']}"
        server.request("POST", f"{path}?axis={axis}&index={index}&region={region}", bytes([label]) * rows * shape["x"])


def annotations(page, volume):
    """Whoever may look sees what others have annotated: the slice itself, and what crosses it."""
    shape, spacing = volume["shape"], volume["spacing"]
    view = View(page, "z", shape["y"], shape["x"], spacing["y"], spacing["x"])
    told = page.page.locator("[data-status=labels]")

    def at(row):
        page.page.mouse.move(*view.place(row + 0.5, shape["x"] // 2 + 0.5))
        return told.inner_text().split(" · ")[0]

    for row, said in ((1, "annotated background"), (shape["y"] * 3 // 4, "annotated nucleus"), (shape["y"] - 1, "annotated unlabeled")):
        page.wait(lambda: at(row) == said, f"row {row} is {said}")


def look(browser, server, role, secret, volume):
    page = Page(browser, server.address, expected=("401",))
    box = page.page.get_by_label("Access token")
    box.fill("slicewise_mistyped")
    page.button("Sign in").click()
    page.page.get_by_role("alert").wait_for()
    box.fill(secret)
    page.button("Sign in").click()
    page.page.get_by_role("heading", name="Projects").wait_for()
    page.page.get_by_text(f"a-{role} ({role})").wait_for()
    there(page, role, "Create project", "admin")
    there(page, role, "Download a backup", "admin")
    if role == "admin":
        backup(page)
    page.page.get_by_role("link", name=loop.PROJECT).click()
    page.page.get_by_role("link", name="image").first.wait_for()
    check((page.page.get_by_label("Choose files").count() > 0) == (role in ("trainer", "admin")), f"{role}: upload")
    there(page, role, "Save classes", "admin")
    page.page.get_by_role("link", name="image").first.click()
    page.page.get_by_role("application").first.wait_for()
    there(page, role, "Brush", "annotator")
    there(page, role, "Train", "trainer")
    annotations(page, volume)
    # The token is the tab's: it is still there after a reload, and gone after signing out.
    page.page.reload()
    page.page.get_by_role("application").first.wait_for()
    kept = page.page.evaluate("[Object.values(localStorage), document.cookie, location.href].flat().join()")
    check(secret not in kept, "the token is kept where others can see it")
    page.button("Sign out").click()
    page.page.get_by_label("Access token").wait_for()
    page.close()


def backup(page):
    with page.page.expect_download() as waiting:
        page.button("Download a backup").click()
    check(waiting.value.suggested_filename.endswith(".sqlite"), waiting.value.suggested_filename)
    with sqlite3.connect(f"file:{waiting.value.path()}?mode=ro&immutable=1", uri=True) as copy:
        volumes = copy.execute("SELECT name FROM volume").fetchall()
    check(volumes == [("image",)], f"the backup has the volumes {volumes}")


def there(page, role, button, least):
    """A button is offered to a role and those above it, and to no other."""
    offered = page.button(button).count() > 0
    check(offered == (ROLES.index(role) >= ROLES.index(least)), f"{button} is {'' if offered else 'not '}offered to a {role}")
