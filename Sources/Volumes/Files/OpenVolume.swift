package import Foundation

/// Opens a file of any known format for reading box by box.
///
/// A compressed file is first unpacked to a file in `scratch`, which is removed with the source; `limit` is in bytes
/// of voxels. So is one whose order of axes is not z, y, x, unless it is small. The file must not change while the source is in use.
package func openVolume(
    at url: URL, hints: VolumeHints = VolumeHints(), scratch: URL, limit: Int = .max
) throws(VolumeError) -> any VoxelSource {
    let room = limit.addingReportingOverflow(1 << 20)
    let file = try PackedFile(url, scratch: scratch, limit: room.overflow ? .max : room.partialValue)
    let format = try VolumeFormat.recognise(file)
    guard format.hasDatasets || hints.dataset == nil else {
        throw .unsupported(
            "dataset= names a dataset of an HDF5 file or a DICOM series; this is \(format.name), which has none")
    }
    // In the order that all volumes have here there is nothing to say.
    guard format.takesAxes || ["zyx", "czyx"].contains(hints.axes ?? "zyx") else {
        throw .unsupported(
            "axes= says which axis of an NPY, HDF5 or TIFF file is which; \(format.name) says it itself: leave axes out, "
                + "or save the file with its axes in another order")
    }
    let source = try format.open(file, hints: hints)
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
