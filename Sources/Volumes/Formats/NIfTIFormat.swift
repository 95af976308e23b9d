/// NIfTI-1 and NIfTI-2 in one file; two-file pairs are refused.
///
/// The array is x fastest, so its order in memory is z, y, x. Channels are the fifth axis (the standard's axis for
/// several values per voxel) or the fourth (a time series is read as channels too). Colours are channels; their opacity
/// is none.
enum NIfTIFormat: WritableFileFormat {
    static let format = VolumeFormat.nifti
    static let name = "NIfTI-1 and 2 (.nii, .nii.gz)"

    static func recognises(_ start: [UInt8]) -> Bool { NIfTIHeader.version(of: start) != nil }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        var header = try NIfTIHeader(file.start)
        var shape = try shape(of: header.dimensions)
        let (stored, samples) = try kind(of: header.datatype)
        guard samples == 1 || shape.channels == 1 else {
            throw .unsupported("the array has \(shape.channels) colours in a voxel; one is supported")
        }
        let scaling = samples == 1 ? try scaling(of: header) : nil
        let offset = try offset(of: header)
        let bytes = try VolumeHeader.checkedBytes(
            channels: shape.channels * samples, z: shape.extent.z, y: shape.extent.y, x: shape.extent.x,
            element: stored)
        let content = try file.content(offset + bytes)
        try header.placement.validate()
        header.placement.channelAxis = shape.channelAxis
        var strides = FileLayout.Strides.plain(shape.extent)
        if samples > 1 {
            strides = .samples(samples, shape.extent)
            shape.channels = hints.areLabels ? samples : 3
        }
        let volume = try VolumeHeader(
            channels: shape.channels, extent: shape.extent, element: scaling == nil ? stored : .float32,
            spacing: header.placement.spacing,
            orientation: Orientation(affine: header.placement.affine, nifti: header.placement.fields), hints: hints)
        let layout = FileLayout(
            offset: offset, stored: stored, bigEndian: header.bigEndian, strides: strides, scaling: scaling)
        return StridedVolume(header: volume, file: content, layout: layout)
    }

    private static func shape(
        of dimensions: [Int]
    ) throws(VolumeError) -> (channels: Int, extent: Extent, channelAxis: Int) {
        guard (1...7).contains(dimensions[0]) else {
            throw .malformed("dim[0] says the array has \(dimensions[0]) axes; it must be 1 to 7")
        }
        let sizes = (1...7).map { $0 <= dimensions[0] ? dimensions[$0] : 1 }
        for (axis, size) in sizes.enumerated() where size < 1 {
            throw .malformed("dim[\(axis + 1)] is \(size); every size must be at least 1")
        }
        guard sizes[5] == 1, sizes[6] == 1 else {
            throw .unsupported("the array has more than five axes; x, y, z and channels are supported")
        }
        guard sizes[3] == 1 || sizes[4] == 1 else {
            throw .unsupported(
                "the array has \(sizes[3]) time points of \(sizes[4]) channels; send one time point at a time")
        }
        return (max(sizes[3], sizes[4]), Extent(z: sizes[2], y: sizes[1], x: sizes[0]), sizes[3] > 1 ? 4 : 5)
    }

    private static func offset(of header: NIfTIHeader) throws(VolumeError) -> Int {
        if header.offset == 0 { return header.size }
        guard header.offset.rounded() == header.offset, (Double(header.size)..<0x1p53).contains(header.offset) else {
            throw .malformed(
                "vox_offset is \(header.offset); in a single file it must be a whole number of at least \(header.size)")
        }
        return Int(header.offset)
    }

    private static func scaling(of header: NIfTIHeader) throws(VolumeError) -> FileLayout.Scaling? {
        guard header.slope.isFinite, header.slope != 0 else { return nil }
        guard header.intercept.isFinite else {
            throw .malformed("scl_inter is \(header.intercept); with a scl_slope it must be a number")
        }
        guard header.slope != 1 || header.intercept != 0 else { return nil }
        return FileLayout.Scaling(slope: header.slope, intercept: header.intercept)
    }

    /// The standard's codes for number types.
    private static let codes: [(code: Int, element: ElementType)] = [
        (2, .uint8), (4, .int16), (8, .int32), (16, .float32), (64, .float64), (256, .int8), (512, .uint16),
        (768, .uint32), (1024, .int64), (1280, .uint64),
    ]

    private static let refused = [
        1: "single bits", 32: "complex numbers", 1536: "128-bit floats", 1792: "complex numbers",
        2048: "complex numbers",
    ]

    /// The type of a voxel's values and their number: three or four of a colour.
    private static func kind(of datatype: Int) throws(VolumeError) -> (ElementType, samples: Int) {
        if let known = codes.first(where: { $0.code == datatype }) { return (known.element, 1) }
        if let samples = [128: 3, 2304: 4][datatype] { return (.uint8, samples) }
        let what = refused[datatype].map { " (\($0))" } ?? ""
        throw .unsupported(
            "the voxels have datatype \(datatype)\(what); supported are integers of 8 to 64 bits, floats of 32 or 64 and "
                + "colours")
    }

    static func code(of element: ElementType) -> Int {
        codes.first { $0.element == element }?.code ?? 0
    }
}
