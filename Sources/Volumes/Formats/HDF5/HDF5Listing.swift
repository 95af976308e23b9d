/// What is in an HDF5 file, from the lines that `CHDF5Reader` prints (see its listing.c).
///
/// A process that a hostile file got hold of may have written them, so that lines which make no sense are left out.
package struct HDF5Listing: Hashable {
    package private(set) var datasets: [HDF5Dataset] = []
    private var attributes: [String: [String: HDF5Attribute]] = [:]

    package init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0a) {
            let fields = ReaderFields.fields(of: line)
            switch fields.first {
            case "D": if let dataset = Self.dataset(fields) { datasets.append(dataset) }
            case "A" where fields.count == 5:
                attributes[fields[1], default: [:]][fields[2]] =
                    fields[3] == "S"
                    ? .text(fields[4]) : .numbers(fields[4].split(separator: ",").map { Double($0) ?? .nan })
            default: continue
            }
        }
    }

    func attribute(_ name: String, of path: String) -> HDF5Attribute? { attributes[path]?[name] }

    /// The dataset of a path, with or without the stroke in front.
    func dataset(at path: String) -> HDF5Dataset? {
        datasets.first { $0.path == path || $0.path == "/" + path }
    }

    /// The same of a group's datasets alone, by the group's path, with or without the strokes around it.
    func below(_ path: String) -> HDF5Listing {
        let group = "/" + path.split(separator: "/").map { $0 + "/" }.joined()
        var part = self
        part.datasets.removeAll { !$0.path.hasPrefix(group) }
        return part
    }

    /// The datasets with numbers, for messages.
    var list: String {
        let known = datasets.filter { $0.element != nil && !$0.sizes.isEmpty }
        guard !known.isEmpty else { return "none" }
        return known.prefix(20).map(\.text).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    }

    private static func dataset(_ fields: [String]) -> HDF5Dataset? {
        guard fields.count == 6, let kind = fields[2].first, fields[2].count == 1, let bytes = Int(fields[3]) else {
            return nil
        }
        let words = fields[4].split(separator: ",")
        let sizes = words.compactMap { Int($0) }
        guard sizes.count == words.count, sizes.count <= 32, sizes.allSatisfy({ $0 >= 0 }) else { return nil }
        return HDF5Dataset(
            path: fields[1], kind: kind, bytes: bytes, sizes: sizes, obstacle: fields[5] == "-" ? nil : fields[5])
    }
}
