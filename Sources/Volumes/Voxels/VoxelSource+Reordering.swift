package import Foundation

extension VoxelSource {
    /// The same voxels, to be read in the order z, y, x any number of times.
    ///
    /// If they lie in another order, each of them is read once and copied to an unnamed file in `scratch`, by way of
    /// about `budget` bytes of memory: else every slab would be a pass over all of them. Those of at most `small` bytes
    /// are a single slab as they are.
    package func inReadingOrder(
        scratch: URL, small: Int = 8 << 20, budget: Int = 64 << 20
    ) throws -> any VoxelSource {
        // An axis of a single voxel has no order.
        let isLong = { (axis: Axis) in header.extent[axis] > 1 }
        guard order.filter(isLong) != Axis.allCases.filter(isLong), header.byteCount > small else { return self }
        let layout = FileLayout(offset: 0, stored: header.element, bigEndian: false, strides: .plain(header.extent))
        return StridedVolume(header: header, file: try reordered(scratch, budget), layout: layout)
    }

    private func reordered(_ scratch: URL, _ budget: Int) throws -> OpenFile {
        if let room = FreeSpace.bytes(at: scratch), room < header.byteCount {
            throw VolumeError.full(
                "the file's voxels are in another order; \(header.byteCount) bytes are needed to bring them into z, y, "
                    + "x, and the disk has less free space")
        }
        let file = try ScratchFile(in: scratch)
        let (extent, size) = (header.extent, header.element.size)
        for channel in 0..<header.channels {
            for box in parts(of: budget / size) {
                let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: box.extent.voxels * size, alignment: 16)
                defer { bytes.deallocate() }
                try read(box, channel: channel, into: bytes)
                // Rows are whole, and so planes may be.
                let rows = box.extent.y * extent.x * size
                for z in 0..<box.extent.z {
                    let place = ((channel * extent.z + box.origin.z + z) * extent.y + box.origin.y) * extent.x
                    try file.put(
                        UnsafeRawBufferPointer(rebasing: bytes[z * rows..<(z + 1) * rows]), at: place * size)
                }
            }
        }
        return try file.reopen()
    }

    /// Boxes of about so many voxels, whole along x, that are long runs of the source as well as of an array z, y, x.
    private func parts(of voxels: Int) -> [Box] {
        let extent = header.extent
        // The slowest axis of the source is cut, unless its steps are those within a row.
        let first = order.first { $0 != .x } ?? .z
        let second: Axis = first == .z ? .y : .z
        var size = extent
        size[first] = max(min(voxels / max(extent[second] * extent.x, 1), extent[first]), 1)
        size[second] = max(min(voxels / max(size[first] * extent.x, 1), extent[second]), 1)
        let whole = Box(extent: extent)
        return stride(from: 0, to: extent[first], by: size[first]).flatMap { one in
            stride(from: 0, to: extent[second], by: size[second]).map { other in
                var box = Box(extent: size)
                box.origin[first] = one
                box.origin[second] = other
                return box.intersection(whole)
            }
        }
    }
}
