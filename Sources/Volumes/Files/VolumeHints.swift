/// What a client states about a file because its format cannot, or because the file is wrong.
package struct VolumeHints: Hashable, Sendable {
    /// Goes before the file's.
    package var spacing: Spacing?
    /// Goes before the file's and that of `spacing`.
    package var unit: String?
    /// One letter per axis of the array, slowest first: "zyx", "czyx", "yxz"; only for bare arrays, HDF5, Zarr, and TIFF,
    /// whose pages are y, x.
    package var axes: String?
    /// The path of the dataset that is meant, in a file that has several.
    package var dataset: String?
    /// The resolution that is meant, counted from the finest, in a format that has several.
    package var level: Int?
    /// The time point that is meant, in such a format.
    package var time: Int?
    /// Whether voxels of labels belong to those of the same index, wherever the file says that they lie.
    package var ignoresPlace: Bool
    /// Whether the file is one of labels: the opacity of colours is a fourth channel then, in formats that tell it from
    /// channels, and layers of segments that overlap are refused.
    package var areLabels = false

    package init(
        spacing: Spacing? = nil, unit: String? = nil, axes: String? = nil, dataset: String? = nil,
        level: Int? = nil, time: Int? = nil, ignoresPlace: Bool = false
    ) {
        self.spacing = spacing
        self.unit = unit
        self.axes = axes
        self.dataset = dataset
        self.level = level
        self.time = time
        self.ignoresPlace = ignoresPlace
    }
}
