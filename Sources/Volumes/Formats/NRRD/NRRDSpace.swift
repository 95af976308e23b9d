/// Spacing and orientation in an NRRD header.
struct NRRDSpace {
    /// `nil` if the file has none.
    var spacing: Spacing?
    var orientation: Orientation?

    /// `axes` names each axis, fastest first.
    init(
        _ header: NRRDHeader, axes: [Character], directions: [[Double]?]?
    ) throws(VolumeError) {
        let space = axes.indices.filter { axes[$0] != "c" }
        let units = header.quoted("space units") + header.quoted("units")
        let unit = units.lazy.compactMap(Spacing.unitName).first
        let lengths: [Double]
        if let vectors = directions {
            let steps = space.map { vectors.indices.contains($0) ? vectors[$0] ?? [] : [] }
            lengths = steps.map { vector in vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            orientation = try Self.orientation(steps, header)
        } else {
            let range = try AxisRange(header)
            lengths = range.lengths.map { lengths in space.map { lengths[$0] } } ?? []
            orientation = Self.orientation(lengths, origin: space.map { range.firsts[$0] })
        }
        guard lengths.count >= 2 else {
            spacing = unit.map { Spacing(unit: $0) }
            return
        }
        // NRRD writes nan for an unknown spacing.
        let valid = lengths.map { $0.isFinite && $0 > 0 ? $0 : 1 }
        spacing = Spacing(z: valid.count > 2 ? valid[2] : 1, y: valid[1], x: valid[0], unit: unit)
    }

    /// From the vectors of two or three axes in a space of three; `nil` for other spaces.
    private static func orientation(
        _ vectors: [[Double]], _ header: NRRDHeader
    ) throws(VolumeError) -> Orientation? {
        guard vectors.count >= 2, vectors.allSatisfy({ $0.count == 3 }) else { return nil }
        var (steps, origin) = (vectors, [0.0, 0, 0])
        if steps.count == 2 { steps.append(cross(steps[0], steps[1])) }
        if let text = header["space origin"] {
            guard let numbers = text.filter({ $0 != "(" && $0 != ")" }).numbers, numbers.count == 3 else {
                throw .malformed("the NRRD header's space origin is not three numbers: \(text)")
            }
            origin = numbers
        }
        return Orientation(steps: steps, origin: origin, signs: signs(header["space"]?.lowercased() ?? ""))
    }

    /// Of a file that says where its axes begin, but names no space: along ITK's own axes; `nil` if it doesn't say.
    private static func orientation(_ lengths: [Double], origin: [Double]) -> Orientation? {
        guard lengths.count >= 2, (lengths + origin).allSatisfy(\.isFinite), lengths.allSatisfy({ $0 > 0 }) else {
            return nil
        }
        let lengths = lengths + (lengths.count == 2 ? [1] : [])
        let steps = (0..<3).map { axis in (0..<3).map { $0 == axis ? lengths[axis] : 0 } }
        return Orientation(steps: steps, origin: origin + (origin.count == 2 ? [0] : []), signs: signs(""))
    }

    /// The direction normal to two others, of length one.
    private static func cross(_ a: [Double], _ b: [Double]) -> [Double] {
        let normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? normal.map { $0 / length } : [0, 0, 1]
    }

    /// The signs that convert a space's coordinates to right, anterior, superior; ITK takes spaces without names of
    /// directions as left, posterior, superior.
    private static func signs(_ space: String) -> [Double] {
        switch space {
        case "right-anterior-superior", "ras", "right-anterior-superior-time", "rast": [1, 1, 1]
        case "left-anterior-superior", "las", "left-anterior-superior-time", "last": [-1, 1, 1]
        default: [-1, -1, 1]
        }
    }

    /// The header lines with a volume's spacing and orientation.
    static func lines(for header: VolumeHeader) -> [String] {
        let spacing = header.spacing
        // Other text could end the header.
        let valid = spacing.unit.flatMap { Spacing.isUnit($0) ? $0 : nil }
        let unit = valid.map { LengthUnit(named: $0)?.abbreviation ?? $0 }
        let none = header.channels > 1
        guard header.isPlaced else {
            let quoted = unit.map { "units: " + Array(repeating: "\"\($0)\"", count: 3).joined(separator: " ") }
            return ["spacings: \(spacing.x) \(spacing.y) \(spacing.z)" + (none ? " nan" : "")]
                + (quoted.map { [$0 + (none ? " \"\"" : "")] } ?? [])
        }
        let affine = header.place.affine
        // Most programs expect left, posterior, superior in NRRD.
        let signs: [Double] = [-1, -1, 1]
        let vector = { (column: Int) in
            "(" + (0..<3).map { "\(signs[$0] * affine[$0 * 4 + column])" }.joined(separator: ",") + ")"
        }
        return ["space: left-posterior-superior"]
            + [
                "space directions: " + (0..<3).map(vector).joined(separator: " ") + (none ? " none" : ""),
                "space origin: " + vector(3),
            ] + (unit.map { ["space units: \"\($0)\" \"\($0)\" \"\($0)\""] } ?? [])
    }
}
