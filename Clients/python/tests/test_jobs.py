"""Trainings, their events, and what comes of them."""

import json
import signal
import threading
import unittest
import zipfile
from unittest import mock

import numpy as np

from slicewise import Client, Conflict, Invalid, JobFailed, NotFound
from slicewise.events import parse

from support import CLASSES, SMALL, Script, ServerTestCase, json_answer, problem


def stream(*events: tuple[int, str, dict]) -> tuple[int, dict[str, str], bytes]:
    text = "".join(f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n" for number, kind, data in events)
    return 200, {"Content-Type": "text/event-stream", "Connection": "close"}, f": events follow\n\n{text}".encode()


class EventTests(unittest.TestCase):
    def job(self, state: str) -> tuple[int, dict[str, str], bytes]:
        return json_answer(json.dumps({
            "id": 7, "kind": "train", "state": state, "progress": None, "model": None, "result": None, "error": None}))

    def test_events_are_read_line_by_line(self) -> None:
        lines = [b": still here\n", b"\n", b"id: 3\r\n", b"event: log\r\n", b'data: {"message":\r\n', b'data: "a"}\r\n',
                 b"\r\n", b"id: 4\n", b"event: state\n", b'data: {"state":"run']
        self.assertEqual([(each.id, each.kind, each.data) for each in parse(lines)], [(3, "log", {"message": "a"})])

    def test_a_lost_stream_goes_on_after_the_last_event(self) -> None:
        # The promised length makes the first stream one that broke.
        broken = stream((1, "state", {"state": "running"}), (2, "progress", {"step": 5}))
        broken[1]["Content-Length"] = "9999"
        rest = stream((3, "progress", {"step": 9}), (4, "state", {"state": "succeeded"}))
        answers = (self.job("queued"), broken, problem(503, "is stopping"), None, rest, self.job("succeeded"))
        with Script(*answers) as script, Client(script.url) as client, mock.patch("slicewise.events.time.sleep"):
            events = list(_job(client).events())
            last = [request[2].get("Last-Event-ID") for request in script.requests if request[1].endswith("/events")]
        self.assertEqual([each.id for each in events], [1, 2, 3, 4])
        self.assertEqual(last, ["0", "2", "2", "2"])

    def test_a_job_that_has_ended_before_is_not_waited_for(self) -> None:
        answers = (self.job("failed"), stream(), self.job("failed"), self.job("failed"))
        with Script(*answers) as script, Client(script.url) as client:
            self.assertEqual(list(_job(client).events(after=12)), [])

    def test_a_wait_that_takes_too_long_says_that_the_job_goes_on(self) -> None:
        with Script(*[self.job("running")] * 3) as script, Client(script.url) as client:
            with self.assertRaisesRegex(TimeoutError, "it goes on"):
                _job(client).wait(timeout=-1)


def _job(client: Client):
    from slicewise.job import Job
    return Job(client.transport, "/v1/projects/p", client.transport.call("GET", "/v1/projects/p/jobs/7").json())


class TrainingTests(ServerTestCase):
    """One training; the tests look at it and what came of it."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.annotate()
        cls.job = cls.project.train(steps=20, recipe=SMALL, holdout=[(cls.volume, "z", 8)], name="first")
        cls.events = list(cls.job.events())
        cls.job.wait()

    def test_the_events_tell_the_course(self) -> None:
        states = [each.data["state"] for each in self.events if each.kind == "state"]
        self.assertEqual((states[-1], self.job.state), ("succeeded", "succeeded"))
        self.assertEqual([each.id for each in self.events], sorted({each.id for each in self.events}))
        self.assertTrue([each for each in self.events if each.kind == "progress"])
        rest = list(self.job.events(after=self.events[2].id))
        self.assertEqual(rest[-1], self.events[-1])
        self.assertGreater(rest[0].id, self.events[2].id)
        self.assertEqual(list(self.job.events(after=self.events[-1].id)), [])

    def test_the_job_has_a_model_a_result_and_a_curve(self) -> None:
        self.assertEqual((self.job.model, self.job.result["steps"]), ("first", 20))
        self.assertIn("loss", self.job.curve()[0])
        self.assertIn("succeeded", self.job._repr_html_())
        self.assertIn(self.job.id, [each.id for each in self.project.jobs(state="succeeded")])
        self.assertEqual(self.project.job(self.job.id).model, "first")
        model = self.project.model("first")
        self.assertEqual((model.classes, model.recipe["base"]), (CLASSES, 4))
        copy = self.project.bring_model("copy", model.save(self.folder / "first.safetensors"))
        self.assertEqual([each.name for each in self.project.models()], ["copy", "first"])
        copy.delete()

    def test_a_model_goes_to_other_programs(self) -> None:
        model = self.project.model("first")
        graph = model.save(self.folder / "first.onnx", format="onnx", volume=self.volume.name)
        self.assertIn(b"probabilities", graph.read_bytes())
        package = model.save(
            self.folder / "first.zip", format="bioimageio", authors=["Ada Lovelace", "Max"], license="CC-BY-4.0")
        with zipfile.ZipFile(package) as archive:
            about = json.loads(archive.read("rdf.yaml"))
            self.assertIsNone(archive.testzip())
        self.assertEqual([each["name"] for each in about["authors"]], ["Ada Lovelace", "Max"])
        self.assertEqual(about["license"], "CC-BY-4.0")
        with self.assertRaisesRegex(Invalid, "license"):
            model.save(self.folder / "wrong.onnx", format="onnx", license="MIT")
        self.assertFalse((self.folder / "wrong.onnx").exists())

    def test_the_prediction_slices_like_an_array_on_every_axis(self) -> None:
        prediction = self.volume.prediction()
        self.assertEqual(prediction.model, "first")
        whole = prediction[...]
        self.assertEqual((whole.shape, whole.dtype), (self.volume.shape, np.uint8))
        self.assertTrue(set(np.unique(whole)) <= {0, 1, 2})
        for key in np.s_[3, (slice(None), 5), (..., 7), (2, slice(4, 9), ...), (slice(2, 5), 40, slice(None, None, -1))]:
            np.testing.assert_array_equal(prediction[key], whole[key])
        np.testing.assert_array_equal(self.volume.predicted_slice("y", 5), whole[:, 5])

    def test_probabilities_add_up_and_the_uncertainty_fits_them(self) -> None:
        everything = np.asarray(self.volume.probability())
        self.assertEqual((everything.shape, everything.dtype), ((3, *self.volume.shape), np.float32))
        np.testing.assert_allclose(everything.sum(0), 1, atol=1e-2)
        np.testing.assert_array_equal(np.asarray(self.volume.probability("tubule")), everything[1])
        entropy = -(everything * np.log(np.maximum(everything, 1e-9))).sum(0) / np.log(3)
        np.testing.assert_allclose(np.asarray(self.volume.uncertainty("first")), entropy, atol=2e-2)

    def test_the_report_and_suggestions_are_there(self) -> None:
        report = self.volume.report()
        self.assertEqual(report.model, "first")
        self.assertEqual(report.mean_iou(), report["heldout"]["mean_iou"])
        self.assertTrue(0 <= report.mean_iou("truth") <= 1)
        self.assertIn("inside tubule", report._repr_html_())
        found = self.volume.suggestions(2)
        self.assertEqual([(each.model, each.axis in "zyx") for each in found], [("first", True)] * 2)

    def test_a_model_that_is_not_there_is_said_before_anything_is_read(self) -> None:
        with self.assertRaisesRegex(NotFound, "second"):
            self.volume.prediction("second")
        other = self.project.upload("unseen", self.volume.image[...])
        with self.assertRaisesRegex(NotFound, "unseen"):
            other.prediction()
        self.assertEqual(other.predicted_slice("z", 3).shape, (48, 48))
        job = self.project.predict([other], model="first").wait()
        self.assertEqual(job.kind, "predict")
        np.testing.assert_array_equal(other.prediction()[...], self.volume.prediction("first")[...])
        other.delete()


class QueueTests(ServerTestCase):
    def test_a_job_is_cancelled_and_tried_again(self) -> None:
        self.annotate()
        job = self.project.train(seconds=600, recipe=SMALL)
        next(iter(job.events()))
        job.cancel()
        with self.assertRaisesRegex(JobFailed, "was cancelled") as raised:
            job.wait(timeout=60)
        self.assertEqual(raised.exception.job.state, "cancelled")
        self.assertEqual(job.wait(check=False).state, "cancelled")
        again = job.retry(name="again")
        self.assertNotEqual(again.id, job.id)
        again.cancel()
        again.wait(check=False)
        done = self.project.train(steps=2, recipe=SMALL, predict=[]).wait()
        with self.assertRaisesRegex(Conflict, "has ended"):
            done.cancel()

    def test_events_go_on_through_a_crash_of_the_server(self) -> None:
        self.annotate()
        job = self.project.train(steps=400, recipe=SMALL, predict=[])
        events, killed = [], False
        for event in job.events():
            events.append(event)
            if event.kind == "progress" and event.data.get("step") and not killed:
                killed = True
                self.server.stop(signal.SIGKILL)
                threading.Timer(0.5, self.server.start).start()
        self.assertTrue(killed)
        self.assertEqual(job.state, "succeeded")
        self.assertEqual([each.id for each in events], sorted({each.id for each in events}))
        self.assertEqual(events[-1].data["state"], "succeeded")

    def test_fields_are_sent_as_the_server_names_them(self) -> None:
        job = _Recorder()
        job.train(seconds=5, start="scratch", holdout=0.2, volumes=[self.volume], predict=[], recipe="fast", name="m")
        job.train()
        self.assertEqual(job.sent, [
            {"kind": "train", "budget": {"seconds": 5}, "from": "scratch", "holdout": {"fraction": 0.2},
             "volumes": ["sample"], "predict": [], "recipe": "fast", "name": "m"},
            {"kind": "train"}])
        with self.assertRaisesRegex(TypeError, "list of volumes"):
            job.train(volumes="sample")


class _Recorder:
    from slicewise.job import JobQueue as _Queue
    train = _Queue.train

    def __init__(self) -> None:
        self.sent: list[dict] = []

    def submit(self, kind: str, **fields: object) -> None:
        self.sent.append(dict({key: value for key, value in fields.items() if value is not None}, kind=kind))


if __name__ == "__main__":
    unittest.main()
