/// The axes along which the pages of a TIFF file are arranged, slowest first; each page is y, x.
struct PageAxes {
    struct PageAxis {
        /// c, z or t; `?` if the file does not name it.
        var name: Character
        var size: Int
    }

    var axes: [PageAxis]

    init(_ axes: [(name: Character, size: Int)]) {
        self.axes = axes.map { PageAxis(name: "czt".contains($0.name) ? $0.name : "?", size: $0.size) }
    }

    /// The number of pages; `Int.max` on overflow.
    var count: Int {
        axes.reduce(1) { product, axis in
            let (next, overflow) = product.multipliedReportingOverflow(by: axis.size)
            return axis.size < 1 ? 0 : overflow ? .max : next
        }
    }

    /// The sizes, and the page of every plane in the order C, Z.
    struct Planes {
        var channels = 1
        var z = 1
        var pages: [Int] = []
    }

    /// The page of each plane; a hint like "zcyx" replaces the file's names of the axes.
    func planes(hint: String?) throws(VolumeError) -> Planes {
        let named = if let hint { try named(by: hint) } else { try named() }
        var planes = Planes()
        var strides: [Character: Int] = [:]
        var stride = 1
        for axis in named.reversed() {
            strides[axis.name] = stride
            stride *= axis.size
            if axis.name == "c" { planes.channels = axis.size } else { planes.z = axis.size }
        }
        planes.pages = (0..<planes.channels).flatMap { channel in
            (0..<planes.z).map { channel * (strides["c"] ?? 0) + $0 * (strides["z"] ?? 0) }
        }
        return planes
    }

    /// Names the axes: time points of one channel become channels; unnamed axes become z, then c, from the fastest.
    private func named() throws(VolumeError) -> [PageAxis] {
        var axes = axes.filter { $0.size > 1 }
        if let time = axes.firstIndex(where: { $0.name == "t" }) {
            if let channels = axes.first(where: { $0.name == "c" }) {
                throw .unsupported(
                    "the TIFF file has \(axes[time].size) time points of \(channels.size) channels; send one time "
                        + "point at a time")
            }
            axes[time].name = "c"
        }
        for index in axes.indices.reversed() where axes[index].name == "?" {
            let free = "zc".first { name in !axes.contains { $0.name == name } }
            guard let free else {
                throw .unsupported("the TIFF file has more than four axes; c, z, y and x are supported")
            }
            axes[index].name = free
        }
        guard Set(axes.map(\.name)).count == axes.count else {
            throw .unsupported("the TIFF file names an axis twice; c, z, y and x are supported")
        }
        return axes
    }

    private func named(by hint: String) throws(VolumeError) -> [PageAxis] {
        let letters = Array(hint.lowercased())
        guard letters.suffix(2) == ["y", "x"], Set(letters).count == letters.count,
            letters.allSatisfy({ "czyx".contains($0) })
        else {
            throw .unsupported(
                "axes=\(hint) does not fit a TIFF file, whose pages are y, x; yx, zyx, cyx, czyx and zcyx do")
        }
        let front = letters.dropLast(2)
        var axes = axes
        if axes.count != front.count { axes.removeAll { $0.size == 1 } }
        if axes.isEmpty { return front.map { PageAxis(name: $0, size: 1) } }
        guard axes.count == front.count else {
            let sizes = axes.map { "\($0.size)" }.joined(separator: " × ")
            throw .unsupported(
                "axes=\(hint) names \(front.count) axes in front of y and x; the TIFF file has \(sizes) pages")
        }
        return zip(front, axes).map { PageAxis(name: $0, size: $1.size) }
    }
}
