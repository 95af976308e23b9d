/// NRRD with header and data in one file; the data are raw, gzip or text.
enum NRRDFormat: WritableFileFormat {
    static let format = VolumeFormat.nrrd
    static let name = "NRRD (.nrrd)"

    static func recognises(_ start: [UInt8]) -> Bool { start.starts(with: NRRDHeader.magic) }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        let header = try NRRDHeader(file)
        guard header["data file", "datafile"] == nil else {
            throw .unsupported("the NRRD header's voxels are in another file; send one .nrrd with both")
        }
        guard header["line skip", "lineskip"] ?? "0" == "0", header["byte skip", "byteskip"] ?? "0" == "0" else {
            throw .unsupported("NRRD files with a line skip or byte skip are not supported; save the file without")
        }
        let sizes = try header.sizes()
        let directions = try header.directions()
        let axes = try axes(of: sizes, directions, kinds: header["kinds"]?.words ?? [])
        let segments = hints.areLabels ? NRRDSegment.all(in: header) : []
        let layers = hints.areLabels ? layers(axes, sizes, kinds: header["kinds"]?.words ?? []) : nil
        if let layers, segments.isEmpty {
            throw .unsupported(
                "the NRRD file has \(layers) layers, as 3D Slicer saves segments that overlap, and names no segments; a "
                    + "voxel has one label: export them as a label map")
        }
        let type = try header.required("type")
        guard let stored = types[type.lowercased()] else {
            throw .unsupported(
                "the NRRD file's type is \"\(type)\"; integers of 8 to 64 bits, float and double are supported")
        }
        let size = { (name: Character) in axes.firstIndex(of: name).map { sizes[$0] } ?? 1 }
        let bytes = try VolumeHeader.checkedBytes(
            channels: size("c"), z: size("z"), y: size("y"), x: size("x"), element: stored)
        var strides: [Character: Int] = [:]
        var stride = 1
        for (axis, count) in zip(axes, sizes) {
            strides[axis] = stride
            stride *= count
        }
        var layout = FileLayout(
            offset: header.offset, stored: stored,
            bigEndian: stored.size > 1 && header["endian"]?.lowercased() == "big",
            strides: FileLayout.Strides(
                channel: strides["c"] ?? 0, z: strides["z"] ?? 0, y: strides["y"] ?? 0, x: strides["x"] ?? 0))
        let content = try content(of: file, header, &layout, bytes: bytes)
        let space = try NRRDSpace(header, axes: axes, directions: directions)
        let volume = StridedVolume(
            header: try VolumeHeader(
                channels: size("c"), extent: Extent(z: size("z"), y: size("y"), x: size("x")), element: stored,
                spacing: space.spacing, orientation: space.orientation, hints: hints),
            file: content, layout: layout)
        if layers != nil { return try SegmentLayers(volume, segments) }
        guard !segments.isEmpty, size("c") == 1 else { return volume }
        return SegmentedVolume(volume, segments)
    }

    private static func content(
        of file: PackedFile, _ header: NRRDHeader, _ layout: inout FileLayout, bytes: Int
    ) throws(VolumeError) -> OpenFile {
        let encoding = try header.required("encoding").lowercased()
        switch encoding {
        case "raw": return try file.content(layout.offset + bytes)
        case "gzip", "gz":
            layout.offset = 0
            return try file.inflated(at: header.offset, bytes)
        case "ascii", "text", "txt":
            layout.offset = 0
            layout.bigEndian = false
            let numbers = TextNumbers(file, from: header.offset)
            return try numbers.unpacked(bytes / layout.stored.size, as: layout.stored)
        default:
            throw .unsupported("the NRRD file's encoding is \"\(encoding)\"; raw, gzip and text are supported")
        }
    }

    /// The name of each axis (c, z, y or x), fastest first.
    private static func axes(
        of sizes: [Int], _ directions: [[Double]?]?, kinds: [String]
    ) throws(VolumeError) -> [Character] {
        let spatial = ["domain", "space", "???", "none"]
        var channel = directions?.firstIndex { $0 == nil }
        if channel == nil { channel = kinds.firstIndex { !spatial.contains($0.lowercased()) } }
        if channel == nil && sizes.count == 4 {
            // Colours of each voxel are no planes three voxels wide.
            guard !(1...4).contains(sizes[0]) || sizes.dropFirst().contains(where: { $0 <= sizes[0] }) else {
                throw .unsupported(
                    "the NRRD file has 4 axes (sizes: \(sizes.map(String.init).joined(separator: " "))), of which the first looks "
                        + "like channels, and doesn't say so: save it with \"kinds: list domain domain domain\", or "
                        + "\"kinds: domain domain domain list\" if the last one holds them")
            }
            channel = 3
        }
        var names: [Character] = ["x", "y", "z"]
        let rest = sizes.count - (channel == nil ? 0 : 1)
        guard (2...3).contains(rest), channel ?? 0 < sizes.count else {
            throw .unsupported("the NRRD file has \(sizes.count) axes; x, y, z and one axis of channels are supported")
        }
        return sizes.indices.map { $0 == channel ? "c" : names.removeFirst() }
    }

    /// The size of an axis of channels that is a list, so neither colours nor vectors.
    private static func layers(_ axes: [Character], _ sizes: [Int], kinds: [String]) -> Int? {
        guard let channel = axes.firstIndex(of: "c"), sizes[channel] > 1, kinds.indices.contains(channel),
            kinds[channel].lowercased() == "list"
        else { return nil }
        return sizes[channel]
    }

    private static let types: [String: ElementType] = {
        let names: [(ElementType, [String])] = [
            (.int8, ["signed char", "int8", "int8_t"]), (.uint8, ["uchar", "unsigned char", "uint8", "uint8_t"]),
            (.int16, ["short", "short int", "signed short", "signed short int", "int16", "int16_t"]),
            (.uint16, ["ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"]),
            (.int32, ["int", "signed int", "int32", "int32_t"]),
            (.uint32, ["uint", "unsigned int", "uint32", "uint32_t"]),
            (
                .int64,
                [
                    "longlong", "long long", "long long int", "signed long long", "signed long long int", "int64",
                    "int64_t",
                ]
            ),
            (.uint64, ["ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"]),
            (.float32, ["float"]), (.float64, ["double"]),
        ]
        return Dictionary(uniqueKeysWithValues: names.flatMap { type in type.1.map { ($0, type.0) } })
    }()

    static func head(for header: VolumeHeader) -> [UInt8] { head(for: header, pairs: []) }

    /// With lines `key:=value` of its own.
    static func head(for header: VolumeHeader, pairs: [String]) -> [UInt8] {
        let several = header.channels > 1
        let extent = header.extent
        var lines = ["NRRD0005", "type: \(typeName(header.element))", "dimension: \(several ? 4 : 3)"]
        lines += NRRDSpace.lines(for: header)
        lines += [
            "sizes: \(extent.x) \(extent.y) \(extent.z)" + (several ? " \(header.channels)" : ""),
            "kinds: domain domain domain" + (several ? " list" : ""), "endian: little", "encoding: raw",
        ]
        lines += pairs
        return Array((lines.joined(separator: "\n") + "\n\n").utf8)
    }

    private static func typeName(_ element: ElementType) -> String {
        switch element {
        case .float32: "float"
        case .float64: "double"
        default: element.rawValue
        }
    }
}
