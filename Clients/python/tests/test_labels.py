"""How labels are named and sent; without a server."""

import io
import unittest

import numpy as np

from slicewise.labels import UNLABELED, check_values, of_array, of_masks, planes, values_text

CLASSES = ["inside tubule", "tubule", "background"]


def text(values, classes=CLASSES):
    return values_text(values, lambda: classes)


class LabelTests(unittest.TestCase):
    def test_values_go_by_names(self) -> None:
        self.assertEqual(text({0: None, 1: "tubule", 7: 2, 9: 255}), "0:unlabeled,1:tubule,7:background,9:unlabeled")
        self.assertEqual(text({False: "background", True: "tubule"}), "0:background,1:tubule")
        self.assertEqual(text("0:1"), "0:1")
        self.assertIsNone(text(None))

    def test_an_index_is_never_taken_for_a_class_that_is_called_like_it(self) -> None:
        self.assertEqual(text({5: 1}, ["1", "0"]), "5:0")

    def test_a_name_that_looks_like_pairs_goes_by_its_index(self) -> None:
        self.assertEqual(text({0: "a,1:b"}, ["a", "b", "a,1:b"]), "0:2")
        with self.assertRaisesRegex(ValueError, "no class"):
            text({0: "a,1:b"}, ["a", "b"])

    def test_an_index_that_is_no_class_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "3 is no class; the classes are inside tubule"):
            text({1: 3})

    def test_masks_become_labels(self) -> None:
        labels, values = of_masks({"cell": np.array([[True, False, False]]), "rest": np.array([[False, True, False]])})
        self.assertEqual(labels.tolist(), [[0, 1, UNLABELED]])
        self.assertEqual(values, {UNLABELED: None, 0: "cell", 1: "rest"})

    def test_masks_that_overlap_or_do_not_fit_are_refused(self) -> None:
        yes = np.ones((2, 2), bool)
        with self.assertRaisesRegex(ValueError, "share 4 voxels"):
            of_masks({"a": yes, "b": yes})
        with self.assertRaisesRegex(ValueError, "3×2"):
            of_masks({"a": yes, "b": np.ones((3, 2), bool)})
        with self.assertRaisesRegex(TypeError, "booleans"):
            of_masks({"a": yes.astype(int)})
        with self.assertRaises(ValueError):
            of_masks({})

    def test_booleans_need_a_meaning(self) -> None:
        with self.assertRaisesRegex(TypeError, "values="):
            check_values(np.ones((2, 2), bool), None)

    def test_arrays_are_sent_as_files_of_numpy(self) -> None:
        for array in (np.arange(6).reshape(2, 3), np.arange(6.0).reshape(2, 3).T, np.zeros((0, 3), np.uint8)):
            upload = of_array(array)
            sent = b"".join(bytes(piece) for piece in upload.pieces())
            self.assertEqual(len(sent), upload.length)
            np.testing.assert_array_equal(np.load(io.BytesIO(sent)), array)

    def test_slices_have_the_rows_and_columns_of_their_axis(self) -> None:
        self.assertEqual([planes((2, 3, 4), axis) for axis in "zyx"], [(3, 4), (2, 4), (2, 3)])


if __name__ == "__main__":
    unittest.main()
