internal import CKernels

/// What a convolution reads: a tensor, and what is applied to it on the way, y = max(0, z·scale + shift).
package struct Source {
    package let tensor: Tensor
    /// Nil where the tensor is read as it is.
    package let affine: Affine?
    /// The extent of the centre that is read.
    package let extent: [Int]

    package init(_ tensor: Tensor, affine: Affine? = nil, extent: [Int]? = nil) {
        self.tensor = tensor
        self.affine = affine
        self.extent = extent ?? tensor.shape.extent
    }

    /// The shape that is read.
    package var shape: Shape { tensor.shape.with(extent: extent) }

    var buffers: [Buffer] { [tensor.buffer] + (affine?.buffers ?? []) }
}

extension Tensor {
    /// The centre of one sample as the kernels see it.
    func view(_ sample: Int, extent: [Int]? = nil, engine: Engine) -> ck_view {
        let extent = extent ?? shape.extent
        let lanes = order == .plain ? 1 : engine.lanes
        let row = shape.width * lanes, plane = shape.height * row
        let skipped = (0..<3).map { (shape.extent[$0] - extent[$0]) / 2 }
        return ck_view(
            data: self.sample(sample) + skipped[0] * plane + skipped[1] * row + skipped[2] * lanes,
            channels: CInt(shape.channels), depth: CInt(extent[0]), height: CInt(extent[1]), width: CInt(extent[2]),
            block_stride: shape.depth * plane, plane_stride: plane, row_stride: row)
    }
}
