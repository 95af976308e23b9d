/// TIFF and BigTIFF: pages of gray values or colours, with axes and spacing as described by OME, ImageJ or tifffile.
///
/// Directories are parsed here, so that every size and offset is checked and uncompressed pages are read directly from
/// the file; libtiff unpacks the others, strip by strip or tile by tile. Without a description the pages are planes
/// along z; several samples of a pixel are channels. If a file has several images the first is read, and smaller
/// copies of a page are skipped.
enum TIFFFormat: WritableFileFormat {
    static let format = VolumeFormat.tiff
    static let name = "TIFF (.tif)"
    static let takesAxes = true
    static let planesFirst = true

    /// The largest number of pages that is supported.
    static let mostPages = 1 << 16

    static func recognises(_ start: [UInt8]) -> Bool { TIFFBytes.magic.contains { start.starts(with: $0) } }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        guard !file.isGzipped else {
            throw .unsupported("the TIFF file is gzipped as a whole; send it without gzip around it")
        }
        let source = try TIFFBytes(file.file)
        let offsets = try source.directories()
        let first = try TIFFDirectory(source, at: offsets[0])
        let description = try TIFFDescription(first, hints)
        let (axes, pages) = try self.pages(of: source, at: offsets, description, limit: file.limit)
        let planes = try axes.planes(hint: hints.axes)
        let page = pages[planes.pages[0]]
        if hints.areLabels { try page.checkLabels() }
        let samples = hints.areLabels && page.channels == 3 ? min(page.samples, 4) : page.channels
        guard page.channels == 1 || planes.channels == 1 else {
            throw .unsupported(
                "the TIFF file has \(planes.channels) channels of \(page.channels) samples per pixel; channels must "
                    + "be pages or samples, not both; axes=zyx makes the pages planes along z")
        }
        guard samples * planes.pages.count <= mostPages else {
            throw .tooLarge("the TIFF file has more than \(mostPages) planes of all its channels")
        }
        let channels = samples * planes.channels
        _ = try VolumeHeader.checkedBytes(
            channels: channels, z: planes.z, y: page.length, x: page.width, element: page.element)
        var header = try VolumeHeader(
            channels: channels, extent: Extent(z: planes.z, y: page.length, x: page.width), element: page.element,
            spacing: spacing(description), hints: hints)
        header.part = try part(description, source, offsets)
        header.take(description.looks)
        return try TIFFVolume(
            header: header, source: source,
            pages: (0..<samples).flatMap { sample in planes.pages.map { pages[$0].taking(sample: sample) } },
            palette: first.palette())
    }

    /// What a file of OME has besides its first image; `nil` if nothing.
    private static func part(
        _ description: TIFFDescription, _ source: TIFFBytes, _ offsets: [Int]
    ) throws(VolumeError) -> FilePart? {
        guard description.isPart, let planes = description.axes?.count else { return nil }
        let (images, name) = description.images
        guard images == 1 else {
            let first = name.map { "the first, \"\($0.prefix(80))\", was taken" } ?? "the first was taken"
            return FilePart(remarks: [
                "The file has \(images) images, and \(first); another one takes a file of its own."
            ])
        }
        var pages = 0
        for offset in offsets where offsets.count > planes {
            // Smaller copies are no images of their own.
            pages += try (TIFFDirectory(source, at: offset).number(.subfile) ?? 0) & 1 == 0 ? 1 : 0
        }
        guard pages > planes else { return nil }
        return FilePart(remarks: [
            "The file has \(pages) pages, of which its description names \(planes): the others were not taken."
        ])
    }

    /// The axes of the pages, and the page at each position along them.
    private static func pages(
        of source: TIFFBytes, at offsets: [Int], _ description: TIFFDescription, limit: Int
    ) throws(VolumeError) -> (PageAxes, [TIFFPage]) {
        var strips = 1 << 25
        if let axes = description.axes, description.isPart {
            let order = description.pages ?? Array(0..<axes.count)
            if let missing = order.first(where: { $0 >= offsets.count }) {
                throw .malformed(
                    "the TIFF file's description names page \(missing + 1); the file has \(offsets.count)")
            }
            return (axes, try pages(of: source, at: order.map { offsets[$0] }, &strips, limit))
        }
        if let axes = description.axes, offsets.count == 1, axes.count > 1 {
            return (axes, try virtualPages(of: source, at: offsets[0], axes.count, limit))
        }
        // Smaller copies of a page may stand between the pages.
        var originals: [Int] = []
        for offset in offsets {
            let kind = try TIFFDirectory(source, at: offset).number(.subfile) ?? 0
            if kind & 1 == 0 { originals.append(offset) }
        }
        let pages = try self.pages(of: source, at: originals.isEmpty ? offsets : originals, &strips, limit)
        if let axes = description.axes, axes.count == pages.count { return (axes, pages) }
        return (PageAxes([("?", pages.count)]), pages)
    }

    private static func pages(
        of source: TIFFBytes, at offsets: [Int], _ strips: inout Int, _ limit: Int
    ) throws(VolumeError) -> [TIFFPage] {
        var pages: [TIFFPage] = []
        for offset in offsets {
            let page = try TIFFPage(TIFFDirectory(source, at: offset), source, strips: &strips, limit: limit)
            if let first = pages.first, !page.matches(first) {
                throw .unsupported(
                    "the TIFF file's pages differ: the first is \(first.length) × \(first.width) \(first.element), "
                        + "page \(pages.count + 1) is \(page.length) × \(page.width) \(page.element)")
            }
            pages.append(page)
        }
        return pages
    }

    /// The planes of a large ImageJ stack: one page, with the voxels of the other planes directly after it.
    private static func virtualPages(
        of source: TIFFBytes, at offset: Int, _ count: Int, _ limit: Int
    ) throws(VolumeError) -> [TIFFPage] {
        var strips = 1 << 25
        let page = try TIFFPage(TIFFDirectory(source, at: offset), source, strips: &strips, limit: limit)
        guard count <= mostPages else { throw .tooLarge("the TIFF file describes more than \(mostPages) planes") }
        guard let start = page.voxels, page.bytes <= (source.file.size - start) / count else {
            throw .malformed("the TIFF file is cut off: its description says \(count) planes, it has one page")
        }
        return (0..<count).map { TIFFPage(like: page, voxels: start + $0 * page.bytes) }
    }

    /// `nil` if the file says nothing of it.
    private static func spacing(_ description: TIFFDescription) -> Spacing? {
        guard let known = description.spacing else { return nil }
        var spacing = Spacing(unit: description.unit)
        for (axis, length) in [(Axis.z, known.z), (.y, known.y), (.x, known.x)] {
            if let length, length.isFinite, length > 0 { spacing[axis] = length }
        }
        return spacing
    }

    static func head(for header: VolumeHeader) throws(VolumeError) -> [UInt8] { try TIFFHead(header).bytes }

    static func head(for header: VolumeHeader, look: VolumeLook?) throws(VolumeError) -> [UInt8] {
        try TIFFHead(header, look: look).bytes
    }
}
