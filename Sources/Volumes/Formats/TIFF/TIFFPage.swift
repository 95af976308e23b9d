/// One page of a TIFF file: a plane of gray values.
struct TIFFPage: Sendable {
    /// Where its directory is.
    let directory: Int
    let length: Int
    let width: Int
    let element: ElementType
    /// Where its voxels lie one after another as they are; `nil` where libtiff must unpack them.
    let voxels: Int?
    let tiled: Bool
    /// Rows and columns of a strip or tile.
    let rows: Int
    let columns: Int

    var extent: Extent { Extent(z: 1, y: length, x: width) }

    var bytes: Int { extent.voxels * element.size }

    /// Strips and tiles may unpack to so many bytes at most.
    static let largestChunk = 1 << 30

    /// `strips` is how many strips may still be looked at, in all pages together.
    init(_ directory: TIFFDirectory, _ source: TIFFBytes, strips: inout Int) throws(VolumeError) {
        self.directory = directory.offset
        length = try directory.number(.length) ?? 0
        width = try directory.number(.width) ?? 0
        element = try Self.element(of: directory)
        try Self.checkKind(of: directory)
        _ = try VolumeHeader.checkedBytes(channels: 1, z: 1, y: length, x: width, element: element)
        let compression = try directory.number(.compression) ?? 1
        guard let known = Self.compressions[compression] else {
            throw .unsupported(
                "the TIFF file's compression is of kind \(compression); none, LZW, deflate, PackBits and Zstandard "
                    + "are taken")
        }
        tiled = directory.count(.tileWidth) > 0
        if tiled {
            rows = try directory.number(.tileLength) ?? 0
            columns = try directory.number(.tileWidth) ?? 0
        } else {
            rows = min(try directory.number(.rowsPerStrip) ?? length, length)
            columns = width
        }
        guard rows > 0, columns > 0 else { throw .malformed("the TIFF file's strips or tiles are of no size") }
        if !tiled, known == .none, try directory.number(.fillOrder) ?? 1 == 1 {
            voxels = try Self.start(of: directory, rows, length, row: width * element.size, &strips)
        } else {
            voxels = nil
        }
        if let voxels {
            let bytes = length * width * element.size
            guard voxels <= source.file.size, bytes <= source.file.size - voxels else {
                throw .malformed(
                    "the TIFF file is cut off: a page calls for \(bytes) bytes at \(voxels), there are "
                        + "\(source.file.size)")
            }
        } else {
            let chunk = rows.multipliedReportingOverflow(by: columns)
            guard !chunk.overflow, chunk.partialValue <= Self.largestChunk / element.size else {
                throw .tooLarge(
                    "the TIFF file's strips or tiles are of \(rows) × \(columns) voxels; at most "
                        + "\(Self.largestChunk) bytes are unpacked at once, so write it with smaller ones")
            }
        }
    }

    /// A page without a directory of its own, whose voxels lie behind another's.
    init(like page: TIFFPage, voxels: Int) {
        (directory, length, width, element) = (page.directory, page.length, page.width, page.element)
        (tiled, rows, columns) = (page.tiled, page.rows, page.columns)
        self.voxels = voxels
    }

    /// Whether two pages can be planes of one volume.
    func matches(_ other: TIFFPage) -> Bool {
        length == other.length && width == other.width && element == other.element
    }

    private enum Compression { case none, packed }

    private static let compressions: [Int: Compression] = [
        1: .none, 5: .packed, 8: .packed, 32773: .packed, 32946: .packed, 50000: .packed,
    ]

    /// Where strips of whole rows begin, if each follows upon the last.
    private static func start(
        of directory: TIFFDirectory, _ rows: Int, _ length: Int, row: Int, _ strips: inout Int
    ) throws(VolumeError) -> Int? {
        let count = (length + rows - 1) / rows
        strips -= count
        guard strips >= 0 else { throw .tooLarge("the TIFF file has too many strips; write it with larger ones") }
        let offsets = try directory.numbers(.stripOffsets, count)
        guard offsets.count == count, let first = offsets.first else { return nil }
        guard count > 1 else { return first }
        let sizes = try directory.numbers(.stripBytes, count)
        guard sizes.count == count, first <= 1 << 62 else { return nil }
        for index in 0..<count {
            let above = index * rows * row
            let size = min(rows, length - index * rows) * row
            guard offsets[index] - first == above, sizes[index] == size else { return nil }
        }
        return first
    }

    private static func element(of directory: TIFFDirectory) throws(VolumeError) -> ElementType {
        let bits = try directory.number(.bits) ?? 1
        let format = try directory.number(.sampleFormat) ?? 1
        let types: [Int: [Int: ElementType]] = [
            1: [8: .uint8, 16: .uint16, 32: .uint32, 64: .uint64],
            2: [8: .int8, 16: .int16, 32: .int32, 64: .int64],
            3: [32: .float32, 64: .float64],
            4: [8: .uint8, 16: .uint16, 32: .uint32, 64: .uint64],
        ]
        guard let element = types[format]?[bits] else {
            let kinds = [
                1: "unsigned integers", 2: "integers", 3: "floats", 5: "complex numbers", 6: "complex numbers",
            ]
            throw .unsupported(
                "the TIFF file's voxels are \(kinds[format] ?? "of an unknown kind"), \(bits) bits each; integers of 8, "
                    + "16, 32 or 64 bits and floats of 32 or 64 are taken")
        }
        return element
    }

    private static func checkKind(of directory: TIFFDirectory) throws(VolumeError) {
        let samples = try directory.number(.samples) ?? 1
        let photometric = try directory.number(.photometric) ?? 1
        guard samples == 1, photometric <= 1 else {
            let names = [2: "RGB colours", 3: "a colour palette", 5: "CMYK colours", 6: "YCbCr colours"]
            let what = names[photometric] ?? (samples > 1 ? "\(samples) samples per pixel" : "no gray values")
            throw .unsupported(
                "the TIFF file's pages have \(what); gray values are taken, several channels as pages of their own")
        }
    }
}
