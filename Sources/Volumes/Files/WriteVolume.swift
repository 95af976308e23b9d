package import Foundation

/// Writes every channel of a source to a file, a few planes at a time; the file appears when it is complete.
///
/// Spacing and affine go along where the format carries them, bit by bit from NIfTI to NIfTI.
package func writeVolume(_ source: any VoxelSource, as format: VolumeFormat, to url: URL) throws {
    let header = source.header
    let head = try format.code?.head(for: header) ?? []
    let output = try FileOutput(url, gzip: format == .niftiGzip)
    try head.withUnsafeBytes { try output.append($0) }
    if format.code?.planesFirst == true && header.channels > 1 {
        try appendPlanes(of: source, to: output)
    } else {
        try appendChannels(of: source, to: output)
    }
    try output.finish()
}

/// In the order C, Z, Y, X.
private func appendChannels(of source: any VoxelSource, to output: FileOutput) throws {
    let header = source.header
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
}

/// In the order Z, C, Y, X: a slab of every channel at a time, or one plane where that is too much.
private func appendPlanes(of source: any VoxelSource, to output: FileOutput) throws {
    let header = source.header
    let plane = header.extent.y * header.extent.x * header.element.size
    let slabs = header.slabs(bytes: (64 << 20) / header.channels)
    let planes = slabs.map(\.extent.z).max() ?? 1
    let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: (planes == 1 ? 1 : planes * header.channels) * plane, alignment: 16)
    defer { buffer.deallocate() }
    for slab in slabs {
        let size = slab.extent.z * plane
        for channel in 0..<header.channels {
            let start = planes == 1 ? 0 : channel * size
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + size])
            try source.read(slab, channel: channel, into: part)
            if planes == 1 { try output.append(UnsafeRawBufferPointer(part)) }
        }
        guard planes > 1 else { continue }
        for z in 0..<slab.extent.z {
            for channel in 0..<header.channels {
                let start = channel * size + z * plane
                try output.append(UnsafeRawBufferPointer(rebasing: buffer[start..<start + plane]))
            }
        }
    }
}
