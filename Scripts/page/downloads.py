"""Large files: by the browser itself where no token is wanted, otherwise through the page, which says how far they are."""

import json
import threading
import urllib.error
import urllib.request

import nibabel
import numpy

from page import access
from page.browser import Page, check
from page.prefix import proxy
from page.roles import token
from page.tools import npy
from server import running

PROJECT = "downloads"
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"
FILE = "image.nii.gz"
# What is random can't be packed: the file is as large as the image.
IMAGE = numpy.random.default_rng(1).integers(0, 256, (16, 1024, 1024), numpy.uint8)


def run(browser, program, folder):
    folder.mkdir()
    with running(program, folder) as server:
        server.request("PUT", f"/v1/projects/{PROJECT}", b'{"classes":[{"name":"background"},{"name":"cell"}]}')
        server.request("PUT", VOLUME, npy(IMAGE))
        by_link(browser, server)
    secret = token(program, folder, "admin")
    with running(program, folder, secret) as server:
        through_page(browser, server, secret)


def open_downloads(page):
    page.page.get_by_role("application").first.wait_for()
    page.page.get_by_role("tab", name="Download").click()


def same(download):
    """Whether a file has the image's voxels."""
    path = download.path().with_suffix(".nii.gz")
    download.save_as(path)
    return (numpy.asarray(nibabel.load(path).dataobj).transpose(2, 1, 0) == IMAGE).all()


def by_link(browser, server):
    page = Page(browser, f"{server.address}/#/{PROJECT}/image", expected=("Failed to load resource",))
    open_downloads(page)
    fetched = []
    page.page.on("request", lambda request: fetched.append(request.method)
                 if request.resource_type == "fetch" and f"{VOLUME}/image?" in request.url else None)
    with page.page.expect_download() as waiting:
        page.button("Download image").click()
    check(same(waiting.value), "the file has other voxels")
    check(fetched == ["HEAD"], f"the page itself made the requests {fetched}")
    page.page.get_by_text("The browser is fetching").wait_for()
    # What the server refuses is said in its words.
    server.request("DELETE", VOLUME)
    page.button("Download annotations").click()
    page.page.locator(".downloads").get_by_text("there is no volume").wait_for()
    server.request("PUT", VOLUME, npy(IMAGE))
    page.close()


class Half:
    """Lets half of the image's file pass, and the rest when it is told to."""

    def __init__(self):
        self.open = threading.Event()

    def __call__(self, path, count):
        if path.startswith(f"{VOLUME}/image?") and count > IMAGE.size / 2:
            self.open.wait()


def through_page(browser, server, secret):
    half = Half()
    with proxy(server, "/", half) as port:
        page = Page(browser, f"http://127.0.0.1:{port}/#/{PROJECT}/image", expected=("401",))
        page.page.get_by_label("Access token").fill(secret)
        page.button("Sign in").click()
        open_downloads(page)
        try:
            page.button("Download image").click()
            bar = page.page.get_by_role("progressbar", name=f"Progress of {FILE}")
            page.wait(lambda: 0.3 < bar.evaluate("bar => bar.position") < 0.7, "it is seen that half of the file is there")
            page.picture("download")
            access.look(page, "a download")
            page.button(f"Cancel the download of {FILE}").click()
            page.page.get_by_text(f"{FILE} is not fetched").wait_for()
            check(bar.count() == 0, "what was cancelled is still shown")
        finally:
            half.open.set()
        with page.page.expect_download() as waiting:
            page.button("Download image").click()
        check(same(waiting.value), "the file has other voxels")
        check(secret not in waiting.value.url, "the token stands in an address")
        page.page.get_by_text("is in your downloads").wait_for()
        shared(page)
        page.close()


def shared(page):
    """A link opens the volume to programs without a token, until it is revoked."""
    page.button("Make a link for a day").click()
    address = page.page.get_by_label("Link, good until").input_value() + "/.zattrs"
    with urllib.request.urlopen(address) as answer:
        check("multiscales" in json.loads(answer.read()), f"at {address} is no image")
    access.look(page, "a link")
    page.button("Revoke this link").click()
    page.page.get_by_text("opens nothing any more").wait_for()
    try:
        urllib.request.urlopen(address).close()
        check(False, "a link that was revoked opens the volume")
    except urllib.error.HTTPError as error:
        check(error.code == 410, f"a link that was revoked answers {error.code}")
