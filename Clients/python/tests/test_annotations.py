"""Annotated slices, posted as arrays, and who may do so."""

import subprocess
import unittest
import unittest.mock

import numpy as np

from slicewise import Client, Conflict, Invalid, NotAllowed, NotFound, NotSignedIn

from support import CLASSES, ENVIRONMENT, PROGRAM, ServerTestCase


class AnnotationTests(ServerTestCase):
    def setUp(self) -> None:
        self.volume.clear_all()

    def test_a_slice_comes_back_on_every_axis(self) -> None:
        for place, axis in enumerate("zyx"):
            labels = self.truth.take(5, place)
            posted = self.volume.annotate(axis, 5, labels, author="anna")
            self.assertEqual((posted.axis, posted.index, posted.author), (axis, 5, "anna"))
            self.assertEqual(posted.voxels["background"], int((labels == 2).sum()))
            np.testing.assert_array_equal(self.volume.annotation(axis, 5), labels)
        self.assertEqual([(each.axis, each.index) for each in self.volume.annotations()], [("z", 5), ("y", 5), ("x", 5)])
        np.testing.assert_array_equal(self.volume.labels[5], self.truth[5])

    def test_values_can_be_named(self) -> None:
        labels = np.array([[7, 8] * 24, [0, 9] * 24] * 24)
        self.volume.annotate("z", 1, labels, values={0: None, 7: "background", 8: "tubule", 9: 0})
        expected = np.array([[2, 1] * 24, [255, 0] * 24] * 24)
        np.testing.assert_array_equal(self.volume.annotation("z", 1), expected)
        with self.assertRaisesRegex(Invalid, "cell"):
            self.volume.annotate("z", 1, labels, values={0: "cell"})
        with self.assertRaisesRegex(Invalid, "the value 9 at row 1"):
            self.volume.annotate("z", 1, labels, values={0: None, 7: 0, 8: 1})

    def test_masks_by_class_leave_the_rest_unlabeled(self) -> None:
        posted = self.volume.annotate("z", 2, {"tubule": self.truth[2] == 1})
        self.assertEqual(posted.voxels["unlabeled"], int((self.truth[2] != 1).sum()))
        self.assertEqual(posted.voxels["background"], 0)
        # 0 and 255 alone: what the server refuses without a word on their meaning.
        self.volume.annotate("z", 3, {CLASSES[0]: self.truth[3] == 0})
        np.testing.assert_array_equal(self.volume.annotation("z", 3), np.where(self.truth[3] == 0, 0, 255))

    def test_a_mask_that_could_mean_two_things_is_refused(self) -> None:
        with self.assertRaisesRegex(Invalid, "as masks of two classes do"):
            self.volume.annotate("z", 2, np.where(self.truth[2] == 1, 255, 0))
        with self.assertRaisesRegex(TypeError, "booleans"):
            self.volume.annotate("z", 2, self.truth[2] == 1)

    def test_a_slice_of_another_axis_or_transposed_is_told_so(self) -> None:
        with self.assertRaisesRegex(Invalid, "48×16"):
            self.volume.annotate("y", 2, self.truth[:, 2].T)
        with self.assertRaisesRegex(ValueError, "3 axes"):
            self.volume.annotate("z", 2, self.truth)

    def test_a_part_is_laid_over_what_was_there(self) -> None:
        self.volume.annotate("z", 4, self.truth[4])
        self.volume.annotate("z", 4, np.full((2, 3), 1), corner=(10, 20))
        expected = self.truth[4].copy()
        expected[10:12, 20:23] = 1
        np.testing.assert_array_equal(self.volume.annotation("z", 4), expected)

    def test_a_slice_that_has_moved_on_is_a_conflict(self) -> None:
        first = self.volume.annotate("z", 6, self.truth[6])
        self.volume.annotate("z", 6, self.truth[5], if_revision=first.revision)
        with self.assertRaisesRegex(Conflict, f"not at revision {first.revision}"):
            self.volume.annotate("z", 6, self.truth[6], if_revision=first.revision)
        with self.assertRaises(Conflict):
            self.volume.clear("z", 6, if_revision=first.revision)

    def test_what_was_drawn_on_another_image_is_a_conflict(self) -> None:
        posted = self.volume.annotate("z", 6, self.truth[6], if_image=self.volume.version)
        other = "0" * len(self.volume.version)
        for change in (
            lambda: self.volume.annotate("z", 6, self.truth[5], if_image=other),
            lambda: self.volume.clear("z", 6, if_image=other),
            lambda: self.volume.set_role("z", 6, "test", if_image=other),
            lambda: self.volume.restore("z", 6, posted.revision, if_image=other),
        ):
            with self.assertRaises(Conflict) as caught:
                change()
            self.assertEqual(caught.exception.field, "if-image")
        self.assertEqual([each.revision for each in self.volume.history("z", 6)][-1], posted.revision)

    def test_the_history_brings_things_back(self) -> None:
        first = self.volume.annotate("z", 7, self.truth[7])
        self.assertTrue(self.volume.clear("z", 7).cleared)
        with self.assertRaises(NotFound):
            self.volume.annotation("z", 7)
        np.testing.assert_array_equal(self.volume.annotation("z", 7, first.revision), self.truth[7])
        self.volume.restore("z", 7, first.revision)
        np.testing.assert_array_equal(self.volume.annotation("z", 7), self.truth[7])
        self.assertEqual([each.cleared for each in self.volume.history("z", 7)[-3:]], [False, True, False])

    def test_test_slices_keep_their_role(self) -> None:
        self.volume.annotate("z", 8, self.truth[8], role="test")
        self.volume.annotate("z", 8, self.truth[8])
        self.assertEqual(self.volume.annotations()[0].role, "test")
        self.assertEqual(self.volume.set_role("z", 8, "train").role, "train")

    def test_a_whole_label_volume_is_taken_as_slices_and_taken_back(self) -> None:
        labels = np.full(self.truth.shape, 255, np.uint8)
        labels[3] = self.truth[3]
        self.assertEqual(self.volume.annotate_all(labels, dry_run=True).counts["labelled"], 48 * 48)
        self.assertEqual(self.volume.annotations(), [])
        change = self.volume.annotate_all(labels)
        np.testing.assert_array_equal(np.asarray(self.volume.labels), labels)
        self.assertEqual([(each.axis, each.index) for each in change.slices], [("z", 3)])
        self.volume.restore_change(change.change)
        self.assertEqual(self.volume.annotations(), [])

    def test_a_file_of_labels_can_be_sent(self) -> None:
        self.volume.annotate_all(self.folder / "sample" / "sparse.nii.gz", author="anna")
        self.assertEqual({each.author for each in self.volume.annotations()}, {"anna"})

    def test_the_truth_comes_back(self) -> None:
        counted = self.volume.set_truth(np.where(self.truth == 1, 10, 20), values={10: "tubule", 20: None})
        self.assertEqual(counted["voxels"]["tubule"], int((self.truth == 1).sum()))
        np.testing.assert_array_equal(self.volume.truth[...], np.where(self.truth == 1, 1, 255))
        self.volume.delete_truth()
        self.assertFalse(self.volume.refresh().has_truth)
        self.volume.set_truth(self.truth)


class ProjectTests(ServerTestCase):
    def test_a_project_is_found_again_but_not_changed_by_its_making(self) -> None:
        again = self.client.create_project("kidney", CLASSES)
        self.assertEqual(again.classes, self.project.classes)
        with self.assertRaisesRegex(Conflict, "update"):
            self.client.create_project("kidney", ["other", *CLASSES[1:]])
        self.assertEqual([each.name for each in self.project.refresh().classes], CLASSES)

    def test_classes_are_renamed_and_appended(self) -> None:
        project = self.client.create_project("cells", ["a", ("b", "#112233")], description="of mine")
        project.update(classes=["a", "c", "d"])
        self.assertEqual([each.name for each in self.client.project("cells").classes], ["a", "c", "d"])
        self.assertEqual((project.label("d"), project.description), (2, "of mine"))
        with self.assertRaisesRegex(ValueError, "its classes are a, c, d"):
            project.label("b")
        project.delete()
        with self.assertRaises(Conflict):
            project.update(classes=["is not made anew"])
        self.assertNotIn("cells", [each.name for each in self.client.projects()])

    def test_things_look_like_something_in_a_notebook(self) -> None:
        self.assertIn("inside tubule", self.project._repr_html_())
        self.assertIn("data:image/png;base64,iVBOR", self.volume._repr_html_())
        self.assertTrue(self.volume.picture("z", 3, overlay="truth", scale=2)._repr_png_().startswith(b"\x89PNG"))
        look = {"channel": (0, 2), "window": [200, 900], "outline": True, "classes": ["tubule"]}
        self.assertTrue(self.volume.picture("x", 3, overlay="truth", **look).startswith(b"\x89PNG"))
        strange = self.client.create_project("strange", ["<script>"])
        self.assertNotIn("<script>", strange._repr_html_())


class AccessTests(ServerTestCase):
    def test_tokens_come_from_the_environment_and_roles_are_told(self) -> None:
        data = str(self.folder / "data")
        made = subprocess.run(
            [PROGRAM, "token", "create", "--data", data, "--name", "anna", "--role", "annotator"], check=True,
            capture_output=True, text=True, env=ENVIRONMENT)
        token = made.stdout.strip()
        with self.assertRaises(NotSignedIn):
            self.client.projects()
        with unittest.mock.patch.dict("os.environ", SLICEWISE_URL=self.server.url, SLICEWISE_TOKEN=token):
            with Client() as client:
                volume = client.project("kidney").volume("sample")
                self.assertEqual(volume.annotate("z", 1, self.truth[1]).author, "anna")
                with self.assertRaisesRegex(NotAllowed, "trainer"):
                    client.project("kidney").train(seconds=1)
                self.assertNotIn(token, repr(client) + repr(vars(client)))
        with Client(self.server.url, "wrong") as client:
            with self.assertRaises(NotSignedIn):
                client.projects()


if __name__ == "__main__":
    unittest.main()
