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
    /// The number of floats of one sample, padding included.
    package let stride: Int

    package init(_ shape: Shape, _ order: Order, in arena: Arena, engine: Engine) {
        self.shape = shape
        self.order = order
        stride = (order == .plain ? shape.channels : engine.padded(shape.channels)) * shape.voxels
        buffer = arena.reserve(shape.batch * stride)
    }

    /// A pointer to the first value of a sample.
    func sample(_ index: Int) -> UnsafeMutablePointer<Float> { buffer.values + index * stride }

    /// All values, padding included.
    package var values: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: buffer.values, count: shape.batch * stride)
    }
}
