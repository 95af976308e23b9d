"""The panel beside napari's view, and what its buttons do."""

from __future__ import annotations

from typing import Any, Iterator

from ..job import Job
from .session import Plane, Sent
from .values import to_layer
from .workbench import Workbench


class Panel(Workbench):
    """Shows what to annotate, sends what was painted, trains, and fetches the prediction."""

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__(napari_viewer)
        for name, action in (
            ("Next suggestion", self.next_suggestion), ("Send slice", self.send_slice),
            ("Send all changed", self.send_all), ("Train", self.train), ("Cancel training", self.cancel),
            ("Get prediction", self.get_prediction),
        ):
            self.buttons[name].clicked.connect(lambda _=False, action=action: action())

    def next_suggestion(self) -> None:
        session = self.session
        if not session:
            return self.say("Open a volume first.")

        def done(found: list[Any]) -> None:
            planes = [(each.axis, each.index) for each in found]
            # One after the other; from the start when all have been seen or others are suggested.
            fresh = [each for each in planes if each not in self._suggested]
            self._suggested = self._suggested if fresh else []
            if planes:
                axis, index = (fresh or planes)[0]
                self._suggested.append((axis, index))
                self.look(axis, index)
                self.say(f"Slice {index} on axis {axis}: the model is most unsure here.")

        self.run(lambda: session.volume.suggestions(6), done)

    # Sending

    def send_slice(self) -> None:
        plane = self.plane()
        if plane is None:
            return self.say("Open a volume and look at one of its slices in 2D first.")
        self._send([plane])

    def send_all(self) -> None:
        self._send(list(self.changed()))

    def _send(self, planes: list[Plane]) -> None:
        session, layer = self.session, self.layer
        drafts = [] if session is None else [session.draft(layer.data, plane) for plane in planes]
        ready = [draft for draft in drafts if draft is not None]
        if session is None or not ready:
            return self.say("Nothing was changed there: nothing is sent.")

        def work() -> Iterator[Sent]:
            for draft in ready:
                yield session.post(draft)

        told: list[str] = []

        def step(sent: Sent) -> None:
            stays = session.accept(sent, layer.data)
            layer.refresh()
            axis, index = sent.draft.plane
            told.append(f"{axis} {index}" + (
                f" ({stays} erased voxels are labelled by slices that cross it: erase them there)" if stays else ""))
            self.say(f"Sent: {', '.join(told)}.")

        self.run(work, lambda _: None, step)

    # Training

    def train(self) -> None:
        session = self.session
        if not session:
            return self.say("Open a volume first.")
        if count := len(self.changed()):
            return self.say(f"{count} changed slices have not been sent: send them or undo, then train.")
        seconds = self.seconds.value()

        def work() -> Iterator[Any]:
            job = session.project.train(seconds=seconds, predict=[session.volume])
            yield job
            for event in job.events():
                yield event
            return job.wait()  # type: ignore[return-value]

        def step(event: Any) -> None:
            if isinstance(event, Job):
                self.job = event
                self.say(f"Job {event.id} waits for its turn.")
            elif event.kind == "progress":
                self._progress(event.data)
            elif event.kind == "log":
                self.say(str(event.data.get("message")))

        def done(job: Job) -> None:
            self.progress.setValue(self.progress.maximum())
            self.say(f"The model {job.model} is trained.")
            self.get_prediction()

        self.run(work, done, step)

    def _progress(self, about: dict[str, Any]) -> None:
        if about.get("fraction") is not None:
            share, text = about["fraction"], "predicting"
        else:
            share, text = (about.get("step") or 0) / max(1, about.get("steps") or 1), "training"
            if about.get("loss") is not None:
                text += f", loss {about['loss']:.3f}"
        self.progress.setValue(int(1000 * share))
        self.say(text)

    def cancel(self) -> None:
        job = self.job
        if not job:
            return self.say("There is no training of this panel.")
        self.run(job.cancel, lambda _: self.say(f"Job {job.id} is cancelled."))

    def get_prediction(self) -> None:
        session = self.session
        if not session:
            return self.say("Open a volume first.")

        def work() -> tuple[str, Any]:
            prediction = session.volume.prediction()
            return prediction.model or "", to_layer(prediction[...])

        def done(found: tuple[str, Any]) -> None:
            if session is not self.session:
                return
            model, data = found
            there = [layer for layer in self._shown if layer.name == "prediction" and layer in self.viewer.layers]
            if there:
                there[0].data = data
            else:
                self._shown.append(self._labels(session, data, "prediction"))
                self.viewer.layers.selection.active = self.layer
            self.say(f"The prediction is by the model {model}.")

        self.run(work, done)
