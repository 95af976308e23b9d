internal import CKernels

/// The input of a convolution: a tensor z, to which y = max(0, z·scale + shift) is applied as it is read.
package struct ConvolutionInput {
    package let tensor: Tensor
    /// Nil if the tensor is read unchanged.
    package let scaleShift: ScaleShift?
    /// The extent of the centred box that is read.
    package let extent: [Int]

    package init(_ tensor: Tensor, scaleShift: ScaleShift? = nil, extent: [Int]? = nil) {
        self.tensor = tensor
        self.scaleShift = scaleShift
        self.extent = extent ?? tensor.shape.extent
    }

    /// The shape that is read.
    package var shape: Shape { tensor.shape.with(extent: extent) }

    var buffers: [Buffer] { [tensor.buffer] + (scaleShift?.buffers ?? []) }
}

extension ConvolutionInput {
    /// The centred box of one sample, as the kernels take it.
    func view(_ sample: Int, engine: Engine) -> ck_view {
        let shape = tensor.shape
        let lanes = tensor.order == .plain ? 1 : engine.lanes
        let row = shape.width * lanes, plane = shape.height * row
        let skipped =
            (shape.depth - extent[0]) / 2 * plane + (shape.height - extent[1]) / 2 * row
            + (shape.width - extent[2]) / 2 * lanes
        return ck_view(
            data: tensor.sample(sample) + skipped / (tensor.isHalf ? 2 : 1), channels: CInt(shape.channels),
            depth: CInt(extent[0]),
            height: CInt(extent[1]), width: CInt(extent[2]), block_stride: shape.depth * plane, plane_stride: plane,
            row_stride: row, half: tensor.isHalf ? 1 : 0)
    }

    /// The scale and the shift of one sample; nil if the tensor is read unchanged.
    func scale(_ sample: Int) -> UnsafePointer<Float>? {
        scaleShift.map { UnsafePointer($0.scale.values + $0.offset(of: sample)) }
    }

    func shift(_ sample: Int) -> UnsafePointer<Float>? {
        scaleShift.map { UnsafePointer($0.shift.values + $0.offset(of: sample)) }
    }
}

extension Tensor {
    /// One sample as the kernels take it.
    func view(_ sample: Int, engine: Engine) -> ck_view {
        let lanes = order == .plain ? 1 : engine.lanes
        let row = shape.width * lanes, plane = shape.height * row
        return ck_view(
            data: self.sample(sample), channels: CInt(shape.channels), depth: CInt(shape.depth),
            height: CInt(shape.height), width: CInt(shape.width), block_stride: shape.depth * plane,
            plane_stride: plane, row_stride: row, half: isHalf ? 1 : 0)
    }

    /// One sample as the kernels of layers read what is kept.
    func kept(_ sample: Int) -> ck_kept { ck_kept(data: self.sample(sample), half: isHalf ? 1 : 0) }
}
