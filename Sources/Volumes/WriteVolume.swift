package import Foundation

/// Writes every channel of a source to a file, a few planes at a time; the file appears when it is complete.
package func writeVolume(_ source: any VoxelSource, as format: VolumeFormat, to url: URL) throws {
    throw VolumeError.unsupported("not written yet")
}
