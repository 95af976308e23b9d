"""What is drawn is never lost: closed tabs, killed servers, no network, lost answers, two people, two tabs."""

import json
import re
import signal
import subprocess
import urllib.request
from urllib.error import HTTPError

import numpy

from page import access
from page.browser import Page, View, check, fail
from page.roles import token

PROJECT, ROWS, COLUMNS = "saving", 64, 96
VOLUME = f"/v1/projects/{PROJECT}/volumes/image"
NOTHING = ("ERR_", "Failed to load resource", "409", "503")


class Service:
    """A server on a port of its own that can be killed and started again."""

    def __init__(self, program, folder, secret=None):
        self.program, self.folder, self.port, self.secret = program, folder, "0", secret
        self.start()
        classes = [{"name": "background"}, {"name": "cell"}, {"name": "wall"}]
        self.request("PUT", f"/v1/projects/{PROJECT}", json.dumps({"classes": classes}).encode())
        path = folder / "image.npy"
        numpy.save(path, numpy.random.default_rng(1).integers(0, 200, (4, ROWS, COLUMNS), numpy.uint8))
        self.request("PUT", VOLUME, path.read_bytes())

    def start(self):
        command = [self.program, "serve", "--port", self.port, "--data", self.folder / "data", "--log-level", "error"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if found := re.search(r"http://\S+?:(\d+)", line):
                self.address, self.port = found[0], found[1]
                return
        fail("the server did not start")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def request(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(urllib.request.Request(address, data=body, method=method, headers=headers)) as answer:
            return answer.read()

    def labels(self, index, revision=None):
        """A slice of axis z; None if it is not annotated."""
        try:
            which = f"&revision={revision}" if revision else ""
            raw = self.request("GET", f"{VOLUME}/annotations/z/{index}?format=raw{which}")
        except HTTPError as error:
            check(error.code == 404, f"slice {index}: {error}")
            return None
        return numpy.frombuffer(raw, numpy.uint8).reshape(ROWS, COLUMNS)

    def history(self, index):
        return json.loads(self.request("GET", f"{VOLUME}/annotations/z/{index}/history"))


class Desk(Page):
    """A tab in which somebody paints on slices of axis z, with a brush of one voxel."""

    def __init__(self, browser, service, index, context=None):
        super().__init__(browser, f"{service.address}/#/{PROJECT}/image", NOTHING, context)
        self.view = View(self, "z", ROWS, COLUMNS)
        if service.secret:
            self.page.get_by_label("Access token").fill(service.secret)
            self.button("Sign in").click()
        self.prepare(index)

    def prepare(self, index):
        self.view.canvas.wait_for()
        number = self.page.get_by_label("Number of the slice on axis z")
        number.fill(str(index))
        number.press("Enter")
        self.view.canvas.focus()
        self.page.keyboard.press("b")
        self.page.get_by_label("Brush size").fill("1")
        self.view.canvas.focus()

    def row(self, row, label, first=4, last=20):
        """Paints voxels of a row."""
        self.page.keyboard.press(str(label + 1))
        self.view.stroke([(row + 0.5, first + 0.5), (row + 0.5, last + 0.5)])

    @property
    def state(self):
        return self.page.locator("[data-status=saving]").inner_text()

    def saved(self, what):
        self.wait(lambda: self.state == "Saved", what)


def painted(service, index, row, label, first=4, last=20):
    labels = service.labels(index)
    return labels is not None and (labels[row, first:last + 1] == label).all() and set(labels[row, :first]) == {255}


def closed(browser, service):
    """A tab that is closed right after a stroke; its request never gets through."""
    desk = Desk(browser, service, 0)
    # The browser may send it in closing, when no route of the page's holds any more: there is no server then.
    service.kill()
    desk.row(10, 1)
    desk.page.close()
    service.start()
    check(service.labels(0) is None, "the stroke came through")
    again = Desk(browser, service, 0, desk.context)
    again.saved("the stroke of the closed tab is saved")
    check(painted(service, 0, 10, 1), "the stroke of the closed tab is lost")
    check(len(service.history(0)) == 1, f"it was stored {len(service.history(0))} times")
    # And one whose page says goodbye to the server itself.
    again.row(12, 2)
    again.page.close()
    last = Desk(browser, service, 0, desk.context)
    last.saved("the second stroke is saved")
    check(painted(service, 0, 10, 1) and painted(service, 0, 12, 2), "the second stroke is lost")
    check(len(service.history(0)) == 2, f"both were stored {len(service.history(0))} times")
    undo(last, service)
    last.close()


def undo(desk, service):
    """What was drawn before a reload can be undone after it, and done again."""
    desk.page.reload()
    desk.prepare(0)
    desk.wait(lambda: desk.button("Undo").is_enabled(), "undo is offered after a reload")
    desk.button("Undo").click()
    desk.wait(lambda: not painted(service, 0, 12, 2), "the stroke is undone")
    desk.button("Redo").click()
    desk.wait(lambda: painted(service, 0, 12, 2), "the stroke is done again")
    desk.saved("redo is saved")


def killed(browser, service):
    """The server is killed under a stroke and started again."""
    desk = Desk(browser, service, 1)
    desk.row(10, 1)
    service.kill()
    desk.row(14, 2)
    desk.wait(lambda: desk.state.startswith("Offline"), "it is said that the server is away")
    service.start()
    desk.page.evaluate("window.dispatchEvent(new Event('online'))")
    desk.saved("all is saved after the server came back")
    check(painted(service, 1, 10, 1) and painted(service, 1, 14, 2), "a stroke is lost")
    desk.close()


def offline(browser, service):
    desk = Desk(browser, service, 2)
    desk.context.set_offline(True)
    desk.row(10, 1)
    desk.wait(lambda: desk.state.startswith("Offline"), "it is said that there is no network")
    check(service.labels(2) is None, "the stroke came through")
    desk.context.set_offline(False)
    desk.saved("all is saved after the network came back")
    check(painted(service, 2, 10, 1) and len(service.history(2)) == 1, "the stroke is lost, or there twice")
    desk.close()


def unanswered(browser, service):
    """The server stores a stroke, but its answer is lost."""
    desk = Desk(browser, service, 3)
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            return route.abort()
        route.continue_()

    desk.page.route("**/annotations?*", lose)
    desk.row(10, 1)
    desk.saved("the stroke is known to be saved")
    check(lost == [201], f"the first answer was {lost}")
    check(painted(service, 3, 10, 1) and len(service.history(3)) == 1, "the stroke is lost, or there twice")
    desk.close()


def together(browser, service):
    """Two people on one slice: what is apart is merged, what clashes is chosen, and both stay in the history."""
    one, other = Desk(browser, service, 3), Desk(browser, service, 3)
    one.row(20, 1)
    other.row(22, 2)
    one.saved("the first stroke")
    other.saved("the second stroke")
    check(painted(service, 3, 20, 1) and painted(service, 3, 22, 2), "one of two strokes is lost")
    for side, row, label in (("Mine", 30, 2), ("Theirs", 34, 1)):
        one.row(row, 1)
        other.row(row, 2)
        one.saved("the first stroke")
        other.wait(lambda: other.button(side).is_visible(), "somebody has to choose")
        other.picture(f"clash-{side.lower()}")
        check(painted(service, 3, row, 1), "the other's stroke was overwritten before the choice")
        other.button(side).click()
        other.saved("the choice")
        check(painted(service, 3, row, label), f"{side} was chosen, and the other counts")
        seen = {int(service.labels(3, part["revision"])[row, 10]) for part in service.history(3)}
        check({1, 2} <= seen, f"only {seen} are in the history")
    one.close()
    other.close()


def tabs(browser, service):
    """Two tabs of one browser on one slice, one of which is closed."""
    one = Desk(browser, service, 3)
    other = Desk(browser, service, 3, one.context)
    one.page.bring_to_front()
    one.row(40, 1)
    other.page.bring_to_front()
    other.row(42, 2)
    one.page.close()
    other.saved("the other tab's stroke")
    other.wait(lambda: painted(service, 3, 40, 1) and painted(service, 3, 42, 2), "both strokes are saved")
    other.row(44, 1)
    other.saved("a third stroke")
    check(all(painted(service, 3, row, label) for row, label in ((40, 1), (42, 2), (44, 1))), "a stroke is lost")
    other.close()


def refused(browser, service):
    """A class is removed under a stroke: that is said, and the stroke is kept and can be downloaded."""
    desk = Desk(browser, service, 2)
    service.request("PUT", f"/v1/projects/{PROJECT}", json.dumps(
        {"classes": [{"name": "background"}, {"name": "cell"}, {"name": "wall"}, {"name": "late"}]}).encode())
    desk.page.reload()
    desk.prepare(2)
    classes = [{"name": "background"}, {"name": "cell"}, {"name": "wall"}]
    service.request("PUT", f"/v1/projects/{PROJECT}", json.dumps({"classes": classes}).encode())
    desk.row(50, 3)
    desk.wait(lambda: desk.page.get_by_text("does not take your strokes").is_visible(), "the refusal is said")
    check(desk.state != "Saved", "it claims to be saved")
    desk.picture("refused")
    access.look(desk, "what was not saved")
    with desk.page.expect_download() as waiting:
        desk.button("Download").click()
    kept = numpy.load(waiting.value.path())
    check((kept[50, 4:21] == 3).all(), "the download lacks the stroke")
    desk.page.reload()
    desk.prepare(2)
    desk.wait(lambda: desk.page.get_by_text("does not take your strokes").is_visible(), "it is kept through a reload")
    desk.button("Discard").click()
    desk.saved("after it was discarded")
    check(painted(service, 2, 10, 1), "what was saved before is gone")
    desk.close()


def plain(browser, program, folder):
    """Plain HTTP on a name that is not this machine's own, where browsers have no locks: tabs ask each other."""
    folder.mkdir(parents=True)
    service = Service(program, folder, token(program, folder, "admin"))
    try:
        service.address = f"http://slicewise.test:{service.port}"
        desk = Desk(browser, service, 0)
        check(not desk.page.evaluate("isSecureContext"), "this is no plain HTTP")
        desk.page.route("**/annotations?*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        desk.row(10, 1)
        desk.page.close()
        again = Desk(browser, service, 0, desk.context)
        again.wait(lambda: painted(service, 0, 10, 1), "the stroke of the closed tab is stored")
        tabs(browser, service)
        again.close()
        revoked(browser, service)
    finally:
        service.stop()


def revoked(browser, service):
    """A token is revoked under a stroke: somebody else signs in, and decides whether it is sent under that name."""
    desk = Desk(browser, service, 1)
    desk.saved("there is nothing to save")
    subprocess.run([service.program, "token", "revoke", "a-admin", "--data", service.folder / "data"], check=True, capture_output=True)
    desk.row(20, 2)
    desk.wait(lambda: desk.state.startswith("Offline"), "the stroke is kept")
    # Beside what is told of it; the page comes to it by itself, too, when it looks again.
    desk.button("Sign in").click()
    box = desk.page.get_by_label("Access token")
    box.wait_for()
    service.secret = token(service.program, service.folder, "annotator")
    box.fill(service.secret)
    desk.button("Sign in").click()
    desk.wait(lambda: desk.page.get_by_text("that a-admin drew").is_visible(), "it is said whose stroke it is")
    check(service.labels(1) is None, "it was sent unasked")
    desk.button("Send as mine").click()
    desk.wait(lambda: painted(service, 1, 20, 2), "the stroke is stored")
    check(service.history(1)[0]["author"] == "a-annotator", "it was stored under another name")
    desk.close()


def run(browser, program, folder):
    plain(browser, program, folder / "plain")
    service = Service(program, folder)
    try:
        for part in (closed, killed, offline, unanswered, together, tabs, refused):
            part(browser, service)
    finally:
        service.stop()
