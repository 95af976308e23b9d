package import Volumes

/// How a patch is varied each time it is drawn, so that few slices look like many.
package struct Augmentation: Codable, Hashable, Sendable {
    /// The smooth dense deformation of Çiçek and others 2016: normal random vectors on a coarse grid, B-spline between.
    package struct Elastic: Codable, Hashable, Sendable {
        /// Voxels between the points of the grid.
        package var spacing: Double
        /// Deviation of the vectors in voxels.
        package var sigma: Double

        package init(spacing: Double, sigma: Double) {
            self.spacing = spacing
            self.sigma = sigma
        }
    }

    /// The smallest and the largest factor of size; JSON `[0.9, 1.1]`.
    package struct Scale: Codable, Hashable, Sendable {
        package var low: Double
        package var high: Double

        package init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }

        package init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            low = try container.decode(Double.self)
            high = try container.decode(Double.self)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            try container.encode(low)
            try container.encode(high)
        }
    }

    /// Degrees; uniform between minus and plus, about each axis that allows it.
    package var rotation: Double
    package var scale: Scale
    package var elastic: Elastic?
    /// Random contrast and brightness of each channel.
    package var gray: Bool
    /// Axes along which a patch is reversed half of the time; `auto` means all.
    package var mirror: Setting<[Axis]>

    package init(rotation: Double, scale: Scale, elastic: Elastic?, gray: Bool, mirror: Setting<[Axis]>) {
        self.rotation = rotation
        self.scale = scale
        self.elastic = elastic
        self.gray = gray
        self.mirror = mirror
    }

    /// Whether voxels are read from between the grid's points.
    package var warps: Bool { rotation > 0 || scale.low != 1 || scale.high != 1 || elastic != nil }
}
