extension TIFFDescription {
    /// Reads OME-XML: the first image's axes, pages and spacing.
    ///
    /// Channels that are samples of one pixel have no pages of their own.
    init(ome bytes: [UInt8], samples: Int, _ hints: VolumeHints) throws(VolumeError) {
        self.init()
        let reader = try OMEPixels(bytes)
        if let companion = reader.companion {
            guard hints.axes == nil else { return }
            throw .unsupported(
                "the TIFF file's axes and spacing are in a companion file, \(companion.prefix(80)); send one OME-TIFF "
                    + "with both, or say axes= (zyx, cyx, czyx or zcyx) and spacing=")
        }
        guard let pixels = reader.pixels else {
            throw .malformed("the TIFF file's OME-XML has no image's Pixels")
        }
        guard reader.files.count <= 1 else {
            throw .unsupported("the OME volume is spread over \(reader.files.count) files; send it as one")
        }
        let order = pixels["DimensionOrder"] ?? "XYZCT"
        guard order.hasPrefix("XY"), order.dropFirst(2).sorted() == ["C", "T", "Z"] else {
            throw .malformed(
                "the TIFF file's OME-XML has DimensionOrder \"\(order.prefix(20))\"; it must be XY and then C, T and Z "
                    + "in any order")
        }
        var sizes: [Character: Int] = [:]
        for name in "ZCT" {
            guard let size = Int(pixels["Size\(name)"] ?? "1"), size > 0 else {
                throw .malformed("the TIFF file's OME-XML has a Size\(name) that is not a whole number above 0")
            }
            sizes[name] = size
        }
        if let channels = sizes["C"], samples > 1, channels % samples == 0 { sizes["C"] = channels / samples }
        let fastest = order.dropFirst(2).map { $0 }
        let axes = PageAxes(fastest.reversed().map { (Character($0.lowercased()), sizes[$0] ?? 1) })
        self.axes = axes
        isPart = true
        images = (max(reader.images, 1), reader.name)
        looks = reader.channels.map { channel in
            ChannelLook(name: channel["Name"], color: channel["Color"].flatMap(Self.color))
        }
        guard axes.count <= TIFFFormat.mostPages else {
            throw .tooLarge("the TIFF file's OME-XML describes more than \(TIFFFormat.mostPages) pages")
        }
        pages = try Self.pages(of: reader.blocks, axes.count, fastest: fastest, sizes)
        takeSpacing(pixels)
    }

    /// Red, green, blue and opacity in the bytes of a number that has a sign.
    private static func color(_ text: String) -> Color? {
        guard let number = Int32(text).map({ UInt32(bitPattern: $0) }) ?? UInt32(text) else { return nil }
        return Color(
            red: UInt8(number >> 24), green: UInt8(truncatingIfNeeded: number >> 16),
            blue: UInt8(truncatingIfNeeded: number >> 8))
    }

    /// The page of each plane, from the `TiffData` elements.
    private static func pages(
        of blocks: [[String: String]], _ count: Int, fastest: [Character], _ sizes: [Character: Int]
    ) throws(VolumeError) -> [Int]? {
        guard !blocks.isEmpty else { return nil }
        var pages = [Int](repeating: -1, count: count)
        var described = 0
        for block in blocks {
            let number = { (name: String) in block[name].flatMap { Int($0) }.map { min(max($0, 0), 1 << 30) } }
            var (first, stride) = (0, 1)
            for name in fastest {
                first += (number("First\(name)") ?? 0) * stride
                stride *= sizes[name] ?? 1
            }
            let page = number("IFD") ?? 0
            let all = number("PlaneCount") ?? (block["IFD"] == nil ? count : 1)
            let planes = max(min(all, count - first), 0)
            described += planes
            guard described <= 2 * count else {
                throw .malformed("the TIFF file's OME-XML describes its \(count) planes more than twice")
            }
            for index in 0..<planes { pages[first + index] = page + index }
        }
        guard !pages.contains(-1) else {
            throw .malformed("the TIFF file's OME-XML describes \(count) planes but does not name a page for each")
        }
        return pages
    }

    private mutating func takeSpacing(_ pixels: [String: String]) {
        let unit = { (axis: String) in
            Spacing.unitName(pixels["PhysicalSize\(axis)Unit"] ?? "µm") ?? "micrometer"
        }
        // Lengths along y and z are converted to the unit of x.
        let length = { (axis: String) -> Double? in
            guard let size = pixels["PhysicalSize\(axis)"].flatMap({ Double($0) }) else { return nil }
            guard unit(axis) != unit("X") else { return size }
            guard let from = LengthUnit(named: unit(axis)), let to = LengthUnit(named: unit("X")) else { return nil }
            return size * from.count(in: to)
        }
        guard let x = length("X") else { return }
        spacing = (length("Z"), length("Y"), x)
        if !["pixel", "reference frame"].contains(unit("X")) { self.unit = unit("X") }
    }
}

/// The attributes of the first image's `Pixels`, and its `TiffData` and `Channel` elements and file names.
private struct OMEPixels {
    private(set) var pixels: [String: String]?
    private(set) var blocks: [[String: String]] = []
    private(set) var files: Set<String> = []
    private(set) var channels: [[String: String]] = []
    /// The name of the file that the metadata are in, if they are not in this one.
    private(set) var companion: String?
    private(set) var images = 0
    /// Of the first image.
    private(set) var name: String?

    init(_ bytes: [UInt8]) throws(VolumeError) {
        var tags = XMLTags(bytes)
        while let tag = try tags.next() {
            switch (tag.name, tag.isEnd) {
            case ("Pixels", true):
                count(&tags)
                return
            case ("Image", false):
                images += 1
                guard images == 1 else {
                    count(&tags)
                    return
                }
                name = tag.attributes["Name"]
            case ("Pixels", false): pixels = tag.attributes
            case ("TiffData", false) where blocks.count < TIFFFormat.mostPages: blocks.append(tag.attributes)
            case ("Channel", false) where channels.count < TIFFFormat.mostPages: channels.append(tag.attributes)
            case ("BinaryOnly", false): companion = tag.attributes["MetadataFile"] ?? "without a name"
            case ("UUID", false):
                if let name = tag.attributes["FileName"] { files.insert(name) }
            default: break
            }
        }
    }

    /// Counts the images that follow; whatever is wrong there, it is not with the first.
    private mutating func count(_ tags: inout XMLTags) {
        while let tag = try? tags.next() { images += tag.name == "Image" && !tag.isEnd ? 1 : 0 }
    }
}
