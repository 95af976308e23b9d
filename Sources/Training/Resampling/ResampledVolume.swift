internal import Volumes

/// A volume in a grid of another spacing, computed while it is read.
struct ResampledVolume: VoxelSource {
    let source: any VoxelSource
    let resampling: Resampling

    var header: VolumeHeader { resampling.header(source.header) }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let weights = resampling.weights(of: box)
        // Doubles, as large numbers are centred only later.
        let values = weights.apply(try source.doubles(weights.sources, channel: channel))
        values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
}

extension TrainingVolume {
    /// The volume and its slices in the grid that the network of a resolved recipe sees.
    func resampled(by recipe: Recipe, classes: Int) throws(TrainingError) -> TrainingVolume {
        guard let resampling = try recipe.resampling(of: image.header) else { return self }
        try (slices + heldOut).validate(extent: resampling.original, classes: classes, volume: name)
        var volume = self
        volume.image = ResampledVolume(source: image, resampling: resampling)
        volume.heldOut = heldOut.resampled(resampling)
        volume.slices = slices.resampled(resampling)
        // Planes that were neighbours may have become one.
        for plane in volume.heldOut.map(\.position) {
            for index in volume.slices.indices { volume.slices[index].clear(plane: plane, extent: resampling.extent) }
        }
        return volume
    }
}

extension [AnnotatedSlice] {
    /// The slices in the planes of a grid that are nearest to theirs, each voxel with the label nearest to it; where two
    /// come to one plane, the newer labels hold.
    fileprivate func resampled(_ resampling: Resampling) -> [AnnotatedSlice] {
        var result: [AnnotatedSlice] = []
        for slice in self {
            let others = Axis.allCases.filter { $0 != slice.axis }
            let places = others.map { axis in
                (0..<resampling.extent[axis]).map { resampling.nearest($0, on: axis) }
            }
            let columns = slice.position.plane(in: resampling.original).columns
            var values: [UInt8] = []
            for row in places[0] { for column in places[1] { values.append(slice.values[row * columns + column]) } }
            let index = resampling.nearest(inGrid: slice.index, on: slice.axis)
            let position = SlicePosition(slice.axis, index)
            if let older = result.firstIndex(where: { $0.position == position }) {
                for place in values.indices where values[place] == AnnotatedSlice.unlabeled {
                    values[place] = result[older].values[place]
                }
                result.remove(at: older)
            }
            result.append(AnnotatedSlice(at: position, values: values))
        }
        return result
    }
}
