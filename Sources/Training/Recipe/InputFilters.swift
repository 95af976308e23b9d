internal import JSON

/// What the network sees of each channel besides the image itself.
///
/// Random forests owe much of their strength with few annotations to such features; a network would have to learn them.
package struct InputFilters: Hashable, Sendable {
    /// Deviations of Gaussians in voxels of the finest axis.
    package var smoothed: [Double]
    /// Deviations of the Gaussians whose gradient's length is taken.
    package var gradient: [Double]

    package static let none = InputFilters(smoothed: [], gradient: [])

    package init(smoothed: [Double], gradient: [Double]) {
        self.smoothed = smoothed
        self.gradient = gradient
    }

    /// Channels of the network for each of the image's, itself included.
    package var count: Int { 1 + smoothed.count + gradient.count }

    static let record = JSONRecord<InputFilters>([
        JSONField("smoothed", \.smoothed, deviations),
        JSONField("gradient", \.gradient, deviations),
    ])

    private static let deviations = JSONSchema<[Double]>.list(
        of: .number(in: 0.3...16), "an array of up to eight deviations in voxels", count: 0...8)
}
