package import Foundation

/// Writes every channel of a source to a file, a few planes at a time; the file appears when it is complete.
///
/// Spacing and affine go along where the format carries them, bit by bit from NIfTI to NIfTI.
package func writeVolume(_ source: any VoxelSource, as format: VolumeFormat, to url: URL) throws {
    let header = source.header
    let head = try format.code?.head(for: header) ?? []
    let output = try FileOutput(url, gzip: format == .niftiGzip)
    try head.withUnsafeBytes { try output.append($0) }
    let slabs = header.slabs()
    let largest = slabs.map(\.extent.voxels).max() ?? 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: largest * header.element.size, alignment: 16)
    defer { buffer.deallocate() }
    for channel in 0..<header.channels {
        for slab in slabs {
            let part = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<(slab.extent.voxels * header.element.size)])
            try source.read(slab, channel: channel, into: part)
            try output.append(UnsafeRawBufferPointer(part))
        }
    }
    try output.finish()
}
