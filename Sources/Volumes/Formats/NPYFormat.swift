/// NumPy's array files: 2 to 4 axes, in the order z, y, x or c, z, y, x unless a hint names others.
enum NPYFormat: WritableFileFormat {
    static let format = VolumeFormat.npy
    static let name = "NPY (.npy)"
    static let takesAxes = true

    static func recognises(_ start: [UInt8]) -> Bool { start.starts(with: NPYHeader.magic) }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        let header = try NPYHeader(file.start)
        let stored = try element(of: header.type)
        let axes = try axes(of: header.shape, hints)
        var sizes: [Character: Int] = ["c": 1, "z": 1, "y": 1, "x": 1]
        for (axis, size) in zip(axes, header.shape) { sizes[axis] = size }
        let size = { (axis: Character) in sizes[axis] ?? 1 }
        let bytes = try VolumeHeader.checkedBytes(
            channels: size("c"), z: size("z"), y: size("y"), x: size("x"), element: stored)
        var strides: [Character: Int] = [:]
        var stride = 1
        let fastestFirst = zip(axes, header.shape).map { $0 }
        for (axis, size) in header.fortran ? fastestFirst : fastestFirst.reversed() {
            strides[axis] = stride
            stride *= size
        }
        return StridedVolume(
            header: try VolumeHeader(
                channels: size("c"), extent: Extent(z: size("z"), y: size("y"), x: size("x")), element: stored,
                spacing: nil, hints: hints),
            file: try file.content(header.offset + bytes),
            layout: FileLayout(
                offset: header.offset, stored: stored, bigEndian: header.bigEndian,
                strides: FileLayout.Strides(
                    channel: strides["c"] ?? 0, z: strides["z"] ?? 0, y: strides["y"] ?? 0, x: strides["x"] ?? 0)))
    }

    /// The header: Z×Y×X for one channel, C×Z×Y×X for several.
    static func head(for header: VolumeHeader) -> [UInt8] {
        let space = [header.extent.z, header.extent.y, header.extent.x]
        return NPYHeader.bytes(
            type: type(of: header.element), shape: header.channels == 1 ? space : [header.channels] + space)
    }

    private static func axes(of shape: [Int], _ hints: VolumeHints) throws(VolumeError) -> [Character] {
        guard let hint = hints.axes else {
            let others = shape.dropLast()
            switch shape.count {
            case 2: return ["y", "x"]
            // A picture in colours is no volume of many narrow planes; labels have the size of their volume.
            case 3 where !hints.areLabels && (2...4).contains(shape[2]) && others.allSatisfy({ $0 >= 16 }):
                throw unnamed(shape, "zyx", "yxc")
            case 3: return ["z", "y", "x"]
            case 4 where (1...4).contains(shape[3]) && others.allSatisfy({ $0 > shape[3] }):
                throw unnamed(shape, "czyx", "zyxc")
            case 4: return ["c", "z", "y", "x"]
            default:
                throw .unsupported("the array has \(shape.count) axes; z, y, x or c, z, y, x are expected")
            }
        }
        let axes = Array(hint.lowercased())
        guard axes.count == shape.count, Set(axes).count == axes.count, axes.allSatisfy({ "czyx".contains($0) }) else {
            throw .unsupported(
                "axes=\(hint) does not name the array's \(shape.count) axes; each of them must be one of c, z, y, x")
        }
        return axes
    }

    private static func unnamed(_ shape: [Int], _ first: String, _ second: String) -> VolumeError {
        .unsupported(
            "the array is \(shape.map(String.init).joined(separator: "×")), and its last axis looks like channels: say which "
                + "axis is which with axes=\(second), or axes=\(first) if it doesn't hold channels")
    }

    private static let types: [(name: String, element: ElementType)] = [
        ("u1", .uint8), ("b1", .uint8), ("i1", .int8), ("u2", .uint16), ("i2", .int16), ("u4", .uint32),
        ("i4", .int32), ("u8", .uint64), ("i8", .int64), ("f4", .float32), ("f8", .float64),
    ]

    static func element(of type: String) throws(VolumeError) -> ElementType {
        guard let known = types.first(where: { $0.name == type }) else {
            throw .unsupported(
                "the array's numbers are of NumPy type \"\(type.prefix(40))\"; integers of 8 to 64 bits, bool, "
                    + "float32 and float64 are supported")
        }
        return known.element
    }

    static func type(of element: ElementType) -> String {
        let name = types.first { $0.element == element }?.name ?? "u1"
        return (element.size == 1 ? "|" : "<") + name
    }
}
