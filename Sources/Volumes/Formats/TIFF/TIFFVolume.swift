/// A volume whose planes are the pages of a TIFF file.
final class TIFFVolume: VoxelSource {
    let header: VolumeHeader
    let palette: [Color?]?
    private let file: OpenFile
    private let bigEndian: Bool
    /// One per plane, in the order C, Z.
    private let pages: [TIFFPage]
    /// For pages that are compressed or in tiles.
    private let unpacker: TIFFUnpacker?

    init(
        header: VolumeHeader, source: TIFFBytes, pages: [TIFFPage], palette: [Color?]? = nil
    ) throws(VolumeError) {
        self.header = header
        self.palette = palette
        self.pages = pages
        file = source.file
        bigEndian = source.bigEndian
        unpacker = pages.contains { $0.voxels == nil } ? try TIFFUnpacker(source.file) : nil
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        guard channel >= 0, channel < header.channels, Box(extent: header.extent).contains(box) else {
            throw VolumeError.unsupported("the requested box or channel lies outside of the volume")
        }
        var plane = box
        plane.origin.z = 0
        plane.extent.z = 1
        let size = plane.extent.voxels * header.element.size
        for (index, z) in box.range(.z).enumerated() {
            let part = UnsafeMutableRawBufferPointer(rebasing: bytes[index * size..<(index + 1) * size])
            let page = pages[channel * header.extent.z + z]
            if let voxels = page.voxels {
                try plain(page, at: voxels).read(plane, channel: 0, into: part)
            } else {
                try unpacker?.read(page, plane, into: part)
            }
        }
    }

    private func plain(_ page: TIFFPage, at voxels: Int) -> StridedVolume {
        let extent = Extent(z: 1, y: page.length, x: page.width)
        return StridedVolume(
            header: VolumeHeader(extent: extent, element: page.element), file: file,
            layout: FileLayout(
                offset: voxels + page.sample * page.element.size * (page.isPlanar ? extent.voxels : 1),
                stored: page.element, bigEndian: bigEndian && page.element.size > 1,
                strides: FileLayout.Strides(
                    channel: 0, z: extent.voxels * page.step, y: extent.x * page.step, x: page.step)))
    }
}
