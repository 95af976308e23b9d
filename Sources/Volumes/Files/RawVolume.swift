package import Foundation

/// The voxels of a file that holds nothing else: C×Z×Y×X in native byte order.
///
/// - Throws: `VolumeError.malformed` if its size is another one than the header asks for.
package func openRawVolume(at url: URL, header: VolumeHeader) throws(VolumeError) -> any VoxelSource {
    let file = try OpenFile(url)
    guard file.size == header.byteCount else {
        throw .malformed("the volume's header requires \(header.byteCount) bytes; the file has \(file.size)")
    }
    let layout = FileLayout(
        offset: 0, stored: header.element, bigEndian: false, strides: .plain(header.extent), scaling: nil)
    return StridedVolume(header: header, file: file, layout: layout)
}
