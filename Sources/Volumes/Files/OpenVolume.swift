package import Foundation

/// Opens a file of any known format, or a folder that is an OME-Zarr, for reading box by box.
///
/// A compressed file is first unpacked to a file in `scratch`, which is removed with the source; `limit` is in bytes
/// of voxels. So is one whose order of axes is not z, y, x, unless it is small. The file must not change while the source is in use.
package func openVolume(
    at url: URL, hints: VolumeHints = VolumeHints(), scratch: URL, limit: Int = .max
) throws(VolumeError) -> any VoxelSource {
    let room = limit.addingReportingOverflow(1 << 20)
    let source: any VoxelSource
    if let store = FolderZarrStore(url) {
        source = try OMEZarrFormat.open(store, hints: hints, scratch: scratch, limit: limit)
    } else {
        let file = try PackedFile(url, scratch: scratch, limit: room.overflow ? .max : room.partialValue)
        let format = try VolumeFormat.recognise(file)
        try format.check(hints)
        source = try format.open(file, hints: hints)
    }
    return try finished(source, hints: hints, scratch: scratch, limit: limit)
}

/// Opens a folder of a web server that is an OME-Zarr, of which all is fetched at once; otherwise as one of this machine.
package func openVolume(
    at folder: WebFolder, reading: WebReading, hints: VolumeHints = VolumeHints(), scratch: URL, limit: Int = .max
) throws(VolumeError) -> any VoxelSource {
    let store = WebZarrStore(folder, reading)
    let source = try OMEZarrFormat.open(store, hints: hints, scratch: scratch, limit: limit)
    return try finished(source, hints: hints, scratch: scratch, limit: limit)
}

private func finished(
    _ source: any VoxelSource, hints: VolumeHints, scratch: URL, limit: Int
) throws(VolumeError) -> any VoxelSource {
    guard source.header.byteCount <= limit else {
        throw .tooLarge("the volume has \(source.header.byteCount) bytes of voxels; at most \(limit) are allowed")
    }
    try source.header.checkLabelsAreWhole(hints)
    do {
        return try source.inReadingOrder(scratch: scratch)
    } catch let error as VolumeError {
        throw error
    } catch {
        throw .io("\(error)")
    }
}

extension VolumeFileFormat {
    /// Throws if the sender chooses what files of this format don't have.
    fileprivate static func check(_ hints: VolumeHints) throws(VolumeError) {
        guard hasDatasets || hints.dataset == nil else {
            throw .unsupported(
                "dataset= names a part of an HDF5 file or an OME-Zarr, or a DICOM series; this is \(name), which has none"
            )
        }
        // In the order that all volumes have here there is nothing to say.
        guard takesAxes || ["zyx", "czyx"].contains(hints.axes ?? "zyx") else {
            throw .unsupported(
                "axes= says which axis of an NPY, HDF5, Zarr or TIFF file is which; \(name) says it itself: leave axes out, or "
                    + "save the file with its axes in another order")
        }
        guard hasLevels || (hints.level == nil && hints.time == nil) else {
            throw .unsupported(
                "level= and time= choose from an OME-Zarr; this is \(name)"
                    + (hasDatasets ? ", in which dataset= names what is meant" : ""))
        }
    }
}
