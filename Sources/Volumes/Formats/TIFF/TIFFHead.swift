/// The part of a TIFF file in front of the voxels: a directory for each plane, in the order Z, C, and a description
/// that ImageJ and tifffile understand.
///
/// The voxels follow as one array, for programs that map a stack or read past the first page.
package struct TIFFHead {
    package private(set) var bytes: [UInt8] = []
    private let big: Bool

    /// `big` selects BigTIFF; by default it is used for files of more than 4 GiB.
    package init(_ header: VolumeHeader, look: VolumeLook? = nil, big: Bool? = nil) throws(VolumeError) {
        let planes = header.channels * header.extent.z
        guard planes <= TIFFFormat.mostPages, let length = UInt32(exactly: header.extent.y),
            let width = UInt32(exactly: header.extent.x)
        else {
            throw .unsupported(
                "the volume has \(planes) planes of \(header.extent.y) × \(header.extent.x); a TIFF file can have "
                    + "\(TIFFFormat.mostPages), so choose another format")
        }
        let description = Self.description(of: header, range: look?.range)
        let map = Self.colorMap(of: header, look?.colors ?? [])
        let fields = map.isEmpty ? 15 : 16
        let small = 8 + planes * (2 + 12 * fields + 4) + 2 * map.count + description.count + 64
        self.big = big ?? (small + header.byteCount > Int(UInt32.max))
        let directory = self.big ? 8 + 20 * fields + 8 : 2 + 12 * fields + 4
        let start = self.big ? 16 : 8
        // After the directories: two fractions, the colours, the description, and zeros up to a multiple of 16.
        let extras = start + planes * directory
        let text = extras + 16 + 2 * map.count
        let data = (text + description.count + 15) / 16 * 16
        let plane = header.extent.y * header.extent.x * header.element.size
        bytes.reserveCapacity(data)
        bytes += Array("II".utf8)
        append(self.big ? 43 : 42, 2)
        if self.big { append(8, 4) }
        append(start, word)
        for index in 0..<planes {
            append(fields, self.big ? 8 : 2)
            field(254, 4, 0)
            field(256, 4, Int(width))
            field(257, 4, Int(length))
            field(258, 3, header.element.size * 8)
            field(259, 3, 1)
            field(262, 3, 1)
            field(270, 2, text, count: description.count)
            field(273, self.big ? 16 : 4, data + index * plane)
            field(277, 3, 1)
            field(278, 4, Int(length))
            field(279, self.big ? 16 : 4, plane)
            resolution(282, header.spacing.x, at: extras)
            resolution(283, header.spacing.y, at: extras + 8)
            // Without this the resolution is per inch; the unit is in the description.
            field(296, 3, 1)
            if !map.isEmpty { field(320, 3, extras + 16, count: map.count) }
            field(339, 3, Self.sampleFormat(of: header.element))
            append(index + 1 < planes ? start + (index + 1) * directory : 0, word)
        }
        for length in [header.spacing.x, header.spacing.y] { append(fraction: length) }
        for component in map { append(component, 2) }
        bytes += description
        bytes += [UInt8](repeating: 0, count: data - bytes.count)
    }

    private var word: Int { big ? 8 : 4 }

    private mutating func append(_ number: Int, _ count: Int) {
        for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }

    private mutating func field(_ tag: Int, _ type: Int, _ value: Int, count: Int = 1) {
        append(tag, 2)
        append(type, 2)
        append(count, word)
        append(value, word)
    }

    /// Voxels per unit as a fraction of two 32-bit numbers: in BigTIFF within the field, otherwise at an offset.
    private mutating func resolution(_ tag: Int, _ length: Double, at offset: Int) {
        guard big else { return field(tag, 5, offset) }
        append(tag, 2)
        append(5, 2)
        append(1, word)
        append(fraction: length)
    }

    /// Appends the fraction nearest to 1 / `length`.
    private mutating func append(fraction length: Double) {
        var (above, below) = ((1, 0), (0, 1))
        var rest = length
        // A continued fraction, until a number exceeds 32 bits.
        while rest.isFinite, rest < 0x1p32 {
            let whole = Int(rest)
            let next = (whole * above.0 + above.1, whole * below.0 + below.1)
            guard max(next.0, next.1) <= Int(UInt32.max) else { break }
            (above, below) = ((next.0, above.0), (next.1, below.0))
            guard rest > Double(whole) else { break }
            rest = 1 / (rest - Double(whole))
        }
        let isValid = length > 0 && above.0 > 0 && below.0 > 0
        append(isValid ? below.0 : 1, 4)
        append(isValid ? above.0 : 1, 4)
    }

    private static func sampleFormat(of element: ElementType) -> Int {
        switch element {
        case .uint8, .uint16, .uint32, .uint64: 1
        case .int8, .int16, .int32, .int64: 2
        case .float32, .float64: 3
        }
    }

    /// 256 reds, greens and blues of 16 bits; none for volumes that have no look-up table.
    ///
    /// The pages stay gray for all but ImageJ, which takes the table whatever they are: programs that see a palette
    /// would expand the labels to colours.
    private static func colorMap(of header: VolumeHeader, _ colors: [Color]) -> [Int] {
        guard !colors.isEmpty, header.element == .uint8, header.channels == 1 else { return [] }
        return [\Color.red, \.green, \.blue].flatMap { component in
            (0...255).map { colors.indices.contains($0) ? 257 * Int(colors[$0][keyPath: component]) : 0 }
        }
    }

    /// ImageJ's lines, terminated by a zero.
    private static func description(of header: VolumeHeader, range: ClosedRange<Double>?) -> [UInt8] {
        let (channels, slices) = (header.channels, header.extent.z)
        var lines = ["ImageJ=1.11a", "images=\(channels * slices)"]
        if channels > 1 { lines.append("channels=\(channels)") }
        if slices > 1 { lines.append("slices=\(slices)") }
        if channels > 1 { lines += ["hyperstack=true", "mode=grayscale"] }
        let unit = header.spacing.unit.map { LengthUnit(named: $0)?.abbreviation ?? $0 }
        if let unit, unit.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") }) {
            lines.append("unit=\(unit)")
        }
        if header.spacing != Spacing() { lines.append("spacing=\(header.spacing.z)") }
        if let range { lines += ["min=\(range.lowerBound)", "max=\(range.upperBound)"] }
        return Array((lines.joined(separator: "\n") + "\n").utf8) + [0]
    }
}
