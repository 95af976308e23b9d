package import Foundation

/// Writes every channel of a source to a file, at most 64 MiB at a time; the file appears when it is complete.
///
/// Spacing and affine are written if the format has fields for them, bit-exactly from NIfTI to NIfTI.
package func writeVolume(
    _ source: any VoxelSource, as format: VolumeFormat, to url: URL, look: VolumeLook? = nil
) throws {
    let header = source.header
    let head = try format.code?.head(for: header, look: look) ?? []
    let source = format.code?.written(source) ?? source
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
    let slabs = source.header.slabs()
    let buffer = room(for: slabs, of: source.header)
    defer { buffer.deallocate() }
    for channel in 0..<source.header.channels {
        for slab in slabs { try append(slab, of: source, channel, by: buffer, to: output) }
    }
}

/// In the order Z, C, Y, X: a slab of every channel at a time, or single planes if a slab is too large.
private func appendPlanes(of source: any VoxelSource, to output: FileOutput) throws {
    let header = source.header
    let plane = header.extent.y * header.extent.x * header.element.size
    let slabs = header.slabs(bytes: (64 << 20) / header.channels)
    // Slabs of more than one plane consist of whole planes.
    guard let planes = slabs.first?.extent.z, planes > 1 else { return try appendPlanesSingly(of: source, to: output) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: planes * header.channels * plane, alignment: 16)
    defer { buffer.deallocate() }
    for slab in slabs {
        let size = slab.extent.z * plane
        for channel in 0..<header.channels {
            let start = channel * size
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + size])
            try source.read(slab, channel: channel, into: part)
        }
        for z in 0..<slab.extent.z {
            for channel in 0..<header.channels {
                let start = channel * size + z * plane
                try output.append(UnsafeRawBufferPointer(rebasing: buffer[start..<start + plane]))
            }
        }
    }
}

/// In the order Z, C, Y, X: a plane of one channel at a time, or a part of a plane if that is too large.
private func appendPlanesSingly(of source: any VoxelSource, to output: FileOutput) throws {
    var plane = source.header
    plane.extent.z = 1
    let parts = plane.slabs()
    let buffer = room(for: parts, of: plane)
    defer { buffer.deallocate() }
    for z in 0..<source.header.extent.z {
        for channel in 0..<source.header.channels {
            for var part in parts {
                part.origin.z = z
                try append(part, of: source, channel, by: buffer, to: output)
            }
        }
    }
}

/// Memory for the largest of some boxes, which the caller deallocates.
private func room(for boxes: [Box], of header: VolumeHeader) -> UnsafeMutableRawBufferPointer {
    let largest = boxes.map(\.extent.voxels).max() ?? 0
    return .allocate(byteCount: largest * header.element.size, alignment: 16)
}

private func append(
    _ box: Box, of source: any VoxelSource, _ channel: Int, by buffer: UnsafeMutableRawBufferPointer,
    to output: FileOutput
) throws {
    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(box.extent.voxels * source.header.element.size)])
    try source.read(box, channel: channel, into: part)
    try output.append(UnsafeRawBufferPointer(part))
}
