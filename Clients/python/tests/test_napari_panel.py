"""The panel without a screen: the whole loop by its buttons, on napari's own layers.

Canvases need OpenGL, which Qt has not without a screen: the layers are those of a viewer without a window.
"""

import importlib.util
import os
import time
import unittest

import numpy as np

from slicewise.napari.values import to_layer

from support import CLASSES, ServerTestCase

MISSING = [name for name in ("napari", "qtpy") if importlib.util.find_spec(name) is None]


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
class PanelTests(ServerTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        super().setUpClass()
        from napari.components import ViewerModel
        from napari.qt import get_qapp
        from slicewise.napari.panel import Panel
        cls.application = get_qapp()
        cls.viewer = ViewerModel()
        cls.panel = Panel(cls.viewer)
        cls.panel.url.setText(cls.server.url)

    def setUp(self) -> None:
        self.volume.clear_all()
        self.press("Connect")
        self.until(lambda: self.panel.volumes.currentText() == "sample")
        if self.panel.layer in self.viewer.layers:
            self.viewer.layers.remove(self.panel.layer)
        self.press("Open")
        self.until(lambda: self.panel.layer is not None and self.panel.layer in self.viewer.layers)
        self.layer = self.panel.layer

    def press(self, name: str) -> None:
        self.panel.buttons[name].click()

    def until(self, what, seconds: float = 60) -> None:
        """Lets Qt work until something is so."""
        from qtpy.QtWidgets import QApplication
        deadline = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), deadline, f"the panel says: {self.panel.status.text()}")
            QApplication.processEvents()
            time.sleep(0.01)

    def said(self, words: str) -> None:
        self.until(lambda: words in self.panel.status.text())

    def show_slice(self, axis: str, index: int) -> None:
        self.panel.look(axis, index)
        self.assertEqual(self.panel.plane(), (axis, index))

    def test_the_manifest_puts_the_panel_into_a_window(self) -> None:
        import napari
        viewer = napari.Viewer(show=False)
        self.addCleanup(viewer.close)
        _, panel = viewer.window.add_plugin_dock_widget("slicewise", "Slicewise")
        self.assertEqual(type(panel), type(self.panel))
        self.assertIn("Send slice", panel.buttons)

    def test_a_volume_opens_as_layers_on_its_grid(self) -> None:
        names = [layer.name for layer in self.viewer.layers]
        self.assertEqual(names[:4], ["sample 0", "sample 1", "sample 2", "annotation"])
        np.testing.assert_array_equal(self.viewer.layers[1].data, self.volume.image[1])
        self.assertEqual(tuple(self.layer.scale), self.volume.spacing)
        self.assertEqual([self.panel.classes.itemText(each) for each in range(3)], CLASSES)
        self.panel.classes.setCurrentIndex(1)
        self.assertEqual(self.layer.selected_label, 2)
        red, green, blue, _ = self.layer.get_color(1)
        self.assertEqual([round(255 * each) for each in (red, green, blue)], [0xE6, 0x9F, 0x00])

    def test_while_a_server_is_asked_nothing_of_before_is_offered(self) -> None:
        self.press("Connect")
        self.assertEqual((self.panel.projects.count(), self.panel.volumes.count()), (0, 0))
        self.press("Open")
        self.said("Choose a project and a volume first.")
        self.until(lambda: self.panel.volumes.currentText() == "sample")
        self.assertEqual(self.panel.projects.currentText(), "kidney")

    def test_what_is_painted_while_a_volume_is_read_stays(self) -> None:
        self.press("Open")
        self.show_slice("z", 5)
        self.layer.paint((5, 10, 12), 1)
        self.said("have not been sent")
        self.assertIn(self.layer, self.viewer.layers)
        self.assertEqual(list(self.panel.changed()), [("z", 5)])

    def test_a_stroke_is_sent_when_asked_for_and_not_before(self) -> None:
        for axis, index, place in (("z", 5, (5, 30, 30)), ("y", 9, (9, 9, 12)), ("x", 40, (9, 20, 40))):
            self.show_slice(axis, index)
            self.layer.brush_size = 5
            self.layer.paint(place, 2)
            painted = self.layer.data.take(index, "zyx".index(axis)) == 2
            self.press("Send slice")
            self.said(f"Sent: {axis} {index}.")
            np.testing.assert_array_equal(self.volume.annotation(axis, index) == 1, painted)
            self.assertEqual(set(np.unique(self.volume.annotation(axis, index))), {1, 255})
        self.assertEqual(len(self.volume.annotations()), 3)

    def test_what_is_undone_is_not_sent(self) -> None:
        self.show_slice("z", 5)
        self.layer.paint((5, 10, 12), 2)
        self.layer.paint((5, 30, 12), 3)
        self.layer.undo()
        self.layer.undo()
        self.press("Send slice")
        self.said("Nothing was changed")
        self.press("Send all changed")
        self.said("nothing is sent")
        self.assertEqual(self.volume.annotations(), [])
        self.layer.redo()
        self.press("Send all changed")
        self.said("Sent: z 5.")
        self.layer.undo()
        self.assertEqual(list(self.panel.changed()), [("z", 5)])
        self.assertEqual(len(self.volume.annotations()), 1)

    def test_all_changed_slices_are_sent_on_the_axes_they_were_painted_on(self) -> None:
        self.show_slice("z", 5)
        self.layer.paint((5, 10, 12), 1)
        self.show_slice("x", 20)
        self.layer.paint((8, 10, 20), 3)
        self.press("Send all changed")
        self.said("x 20.")
        self.assertEqual({(each.axis, each.index) for each in self.volume.annotations()}, {("z", 5), ("x", 20)})
        np.testing.assert_array_equal(to_layer(self.volume.labels[...]), self.layer.data)

    def test_a_training_waits_for_what_was_not_sent(self) -> None:
        self.show_slice("z", 5)
        self.layer.paint((5, 10, 12), 1)
        self.press("Train")
        self.said("have not been sent")
        self.press("Open")
        self.said("have not been sent")
        self.assertEqual(self.project.jobs(), [])

    def test_what_the_server_refuses_is_said(self) -> None:
        self.show_slice("z", 5)
        self.layer.paint((5, 10, 12), 9)
        self.press("Send slice")
        self.said("the label 9 is no class")
        self.layer.undo()
        self.press("Get prediction")
        self.said("no prediction of the volume")

    def test_z_the_loop_ends_with_a_prediction_and_a_suggestion(self) -> None:
        for axis, index in (("z", 8), ("y", 24), ("x", 24)):
            self.show_slice(axis, index)
            place = "zyx".index(axis)
            key = [slice(None)] * 3
            key[place] = index
            self.layer.data_setitem(
                np.nonzero(np.isin(np.arange(self.truth.shape[place]), index).reshape(
                    [-1 if each == place else 1 for each in range(3)]) & (self.truth < 9)),
                to_layer(self.truth.take(index, place)).ravel())
        self.press("Send all changed")
        self.until(lambda: len(self.volume.annotations()) == 3)
        self.until(lambda: not self.panel.changed())
        np.testing.assert_array_equal(self.volume.labels[:, 24], self.truth[:, 24])
        np.testing.assert_array_equal(to_layer(self.volume.labels[...]), self.layer.data)
        self.panel.seconds.setValue(3)
        self.press("Train")
        self.until(lambda: "prediction" in self.viewer.layers)
        np.testing.assert_array_equal(self.viewer.layers["prediction"].data, to_layer(self.volume.prediction()[...]))
        self.assertEqual(self.panel.progress.value(), self.panel.progress.maximum())
        self.press("Next suggestion")
        self.said("most unsure")
        first = self.volume.suggestions(1)[0]
        self.assertEqual(self.panel.plane(), (first.axis, first.index))
        self.press("Next suggestion")
        self.until(lambda: self.panel.plane() != (first.axis, first.index))
        self.panel.seconds.setValue(600)
        self.press("Train")
        before = self.panel.job
        self.until(lambda: self.panel.job is not before)
        self.press("Cancel training")
        self.said("was cancelled")


if __name__ == "__main__":
    unittest.main()
