internal import CKernels
internal import COneDNN

/// The gradient of a convolution's weights, summed over the batch.
package final class OneDNNBackwardWeights: Operation {
    private struct Part {
        let convolution: OneDNNConvolution
        let primitive: Primitive
        let unpack: Primitive
        let packedLayout: Layout
        let plainLayout: Layout
        /// Gradients in oneDNN's layout: the sum over the samples so far, and that of one more sample.
        let total: Buffer
        let term: Buffer?
    }

    package let shape: ConvolutionShape
    package var kind: String { shape.transposed ? "up-convolution backward weights" : "convolution backward weights" }
    package var algorithm: String? { parts.first?.primitive.implementation }
    package var arithmetic: Int { shape.operations * shape.destination.batch }
    private let engine: Engine
    private let sources: [Tensor]
    private let gradient: Tensor
    private let result: WeightLocation
    private let parts: [Part]
    private let scratch: Buffer

    /// `result` is overwritten; its layout is that of the plain weights.
    package init(
        _ shape: ConvolutionShape, sources: [Tensor], gradient: Tensor, result: WeightLocation,
        arena: Arena, engine: Engine
    ) throws(EngineError) {
        self.shape = shape
        self.engine = engine
        self.sources = sources
        self.gradient = gradient
        self.result = result
        var parts: [Part] = []
        for index in sources.indices {
            let convolution = try OneDNNConvolution(shape, source: index, order: sources[index].order, on: engine)
            let (primitive, packed) = try convolution.backwardWeights()
            let plain = try shape.plainWeights(of: index)
            let count = packed.byteCount / 4
            parts.append(
                Part(
                    convolution: convolution, primitive: primitive,
                    unpack: try OneDNNConvolution.reorder(packed, plain, on: engine), packedLayout: packed,
                    plainLayout: plain, total: arena.reserve(count),
                    term: gradient.shape.batch > 1 ? arena.reserve(count) : nil))
        }
        self.parts = parts
        scratch = arena.reserve(parts.map { max($0.primitive.scratchCount, $0.unpack.scratchCount) }.max() ?? 0)
    }

    package var buffers: [Buffer] {
        sources.map(\.buffer) + [gradient.buffer, scratch] + parts.map(\.total) + parts.compactMap(\.term)
            + result.buffers
    }

    package func prepare() throws(EngineError) {
        for (index, part) in parts.enumerated() {
            for sample in 0..<gradient.shape.batch {
                let target = sample == 0 ? part.total : part.term ?? part.total
                try part.primitive.bind(
                    run: sample,
                    [
                        (DNNL_ARG_SRC, part.convolution.source, sources[index].sample(sample)),
                        (DNNL_ARG_DIFF_DST, part.convolution.destination, gradient.sample(sample)),
                        (DNNL_ARG_DIFF_WEIGHTS, part.packedLayout, target.values),
                    ], scratch: scratch.values)
            }
            try part.unpack.bind(
                [
                    (DNNL_ARG_FROM, part.packedLayout, part.total.values),
                    (DNNL_ARG_TO, part.plainLayout, result.values + shape.weightOffset(of: index)),
                ], scratch: scratch.values)
        }
    }

    package func run() throws(EngineError) {
        for part in parts {
            for sample in 0..<gradient.shape.batch {
                try part.primitive.run(sample)
                if sample > 0, let term = part.term {
                    engine.layers.add(part.total.values, term.values, part.total.count, engine.team)
                }
            }
            try part.unpack.run()
        }
    }
}
