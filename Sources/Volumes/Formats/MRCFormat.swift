internal import Foundation

/// MRC2014 and CCP4 maps of electron microscopy: a volume or a stack of sections of one channel.
///
/// Rows are taken in the file's order. Spacing is in ångströms; the origin is a place in a crystal or a tomogram, no
/// place in a body, and is left out.
enum MRCFormat: VolumeFileFormat {
    static let name = "MRC (.mrc, .map, .rec)"
    static let word = "mrc"

    static func recognises(_ start: [UInt8]) -> Bool { MRCHeader(start) != nil }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        guard let header = MRCHeader(file.start) else { throw .malformed("this is not an MRC header") }
        guard !header.isVolumeStack else {
            throw .unsupported("the MRC file is a stack of several volumes; send one volume at a time")
        }
        guard let axes = header.axes else {
            throw .malformed("the MRC header's MAPC, MAPR and MAPS must be 1, 2 and 3 in some order")
        }
        guard header.extended >= 0 else {
            throw .malformed("the MRC header says that an extended header of \(header.extended) bytes follows")
        }
        let stored = try element(of: header)
        var (sizes, strides): ([Character: Int], [Character: Int]) = ([:], [:])
        for (axis, size) in zip(axes, header.sizes) { sizes[axis] = size }
        let size = { (axis: Character) in sizes[axis] ?? 0 }
        let extent = Extent(z: size("z"), y: size("y"), x: size("x"))
        let bytes = try VolumeHeader.checkedBytes(channels: 1, z: extent.z, y: extent.y, x: extent.x, element: stored)
        var stride = 1
        for axis in axes {
            strides[axis] = stride
            stride *= size(axis)
        }
        var layout = FileLayout(
            offset: MRCHeader.size + header.extended, stored: stored, bigEndian: header.bigEndian && stored.size > 1,
            strides: FileLayout.Strides(
                channel: 0, z: strides["z"] ?? 0, y: strides["y"] ?? 0, x: strides["x"] ?? 0))
        let volume = try VolumeHeader(
            channels: 1, extent: extent, element: header.mode == halfFloats ? .float32 : stored,
            spacing: header.lengths.map {
                Spacing(z: $0[2], y: $0[1], x: $0[0], unit: LengthUnit.angstrom.rawValue)
            }, hints: hints)
        guard header.mode == halfFloats else {
            return StridedVolume(header: volume, file: try file.content(layout.offset + bytes), layout: layout)
        }
        let content = try file.content(layout.offset + bytes)
        let floats = try singles(of: content, layout, count: extent.voxels, file)
        (layout.offset, layout.stored, layout.bigEndian) = (0, .float32, false)
        return StridedVolume(header: volume, file: floats, layout: layout)
    }

    private static let halfFloats = 12

    /// Of half floats the integers that hold them.
    private static func element(of header: MRCHeader) throws(VolumeError) -> ElementType {
        switch header.mode {
        case 0: return header.hasUnsignedBytes ? .uint8 : .int8
        case 1: return .int16
        case 2: return .float32
        case 6, halfFloats: return .uint16
        default:
            let kinds = [3: "complex numbers", 4: "complex numbers", 16: "colours", 101: "numbers of 4 bits"]
            throw .unsupported(
                "the MRC file's mode is \(header.mode)" + (kinds[header.mode].map { " (\($0))" } ?? "")
                    + "; 0 (bytes), 1 (int16), 2 (float32), 6 (uint16) and 12 (half floats) are supported")
        }
    }

    /// Half floats as floats, which hold each of them exactly, in a temporary file.
    private static func singles(
        of content: OpenFile, _ layout: FileLayout, count: Int, _ file: PackedFile
    ) throws(VolumeError) -> OpenFile {
        guard count <= file.limit / 4 else {
            throw .tooLarge("the MRC file's voxels have \(count * 4) bytes; at most \(file.limit) are allowed")
        }
        if let room = FreeSpace.bytes(at: file.scratch), room < count * 4 {
            throw .full("the MRC file unpacks to \(count * 4) bytes; the disk has less free space")
        }
        let target = try ScratchFile(in: file.scratch)
        let part = 1 << 18
        for start in stride(from: 0, to: count, by: part) {
            let bytes = try content.bytes(at: layout.offset + start * 2, upTo: min(part, count - start) * 2)
            guard bytes.count == min(part, count - start) * 2 else { throw .malformed("the MRC file is cut off") }
            let (low, high) = layout.bigEndian ? (1, 0) : (0, 1)
            let floats = Swift.stride(from: 0, to: bytes.count, by: 2).map { place in
                Float(Float16(bitPattern: UInt16(bytes[place + low]) | UInt16(bytes[place + high]) << 8))
            }
            let written = floats.withUnsafeBytes { [UInt8]($0) }
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: written.count, alignment: 16)
            defer { memory.deallocate() }
            memory.copyBytes(from: written)
            try target.append(UnsafeRawBufferPointer(memory))
        }
        return try target.reopen()
    }
}
