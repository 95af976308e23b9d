internal import COneDNN

/// destination = convolution of the concatenated sources + bias.
package final class OneDNNForward: Operation {
    private struct Part {
        let convolution: OneDNNConvolution
        let primitive: Primitive
        let bias: Layout?
        let pack: Primitive
        let plainWeights: Layout
        let packedWeights: Layout
        let packed: Buffer
    }

    /// The order in which an image of this many channels is read fastest.
    package static func order(ofImage channels: Int) -> Tensor.Order { channels <= 3 ? .plain : .blocked }

    package let shape: ConvolutionShape
    package var kind: String { shape.transposed ? "up-convolution forward" : "convolution forward" }
    package var algorithm: String? { parts.first?.primitive.implementation }
    package var arithmetic: Int { shape.operations * shape.destination.batch }
    private let sources: [Tensor]
    private let destination: Tensor
    private let weights: UnsafeMutablePointer<Float>
    private let bias: UnsafeMutablePointer<Float>?
    private let packsEachRun: Bool
    private let parts: [Part]
    private let scratch: Buffer

    /// Takes `weights` in plain order, out×in×kernel (in×out×kernel when transposed), and one `bias` for each output.
    ///
    /// Both must outlive the operation. If `packsEachRun` is false, only `refresh` reads the weights.
    package init(
        _ shape: ConvolutionShape, sources: [Tensor], destination: Tensor, weights: UnsafeMutablePointer<Float>,
        bias: UnsafeMutablePointer<Float>?, packsEachRun: Bool, arena: Arena, engine: Engine
    ) throws(EngineError) {
        self.shape = shape
        self.sources = sources
        self.destination = destination
        self.weights = weights
        self.bias = bias
        self.packsEachRun = packsEachRun
        var parts: [Part] = []
        for index in sources.indices {
            let convolution = try OneDNNConvolution(
                shape, source: index, order: sources[index].order, bias: bias != nil, on: engine)
            let (primitive, packedWeights, biasLayout) = try convolution.forward()
            let plain = try shape.plainWeights(of: index)
            let packed = arena.reserve(packedWeights.byteCount / 4)
            if !packsEachRun { packed.keep() }
            let pack = try OneDNNConvolution.reorder(plain, packedWeights, on: engine)
            parts.append(
                Part(
                    convolution: convolution, primitive: primitive, bias: biasLayout, pack: pack, plainWeights: plain,
                    packedWeights: packedWeights, packed: packed))
        }
        self.parts = parts
        scratch = arena.reserve(parts.map { max($0.primitive.scratchCount, $0.pack.scratchCount) }.max() ?? 0)
    }

    package var buffers: [Buffer] {
        sources.map(\.buffer) + [destination.buffer, scratch] + parts.map(\.packed)
    }

    package func prepare() throws(EngineError) {
        for (index, part) in parts.enumerated() {
            try part.pack.bind(
                [
                    (DNNL_ARG_FROM, part.plainWeights, weights + shape.weightOffset(of: index)),
                    (DNNL_ARG_TO, part.packedWeights, part.packed.values),
                ], scratch: scratch.values)
            for sample in 0..<destination.shape.batch {
                var values = [
                    (DNNL_ARG_SRC, part.convolution.source, sources[index].sample(sample)),
                    (DNNL_ARG_WEIGHTS, part.packedWeights, part.packed.values),
                    (DNNL_ARG_DST, part.convolution.destination, destination.sample(sample)),
                ]
                if let layout = part.bias, let bias { values.append((DNNL_ARG_BIAS, layout, bias)) }
                try part.primitive.bind(run: sample, values, scratch: scratch.values)
            }
        }
    }

    /// Reads the present weights again.
    package func refresh() throws(EngineError) {
        for part in parts { try part.pack.run() }
    }

    package func run() throws(EngineError) {
        if packsEachRun { try refresh() }
        for part in parts {
            for sample in 0..<destination.shape.batch { try part.primitive.run(sample) }
        }
    }
}
