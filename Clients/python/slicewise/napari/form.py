"""The fields and buttons of the panel."""

from __future__ import annotations

import os
from typing import Any, Callable, Optional

from napari.qt.threading import create_worker
from qtpy import QtWidgets as qt

from ..client import DEFAULT_URL


class Form(qt.QWidget):  # type: ignore[misc]
    """Fields, buttons by their names, and work in threads whose failures are said."""

    def __init__(self) -> None:
        super().__init__()
        self.url = qt.QLineEdit(os.environ.get("SLICEWISE_URL") or DEFAULT_URL)
        self.token = qt.QLineEdit(os.environ.get("SLICEWISE_TOKEN") or "")
        self.token.setEchoMode(qt.QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText("if it needs one")
        self.projects, self.volumes, self.classes = qt.QComboBox(), qt.QComboBox(), qt.QComboBox()
        self.seconds = qt.QSpinBox()
        self.seconds.setRange(1, 86_400)
        self.seconds.setValue(60)
        self.progress = qt.QProgressBar()
        self.progress.setRange(0, 1000)
        self.status = qt.QLabel("Connect to a server to begin.")
        self.status.setWordWrap(True)
        self.buttons: dict[str, Any] = {}
        rows: list[Any] = [
            ("Server", self.url), ("Token", self.token), "Connect",
            ("Project", self.projects), ("Volume", self.volumes), "Open",
            "Next suggestion", ("Class", self.classes), "Send slice", "Send all changed",
            ("Seconds", self.seconds), "Train", "Cancel training", self.progress, "Get prediction", self.status]
        form = qt.QFormLayout(self)
        for row in rows:
            if isinstance(row, str):
                self.buttons[row] = row = qt.QPushButton(row)
            form.addRow(*(row if isinstance(row, tuple) else (row,)))

    def say(self, text: str) -> None:
        self.status.setText(text)

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], None], step: Optional[Callable[[Any], None]] = None,
    ) -> None:
        """Does work in a thread and goes on here with what it returns, and with what it yields if there is a `step`."""
        connect: dict[str, Any] = {
            "returned": done, "errored": lambda error: self.say(str(error) or type(error).__name__)}
        if step:
            connect["yielded"] = step
        create_worker(work, _connect=connect)
