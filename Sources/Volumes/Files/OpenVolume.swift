package import Foundation

/// Opens a file of any known format for reading box by box.
///
/// What is compressed is first unpacked to a file in `scratch` that vanishes with the source; `limit` is the most
/// bytes of voxels that the file may hold. The file must stay as it is while the source lives.
package func openVolume(
    at url: URL, hints: VolumeHints = VolumeHints(), scratch: URL, limit: Int = .max
) throws(VolumeError) -> any VoxelSource {
    let room = limit.addingReportingOverflow(1 << 20)
    let file = try PackedFile(url, scratch: scratch, limit: room.overflow ? .max : room.partialValue)
    let source = try VolumeFormat.recognise(file).open(file, hints: hints)
    guard source.header.byteCount <= limit else {
        throw .tooLarge("the volume has \(source.header.byteCount) bytes of voxels; at most \(limit) are allowed")
    }
    return source
}
