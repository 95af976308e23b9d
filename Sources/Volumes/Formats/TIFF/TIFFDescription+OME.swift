internal import Foundation

#if canImport(FoundationXML)
internal import FoundationXML
#endif

extension TIFFDescription {
    /// OME-XML: the first image's axes, its pages and the size of a voxel.
    init(ome bytes: [UInt8]) throws(VolumeError) {
        self.init()
        // OME has no document type, and without one there are no entities to expand.
        guard !String(decoding: bytes, as: UTF8.self).contains("<!DOCTYPE") else {
            throw .malformed("the TIFF file's OME-XML has a document type of its own, which OME has not")
        }
        let reader = OMEReader()
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        guard parser.parse() || reader.isDone else { throw .malformed("the TIFF file's OME-XML is not well formed") }
        guard let pixels = reader.pixels else { return }
        guard reader.files.count <= 1 else {
            throw .unsupported("the OME volume is spread over \(reader.files.count) files; send it as one")
        }
        let order = pixels["DimensionOrder"] ?? "XYZCT"
        guard order.hasPrefix("XY"), order.dropFirst(2).sorted() == ["C", "T", "Z"] else {
            throw .malformed("the TIFF file's OME-XML says DimensionOrder \"\(order.prefix(20))\", which is none")
        }
        var sizes: [Character: Int] = [:]
        for name in "ZCT" {
            guard let size = Int(pixels["Size\(name)"] ?? "1"), size > 0 else {
                throw .malformed("the TIFF file's OME-XML has a Size\(name) that is no whole number above 0")
            }
            sizes[name] = size
        }
        let fastest = order.dropFirst(2).map { $0 }
        let axes = PageAxes(fastest.reversed().map { (Character($0.lowercased()), sizes[$0] ?? 1) })
        self.axes = axes
        isPart = true
        guard axes.count <= TIFFFormat.mostPages else {
            throw .tooLarge("the TIFF file's OME-XML tells of more than \(TIFFFormat.mostPages) pages")
        }
        pages = try Self.pages(of: reader.blocks, axes.count, fastest: fastest, sizes)
        takeSpacing(pixels)
    }

    /// Which page each plane is, by the elements `TiffData`.
    private static func pages(
        of blocks: [[String: String]], _ count: Int, fastest: [Character], _ sizes: [Character: Int]
    ) throws(VolumeError) -> [Int]? {
        guard !blocks.isEmpty else { return nil }
        var pages = [Int](repeating: -1, count: count)
        for block in blocks {
            let number = { (name: String) in block[name].flatMap { Int($0) }.map { min(max($0, 0), 1 << 30) } }
            var (first, stride) = (0, 1)
            for name in fastest {
                first += (number("First\(name)") ?? 0) * stride
                stride *= sizes[name] ?? 1
            }
            let page = number("IFD") ?? 0
            let planes = number("PlaneCount") ?? (block["IFD"] == nil ? count : 1)
            for index in 0..<max(min(planes, count - first), 0) { pages[first + index] = page + index }
        }
        guard !pages.contains(-1) else {
            throw .malformed("the TIFF file's OME-XML tells of \(count) planes and has not a page for each")
        }
        return pages
    }

    private mutating func takeSpacing(_ pixels: [String: String]) {
        let unit = { (axis: String) in
            Spacing.unitName(pixels["PhysicalSize\(axis)Unit"] ?? "µm") ?? "micrometer"
        }
        // Lengths in other units than that along x are turned into it.
        let meters = [
            "meter": 1, "cm": 1e-2, "millimeter": 1e-3, "micrometer": 1e-6, "nanometer": 1e-9, "Å": 1e-10, "pm": 1e-12,
        ]
        let length = { (axis: String) -> Double? in
            guard let size = pixels["PhysicalSize\(axis)"].flatMap({ Double($0) }) else { return nil }
            guard unit(axis) != unit("X") else { return size }
            guard let own = meters[unit(axis)], let wanted = meters[unit("X")] else { return nil }
            return size * own / wanted
        }
        guard let x = length("X") else { return }
        spacing = (length("Z"), length("Y"), x)
        if !["pixel", "reference frame"].contains(unit("X")) { self.unit = unit("X") }
    }
}

/// Picks the first image's `Pixels` and what it says of pages from OME-XML.
private final class OMEReader: NSObject, XMLParserDelegate {
    private(set) var pixels: [String: String]?
    private(set) var blocks: [[String: String]] = []
    private(set) var files: Set<String> = []
    private(set) var isDone = false

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        guard !isDone else { return }
        switch elementName.split(separator: ":").last {
        case "Pixels": pixels = attributes
        case "TiffData" where blocks.count < TIFFFormat.mostPages: blocks.append(attributes)
        case "UUID":
            if let name = attributes["FileName"] { files.insert(name) }
        default: break
        }
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?
    ) {
        if elementName.split(separator: ":").last == "Pixels" { isDone = true }
    }
}
