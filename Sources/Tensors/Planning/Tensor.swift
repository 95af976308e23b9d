/// Values of a shape in a buffer, plain or in blocks of channels.
package struct Tensor {
    package enum Order: Sendable {
        /// N×C×Z×Y×X.
        case plain
        /// N×(C / lanes)×Z×Y×X×lanes, the last block padded with zeros.
        case blocked
    }

    package let shape: Shape
    package let order: Order
    package let buffer: Buffer
    /// Whether the values are rounded to bfloat16, the upper halves of floats; for blocked tensors.
    package let isHalf: Bool
    /// The number of values of one sample, padding included.
    package let stride: Int

    package init(_ shape: Shape, _ order: Order, in arena: Arena, isHalf: Bool = false, engine: Engine) {
        self.shape = shape
        self.order = order
        stride = (order == .plain ? shape.channels : engine.padded(shape.channels)) * shape.voxels
        self.isHalf = isHalf
        buffer = arena.reserve(shape.batch * stride / (isHalf ? 2 : 1))
    }

    /// A pointer to the first value of a sample, or to the first two halves.
    func sample(_ index: Int) -> UnsafeMutablePointer<Float> { buffer.values + index * stride / (isHalf ? 2 : 1) }

    /// All values, padding included.
    package var values: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: buffer.values, count: shape.batch * stride)
    }
}
