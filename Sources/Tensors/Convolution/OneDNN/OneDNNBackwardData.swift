internal import COneDNN

/// The gradient at one source of a convolution, from the gradient at its destination.
package final class OneDNNBackwardData: Operation {
    package let shape: ConvolutionShape
    package var kind: String { shape.transposed ? "up-convolution backward data" : "convolution backward data" }
    package var algorithm: String? { primitive.implementation }
    package var arithmetic: Int {
        shape.operations * shape.destination.batch * shape.sources[index].channels / shape.inputs
    }
    private let index: Int
    private let gradient: Tensor
    private let result: Tensor
    private let weights: UnsafeMutablePointer<Float>
    private let convolution: OneDNNConvolution
    private let primitive: Primitive
    private let pack: Primitive
    private let plainWeights: Layout
    private let packedWeights: Layout
    private let packed: Buffer
    private let scratch: Buffer

    /// Overwrites `result` with the gradient at source `index`.
    package init(
        _ shape: ConvolutionShape, source index: Int, gradient: Tensor, result: Tensor,
        weights: UnsafeMutablePointer<Float>, arena: Arena, engine: Engine
    ) throws(EngineError) {
        self.shape = shape
        self.index = index
        self.gradient = gradient
        self.result = result
        self.weights = weights
        convolution = try OneDNNConvolution(shape, source: index, order: result.order, on: engine)
        (primitive, packedWeights) = try convolution.backwardData()
        plainWeights = try shape.plainWeights(of: index)
        pack = try OneDNNConvolution.reorder(plainWeights, packedWeights, on: engine)
        packed = arena.reserve(packedWeights.byteCount / 4)
        scratch = arena.reserve(max(primitive.scratchCount, pack.scratchCount))
    }

    package var buffers: [Buffer] { [gradient.buffer, result.buffer, packed, scratch] }

    package func prepare() throws(EngineError) {
        try pack.bind(
            [
                (DNNL_ARG_FROM, plainWeights, weights + shape.weightOffset(of: index)),
                (DNNL_ARG_TO, packedWeights, packed.values),
            ], scratch: scratch.values)
        for sample in 0..<result.shape.batch {
            try primitive.bind(
                run: sample,
                [
                    (DNNL_ARG_DIFF_DST, convolution.destination, gradient.sample(sample)),
                    (DNNL_ARG_WEIGHTS, packedWeights, packed.values),
                    (DNNL_ARG_DIFF_SRC, convolution.source, result.sample(sample)),
                ], scratch: scratch.values)
        }
    }

    package func run() throws(EngineError) {
        try pack.run()
        for sample in 0..<result.shape.batch { try primitive.run(sample) }
    }
}
