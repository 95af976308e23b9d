/// MetaImage in one file (.mha), as ITK writes it: uncompressed or compressed with zlib.
enum MetaImageFormat: VolumeFileFormat {
    static let format = VolumeFormat.metaImage
    static let name = "MetaImage (.mha)"

    static func recognises(_ start: [UInt8]) -> Bool {
        let text = String(decoding: start.prefix(512), as: UTF8.self)
        let keys = ["ObjectType", "NDims", "Comment"]
        return keys.contains { text.hasPrefix($0) && text.dropFirst($0.count).drop { $0 == " " }.first == "=" }
    }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        var lines = HeaderLines(file.start)
        var fields: [String: String] = [:]
        while fields["ElementDataFile"] == nil {
            guard let line = lines.next() else {
                throw .malformed("the MetaImage header has no ElementDataFile within its first 64 kB")
            }
            guard let equals = line.firstIndex(of: "=") else { continue }
            fields[line[..<equals].trimmed] = line[line.index(after: equals)...].trimmed
        }
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
            offset: packed ? 0 : lines.position, stored: stored,
            bigEndian: stored.size > 1
                && flag(fields["BinaryDataByteOrderMSB"] ?? fields["ElementByteOrderMSB"]) ?? false,
            strides: strides)
        return StridedVolume(
            header: try header(channels, extent, stored, fields, hints),
            file: try packed
                ? file.inflated(at: lines.position, bytes) : file.content(lines.position + bytes),
            layout: layout)
    }

    private static func header(
        _ channels: Int, _ extent: Extent, _ element: ElementType, _ fields: [String: String], _ hints: VolumeHints
    ) throws(VolumeError) -> VolumeHeader {
        var spacing = hints.spacing ?? Spacing()
        if let text = fields["ElementSpacing"] ?? fields["ElementSize"] {
            guard let lengths = text.numbers, lengths.count >= 2, lengths.allSatisfy({ $0 > 0 }) else {
                throw .malformed("the MetaImage file's ElementSpacing is \"\(text)\"; numbers above 0 are expected")
            }
            spacing = Spacing(z: lengths.count > 2 ? lengths[2] : 1, y: lengths[1], x: lengths[0])
        }
        if spacing.unit == nil { spacing.unit = hints.unit ?? hints.spacing?.unit }
        var orientation: Orientation?
        if let matrix = fields["TransformMatrix"]?.numbers,
            let origin = (fields["Offset"] ?? fields["Position"] ?? fields["Origin"])?.numbers,
            (3...4).contains(origin.count), matrix.count == origin.count * origin.count
        {
            // A row of the matrix is the direction of one axis; coordinates are left, posterior, superior.
            let lengths = [spacing.x, spacing.y, spacing.z]
            let steps = (0..<3).map { axis in (0..<3).map { matrix[axis * origin.count + $0] * lengths[axis] } }
            orientation = Orientation(steps: steps, origin: origin, signs: [-1, -1, 1])
        }
        return VolumeHeader(
            channels: channels, extent: extent, element: element, spacing: spacing, orientation: orientation)
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
        let spacing = [header.spacing.x, header.spacing.y, header.spacing.z]
        let signs: [Double] = [-1, -1, 1]
        var (matrix, offset) = ([1.0, 0, 0, 0, 1, 0, 0, 0, 1], [0.0, 0, 0])
        if let affine = header.orientation?.affine, affine.count == 16 {
            for axis in 0..<3 {
                for row in 0..<3 { matrix[axis * 3 + row] = signs[row] * affine[row * 4 + axis] / spacing[axis] }
                offset[axis] = signs[axis] * affine[axis * 4 + 3]
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
