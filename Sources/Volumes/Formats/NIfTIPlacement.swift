internal import CNIfTI

/// The raw fields of a NIfTI header that place the volume in the world; doubles hold them exactly.
struct NIfTIPlacement: Hashable {
    /// 1 if the fields are single-precision, 2 if double-precision.
    var version: Int
    /// `xyzt_units`: the low three bits are the unit of length.
    var units: Int
    var qform: Int
    var sform: Int
    /// `pixdim`: the sign of the quaternion's z axis, then x, y, z and four more.
    var spacings: [Double]
    /// `quatern_b`, `_c`, `_d`.
    var quaternion: [Double]
    /// `qoffset_x`, `_y`, `_z`.
    var shift: [Double]
    /// `srow_x`, `srow_y`, `srow_z`, four numbers each.
    var rows: [Double]
    /// The axis of the file that holds the channels, 4 or 5.
    var channelAxis = 5

    /// The fields by their names in the standard, as `Orientation` stores them.
    var fields: [String: [Double]] {
        [
            "version": [Double(version)], "xyzt_units": [Double(units)], "qform_code": [Double(qform)],
            "sform_code": [Double(sform)], "pixdim": spacings, "quatern": quaternion, "qoffset": shift,
            "srow_x": Array(rows[0..<4]), "srow_y": Array(rows[4..<8]), "srow_z": Array(rows[8..<12]),
            "channel_axis": [Double(channelAxis)],
        ]
    }

    /// Throws if a number that is used is not finite; unused ones that are not finite become 0.
    mutating func validate() throws(VolumeError) {
        for (axis, spacing) in zip(["x", "y", "z"], spacings[1...3]) where !spacing.isFinite {
            throw .malformed("pixdim says the spacing along \(axis) is \(spacing); it must be a number above 0")
        }
        if sform > 0, let bad = rows.first(where: { !$0.isFinite }) {
            throw .malformed("the affine (srow_x, srow_y, srow_z) holds \(bad); all of its numbers must be finite")
        }
        if qform > 0, let bad = (quaternion + shift).first(where: { !$0.isFinite }) {
            throw .malformed("the quaternion or its offset holds \(bad); all of their numbers must be finite")
        }
        let clean = { (number: Double) in number.isFinite ? number : 0 }
        spacings = spacings.map(clean)
        quaternion = quaternion.map(clean)
        shift = shift.map(clean)
        rows = rows.map(clean)
    }

    /// Whether every number is in the range of NIfTI-1, which has single-precision fields.
    var fitsFloats: Bool {
        (spacings + quaternion + shift + rows).allSatisfy { Float($0).isFinite && ($0 == 0 || Float($0) != 0) }
    }

    /// From (x, y, z) indices to coordinates: the sform, else the qform (NIfTI-1 standard, methods 3 and 2), else what
    /// files without a place mean everywhere.
    var affine: [Double] {
        if sform > 0 { return rows + [0, 0, 0, 1] }
        if qform > 0 {
            let matrix = nifti_quatern_to_dmat44(
                quaternion[0], quaternion[1], quaternion[2], shift[0], shift[1], shift[2], spacings[1], spacings[2],
                spacings[3], spacings[0] < 0 ? -1 : 1)
            return withUnsafeBytes(of: matrix) { [Double]($0.bindMemory(to: Double.self)) }
        }
        return Orientation(withoutPlace: spacing).affine
    }

    /// `pixdim` in the shortest decimal form (0.2 rather than 0.200000003), without signs; 0 becomes 1.
    ///
    /// Where an sform has other lengths these hold: programs that change it often forget `pixdim`.
    var spacing: Spacing {
        var spacing = Spacing(unit: unit)
        let stored = Orientation(affine: rows + [0, 0, 0, 1])
        for axis in Axis.allCases {
            let written = spacings[axis.column + 1]
            let step = sform > 0 ? stored.step(axis) : 0
            spacing[axis] = length(step > 0 && abs(step - abs(written)) > 1e-4 * step ? step : written)
        }
        return spacing
    }

    private func length(_ number: Double) -> Double {
        let written = version == 1 ? Double(String(Float(number))) ?? number : number
        return written == 0 ? 1 : abs(written)
    }

    private var unit: String? {
        let code = units & 7
        return Self.units.indices.contains(code) ? Self.units[code]?.rawValue : nil
    }
}

extension NIfTIPlacement {
    /// The fields stored from a NIfTI file, or else fields made from the header's spacing and affine.
    init(_ header: VolumeHeader) {
        if let fields = header.orientation?.nifti, let kept = NIfTIPlacement(fields: fields) {
            self = kept
        } else {
            self.init(header.place, spacing: header.spacing)
        }
    }

    private init?(fields: [String: [Double]]) {
        func numbers(_ name: String, _ count: Int) -> [Double]? {
            guard let values = fields[name], values.count == count else { return nil }
            return values
        }
        func code(_ name: String, _ range: ClosedRange<Double>) -> Int? {
            fields[name]?.first.flatMap { range.contains($0) ? Int($0) : nil }
        }
        guard let version = code("version", 1...2) else { return nil }
        let codes = version == 1 ? -0x1p15...0x1p15 - 1 : -0x1p31...0x1p31 - 1
        guard let units = code("xyzt_units", version == 1 ? 0...255 : codes), let qform = code("qform_code", codes),
            let sform = code("sform_code", codes),
            let spacings = numbers("pixdim", 8), let quaternion = numbers("quatern", 3),
            let shift = numbers("qoffset", 3), let x = numbers("srow_x", 4), let y = numbers("srow_y", 4),
            let z = numbers("srow_z", 4)
        else { return nil }
        self.init(
            version: version, units: units, qform: qform, sform: sform, spacings: spacings, quaternion: quaternion,
            shift: shift, rows: x + y + z, channelAxis: code("channel_axis", 4...5) ?? 5)
    }

    /// Lengths in units that NIfTI doesn't have are converted to the nearest that it has.
    private init(_ place: Orientation, spacing: Spacing) {
        let unit = spacing.unit.flatMap(LengthUnit.init(named:))
        let written = unit.map { Self.written(as: $0) }
        let factor = written.flatMap { unit?.count(in: $0) } ?? 1
        let matrix = place.affine.enumerated().map { $0.offset < 12 ? $0.element * factor : $0.element }
        var (b, c, d, x, y, z, dx, dy, dz, sign) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
        var packed = nifti_dmat44()
        withUnsafeMutableBytes(of: &packed) { bytes in matrix.withUnsafeBytes { bytes.copyBytes(from: $0) } }
        nifti_dmat44_to_quatern(packed, &b, &c, &d, &x, &y, &z, &dx, &dy, &dz, &sign)
        let lengths = [Axis.x, .y, .z].map { place.length(of: $0, spacing: spacing) * factor }
        self.init(
            version: 1, units: written.flatMap { Self.units.firstIndex(of: $0) } ?? 0, qform: 1, sform: 1,
            spacings: [sign] + lengths + [1, 1, 1, 1], quaternion: [b, c, d], shift: [x, y, z],
            rows: Array(matrix[0..<12]))
    }

    /// The units of length by their codes in `xyzt_units`.
    private static let units: [LengthUnit?] = [nil, .meter, .millimeter, .micrometer]

    /// The unit that lengths of another one are written in.
    private static func written(as unit: LengthUnit) -> LengthUnit {
        switch unit {
        case .meter, .millimeter, .micrometer: unit
        case .centimeter, .inch: .millimeter
        case .nanometer, .angstrom, .picometer: .micrometer
        }
    }
}
