/// A little-endian TIFF file made by hand, to be wrong in one place at a time.
struct TIFFSample {
    /// Values of fields by tag, in whole numbers of 32 bits or text.
    enum Value {
        case numbers([Int])
        case text(String)
    }

    /// Fields of every page but for where its voxels are; 6 × 4 bytes of voxels a page.
    var fields: [Int: Value] = [
        256: .numbers([4]), 257: .numbers([6]), 258: .numbers([8]), 259: .numbers([1]), 262: .numbers([1]),
        277: .numbers([1]), 278: .numbers([6]), 339: .numbers([1]),
    ]
    var pages = 1
    var description: String?
    /// Where each strip of a page begins and how long it is, within the page's voxels.
    var strips = [(at: 0, count: 24)]
    /// What stands in each page's link to the next; `nil` for what should.
    var next: Int?
    /// What there is of voxels, for all pages; the values count from 0.
    var voxels = [UInt8]()

    init(pages: Int = 1, description: String? = nil) {
        self.pages = pages
        self.description = description
        voxels = (0..<pages * 24).map { UInt8(truncatingIfNeeded: $0) }
    }

    subscript(tag: Int) -> Int {
        get { 0 }
        set { fields[tag] = .numbers([newValue]) }
    }

    var bytes: [UInt8] {
        var bytes = Array("II".utf8) + Self.number(42, 2) + Self.number(8 + voxels.count, 4) + voxels
        for page in 0..<pages {
            var fields = fields
            fields[273] = .numbers(strips.map { 8 + page * 24 + $0.at })
            fields[279] = .numbers(strips.map(\.count))
            if page == 0, let description { fields[270] = .text(description) }
            var entries = Self.number(fields.count, 2)
            let end = bytes.count + 2 + fields.count * 12 + 4
            var extras: [UInt8] = []
            for (tag, value) in fields.sorted(by: { $0.key < $1.key }) {
                var (type, count, content) = (4, 0, [UInt8]())
                switch value {
                case .numbers(let numbers): (count, content) = (numbers.count, numbers.flatMap { Self.number($0, 4) })
                case .text(let text): (type, count, content) = (2, text.utf8.count + 1, Array(text.utf8) + [0])
                }
                entries += Self.number(tag, 2) + Self.number(type, 2) + Self.number(count, 4)
                if content.count <= 4 {
                    entries += content + [UInt8](repeating: 0, count: 4 - content.count)
                } else {
                    entries += Self.number(end + extras.count, 4)
                    extras += content + [UInt8](repeating: 0, count: content.count % 2)
                }
            }
            bytes += entries + Self.number(next ?? (page + 1 < pages ? end + extras.count : 0), 4) + extras
        }
        return bytes
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
