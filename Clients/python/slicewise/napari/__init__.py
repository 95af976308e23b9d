"""The plugin for napari: paint slices of a volume on a Slicewise server, train, and see the prediction."""
