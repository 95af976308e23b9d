/// A plane of values: a page of a TIFF file, or one sample of its pixels.
struct TIFFPage: Sendable {
    /// The offset of its directory.
    let directory: Int
    let length: Int
    let width: Int
    let element: ElementType
    /// Bits of a value in the file, where they are fewer than a byte; 8 otherwise.
    let bits: Int
    /// Samples per pixel.
    let samples: Int
    /// Samples per pixel that are channels; opacity is not.
    let channels: Int
    /// Whether each sample is stored as a plane of its own.
    let isPlanar: Bool
    /// The sample that is read.
    private(set) var sample = 0
    /// The offset of its voxels if they are one uncompressed array; `nil` if libtiff must unpack them.
    let voxels: Int?
    /// Whether the values were changed when they were packed.
    let isLossy: Bool
    let tiled: Bool
    /// Rows and columns of a strip or tile.
    let rows: Int
    let columns: Int

    var extent: Extent { Extent(z: 1, y: length, x: width) }

    /// Bytes of all samples.
    var bytes: Int { extent.voxels * samples * element.size }

    /// The distance between neighbours along x, in values.
    var step: Int { isPlanar ? 1 : samples }

    /// The largest size of an unpacked strip or tile, in bytes.
    static let largestChunk = 1 << 30

    private static let mostSamples = 256

    /// `strips` is how many strips may still be read, over all pages; `limit` is the most bytes of an unpacked chunk.
    init(_ directory: TIFFDirectory, _ source: TIFFBytes, strips: inout Int, limit: Int) throws(VolumeError) {
        self.directory = directory.offset
        length = try directory.number(.length) ?? 0
        width = try directory.number(.width) ?? 0
        (samples, channels) = try Self.samples(of: directory)
        let planar = try directory.number(.planar) ?? 1
        isPlanar = samples > 1 && planar == 2
        (element, bits) = try Self.element(of: directory, samples)
        _ = try VolumeHeader.checkedBytes(channels: samples, z: 1, y: length, x: width, element: element)
        let compression = try directory.number(.compression) ?? 1
        guard let known = Self.compressions[compression] else {
            throw .unsupported(
                "the TIFF file's compression is \(compression); none, LZW, deflate, PackBits, Zstandard and JPEG "
                    + "are supported")
        }
        isLossy = compression == Self.jpeg
        guard !isLossy || element == .uint8 && bits == 8 else {
            throw .unsupported(
                "the TIFF file's voxels of \(element.rawValue) are packed as JPEG, which takes uint8 only")
        }
        tiled = directory.count(.tileWidth) > 0
        if tiled {
            rows = try directory.number(.tileLength) ?? 0
            columns = try directory.number(.tileWidth) ?? 0
        } else {
            rows = min(try directory.number(.rowsPerStrip) ?? length, length)
            columns = width
        }
        guard rows > 0, columns > 0 else { throw .malformed("the TIFF file's strips or tiles have no size") }
        if !tiled, known == .none, bits == 8, try directory.number(.fillOrder) ?? 1 == 1 {
            let planes = isPlanar ? samples : 1
            let row = width * element.size * (samples / planes)
            voxels = try Self.start(of: directory, rows, length, row: row, planes: planes, &strips)
        } else {
            voxels = nil
        }
        if let voxels {
            let bytes = length * width * samples * element.size
            guard voxels <= source.file.size, bytes <= source.file.size - voxels else {
                throw .malformed(
                    "the TIFF file is cut off: a page needs \(bytes) bytes at \(voxels), it has "
                        + "\(source.file.size)")
            }
        } else {
            let chunk = rows.multipliedReportingOverflow(by: columns)
            let most = min(Self.largestChunk, limit)
            guard !chunk.overflow, chunk.partialValue <= most / element.size / samples else {
                throw .tooLarge(
                    "the TIFF file's strips or tiles have \(rows) × \(columns) voxels; at most \(most) bytes are "
                        + "unpacked at once, so save it with smaller ones")
            }
        }
    }

    /// A page like another one, without a directory of its own, whose voxels begin at an offset.
    init(like page: TIFFPage, voxels: Int) {
        (directory, length, width) = (page.directory, page.length, page.width)
        (element, bits) = (page.element, page.bits)
        (samples, channels, isPlanar) = (page.samples, page.channels, page.isPlanar)
        isLossy = page.isLossy
        (tiled, rows, columns) = (page.tiled, page.rows, page.columns)
        self.voxels = voxels
    }

    /// Another sample of the same page.
    func taking(sample: Int) -> TIFFPage {
        var page = self
        page.sample = sample
        return page
    }

    /// Throws if its values can't be labels, which must be those that were packed.
    func checkLabels() throws(VolumeError) {
        guard isLossy else { return }
        throw .unsupported(
            "the TIFF file is packed as JPEG, which changes values, and labels with them; save it with deflate, LZW or "
                + "unpacked")
    }

    /// Whether two pages can be planes of one volume.
    func matches(_ other: TIFFPage) -> Bool {
        length == other.length && width == other.width && element == other.element && samples == other.samples
            && channels == other.channels && bits == other.bits
    }

    private enum Compression { case none, packed }

    /// As Adobe's supplement of 2002 has it; the older kind, 6, is not supported.
    private static let jpeg = 7

    private static let compressions: [Int: Compression] = [
        1: .none, 5: .packed, 8: .packed, 32773: .packed, 32946: .packed, 50000: .packed, jpeg: .packed,
    ]

    /// The offset of the first strip, if the strips are contiguous; `nil` otherwise.
    private static func start(
        of directory: TIFFDirectory, _ rows: Int, _ length: Int, row: Int, planes: Int, _ strips: inout Int
    ) throws(VolumeError) -> Int? {
        let each = (length + rows - 1) / rows
        let count = each * planes
        strips -= count
        guard strips >= 0 else { throw .tooLarge("the TIFF file has too many strips; save it with larger ones") }
        let offsets = try directory.numbers(.stripOffsets, count)
        guard offsets.count == count, let first = offsets.first else { return nil }
        guard count > 1 else { return first }
        let sizes = try directory.numbers(.stripBytes, count)
        guard sizes.count == count, first <= 1 << 62 else { return nil }
        for index in 0..<count {
            let above = (index / each * length + index % each * rows) * row
            let size = min(rows, length - index % each * rows) * row
            guard offsets[index] - first == above, sizes[index] == size else { return nil }
        }
        return first
    }

    /// The type of the values, and their bits if these are fewer than a byte.
    private static func element(
        of directory: TIFFDirectory, _ samples: Int
    ) throws(VolumeError) -> (ElementType, bits: Int) {
        let kinds = try (directory.numbers(.bits, samples), directory.numbers(.sampleFormat, samples))
        guard Set(kinds.0).count <= 1, Set(kinds.1).count <= 1 else {
            throw .unsupported("the TIFF file's channels have numbers of different types; all must have one type")
        }
        let (bits, format) = (kinds.0.first ?? 1, kinds.1.first ?? 1)
        let types: [Int: [Int: ElementType]] = [
            1: [8: .uint8, 16: .uint16, 32: .uint32, 64: .uint64],
            2: [8: .int8, 16: .int16, 32: .int32, 64: .int64],
            3: [32: .float32, 64: .float64],
            4: [8: .uint8, 16: .uint16, 32: .uint32, 64: .uint64],
        ]
        // Bits as masks have them; the values are taken as they are.
        if samples == 1, [1, 4].contains(format), [1, 2, 4].contains(bits) { return (.uint8, bits) }
        guard let element = types[format]?[bits] else {
            let kinds = [
                1: "unsigned integers", 2: "integers", 3: "floats", 5: "complex numbers", 6: "complex numbers",
            ]
            throw .unsupported(
                "the TIFF file's voxels are \(kinds[format] ?? "of an unknown kind"), \(bits) bits each; supported are "
                    + "integers of 8, 16, 32 or 64 bits and floats of 32 or 64 bits, and gray values or indices of 1, 2 or "
                    + "4 bits")
        }
        return (element, 8)
    }

    /// Samples per pixel, and how many of them are channels: three for colours, one for indices of a palette.
    private static func samples(of directory: TIFFDirectory) throws(VolumeError) -> (Int, channels: Int) {
        let samples = try directory.number(.samples) ?? 1
        guard (1...mostSamples).contains(samples) else {
            throw .unsupported("the TIFF file's pixels have \(samples) samples; 1 to \(mostSamples) are supported")
        }
        let isJPEG = try directory.number(.compression) == jpeg
        switch try directory.number(.photometric) ?? 1 {
        case 0, 1: return (samples, samples)
        case 2 where samples >= 3: return (samples, 3)
        case 3 where samples == 1: return (1, 1)
        // libtiff hands these colours over as red, green and blue.
        case 6 where samples == 3 && isJPEG: return (3, 3)
        case let kind:
            let names = [2: "RGB colours of \(samples) samples", 5: "CMYK colours", 6: "YCbCr colours"]
            throw .unsupported(
                "the TIFF file's pages have \(names[kind] ?? "pixels of kind \(kind)"); gray values, RGB colours and "
                    + "the indices of a palette are supported")
        }
    }
}
