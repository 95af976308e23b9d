"""Volumes as OME-Zarr in napari, by the plugin napari-ome-zarr."""

import contextlib
import importlib.util
import io
import unittest
import warnings

import numpy as np

from support import ServerTestCase, blobs

MISSING = [name for name in ("napari", "napari_ome_zarr") if importlib.util.find_spec(name) is None]


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
class OMEZarrTests(ServerTestCase):
    def layers(self, volume: str, folder: str) -> list:
        """The layers that the plugin makes of an address; an image has one for each channel."""
        from napari.components import ViewerModel
        from napari_ome_zarr import napari_get_reader
        address = f"{self.server.url}/v1/projects/kidney/volumes/{volume}/{folder}"
        viewer = ViewerModel()
        # The plugin prints what it reads, and napari warns of labels without a colour.
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            for data, metadata, kind in napari_get_reader(address)(address):
                getattr(viewer, f"add_{kind}")(data, **metadata)
        return list(viewer.layers)

    def finest(self, layer: object) -> np.ndarray:
        return np.asarray(layer.data[0] if layer.multiscale else layer.data)

    def test_every_voxel_is_there_also_in_chunks_at_the_border(self) -> None:
        voxels = blobs((66, 70, 129))
        self.project.upload("large", voxels, spacing=(2, 0.5, 0.5), unit="micrometer")
        for folder in ("ome.zarr", "ome.zarr3"):
            (layer,) = self.layers("large", folder)
            np.testing.assert_array_equal(self.finest(layer), voxels)
            self.assertEqual(tuple(layer.scale), (2, 0.5, 0.5))

    def test_labels_lie_over_the_channels_of_their_image(self) -> None:
        self.annotate()
        image, labels = self.volume.image[...], self.volume.labels[...]
        for folder in ("ome.zarr", "ome.zarr3"):
            layers = self.layers("sample", folder)
            self.assertEqual(len(layers), 3 + 2)
            for layer, channel in zip(layers, image):
                np.testing.assert_array_equal(self.finest(layer), channel)
            found = [self.finest(layer) for layer in layers[3:]]
            for wanted in (labels, self.truth):
                # In napari class + 1, and 0 where nothing is labelled.
                self.assertTrue(any(np.array_equal(each, wanted + np.uint8(1)) for each in found), folder)


if __name__ == "__main__":
    unittest.main()
