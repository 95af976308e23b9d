internal import JSON

/// Filtered versions of each channel, given to the network besides the image itself.
///
/// Random forests do well with few annotations thanks to such features; a network would have to learn them.
package struct InputFilters: Hashable, Sendable {
    /// Standard deviations of the Gaussian filters, in voxels of the finest axis.
    package var smoothed: [Double]
    /// Standard deviations of the Gaussian filters before gradient magnitudes, in voxels of the finest axis.
    package var gradient: [Double]

    package static let none = InputFilters(smoothed: [], gradient: [])

    package init(smoothed: [Double], gradient: [Double]) {
        self.smoothed = smoothed
        self.gradient = gradient
    }

    /// Input channels of the network for each image channel, including the image itself.
    package var count: Int { 1 + smoothed.count + gradient.count }

    static let record = JSONRecord<InputFilters>(
        "InputFilters", "Filtered versions of each channel, given to the network besides the image itself.",
        [
            JSONField(
                "smoothed", \.smoothed, deviations,
                "Standard deviations of Gaussian filters, in voxels of the finest axis"),
            JSONField(
                "gradient", \.gradient, deviations,
                "Standard deviations of the filters before lengths of gradients, in voxels of the finest axis"),
        ])

    private static let deviations = JSONSchema<[Double]>.list(
        of: .number(in: 0.3...16), "an array of up to eight deviations in voxels", count: 0...8)
}
