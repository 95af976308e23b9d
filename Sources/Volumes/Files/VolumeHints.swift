/// What a sender says of a file whose format cannot.
package struct VolumeHints: Hashable, Sendable {
    /// Used where the file does not give one.
    package var spacing: Spacing?
    /// Used where neither the file nor `spacing` gives one.
    package var unit: String?
    /// One letter per axis of the array, slowest first: "zyx", "czyx", "yxz"; only for formats that are bare arrays and for TIFF,
    /// whose pages are y, x.
    package var axes: String?

    package init(spacing: Spacing? = nil, unit: String? = nil, axes: String? = nil) {
        self.spacing = spacing
        self.unit = unit
        self.axes = axes
    }
}
