/// Spacing and orientation in an NRRD header.
struct NRRDSpace {
    var spacing: Spacing
    var orientation: Orientation?

    /// `axes` names each axis, fastest first.
    init(
        _ header: NRRDHeader, axes: [Character], directions: [[Double]?]?, hints: VolumeHints
    ) throws(VolumeError) {
        let space = axes.indices.filter { axes[$0] != "c" }
        let units = header.quoted("space units") + header.quoted("units")
        let unit = units.lazy.compactMap(Spacing.unitName).first ?? hints.unit ?? hints.spacing?.unit
        let lengths: [Double]
        if let vectors = directions {
            let steps = space.map { vectors.indices.contains($0) ? vectors[$0] ?? [] : [] }
            lengths = steps.map { vector in vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            if steps.count == 3, steps.allSatisfy({ $0.count == 3 }) {
                let origin = try Self.origin(header)
                orientation = Orientation(
                    steps: steps, origin: origin, signs: Self.signs(header["space"]?.lowercased() ?? ""))
            }
        } else if let text = header["spacings"] {
            let numbers = text.words.map { Double($0) ?? .nan }
            lengths = space.map { numbers.indices.contains($0) ? numbers[$0] : .nan }
        } else {
            lengths = []
        }
        guard lengths.count >= 2 else {
            spacing = hints.spacing ?? Spacing()
            spacing.unit = unit
            return
        }
        // NRRD writes nan for an unknown spacing.
        let valid = lengths.map { $0.isFinite && $0 > 0 ? $0 : 1 }
        spacing = Spacing(z: valid.count > 2 ? valid[2] : 1, y: valid[1], x: valid[0], unit: unit)
    }

    private static func origin(_ header: NRRDHeader) throws(VolumeError) -> [Double] {
        guard let text = header["space origin"] else { return [0, 0, 0] }
        guard let numbers = text.filter({ $0 != "(" && $0 != ")" }).numbers, numbers.count == 3 else {
            throw .malformed("the NRRD header's space origin is not three numbers: \(text)")
        }
        return numbers
    }

    /// The signs that convert a named space's coordinates to right, anterior, superior.
    private static func signs(_ space: String) -> [Double] {
        switch space {
        case "left-posterior-superior", "lps": [-1, -1, 1]
        case "left-anterior-superior", "las": [-1, 1, 1]
        default: [1, 1, 1]
        }
    }

    /// The header lines with a volume's spacing and orientation.
    static func lines(for header: VolumeHeader) -> [String] {
        let spacing = header.spacing
        // Other text could end the header.
        let valid = spacing.unit.flatMap { Spacing.isUnit($0) ? $0 : nil }
        let unit = valid.map { ["meter": "m", "millimeter": "mm", "micrometer": "um"][$0] ?? $0 }
        let none = header.channels > 1
        guard let affine = header.orientation?.affine, affine.count == 16 else {
            let quoted = unit.map { "units: " + Array(repeating: "\"\($0)\"", count: 3).joined(separator: " ") }
            return ["spacings: \(spacing.x) \(spacing.y) \(spacing.z)" + (none ? " nan" : "")]
                + (quoted.map { [$0 + (none ? " \"\"" : "")] } ?? [])
        }
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
