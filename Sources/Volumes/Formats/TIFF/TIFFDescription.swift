internal import Foundation

/// The axes and spacing in the description of a TIFF file's first page.
struct TIFFDescription {
    var axes: PageAxes?
    /// The page of each plane in the order of `axes`; `nil` if pages are in this order.
    var pages: [Int]?
    /// Whether the file may have more pages than `axes` describe.
    var isPart = false
    /// How many images of its own the file describes, and the name of the first.
    var images = (count: 1, name: String?.none)
    /// `nil` for what the description does not give.
    var spacing: (z: Double?, y: Double?, x: Double?)?
    var unit: String?
    /// What it says of the channels.
    var looks: [ChannelLook] = []

    /// Longer descriptions are ignored, in bytes.
    private static let longest = 16 << 20

    init() {}

    /// Reads a description by OME, ImageJ or tifffile; any other is ignored.
    ///
    /// `hints` may say what a companion file would.
    init(_ directory: TIFFDirectory, _ hints: VolumeHints) throws(VolumeError) {
        self.init()
        guard let bytes = try directory.text(.description, upTo: Self.longest) else { return }
        let start = String(header: bytes.prefix(4096)).trimmed
        if start.hasPrefix("ImageJ=") {
            self = try Self(imageJ: bytes, directory)
        } else if XMLTags.root(of: bytes) == "OME" {
            self = try Self(ome: bytes, samples: try directory.number(.samples) ?? 1, hints)
        } else if start.hasPrefix("{"), bytes.count <= 1 << 20, try directory.number(.samples) ?? 1 == 1 {
            self = Self(shaped: bytes, plane: [try directory.number(.length) ?? 0, try directory.number(.width) ?? 0])
        }
    }

    /// Reads ImageJ's lines of `key=value`; the spacing along x and y is in the page's resolution.
    private init(imageJ bytes: [UInt8], _ directory: TIFFDirectory) throws(VolumeError) {
        var fields: [String: String] = [:]
        for line in bytes.split(separator: 0x0a) {
            let parts = String(header: line).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[parts[0].trimmed] = parts[1].trimmed }
        }
        let size = { (key: String) in fields[key].flatMap { Int($0) } ?? 1 }
        let sizes: [Character: Int] = ["c": size("channels"), "z": size("slices"), "t": size("frames")]
        let order = fields["order"]?.lowercased() ?? "czt"
        let images = size("images")
        let fastest = order.sorted() == ["c", "t", "z"] ? order : "czt"
        let described = PageAxes(fastest.reversed().map { ($0, sizes[$0] ?? 1) })
        // If the sizes contradict each other, ImageJ too uses the number of images alone.
        axes = described.count == images ? described : PageAxes([("?", images)])
        unit = fields["unit"].flatMap(Spacing.unitName)
        if let unit, ["pixel", "pixels"].contains(unit.lowercased()) { self.unit = nil }
        let z = fields["spacing"].flatMap { Double($0) }.map(abs)
        guard unit != nil || z != nil else { return }
        let x = try directory.fraction(.xResolution).map { Double($0.denominator) / Double($0.numerator) }
        let y = try directory.fraction(.yResolution).map { Double($0.denominator) / Double($0.numerator) }
        spacing = (z, y, x)
    }

    /// Reads tifffile's `{"shape": [5, 7, 6], "axes": "ZYX"}`, in which samples of a pixel are an axis.
    private init(shaped bytes: [UInt8], plane: [Int]) {
        guard let fields = (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any],
            let shape = fields["shape"] as? [Int], (2...8).contains(shape.count), Array(shape.suffix(2)) == plane
        else { return }
        let names = Array((fields["axes"] as? String ?? "").lowercased())
        let front = shape.dropLast(2)
        axes = PageAxes(front.indices.map { (names.count == shape.count ? names[$0] : "?", shape[$0]) })
    }
}
