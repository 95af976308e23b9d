import Tensors

extension Engine {
    /// The values of a blocked tensor in plain order.
    func plain(_ tensor: Tensor) -> [Float] {
        let shape = tensor.shape
        var values = [Float](repeating: 0, count: shape.count)
        for sample in 0..<shape.batch {
            for channel in 0..<shape.channels {
                for voxel in 0..<shape.voxels {
                    let at = sample * tensor.stride + (channel / lanes * shape.voxels + voxel) * lanes + channel % lanes
                    values[(sample * shape.channels + channel) * shape.voxels + voxel] = tensor.values[at]
                }
            }
        }
        return values
    }
}
