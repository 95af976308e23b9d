internal import Volumes

/// The same voxels on a grid that counts in millimetres.
///
/// ITK, and so 3D Slicer, brings the units of NIfTI files to millimetres, and takes the numbers of formats like NRRD for
/// such: a grid of another unit would lie elsewhere than its image. One without a known unit stays as it is there.
struct InMillimeters: VoxelSource {
    let header: VolumeHeader
    private let source: any VoxelSource

    init(_ source: any VoxelSource) {
        self.source = source
        var header = source.header
        let spacing = header.spacing.converted(to: "millimeter")
        let scale = spacing.x / header.spacing.x
        if scale != 1 {
            header.spacing = spacing
            if var affine = header.orientation?.affine, affine.count == 16 {
                for place in 0..<12 { affine[place] *= scale }
                header.orientation = Orientation(affine: affine)
            }
        }
        self.header = header
    }

    var order: [Axis] { source.order }
    var palette: [Color?]? { source.palette }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        try source.read(box, channel: channel, into: bytes)
    }
}
