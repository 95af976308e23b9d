"""Arrays on the server, against the same ones in memory."""

import unittest

import numpy as np

from slicewise import Changed, Invalid, NotFound
from slicewise.labels import of_array

from support import ServerTestCase, blobs


class ArrayTests(ServerTestCase):
    def test_slices_are_those_of_numpy(self) -> None:
        whole = np.asarray(self.volume.image)
        self.assertEqual((whole.shape, whole.dtype), ((3, 16, 48, 48), np.uint16))
        for key in np.s_[
            0, :, (..., 3), (slice(None), 3), (1, slice(None), 5), (..., 7), (2, slice(4, 9), -3, slice(None, None, -2)),
            (0, 0, 0, 0), (slice(None), slice(10, 2, -3), slice(None, 5), ...), (slice(1, 1),), (..., slice(40, 99)), ...,
        ]:
            with self.subTest(key=key):
                part = self.volume.image[key]
                np.testing.assert_array_equal(part, whole[key])
                self.assertEqual((np.shape(part), part.dtype), (np.shape(whole[key]), whole.dtype))

    def test_every_type_of_voxels_comes_back(self) -> None:
        shape = (3, 4, 5)
        values = np.arange(60).reshape(shape)
        for dtype in ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", ">u2", ">f4", "?", "f2"):
            with self.subTest(dtype=dtype):
                sent = values.astype(dtype)
                volume = self.project.upload("types", sent, replace=True)
                np.testing.assert_array_equal(np.asarray(volume.image), sent)

    def test_arrays_of_any_layout_are_sent_as_they_are_indexed(self) -> None:
        for sent in (blobs((4, 5, 6)).T, np.asfortranarray(blobs((4, 5, 6))), blobs((8, 5, 6))[::2, ::-1]):
            volume = self.project.upload("layout", sent, spacing=(2, 0.5, 0.25), unit="micrometer", replace=True)
            np.testing.assert_array_equal(volume.image[...], sent)
            self.assertEqual((volume.spacing, volume.unit), ((2, 0.5, 0.25), "micrometer"))

    def test_axes_say_the_order(self) -> None:
        sent = blobs((4, 5, 6))
        volume = self.project.upload("axes", sent, axes="yxz", replace=True)
        self.assertEqual(volume.shape, (6, 4, 5))
        np.testing.assert_array_equal(volume.image[...], np.moveaxis(sent, 2, 0))

    def test_a_part_is_fetched_by_few_small_requests(self) -> None:
        volume = self.project.upload("large", blobs((40, 200, 200)))
        image, calls, fetched = volume.image, [], []
        call = image._transport.call

        def count(method, path, **others):
            answer = call(method, path, **others)
            calls.append(path)
            fetched.append(len(answer.body))
            return answer

        image._transport.call = count
        self.addCleanup(lambda: vars(image._transport).pop("call"))
        image[7]
        self.assertEqual((len(calls), sum(fetched)), (1, 200 * 200 * 2))
        calls.clear(), fetched.clear()
        image[3:9:2, 100, 5:20]
        self.assertLess(sum(fetched), image.nbytes / 2)
        self.assertLessEqual(len(calls), 6)

    def test_what_numpy_alone_can_do_is_said(self) -> None:
        for key in ([1, 2], np.array([True, False, True]), None, "z"):
            with self.assertRaisesRegex(IndexError, "np.asarray"):
                self.volume.image[key]
        for key in (3, (0, 0, 0, 0, 0), (..., 0, ...)):
            with self.assertRaises(IndexError):
                self.volume.image[key]

    def test_voxels_that_are_replaced_meanwhile_are_not_mixed(self) -> None:
        volume = self.project.upload("mixed", blobs((4, 8, 8), 1))
        image = volume.image
        image[0]
        self.project.upload("mixed", blobs((4, 8, 8), 2), replace=True)
        with self.assertRaisesRegex(Changed, "anew"):
            image[1]
        np.testing.assert_array_equal(volume.image[1], blobs((4, 8, 8), 2)[1])
        self.project.upload("mixed", blobs((5, 8, 8), 3), replace=True)
        with self.assertRaises(Changed):
            volume.image[0]

    def test_files_are_saved_in_the_format_that_the_name_says(self) -> None:
        for name, start in (("a.nii.gz", b"\x1f\x8b"), ("a.tif", b"II"), ("a.npy", b"\x93NUMPY"), ("a.nrrd", b"NRRD")):
            path = self.volume.image.save(self.folder / name)
            self.assertTrue(path.read_bytes().startswith(start), name)
        np.testing.assert_array_equal(np.load(self.folder / "a.npy"), self.volume.image[...])
        with self.assertRaisesRegex(ValueError, "the formats are nii.gz"):
            self.volume.image.save(self.folder / "a.txt")

    def test_a_save_that_fails_leaves_the_file_that_was_there(self) -> None:
        path = self.folder / "kept.npy"
        path.write_bytes(b"before")
        volume = self.project.upload("gone", blobs((4, 8, 8)))
        volume.delete()
        with self.assertRaises(NotFound):
            volume.image.save(path)
        self.assertEqual(path.read_bytes(), b"before")
        self.assertFalse([each for each in self.folder.iterdir() if each.name.startswith(".slicewise")])

    def test_what_is_no_image_is_refused(self) -> None:
        with self.assertRaisesRegex(TypeError, "numbers"):
            of_array(np.array(["a"]))
        with self.assertRaises(Invalid):
            self.project.upload("much", blobs((4, 5, 6))[None, None])

    def test_a_large_upload_that_is_refused_at_once_says_why(self) -> None:
        project = self.client.create_project("short", ["a"])
        project.delete()
        with self.assertRaisesRegex(NotFound, "short"):
            project.upload("v", np.zeros((64, 512, 512), np.uint16))


if __name__ == "__main__":
    unittest.main()
