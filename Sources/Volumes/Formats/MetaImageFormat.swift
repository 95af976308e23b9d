/// MetaImage in one file (.mha), as ITK writes it: uncompressed or compressed with zlib.
enum MetaImageFormat: WritableFileFormat {
    static let format = VolumeFormat.metaImage
    static let name = "MetaImage (.mha)"

    static func recognises(_ start: [UInt8]) -> Bool {
        let text = String(decoding: start.prefix(512), as: UTF8.self)
        let keys = ["ObjectType", "NDims", "Comment"]
        return keys.contains { text.hasPrefix($0) && text.dropFirst($0.count).drop { $0 == " " }.first == "=" }
    }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        let (fields, offset) = try file.header("MetaImage", endingWith: "ElementDataFile", parse: fields)
        guard fields["ElementDataFile"]?.uppercased() == "LOCAL" else {
            throw .unsupported("the MetaImage header's voxels are in another file; send one .mha with both")
        }
        guard flag(fields["BinaryData"]) ?? true else {
            throw .unsupported("MetaImage files with voxels as text are not supported; save the file as binary")
        }
        guard let stored = types.first(where: { $0.name == fields["ElementType"] })?.element else {
            throw .unsupported(
                "the MetaImage file's ElementType is \"\(fields["ElementType"] ?? "")\"; supported are "
                    + types.map(\.name).joined(separator: ", "))
        }
        let sizes = fields["DimSize"]?.words.compactMap { Int($0) } ?? []
        let interleaved = Int(fields["ElementNumberOfChannels"] ?? "1") ?? 0
        guard (2...4).contains(sizes.count), fields["NDims"].flatMap({ Int($0) }) == sizes.count,
            interleaved == 1 || (interleaved > 1 && sizes.count < 4)
        else {
            throw .unsupported(
                "the MetaImage file must have 2 or 3 axes, or a fourth of channels, as many as NDims says")
        }
        let extent = Extent(z: sizes.count > 2 ? sizes[2] : 1, y: sizes[1], x: sizes[0])
        let channels = sizes.count == 4 ? sizes[3] : interleaved
        let bytes = try VolumeHeader.checkedBytes(
            channels: channels, z: extent.z, y: extent.y, x: extent.x, element: stored)
        let packed = flag(fields["CompressedData"]) ?? false
        var strides = FileLayout.Strides.plain(extent)
        if interleaved > 1 {
            strides = FileLayout.Strides(
                channel: 1, z: strides.z * interleaved, y: strides.y * interleaved, x: interleaved)
        }
        let layout = FileLayout(
            offset: packed ? 0 : offset, stored: stored,
            bigEndian: stored.size > 1
                && flag(fields["BinaryDataByteOrderMSB"] ?? fields["ElementByteOrderMSB"]) ?? false,
            strides: strides)
        return StridedVolume(
            header: try header(channels, extent, stored, fields, hints),
            file: try packed
                ? file.inflated(at: offset, bytes) : file.content(offset + bytes),
            layout: layout)
    }

    /// The fields up to the last, and the offset of what follows; `nil` if the bytes end before it.
    private static func fields(_ start: [UInt8]) -> ([String: String], offset: Int)? {
        var lines = HeaderLines(start)
        var fields: [String: String] = [:]
        while fields["ElementDataFile"] == nil {
            guard let line = lines.next() else { return nil }
            guard let equals = line.firstIndex(of: "=") else { continue }
            fields[line[..<equals].trimmed] = line[line.index(after: equals)...].trimmed
        }
        return (fields, lines.position)
    }

    private static func header(
        _ channels: Int, _ extent: Extent, _ element: ElementType, _ fields: [String: String], _ hints: VolumeHints
    ) throws(VolumeError) -> VolumeHeader {
        var spacing: Spacing?
        if let text = fields["ElementSpacing"] ?? fields["ElementSize"] {
            guard let lengths = text.numbers, lengths.count >= 2, lengths.allSatisfy({ $0 > 0 }) else {
                throw .malformed("the MetaImage file's ElementSpacing is \"\(text)\"; numbers above 0 are expected")
            }
            spacing = Spacing(z: lengths.count > 2 ? lengths[2] : 1, y: lengths[1], x: lengths[0])
        }
        if let unit = fields["DistanceUnits"].flatMap(LengthUnit.init(named:)) {
            spacing = spacing ?? Spacing()
            spacing?.unit = unit.rawValue
        }
        return try VolumeHeader(
            channels: channels, extent: extent, element: element, spacing: spacing,
            orientation: try orientation(fields, spacing ?? Spacing()), hints: hints)
    }

    /// From a matrix whose rows are the directions of the axes, and the position of the first voxel, either of which
    /// may be missing; coordinates are left, posterior, superior.
    private static func orientation(
        _ fields: [String: String], _ spacing: Spacing
    ) throws(VolumeError) -> Orientation? {
        let find = { (names: [String]) in names.lazy.compactMap { name in fields[name].map { (name, $0) } }.first }
        let (direction, position) = (
            find(["TransformMatrix", "Rotation", "Orientation"]), find(["Offset", "Position", "Origin"])
        )
        guard direction != nil || position != nil, let axes = fields["NDims"].flatMap({ Int($0) }) else { return nil }
        func numbers(_ field: (name: String, text: String)?, _ count: Int) throws(VolumeError) -> [Double]? {
            guard let field else { return nil }
            guard let numbers = field.text.numbers, numbers.count == count else {
                throw .malformed(
                    "the MetaImage file's \(field.name) is \"\(field.text.prefix(80))\"; \(count) numbers are expected")
            }
            return numbers
        }
        let matrix = try numbers(direction, axes * axes)
        let origin = try numbers(position, axes) ?? []
        let lengths = [spacing.x, spacing.y, spacing.z]
        let steps = (0..<3).map { axis in
            (0..<3).map { row in
                let known = axis < axes && row < axes ? matrix?[axis * axes + row] : nil
                return (known ?? (axis == row ? 1 : 0)) * lengths[axis]
            }
        }
        return Orientation(
            steps: steps, origin: (0..<3).map { $0 < origin.count ? origin[$0] : 0 }, signs: [-1, -1, 1])
    }

    private static func flag(_ text: String?) -> Bool? { text.map { ["true", "1"].contains($0.lowercased()) } }

    private static let types: [(name: String, element: ElementType)] = [
        ("MET_UCHAR", .uint8), ("MET_CHAR", .int8), ("MET_USHORT", .uint16), ("MET_SHORT", .int16),
        ("MET_UINT", .uint32), ("MET_INT", .int32), ("MET_ULONG_LONG", .uint64), ("MET_LONG_LONG", .int64),
        ("MET_FLOAT", .float32), ("MET_DOUBLE", .float64),
    ]

    /// The header; several channels are written as a fourth axis.
    static func head(for header: VolumeHeader) -> [UInt8] {
        let several = header.channels > 1
        let place = header.place
        let spacing = [Axis.x, .y, .z].map { place.length(of: $0, spacing: header.spacing) }
        let signs: [Double] = [-1, -1, 1]
        var (matrix, offset) = ([1.0, 0, 0, 0, 1, 0, 0, 0, 1], [0.0, 0, 0])
        for axis in [Axis.x, .y, .z] {
            let column = axis.column
            offset[column] = signs[column] * place.affine[column * 4 + 3]
            guard place.step(axis) > 0 else { continue }
            for row in 0..<3 {
                matrix[column * 3 + row] = signs[row] * place.affine[row * 4 + column] / spacing[column]
            }
        }
        if several {
            let rows = [0, 3, 6].map { Array(matrix[$0..<$0 + 3]) + [0] }
            matrix = rows.flatMap(\.self) + [0, 0, 0, 1]
            offset.append(0)
        }
        let text = { (numbers: [Double]) in numbers.map { "\($0 == 0 ? 0 : $0)" }.joined(separator: " ") }
        let sizes = [header.extent.x, header.extent.y, header.extent.z] + (several ? [header.channels] : [])
        let lines = [
            "ObjectType = Image", "NDims = \(sizes.count)", "BinaryData = True", "BinaryDataByteOrderMSB = False",
            "CompressedData = False", "TransformMatrix = \(text(matrix))", "Offset = \(text(offset))",
            "ElementSpacing = \(text(spacing + (several ? [1] : [])))",
            "DimSize = \(sizes.map(String.init).joined(separator: " "))",
            "ElementType = \(types.first { $0.element == header.element }?.name ?? "MET_UCHAR")",
            "ElementDataFile = LOCAL",
        ]
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
}
