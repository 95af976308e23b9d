package import Volumes

extension TrainingVolume {
    /// The volume with its slices unlabeled where the image is no number.
    func withoutNonFinite() throws -> TrainingVolume {
        guard let image = image.ifNotFinite(statistics) else { return self }
        var volume = self
        volume.slices = try slices.unlabeled(whereNotFinite: image, volume: name)
        volume.heldOut = try heldOut.unlabeled(whereNotFinite: image, volume: name)
        return volume
    }
}

extension [AnnotatedSlice] {
    /// The slices with every voxel unlabeled that is NaN or infinite in any channel of the image.
    package func unlabeled(whereNotFinite image: any VoxelSource, volume name: String = "") throws -> [AnnotatedSlice] {
        let extent = image.header.extent
        return try map { slice in
            let (rows, columns) = slice.position.plane(in: extent)
            guard slice.position.absence(from: extent) == nil, slice.values.count == rows * columns else {
                return slice
            }
            var slice = slice
            for channel in 0..<image.header.channels {
                let values = try image.doubles(Box(slice: slice.position, of: extent), channel: channel)
                for place in values.indices where !values[place].isFinite {
                    slice.values[place] = AnnotatedSlice.unlabeled
                }
            }
            return slice
        }
    }
}

extension [TrainingVolume] {
    /// Throws if a volume has nothing that a network could tell apart.
    func checkContrast() throws(TrainingError) {
        for volume in self {
            guard let flaw = volume.statistics.flaw(of: volume.image.header) else { continue }
            throw .nothingToLearn("In the volume \"\(volume.name)\" \(flaw), so nothing can be learned from it.")
        }
    }
}
