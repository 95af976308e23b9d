internal import Foundation
internal import Volumes

/// A volume in a temporary file that is written box by box, so that it need not fit in memory.
///
/// The file is removed with the volume. One thread must write all of it before others read.
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
            throw CommandError("cannot make a temporary file of \(header.byteCount) bytes, like \(path)")
        }
        voxels = UnsafeMutableRawBufferPointer(start: memory, count: header.byteCount)
    }

    deinit { munmap(voxels.baseAddress, voxels.count) }

    /// Writes a box of one channel, x fastest; `Value` is the header's element type.
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

    /// The bytes of each row of a box, within the box and within the volume.
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
