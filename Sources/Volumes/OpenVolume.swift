package import Foundation

/// Opens a file of any known format for reading box by box.
///
/// What is compressed is first unpacked to a file in `scratch` that vanishes with the source; `limit` is the most
/// bytes of voxels that the file may hold. The file must stay as it is while the source lives.
package func openVolume(
    at url: URL, hints: VolumeHints = VolumeHints(), scratch: URL, limit: Int = .max
) throws(VolumeError) -> any VoxelSource {
    throw .unknownFormat("not written yet")
}
