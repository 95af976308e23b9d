package import Volumes

/// How a patch is varied each time it is drawn, so that few slices look like many.
package struct Augmentation: Hashable, Sendable {
    /// The smooth dense deformation of Çiçek and others 2016: normal random vectors on a coarse grid, B-spline between.
    package struct Elastic: Hashable, Sendable {
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
    package struct Scale: Hashable, Sendable {
        package var low: Double
        package var high: Double

        package init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    /// Whether slices are turned out of their planes.
    package enum Turn: String, CaseIterable, Sendable {
        /// About every axis that the spacing allows.
        case all
        /// Within the slice that a patch was drawn for: its annotation stays exact.
        case slice
    }

    /// Degrees; uniform between minus and plus, about each axis that allows it.
    package var rotation: Double
    package var scale: Scale
    package var elastic: Elastic?
    /// Which rotations, scalings and displacements there are.
    package var turn: Turn
    /// Random contrast, brightness and gray-value curves of each channel.
    package var gray: Gray?
    /// The most noise, in deviations of the image.
    package var noise: Double
    /// The strongest blur: its deviation in voxels of the finest axis; half of the patches stay as they are.
    package var blur: Double
    /// The strongest sharpening: how much of the difference to the blurred image is added.
    package var sharpen: Double
    /// Axes along which a patch is reversed half of the time; `auto` means all.
    package var mirror: AutoOrFixed<[Axis]>

    package init(
        rotation: Double, scale: Scale, elastic: Elastic?, turn: Turn = .all, gray: Gray?, noise: Double = 0,
        blur: Double = 0, sharpen: Double = 0, mirror: AutoOrFixed<[Axis]>
    ) {
        self.rotation = rotation
        self.scale = scale
        self.elastic = elastic
        self.turn = turn
        self.gray = gray
        self.noise = noise
        self.blur = blur
        self.sharpen = sharpen
        self.mirror = mirror
    }

    /// Reflections alone.
    var plain: Augmentation {
        Augmentation(rotation: 0, scale: Scale(low: 1, high: 1), elastic: nil, gray: nil, mirror: mirror)
    }

    /// Whether patches have less or more noise and detail than the volumes, and so other statistics within the network.
    var changesTexture: Bool { warps || noise > 0 || blur > 0 || sharpen > 0 }

    /// Whether voxels are read from between the grid's points.
    package var warps: Bool { rotation > 0 || scale.low != 1 || scale.high != 1 || elastic != nil }
}

extension Augmentation {
    /// Random changes of the intensities of each channel, which have a mean of 0 and a deviation of 1.
    package struct Gray: Hashable, Sendable {
        /// Contrast: a factor between 1 − gain and 1 + gain.
        package var gain: Double
        /// Brightness: deviation of what is added.
        package var offset: Double
        /// How far a random rising curve departs from a straight line: the deviation of its slope's logarithm.
        package var curve: Double

        package init(gain: Double = 0.2, offset: Double = 0.1, curve: Double = 0) {
            self.gain = gain
            self.offset = offset
            self.curve = curve
        }
    }
}
