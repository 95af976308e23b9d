"""What a labels layer sends, against the real server; without napari."""

import unittest

import numpy as np

from slicewise import Class, Conflict, NotFound
from slicewise.napari.session import Session, plane_of
from slicewise.napari.values import colors, from_layer, to_layer

from support import CLASSES, ServerTestCase


class ValueTests(unittest.TestCase):
    classes = [Class("a", "#112233"), Class("b", removed=True), Class("c")]

    def test_values_are_the_class_plus_one_both_ways(self) -> None:
        labels = np.array([[0, 2, 255]], np.uint8)
        self.assertEqual(to_layer(labels).tolist(), [[1, 3, 0]])
        self.assertEqual(to_layer(labels).dtype, np.uint8)
        np.testing.assert_array_equal(from_layer(to_layer(labels), self.classes), labels)
        many = np.array([*range(254), 255], np.uint8)
        all_classes = [Class(str(label)) for label in range(254)]
        np.testing.assert_array_equal(from_layer(to_layer(many), all_classes), many)

    def test_a_value_that_is_no_class_is_refused(self) -> None:
        for value in (2, 4, 256):
            with self.assertRaisesRegex(ValueError, f"the label {value} is no class; the labels here are 1 a, 3 c"):
                from_layer(np.array([[0, 1, value]]), self.classes)

    def test_unlabeled_is_transparent(self) -> None:
        self.assertEqual(colors(self.classes)[1], "#112233")
        self.assertEqual((colors(self.classes)[0], colors(self.classes)[None]), ("#00000000", "#00000000"))


class SessionTests(ServerTestCase):
    def setUp(self) -> None:
        self.volume.clear_all()
        self.session = Session(self.project, self.volume)
        self.data = self.session.stored.copy()

    def paint(self, axis: str, index: int, rows: slice, columns: slice, value: int) -> None:
        """A stroke as napari makes one while slices on the axis are shown."""
        mask = np.zeros(plane_of(self.data, (axis, index)).shape, bool)
        mask[rows, columns] = True
        whole = np.zeros(self.data.shape, bool)
        plane_of(whole, (axis, index))[...] = mask
        self.session.painted(axis, np.nonzero(whole))
        self.data[whole] = value

    def send(self, axis: str, index: int):
        sent = self.session.post(self.session.draft(self.data, (axis, index)))
        return sent, self.session.accept(sent, self.data)

    def test_only_what_was_painted_on_a_slice_is_sent(self) -> None:
        self.paint("z", 3, slice(2, 5), slice(4, 9), 2)
        self.assertEqual(list(self.session.changed(self.data, "x")), [("z", 3)])
        self.assertIsNone(self.session.draft(self.data, ("z", 4)))
        self.assertEqual(self.volume.annotations(), [])
        sent, _ = self.send("z", 3)
        expected = np.full((48, 48), 255)
        expected[2:5, 4:9] = 1
        np.testing.assert_array_equal(self.volume.annotation("z", 3), expected)
        self.assertEqual(sent.revision.voxels["tubule"], 15)
        self.assertEqual(self.session.changed(self.data, "z"), {})
        self.assertEqual([(each.axis, each.index) for each in self.volume.annotations()], [("z", 3)])

    def test_a_slice_that_crosses_an_annotated_one_is_not_annotated_by_that(self) -> None:
        self.volume.annotate("x", 20, self.truth[:, :, 20])
        self.session = Session(self.project, self.volume)
        self.data = self.session.stored.copy()
        self.assertTrue(self.data[3, :, 20].all())
        self.assertEqual(self.session.changed(self.data, "z"), {})
        self.paint("z", 3, slice(0, 2), slice(0, 2), 1)
        self.send("z", 3)
        self.assertEqual(int((self.volume.annotation("z", 3) != 255).sum()), 4)

    def test_strokes_belong_to_the_slice_that_they_were_painted_on(self) -> None:
        self.paint("z", 3, slice(0, 48), slice(10, 12), 3)
        self.paint("y", 7, slice(0, 16), slice(20, 22), 1)
        self.assertEqual(set(self.session.changed(self.data, "x")), {("z", 3), ("y", 7)})
        self.paint("y", 7, slice(3, 4), slice(10, 11), 2)  # On the first stroke: the voxel is the newer one's.
        for plane in (("z", 3), ("y", 7)):
            self.send(*plane)
        self.assertEqual(int((self.volume.annotation("z", 3) != 255).sum()), 48 * 2 - 1)
        self.assertEqual(int((self.volume.annotation("y", 7) != 255).sum()), 16 * 2 + 1)
        np.testing.assert_array_equal(to_layer(self.volume.labels[...]), self.data)

    def test_undone_strokes_are_not_sent(self) -> None:
        before = self.data.copy()
        self.paint("z", 3, slice(2, 5), slice(4, 9), 2)
        self.data[...] = before
        self.assertEqual(self.session.changed(self.data, "z"), {})
        self.assertEqual(self.volume.annotations(), [])

    def test_what_no_stroke_has_painted_belongs_to_the_axis_that_is_shown(self) -> None:
        self.data[2, 5:7, 8] = 1
        self.assertEqual(set(self.session.changed(self.data, "z")), {("z", 2)})
        self.assertEqual(set(self.session.changed(self.data, "y")), {("y", 5), ("y", 6)})

    def test_the_rest_of_a_slice_stays_and_erasing_all_clears_it(self) -> None:
        self.volume.annotate("z", 3, self.truth[3])
        self.session = Session(self.project, self.volume)
        self.data = self.session.stored.copy()
        self.paint("z", 3, slice(0, 2), slice(0, 2), 0)
        self.assertEqual(self.send("z", 3)[1], 0)
        expected = self.truth[3].copy()
        expected[:2, :2] = 255
        np.testing.assert_array_equal(self.volume.annotation("z", 3), expected)
        self.paint("z", 3, slice(0, 48), slice(0, 48), 0)
        self.assertTrue(self.send("z", 3)[0].revision.cleared)
        with self.assertRaises(NotFound):
            self.volume.annotation("z", 3)
        self.paint("z", 3, slice(0, 2), slice(0, 2), 1)
        self.send("z", 3)
        self.assertEqual(int((self.volume.annotation("z", 3) != 255).sum()), 4)

    def test_what_is_erased_comes_back_where_another_slice_labels_it(self) -> None:
        self.volume.annotate("x", 20, self.truth[:, :, 20])
        self.session = Session(self.project, self.volume)
        self.data = self.session.stored.copy()
        self.paint("z", 3, slice(0, 48), slice(18, 23), 0)
        sent, stays = self.send("z", 3)
        self.assertIsNone(sent.revision)
        self.assertEqual(stays, 48)
        np.testing.assert_array_equal(self.data, to_layer(self.volume.labels[...]))
        self.assertEqual(self.session.changed(self.data, "z"), {})

    def test_two_classes_alone_are_no_mask(self) -> None:
        self.paint("z", 3, slice(0, 9), slice(0, 9), 1)
        self.send("z", 3)
        self.assertEqual(self.volume.annotation("z", 3)[0, 0], 0)

    def test_what_somebody_else_posts_in_between_is_kept(self) -> None:
        self.paint("z", 3, slice(0, 2), slice(0, 2), 1)
        self.volume.annotate("z", 3, self.truth[3])
        self.send("z", 3)
        expected = self.truth[3].copy()
        expected[:2, :2] = 0
        np.testing.assert_array_equal(self.volume.annotation("z", 3), expected)

    def test_a_change_at_the_same_moment_is_a_conflict_and_nothing_is_lost(self) -> None:
        self.paint("z", 3, slice(0, 2), slice(0, 2), 1)
        draft = self.session.draft(self.data, ("z", 3))
        history = self.session.volume.history

        def late(axis: str, index: int):
            found = history(axis, index)
            self.volume.annotate("z", 3, self.truth[3])
            return found

        self.session.volume = self.client.project("kidney").volume("sample")
        self.session.volume.history = late
        with self.assertRaises(Conflict):
            self.session.post(draft)
        self.assertEqual(list(self.session.changed(self.data, "z")), [("z", 3)])
        np.testing.assert_array_equal(self.volume.annotation("z", 3), self.truth[3])

    def test_strokes_on_an_image_that_was_replaced_are_not_sent_and_stay(self) -> None:
        project = self.client.create_project("replaced", CLASSES)
        self.addCleanup(project.delete)
        image = np.arange(8 * 9 * 10, dtype=np.uint16).reshape(8, 9, 10)
        volume = project.upload("image", image)
        volume.annotate("z", 4, np.full((9, 10), 1, np.uint8))
        self.session = Session(project, volume)
        self.data = self.session.stored.copy()
        project.upload("image", image[::-1], replace=True)
        for index, value in ((3, 1), (4, 0)):
            self.paint("z", index, slice(0, 9), slice(0, 10), value)
            with self.assertRaisesRegex(Conflict, "replaced the image"):
                self.send("z", index)
            self.assertIn(("z", index), self.session.changed(self.data, "z"))
        self.assertEqual([each.index for each in project.volume("image").annotations()], [4])
        self.assertEqual(len(volume.history("z", 4)), 1)

    def test_what_is_painted_while_a_slice_is_sent_stays_to_be_sent(self) -> None:
        self.paint("z", 3, slice(0, 2), slice(0, 2), 1)
        sent = self.session.post(self.session.draft(self.data, ("z", 3)))
        self.paint("z", 3, slice(1, 3), slice(0, 2), 2)
        self.session.accept(sent, self.data)
        self.assertEqual(int(self.session.changed(self.data, "z")[("z", 3)].sum()), 4)

    def test_a_label_that_is_no_class_is_said_before_anything_is_sent(self) -> None:
        self.paint("z", 3, slice(0, 2), slice(0, 2), len(CLASSES) + 1)
        with self.assertRaisesRegex(ValueError, "the label 4 is no class"):
            self.send("z", 3)
        self.assertEqual(self.volume.annotations(), [])


if __name__ == "__main__":
    unittest.main()
