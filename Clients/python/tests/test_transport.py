"""When a call is sent again, and when it is not."""

import tempfile
import time
import unittest
from unittest import mock

from slicewise import Client, Conflict, ConnectionFailed, Invalid, SlicewiseError, Unavailable
from slicewise.answer import Upload
from slicewise.transport import Transport

from support import Script, json_answer, problem

EMPTY = json_answer("[]")


class TransportTests(unittest.TestCase):
    def setUp(self) -> None:
        self.slept: list[float] = []
        patch = mock.patch("slicewise.transport.time.sleep", self.slept.append)
        patch.start()
        self.addCleanup(patch.stop)

    def transport(self, script: Script) -> Transport:
        return self.client(script.url).transport

    def client(self, url: str) -> Client:
        client = Client(url, "secret", timeout=5, patience=20)
        self.addCleanup(client.close)
        return client

    def test_retry_after_is_obeyed(self) -> None:
        with Script(problem(503, "busy", Retry_After="7"), EMPTY) as script:
            self.transport(script).call("DELETE", "/a")
        self.assertEqual(self.slept, [7.0])

    def test_an_image_elsewhere_is_taken_without_a_body(self) -> None:
        volume = json_answer('{"name": "a", "shape": {"c": 1, "z": 1, "y": 1, "x": 1}, "dtype": "uint8"}', 201)
        with Script(json_answer('{"name": "p"}'), volume) as script:
            taken = self.client(script.url).project("p").take("a", "https://example.org/a.zarr", level=1)
            method, target, _, body = script.requests[1]
        self.assertEqual((taken.name, method, body), ("a", "PUT", b""))
        self.assertEqual(target, "/v1/projects/p/volumes/a?from=https%3A%2F%2Fexample.org%2Fa.zarr&level=1")

    def test_the_dataset_of_a_file_is_told(self) -> None:
        volume = json_answer('{"name": "a", "shape": {"c": 1, "z": 1, "y": 1, "x": 1}, "dtype": "uint8"}', 201)
        with Script(json_answer('{"name": "p"}'), volume, json_answer("{}")) as script:
            sent = self.client(script.url).project("p").upload("a", __file__, dataset="/raw")
            sent.set_truth(__file__, dataset="/label")
        self.assertEqual([request[1] for request in script.requests[1:3]], [
            "/v1/projects/p/volumes/a?dataset=%2Fraw", "/v1/projects/p/volumes/a/truth?dataset=%2Flabel"])

    def test_retry_after_can_be_a_date(self) -> None:
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 10))
        with Script(problem(429, "too many", Retry_After=date), EMPTY) as script:
            self.transport(script).call("GET", "/a")
        self.assertTrue(8 < self.slept[0] <= 10, self.slept)

    def test_what_would_take_longer_than_the_patience_is_raised_at_once(self) -> None:
        with Script(problem(503, "the disk is away", Retry_After="30")) as script:
            with self.assertRaisesRegex(Unavailable, "the disk is away"):
                self.transport(script).call("GET", "/a")
        self.assertEqual(self.slept, [])

    def test_a_lost_answer_to_a_post_is_asked_for_with_the_same_key(self) -> None:
        with Script(None, problem(409, "is being answered", Retry_After="1"), json_answer("{}", 201)) as script:
            self.transport(script).call("POST", "/a", json={"b": 1})
            keys = {request[2]["Idempotency-Key"] for request in script.requests}
            self.assertEqual(len(script.requests), 3)
            self.assertEqual(len(keys), 1)
            self.assertEqual({request[3] for request in script.requests}, {b'{"b": 1}'})

    def test_two_posts_have_keys_of_their_own(self) -> None:
        with Script(EMPTY, EMPTY) as script:
            one = self.transport(script)
            one.call("POST", "/a")
            one.call("POST", "/a")
            self.assertNotEqual(*(request[2]["Idempotency-Key"] for request in script.requests))

    def test_a_conflict_is_not_tried_again(self) -> None:
        with Script(problem(409, "the slice has moved on")) as script:
            with self.assertRaises(Conflict):
                self.transport(script).call("POST", "/a")

    def test_a_lost_answer_to_a_delete_is_not_asked_for_again(self) -> None:
        with Script(None) as script:
            with self.assertRaises(ConnectionFailed):
                self.transport(script).call("DELETE", "/a")
            self.assertEqual(len(script.requests), 1)

    def test_an_upload_is_read_anew_for_each_try(self) -> None:
        body = Upload(6, lambda: iter([b"abc", b"def"]))
        with Script(None, json_answer("{}")) as script:
            self.transport(script).call("PUT", "/a", body=body)
            self.assertEqual([request[3] for request in script.requests], [b"abcdef"] * 2)

    def test_a_file_that_becomes_shorter_while_it_is_sent_is_no_upload(self) -> None:
        with tempfile.NamedTemporaryFile() as file, Script(json_answer("{}")) as script:
            file.write(b"abcdef")
            file.flush()
            body = Upload.of_file(file.name)
            file.truncate(2)
            with self.assertRaisesRegex(SlicewiseError, "4 bytes shorter"):
                self.transport(script).call("PUT", "/a", body=body)

    def test_a_gateway_that_fails_is_tried_again_only_where_that_is_safe(self) -> None:
        bad = (502, {"Content-Type": "text/html"}, b"<p>bad gateway")
        with Script(bad, EMPTY, bad) as script:
            one = self.transport(script)
            one.call("GET", "/a")
            with self.assertRaisesRegex(Unavailable, "DELETE /a"):
                one.call("DELETE", "/a")

    def test_connections_are_kept_and_one_that_was_closed_meanwhile_is_replaced(self) -> None:
        with Script(EMPTY, EMPTY, None, EMPTY) as script:
            one = self.transport(script)
            for _ in range(3):
                one.call("GET", "/a")
            self.assertEqual(len(script.requests), 4)
        self.assertEqual(self.slept, [])

    def test_a_server_that_never_was_there_is_said_at_once(self) -> None:
        with Script() as script:
            url = script.url
        with self.assertRaisesRegex(ConnectionFailed, f"{url}.* nothing listens there"):
            self.client(url).projects()
        self.assertEqual(self.slept, [])

    def test_a_body_that_is_cut_off_is_fetched_again(self) -> None:
        cut = (200, {"Content-Type": "application/json", "Content-Length": "100", "Connection": "close"}, b"[")
        with Script(cut, EMPTY) as script:
            self.assertEqual(self.transport(script).call("GET", "/a").json(), [])

    def test_the_token_goes_along_and_redirects_are_not_followed(self) -> None:
        with Script((301, {"Location": "http://elsewhere/a"}, b"")) as script:
            with self.assertRaisesRegex(SlicewiseError, "http://elsewhere/a"):
                self.transport(script).call("GET", "/a")
            self.assertEqual(script.requests[0][2]["Authorization"], "Bearer secret")

    def test_a_path_before_that_of_the_server_is_kept(self) -> None:
        with Script(EMPTY) as script:
            self.client(f"{script.url}/tools/slicewise/").projects()
            self.assertEqual(script.requests[0][1], "/tools/slicewise/v1/projects")

    def test_another_program_is_recognised(self) -> None:
        with Script((200, {"Content-Type": "text/html"}, b"<p>hello")) as script:
            with self.assertRaisesRegex(SlicewiseError, "is the address that of a Slicewise server"):
                self.client(script.url).projects()

    def test_problems_keep_what_they_say(self) -> None:
        body = b'{"title":"Unprocessable Content","status":422,"detail":"there is no slice 99","field":"index"}'
        answer = (422, {"Content-Type": "application/problem+json", "X-Request-Id": "abc"}, body)
        with Script(answer) as script:
            with self.assertRaises(Invalid) as raised:
                self.transport(script).call("GET", "/a")
        error = raised.exception
        self.assertEqual((error.status, error.field, error.request_id), (422, "index", "abc"))
        self.assertIn("there is no slice 99", str(error))

    def test_names_are_quoted(self) -> None:
        with Script(json_answer('{"name":"a/b?c"}')) as script:
            self.client(script.url).project("a/b?c")
            self.assertEqual(script.requests[0][1], "/v1/projects/a%2Fb%3Fc")


if __name__ == "__main__":
    unittest.main()
