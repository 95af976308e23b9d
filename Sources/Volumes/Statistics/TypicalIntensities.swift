/// What the intensities of a channel are centred and scaled by: statistics of its typical voxels.
///
/// Not typical are padding and outliers, see `TypicalRange`. In an ordinary image every finite voxel is typical.
package struct TypicalIntensities: Codable, Hashable, Sendable {
    /// An intensity among those of the typical voxels; differences from it are exact where the numbers themselves are
    /// too large to be told apart in few digits.
    package var origin: Double
    /// The mean of the differences from the origin.
    package var offset: Double
    package var deviation: Double
    /// The least and the greatest typical intensity.
    package var least: Double
    package var most: Double
    /// The number of finite voxels that are not typical.
    package var setAside: Int

    package init(origin: Double, offset: Double, deviation: Double, least: Double, most: Double, setAside: Int) {
        self.origin = origin
        self.offset = offset
        self.deviation = deviation
        self.least = least
        self.most = most
        self.setAside = setAside
    }

    package var mean: Double { origin + offset }
}
