package import Foundation

extension LabelPicture {
    /// Whether the bytes begin like a TIFF file.
    package static func isTIFF(_ bytes: [UInt8]) -> Bool { TIFFFormat.recognises(bytes) }

    /// The one page of a TIFF file: gray values, indices of a palette or colours, each with or without opacity.
    ///
    /// An unnamed file in `scratch` holds the bytes meanwhile. `check` may refuse the page's rows and columns before it
    /// is unpacked.
    package init(tiff bytes: [UInt8], scratch: URL, check: (_ rows: Int, _ columns: Int) throws -> Void) throws {
        let file = try ScratchFile(in: scratch)
        try bytes.withUnsafeBytes { try file.append($0) }
        let source = try TIFFBytes(try file.reopen())
        let pages = try source.directories().map { try TIFFDirectory(source, at: $0) }
        // Smaller copies of the page may stand beside it.
        let originals = try pages.filter { try ($0.number(.subfile) ?? 0) & 1 == 0 }
        guard let directory = originals.first, originals.count == 1 else {
            throw VolumeError.unsupported(
                "the TIFF file has \(pages.count) pages; a slice has one, and a stack goes to PUT …/annotations")
        }
        var strips = 1 << 20
        let page = try TIFFPage(directory, source, strips: &strips, limit: 1 << 30)
        try page.checkLabels()
        try check(page.length, page.width)
        let (rows, columns) = (page.length, page.width)
        let header = VolumeHeader(channels: page.samples, extent: page.extent, element: page.element)
        let volume = try TIFFVolume(
            header: header, source: source, pages: (0..<page.samples).map { page.taking(sample: $0) })
        let planes = try (0..<page.samples).map { try volume.raw(Box(extent: header.extent), channel: $0) }
        guard page.samples == 1 else {
            guard page.samples <= 4, [.uint8, .uint16].contains(page.element) else {
                throw VolumeError.unsupported(
                    "the TIFF file's pixels have \(page.samples) values of \(page.element.rawValue); a slice is gray "
                        + "values, indices of a palette or colours of 8 bits")
            }
            let width = page.element.size
            try self.init(samples: page.samples, depth: width * 8, rows: rows, columns: columns, name: "TIFF file") {
                pixel, sample in
                guard width == 2 else { return Int(planes[sample][pixel]) }
                return planes[sample].withUnsafeBytes {
                    Int($0.loadUnaligned(fromByteOffset: pixel * 2, as: UInt16.self))
                }
            }
            return
        }
        let palette = page.element == .uint8 ? try directory.palette() : nil
        try self.init(
            palette.map { .indices($0) } ?? .numbers, rows: rows, columns: columns, element: page.element,
            bytes: planes[0])
    }
}
