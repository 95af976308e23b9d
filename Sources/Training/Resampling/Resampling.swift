package import Volumes

/// The grid that a network sees a volume in, whose spacing is not the volume's: where voxels of the one lie in the other.
package struct Resampling: Sendable {
    /// Spacings that differ by less than this part are taken as equal.
    private static let tolerance = 0.01
    /// How many times as many voxels a grid or the volume may have as the other.
    private static let most = 64.0

    /// The volume's voxels on each axis.
    let original: Extent
    /// The grid's voxels.
    package let extent: Extent
    /// The spacing of the grid, in the unit that was asked for.
    let spacing: Spacing
    /// The volume's voxels in one of the grid, along z, y, x.
    private let ratios: [Double]

    /// Returns nil if the volume has that spacing.
    package init?(of header: VolumeHeader, to spacing: Spacing) throws(TrainingError) {
        let own = header.spacing.converted(to: spacing.unit)
        // A voxel of the grid that is longer than the whole axis is the mean of it.
        let ratios = Axis.allCases.map { own[$0] > 0 ? min(spacing[$0] / own[$0], Double(header.extent[$0])) : 1 }
        guard ratios.contains(where: { abs($0 - 1) > Resampling.tolerance }) else { return nil }
        let sizes = zip(Axis.allCases, ratios).map { max((Double(header.extent[$0]) / $1).rounded(), 1) }
        let growth = sizes.reduce(1, *) / Double(header.extent.voxels)
        guard growth <= Resampling.most, growth * Resampling.most >= 1 else {
            throw .invalid(
                field: "spacing",
                detail:
                    "is \(spacing.z)×\(spacing.y)×\(spacing.x), at which a volume of \(own.z)×\(own.y)×\(own.x) would be "
                    + "seen with over \(Int(Resampling.most)) times as \(growth > 1 ? "many" : "few") voxels")
        }
        original = header.extent
        extent = Extent(z: Int(sizes[0]), y: Int(sizes[1]), x: Int(sizes[2]))
        self.spacing = spacing
        self.ratios = ratios
    }

    /// The part of a tile's memory that is left where its prediction has more voxels than the network sees.
    func share(of memory: Int) -> Int { memory / max(original.voxels / extent.voxels / 8, 1) }

    /// The header of the volume in the grid.
    func header(_ header: VolumeHeader) -> VolumeHeader {
        VolumeHeader(channels: header.channels, extent: extent, element: .float64, spacing: spacing)
    }

    /// How the voxels of a box in the grid are made of the volume's.
    func weights(of box: Box) -> [AxisWeights] {
        zip(Axis.allCases, ratios).map { AxisWeights(of: box.range($0), ratio: $1, from: 0..<original[$0]) }
    }

    /// How the voxels of a box in the volume are made of those that lie in a box of the grid.
    func weights(backTo box: Box, from available: Box) -> [AxisWeights] {
        zip(Axis.allCases, ratios).map { AxisWeights(of: box.range($0), ratio: 1 / $1, from: available.range($0)) }
    }

    /// The grid's voxels on each axis beyond a box of it that the volume's voxels in the box are made of, too.
    var reach: Extent {
        let reaches = ratios.map { Int((max(1, 1 / $0) + 0.5).rounded(.up)) - 1 }
        return Extent(z: reaches[0], y: reaches[1], x: reaches[2])
    }

    /// The voxel of the volume that lies nearest to one of the grid.
    func nearest(_ index: Int, on axis: Axis) -> Int {
        Resampling.place(index, ratios[axis.place], within: original[axis])
    }

    /// The voxel of the grid that lies nearest to one of the volume.
    func nearest(inGrid index: Int, on axis: Axis) -> Int {
        Resampling.place(index, 1 / ratios[axis.place], within: extent[axis])
    }

    private static func place(_ index: Int, _ ratio: Double, within count: Int) -> Int {
        min(max(Int(((Double(index) + 0.5) * ratio - 0.5).rounded()), 0), count - 1)
    }

    /// The voxels of the volume whose nearest in the grid lie in a box; those of disjoint boxes are disjoint, and those of
    /// boxes that cover the grid cover the volume.
    func original(of box: Box) -> Box {
        var result = box
        for axis in Axis.allCases {
            let range = (0..<original[axis]).filter { box.range(axis).contains(nearest(inGrid: $0, on: axis)) }
            result.origin[axis] = range.first ?? 0
            result.extent[axis] = range.count
        }
        return result
    }
}

extension [AxisWeights] {
    /// The box whose voxels are needed.
    var sources: Box {
        var box = Box(extent: Extent(z: 0, y: 0, x: 0))
        for (axis, weights) in zip(Axis.allCases, self) {
            box.origin[axis] = weights.sources.lowerBound
            box.extent[axis] = weights.sources.count
        }
        return box
    }

    /// The weighted means of one or more arrays Z×Y×X that hold those voxels.
    func apply<Value: BinaryFloatingPoint>(_ values: [Value]) -> [Value] {
        let (rows, columns) = (self[1].count, self[2].count)
        let alongX = self[2].apply(values, inner: 1)
        return self[0].apply(self[1].apply(alongX, inner: columns), inner: rows * columns)
    }
}

extension Recipe {
    /// The headers of the volumes as the network of a resolved recipe sees them.
    func grids(of volumes: [VolumeHeader]) throws(TrainingError) -> [VolumeHeader] {
        var grids: [VolumeHeader] = []
        for volume in volumes { grids.append(try resampling(of: volume)?.header(volume) ?? volume) }
        return grids
    }

    /// How a volume is seen by the network of a resolved recipe; nil if as it is.
    package func resampling(of volume: VolumeHeader) throws(TrainingError) -> Resampling? {
        guard let spacing = spacing.value else { return nil }
        return try Resampling(of: volume, to: spacing)
    }
}
