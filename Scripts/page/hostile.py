"""Names from users are text and never markup."""

import json

from page.browser import Page, check

MARKUP = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'


def run(browser, address, server, image):
    classes = [{"name": f"{MARKUP}{number}"} for number in range(3)]
    body = json.dumps({"classes": classes, "description": MARKUP}).encode()
    server.request("PUT", "/v1/projects/hostile", body)
    server.request("PUT", "/v1/projects/hostile/volumes/image?unit=%3Cimg%20src=x%3E", image.read_bytes())
    page = Page(browser, address)
    page.page.get_by_role("link", name="hostile").wait_for()
    inside(page)
    page.page.goto(f"{address}#/hostile")
    page.page.get_by_role("link", name="image").first.wait_for()
    inside(page)
    file = {"name": '<img src=x onerror="window.hurt=1">.nii.gz', "mimeType": "", "buffer": image.read_bytes()}
    page.page.get_by_label("Choose files").first.set_input_files(file)
    page.page.get_by_text("not stored yet").first.wait_for()
    inside(page)
    page.page.goto(f"{address}#/hostile/image")
    page.page.get_by_role("application").first.wait_for()
    for tab in page.page.get_by_role("tab").all():
        tab.click()
        inside(page)
    # What stands in the address is a name from a user, too.
    page.expected = ("404", "400", "Failed to load resource")
    page.page.goto(f"{address}#/{MARKUP}/<b>")
    page.button("Try again").wait_for()
    inside(page)
    page.close()
    server.request("DELETE", "/v1/projects/hostile")


def inside(page):
    hurt = page.page.evaluate("[window.hurt ?? 0, document.querySelectorAll('body img[src=x], body script').length]")
    check(hurt == [0, 0], f"a name became markup: {hurt}")
