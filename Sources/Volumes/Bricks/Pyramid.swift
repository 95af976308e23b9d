/// The levels in which a volume can be looked at: the volume itself, then smaller and smaller copies of it.
///
/// Each level halves the axes of the one before whose voxels are the shortest, so that voxels grow towards cubes, as in the
/// pyramids of OME-Zarr. An axis of at most 64 voxels stays as it is; the last level has no longer ones.
package struct Pyramid: Hashable, Sendable {
    /// One of the levels.
    package struct Level: Hashable, Sendable {
        package var extent: Extent
        package var spacing: Spacing
        /// How many voxels of the volume one of the level stands for along each axis, fewer at the far borders.
        package var factor = Extent(z: 1, y: 1, x: 1)
    }

    /// From the volume itself on.
    package private(set) var levels: [Level]

    package init(of header: VolumeHeader) {
        var level = Level(extent: header.extent, spacing: header.spacing)
        levels = [level]
        while let next = Self.level(after: level) {
            levels.append(next)
            level = next
        }
    }

    /// The axes that a level halves of the one before.
    package func halvedAxes(of level: Int) -> Set<Axis> {
        Set(Axis.allCases.filter { levels[level].factor[$0] > levels[level - 1].factor[$0] })
    }

    /// Voxels along an axis that need not be fewer.
    private static let small = 64

    private static func level(after level: Level) -> Level? {
        func length(_ axis: Axis) -> Double {
            let length = level.spacing[axis]
            return length > 0 && length.isFinite ? length : 1
        }
        let long = Axis.allCases.filter { level.extent[$0] > small }
        guard let least = long.map(length).min() else { return nil }
        var next = level
        // Of two lengths up to √2 apart, halving one alone would bring them no nearer.
        for axis in long where length(axis) < least * 1.415 {
            next.extent[axis] = (level.extent[axis] + 1) / 2
            next.spacing[axis] = min(2 * level.spacing[axis], .greatestFiniteMagnitude)
            next.factor[axis] = 2 * level.factor[axis]
        }
        return next
    }
}
