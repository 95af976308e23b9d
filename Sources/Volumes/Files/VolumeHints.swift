/// What a client states about a file because its format cannot.
package struct VolumeHints: Hashable, Sendable {
    /// Used if the file has none.
    package var spacing: Spacing?
    /// Used if neither the file nor `spacing` has one.
    package var unit: String?
    /// One letter per axis of the array, slowest first: "zyx", "czyx", "yxz"; only for bare arrays and for TIFF, whose
    /// pages are y, x.
    package var axes: String?

    package init(spacing: Spacing? = nil, unit: String? = nil, axes: String? = nil) {
        self.spacing = spacing
        self.unit = unit
        self.axes = axes
    }
}
