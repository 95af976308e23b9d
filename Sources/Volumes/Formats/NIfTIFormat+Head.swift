internal import CNIfTI

extension NIfTIFormat {
    /// A NIfTI-1 header, or NIfTI-2 if the volume came from NIfTI-2 or a number is too large for NIfTI-1.
    static func head(for header: VolumeHeader) throws(VolumeError) -> [UInt8] {
        let placement = NIfTIPlacement(header)
        let sizes = sizes(of: header, channelAxis: placement.channelAxis)
        if placement.version == 1, placement.fitsFloats, sizes.allSatisfy({ $0 <= Int(Int16.max) }) {
            return bytes(of: first(header, placement, sizes), extension: 4)
        }
        return bytes(of: second(header, placement, sizes), extension: 4)
    }

    /// `dim`: the number of axes, then seven sizes.
    private static func sizes(of header: VolumeHeader, channelAxis: Int) -> [Int] {
        let space = [header.extent.x, header.extent.y, header.extent.z]
        guard header.channels > 1 else { return [3] + space + [1, 1, 1, 1] }
        return channelAxis == 4
            ? [4] + space + [header.channels, 1, 1, 1] : [5] + space + [1, header.channels, 1, 1]
    }

    /// Channels on the fifth axis are a vector for each voxel, which ITK believes by this code only.
    private static func intent(of sizes: [Int]) -> Int { sizes[0] == 5 ? Int(NIFTI_INTENT_VECTOR) : 0 }

    private static func first(
        _ volume: VolumeHeader, _ placement: NIfTIPlacement, _ sizes: [Int]
    ) -> nifti_1_header {
        var header = nifti_1_header()
        header.sizeof_hdr = 348
        header.regular = CChar(bitPattern: UInt8(ascii: "r"))
        fill(&header.dim, sizes.map { Int16($0) })
        header.intent_code = Int16(intent(of: sizes))
        header.datatype = Int16(code(of: volume.element))
        header.bitpix = Int16(8 * volume.element.size)
        header.vox_offset = 352
        header.scl_slope = 1
        header.xyzt_units = CChar(bitPattern: UInt8(truncatingIfNeeded: placement.units))
        header.qform_code = Int16(placement.qform)
        header.sform_code = Int16(placement.sform)
        fill(&header.pixdim, placement.spacings.map { Float($0) })
        (header.quatern_b, header.quatern_c) = (Float(placement.quaternion[0]), Float(placement.quaternion[1]))
        header.quatern_d = Float(placement.quaternion[2])
        (header.qoffset_x, header.qoffset_y) = (Float(placement.shift[0]), Float(placement.shift[1]))
        header.qoffset_z = Float(placement.shift[2])
        fill(&header.srow_x, placement.rows[0..<4].map { Float($0) })
        fill(&header.srow_y, placement.rows[4..<8].map { Float($0) })
        fill(&header.srow_z, placement.rows[8..<12].map { Float($0) })
        fill(&header.magic, [0x6e, 0x2b, 0x31, 0] as [UInt8])
        return header
    }

    private static func second(
        _ volume: VolumeHeader, _ placement: NIfTIPlacement, _ sizes: [Int]
    ) -> nifti_2_header {
        var header = nifti_2_header()
        header.sizeof_hdr = 540
        fill(&header.magic, [0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a] as [UInt8])
        fill(&header.dim, sizes.map { Int64($0) })
        header.intent_code = Int32(intent(of: sizes))
        header.datatype = Int16(code(of: volume.element))
        header.bitpix = Int16(8 * volume.element.size)
        header.vox_offset = 544
        header.scl_slope = 1
        header.xyzt_units = Int32(placement.units)
        header.qform_code = Int32(placement.qform)
        header.sform_code = Int32(placement.sform)
        fill(&header.pixdim, placement.spacings)
        (header.quatern_b, header.quatern_c) = (placement.quaternion[0], placement.quaternion[1])
        header.quatern_d = placement.quaternion[2]
        (header.qoffset_x, header.qoffset_y) = (placement.shift[0], placement.shift[1])
        header.qoffset_z = placement.shift[2]
        fill(&header.srow_x, Array(placement.rows[0..<4]))
        fill(&header.srow_y, Array(placement.rows[4..<8]))
        fill(&header.srow_z, Array(placement.rows[8..<12]))
        return header
    }

    /// Copies an array into a C array, which Swift sees as a tuple of the same size.
    private static func fill<Tuple, Number>(_ tuple: inout Tuple, _ numbers: [Number]) {
        withUnsafeMutableBytes(of: &tuple) { bytes in
            numbers.withUnsafeBytes { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(bytes.count))) }
        }
    }

    /// The header and the zero bytes that say that no extensions follow.
    private static func bytes<Header>(of header: Header, extension count: Int) -> [UInt8] {
        withUnsafeBytes(of: header) { [UInt8]($0) } + [UInt8](repeating: 0, count: count)
    }
}
