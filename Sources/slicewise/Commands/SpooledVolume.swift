internal import Foundation
internal import Volumes

/// A volume that is filled box by box and lies in a temporary file, so that its size need not fit in memory.
///
/// The file vanishes with the volume. It is filled by one thread before anybody reads it.
final class SpooledVolume: VoxelSource {
    let header: VolumeHeader
    /// All voxels, C×Z×Y×X, mapped from the file.
    private nonisolated(unsafe) let voxels: UnsafeMutableRawBufferPointer

    init(header: VolumeHeader) throws {
        self.header = header
        let path = FileManager.default.temporaryDirectory.appending(path: "slicewise-XXXXXX").path
        var template = Array(path.utf8CString)
        let file = mkstemp(&template)
        defer { if file >= 0 { close(file) } }
        guard file >= 0, unlink(template) == 0, posix_fallocate(file, 0, off_t(header.byteCount)) == 0,
            let memory = mmap(nil, header.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
        else {
            throw CommandError("no temporary file of \(header.byteCount) bytes can be made beside \(path)")
        }
        voxels = UnsafeMutableRawBufferPointer(start: memory, count: header.byteCount)
    }

    deinit { munmap(voxels.baseAddress, voxels.count) }

    /// Stores a box of one channel, x fastest, in numbers of the header's element type.
    func write<Value: BitwiseCopyable>(_ box: Box, channel: Int = 0, _ values: ArraySlice<Value>) {
        values.withUnsafeBytes { bytes in
            for (part, whole) in rows(of: box, channel: channel) {
                UnsafeMutableRawBufferPointer(rebasing: voxels[whole])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[part]))
            }
        }
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) {
        for (part, whole) in rows(of: box, channel: channel) {
            UnsafeMutableRawBufferPointer(rebasing: bytes[part])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: voxels[whole]))
        }
    }

    /// Where each row of a box lies in the box's own bytes and in those of the volume.
    private func rows(of box: Box, channel: Int) -> some Sequence<(part: Range<Int>, whole: Range<Int>)> {
        let size = header.element.size
        let length = box.extent.x * size
        return (0..<box.extent.z * box.extent.y).lazy.map { [header] row in
            let z = channel * header.extent.z + box.origin.z + row / box.extent.y
            let y = box.origin.y + row % box.extent.y
            let start = ((z * header.extent.y + y) * header.extent.x + box.origin.x) * size
            return (row * length..<(row + 1) * length, start..<start + length)
        }
    }
}
