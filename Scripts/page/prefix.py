"""The page works below a path of a proxy, on plain HTTP under a name that is no loopback address, and with TLS."""

import contextlib
import http.client
import http.server
import shutil
import subprocess
import threading
from urllib.parse import urlparse

from page import tour
from page.browser import Page
from server import running


@contextlib.contextmanager
def proxy(server, prefix, passing=lambda path, count: None):
    """Passes on what comes for a prefix, without it; yields its port.

    `passing` is called before each part of an answer, with how many bytes of it have been passed on.
    """
    upstream = urlparse(server.address)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self):
            self.close_connection = True
            if not self.path.startswith(prefix):
                return self.send_error(404)
            connection = http.client.HTTPConnection(upstream.hostname, upstream.port)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            headers = {name: value for name, value in self.headers.items()
                       if name.lower() not in ("host", "origin", "connection", "sec-fetch-site")}
            connection.request(self.command, self.path[len(prefix) - 1:], body, headers)
            response = connection.getresponse()
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() not in ("connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            passed = 0
            with contextlib.suppress(OSError):
                while part := response.read1(65536):
                    passing(self.path, passed)
                    self.wfile.write(part)
                    self.wfile.flush()
                    passed += len(part)
            connection.close()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        listener.daemon_threads = True
        thread = threading.Thread(target=listener.serve_forever)
        thread.start()
        try:
            yield listener.server_port
        finally:
            listener.shutdown()
            thread.join()


def run(browser, server, project, volume):
    with proxy(server, "/a/b/") as port:
        # Names below .test are nobody's; Chromium grants them nothing that loopback has.
        for host in ("127.0.0.1", "slicewise.test"):
            page = Page(browser, f"http://{host}:{port}/a/b/")
            page.page.get_by_role("link", name=project).click()
            page.page.get_by_role("link", name=volume).first.click()
            page.page.get_by_role("application").first.wait_for()
            page.wait(lambda: bright(page), f"an image at {host} below a prefix")
            page.close()


def secure(browser, program, folder):
    """With TLS the page makes a project, uploads, and shows what it gets packed otherwise than on plain HTTP."""
    if not shutil.which("openssl"):
        return print("check_page: TLS is left out, for there is no openssl")
    folder.mkdir()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    with running(program, folder, flags=("--http-tls-certificate", certificate, "--http-tls-key", key)) as server:
        page = tour.begin(browser, server, ignore_https_errors=True)
        page.wait(lambda: bright(page), "an image with TLS")
        page.close()


def bright(page):
    """Whether the image is there: something in the middle of a view is brighter than its ground."""
    return page.page.get_by_role("application").first.evaluate(
        """canvas => {
            const {data} = canvas.getContext("2d").getImageData(canvas.width / 3, canvas.height / 2, canvas.width / 3, 1);
            return data.some((value, index) => index % 4 < 3 && value > 60);
        }""")
