/// A volume read in the order of another grid at the same place, or of a part of one.
struct AlignedVolume: VoxelSource {
    let header: VolumeHeader
    private let source: any VoxelSource
    private let alignment: GridAlignment

    init(_ source: any VoxelSource, on grid: VolumeHeader, _ alignment: GridAlignment) {
        self.source = source
        self.alignment = alignment
        header = grid.part(alignment.part).with(
            element: source.header.element, channels: source.header.channels)
    }

    var order: [Axis] {
        source.order.compactMap { axis in
            zip(Axis.allCases, alignment.steps).first { $0.1.axis == axis }?.0
        }
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        // The same voxels in the source: its box, the first of them, and the distance between neighbours on each axis.
        var part = Box(extent: box.extent)
        for (axis, step) in zip(Axis.allCases, alignment.steps) {
            part.extent[step.axis] = box.extent[axis]
            part.origin[step.axis] =
                step.isReversed ? header.extent[axis] - box.origin[axis] - box.extent[axis] : box.origin[axis]
        }
        let values = try source.raw(part, channel: channel)
        var first = 0
        let strides = zip(Axis.allCases, alignment.steps).map { axis, step in
            let stride = part.extent.stride(step.axis)
            guard step.isReversed else { return stride }
            first += (box.extent[axis] - 1) * stride
            return -stride
        }
        try header.element.run(
            Gathering(values: values, first: first, strides: strides, extent: box.extent, bytes: bytes))
    }
}

/// Copies voxels in an order given by the distances between neighbours along z, y and x.
private struct Gathering: VoxelWork {
    let values: [UInt8]
    let first: Int
    let strides: [Int]
    let extent: Extent
    let bytes: UnsafeMutableRawBufferPointer

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) {
        values.withUnsafeBytes { values in
            let (values, target) = (values.bindMemory(to: Value.self), bytes.bindMemory(to: Value.self))
            var next = 0
            for z in 0..<extent.z {
                for y in 0..<extent.y {
                    var from = first + z * strides[0] + y * strides[1]
                    for _ in 0..<extent.x {
                        target[next] = values[from]
                        next += 1
                        from += strides[2]
                    }
                }
            }
        }
    }
}

extension Extent {
    /// The distance between neighbours along an axis in an array with x fastest.
    fileprivate func stride(_ axis: Axis) -> Int {
        switch axis {
        case .z: y * x
        case .y: x
        case .x: 1
        }
    }
}

extension VoxelSource {
    /// The volume with an axis in the place of z, and the two others behind it in their order; it names no place.
    package func turned(_ axis: Axis) -> any VoxelSource {
        guard axis != .z else { return self }
        let axes = [axis] + Axis.allCases.filter { $0 != axis }
        var grid = VolumeHeader(extent: header.extent, element: header.element, spacing: header.spacing)
        for (new, old) in zip(Axis.allCases, axes) {
            grid.extent[new] = header.extent[old]
            grid.spacing[new] = header.spacing[old]
        }
        let steps = axes.map { GridAlignment.Step(axis: $0, isReversed: false) }
        return AlignedVolume(self, on: grid, GridAlignment(steps: steps, part: Box(extent: grid.extent)))
    }

    /// These voxels in the order of the volume they belong to, and the part of its grid that they are.
    ///
    /// Exact: axes are exchanged and reversed, nothing is interpolated. A file that names no place stays as it is if it
    /// has the volume's size. `nil` for one of another size that is no part of the grid; fails with
    /// `VolumeError.misplaced` if one of its size lies elsewhere.
    package func placed(
        on grid: VolumeHeader, ignoringPlace: Bool = false
    ) throws(VolumeError) -> PlacedVolume? {
        let whole = header.extent == grid.extent ? PlacedVolume(self, at: .zero, of: grid) : nil
        guard header.isPlaced, !ignoringPlace else { return whole }
        for known in [grid, grid.asInFile] {
            guard let alignment = GridAlignment(of: header, on: known) else { continue }
            let source: any VoxelSource = alignment.isIdentity ? self : AlignedVolume(self, on: grid, alignment)
            return PlacedVolume(source, at: alignment.part.origin, of: grid)
        }
        guard grid.isPlaced, whole != nil else { return whole }
        throw .misplaced(file: header.placeText, grid: grid.placeText)
    }
}

extension VolumeHeader {
    /// The place as messages name it: where the first voxel is, and the steps from there to its neighbours.
    package var placeText: String {
        let affine = place.affine
        let column = { (column: Int) in
            "(" + (0..<3).map { affine[$0 * 4 + column].shortText }.joined(separator: ", ") + ")"
        }
        return "first voxel at \(column(3)), steps along x \(column(0)), y \(column(1)), z \(column(2))"
            + (spacing.unit.map { " in \($0)" } ?? "")
    }
}

extension Double {
    /// In single precision, without a decimal point where there is nothing behind it.
    fileprivate var shortText: String {
        let number = Float(self)
        return Int64(exactly: number).map(String.init) ?? "\(number)"
    }
}
