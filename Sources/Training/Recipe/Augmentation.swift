package import Volumes

/// How a patch is varied at random each time it is drawn, which makes up for few annotated slices.
package struct Augmentation: Hashable, Sendable {
    /// The smooth deformation of Çiçek and others 2016: random normal vectors on a coarse grid, B-spline interpolation.
    package struct Elastic: Hashable, Sendable {
        /// Distance of the grid's points, in voxels.
        package var spacing: Double
        /// Standard deviation of the vectors, in voxels.
        package var sigma: Double

        package init(spacing: Double, sigma: Double) {
            self.spacing = spacing
            self.sigma = sigma
        }
    }

    /// The smallest and the largest factor of size; JSON `[0.9, 1.1]`.
    package struct Scale: Hashable, Sendable {
        package var low: Double
        package var high: Double

        package init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    /// About which axes patches are rotated.
    package enum Turn: String, CaseIterable, Sendable {
        /// About every axis for which the spacing allows it.
        case all
        /// Within the plane of the slice that the patch was drawn for, whose annotation stays exact.
        case slice
    }

    /// The largest angle in degrees; uniform between minus and plus this, about each axis that allows it.
    ///
    /// For `auto` see `Recipe.resolved`; unresolved it is 0, and `scale` 1.
    package var rotation: AutoOrFixed<Double>
    package var scale: AutoOrFixed<Scale>
    package var elastic: Elastic?
    /// Which axes rotations, scalings and displacements affect.
    package var turn: Turn
    /// Random contrast, brightness and gray-value curves of each channel.
    package var gray: Gray?
    /// The most noise, in standard deviations of the image.
    package var noise: Double
    /// The strongest blur: its standard deviation in voxels of the finest axis; half of the patches are not blurred.
    package var blur: Double
    /// The strongest sharpening: how much of the difference to the blurred image is added.
    package var sharpen: Double
    /// Axes along which a patch is mirrored half of the time; `auto` means all.
    package var mirror: AutoOrFixed<[Axis]>
    /// Axes that are exchanged with one another at random; for `auto` see `Recipe.transposed`, unresolved it means none.
    package var transpose: AutoOrFixed<[Axis]>

    package init(
        rotation: Double, scale: Scale, elastic: Elastic?, turn: Turn = .all, gray: Gray?, noise: Double = 0,
        blur: Double = 0, sharpen: Double = 0, mirror: AutoOrFixed<[Axis]>,
        transpose: AutoOrFixed<[Axis]> = .fixed([])
    ) {
        self.rotation = .fixed(rotation)
        self.scale = .fixed(scale)
        self.elastic = elastic
        self.turn = turn
        self.gray = gray
        self.noise = noise
        self.blur = blur
        self.sharpen = sharpen
        self.mirror = mirror
        self.transpose = transpose
    }

    /// Mirroring and exchanged axes only.
    var plain: Augmentation {
        Augmentation(
            rotation: 0, scale: Scale(low: 1, high: 1), elastic: nil, gray: nil, mirror: mirror, transpose: transpose)
    }

    /// Whether patches differ from the volumes in noise and detail, and so in the statistics within the network.
    var changesTexture: Bool { warps || noise > 0 || blur > 0 || sharpen > 0 }

    /// The largest angle in degrees.
    var angle: Double { rotation.value ?? 0 }

    var factors: Scale { scale.value ?? Scale(low: 1, high: 1) }

    /// Whether voxels are interpolated.
    package var warps: Bool { angle > 0 || factors.low != 1 || factors.high != 1 || elastic != nil }
}

extension Augmentation {
    /// Random changes of the intensities of each channel, which have mean 0 and standard deviation 1.
    package struct Gray: Hashable, Sendable {
        /// Contrast: a factor between 1 − gain and 1 + gain.
        package var gain: Double
        /// Brightness: the standard deviation of the random offset.
        package var offset: Double
        /// How far a random rising curve departs from a line: the standard deviation of the logarithm of its slope.
        package var curve: Double

        package init(gain: Double = 0.2, offset: Double = 0.1, curve: Double = 0) {
            self.gain = gain
            self.offset = offset
            self.curve = curve
        }
    }
}
