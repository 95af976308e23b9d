internal import CNIfTI

/// The fields of a NIfTI-1 or NIfTI-2 header that are used here, in one type for both.
///
/// From nifticlib come the structs, byte swapping and quaternion arithmetic, all pure functions. Its readers are not
/// used: they take file names, allocate whatever size the header claims, and print to standard error.
struct NIfTIHeader {
    /// 1 or 2.
    var version: Int
    /// Whether header and voxels are big-endian in the file.
    var bigEndian = false
    /// `dim[0]` is the number of axes; the rest are x, y, z, t, channels, and two more.
    var dimensions: [Int]
    var datatype: Int
    /// `vox_offset`, a double because it is a float in NIfTI-1.
    var offset: Double
    var slope: Double
    var intercept: Double
    var placement: NIfTIPlacement

    /// Bytes of the header in the file, including the four that say whether extensions follow.
    var size: Int { version == 1 ? 352 : 544 }

    /// Parses the first bytes of a file that `version(of:)` recognises.
    init(_ start: [UInt8]) throws(VolumeError) {
        guard let kind = Self.version(of: start) else { throw .malformed("this is not a NIfTI header") }
        let size = kind.version == 1 ? 348 : 540
        guard start.count >= size else {
            throw .malformed(
                "the file is cut off: a NIfTI-\(kind.version) header has \(size) bytes, "
                    + "there are \(start.count)")
        }
        switch kind.version {
        case 1: self.init(Self.first(start, swap: kind.bigEndian))
        default: self.init(Self.second(start, swap: kind.bigEndian))
        }
        bigEndian = kind.bigEndian
    }

    /// The NIfTI version by a file's first bytes; `nil` for other files.
    static func version(of start: [UInt8]) -> (version: Int, bigEndian: Bool)? {
        guard start.count >= 4 else { return nil }
        let magic = { (at: Int, text: [UInt8]) in start.dropFirst(at).starts(with: text) }
        switch (start[0], start[1], start[2], start[3]) {
        case (0x5c, 1, 0, 0) where magic(344, [0x6e, 0x2b, 0x31, 0]) || start.count < 348: return (1, false)
        case (0, 0, 1, 0x5c) where magic(344, [0x6e, 0x2b, 0x31, 0]) || start.count < 348: return (1, true)
        case (0x1c, 2, 0, 0) where magic(4, [0x6e, 0x2b, 0x32, 0]): return (2, false)
        case (0, 0, 2, 0x1c) where magic(4, [0x6e, 0x2b, 0x32, 0]): return (2, true)
        default: return nil
        }
    }

    private static func first(_ start: [UInt8], swap: Bool) -> nifti_1_header {
        var header = nifti_1_header()
        withUnsafeMutableBytes(of: &header) { $0.copyBytes(from: start.prefix($0.count)) }
        if swap { nifti_swap_as_nifti1(&header) }
        return header
    }

    private static func second(_ start: [UInt8], swap: Bool) -> nifti_2_header {
        var header = nifti_2_header()
        withUnsafeMutableBytes(of: &header) { $0.copyBytes(from: start.prefix($0.count)) }
        if swap { nifti_swap_as_nifti2(&header) }
        return header
    }

    private init(_ header: nifti_1_header) {
        version = 1
        dimensions = withUnsafeBytes(of: header.dim) { $0.bindMemory(to: Int16.self).map(Int.init) }
        datatype = Int(header.datatype)
        offset = Double(header.vox_offset)
        slope = Double(header.scl_slope)
        intercept = Double(header.scl_inter)
        let floats = { (bytes: UnsafeRawBufferPointer) in bytes.bindMemory(to: Float.self).map(Double.init) }
        placement = NIfTIPlacement(
            version: 1, units: Int(UInt8(bitPattern: header.xyzt_units)), qform: Int(header.qform_code),
            sform: Int(header.sform_code), spacings: withUnsafeBytes(of: header.pixdim, floats),
            quaternion: [header.quatern_b, header.quatern_c, header.quatern_d].map(Double.init),
            shift: [header.qoffset_x, header.qoffset_y, header.qoffset_z].map(Double.init),
            rows: withUnsafeBytes(of: header.srow_x, floats) + withUnsafeBytes(of: header.srow_y, floats)
                + withUnsafeBytes(of: header.srow_z, floats))
    }

    private init(_ header: nifti_2_header) {
        version = 2
        dimensions = withUnsafeBytes(of: header.dim) { $0.bindMemory(to: Int64.self).map(Int.init) }
        datatype = Int(header.datatype)
        offset = Double(header.vox_offset)
        slope = header.scl_slope
        intercept = header.scl_inter
        let doubles = { (bytes: UnsafeRawBufferPointer) in [Double](bytes.bindMemory(to: Double.self)) }
        placement = NIfTIPlacement(
            version: 2, units: Int(header.xyzt_units), qform: Int(header.qform_code), sform: Int(header.sform_code),
            spacings: withUnsafeBytes(of: header.pixdim, doubles),
            quaternion: [header.quatern_b, header.quatern_c, header.quatern_d],
            shift: [header.qoffset_x, header.qoffset_y, header.qoffset_z],
            rows: withUnsafeBytes(of: header.srow_x, doubles) + withUnsafeBytes(of: header.srow_y, doubles)
                + withUnsafeBytes(of: header.srow_z, doubles))
    }
}
