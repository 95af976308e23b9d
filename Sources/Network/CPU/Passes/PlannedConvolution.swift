internal import Tensors

/// A planned convolution of the network with its normalisation.
final class PlannedConvolution {
    let node: GraphNode
    /// The name of its normalisation and activation operations, such as "encoder.0.norm0".
    let normName: String
    let shape: ConvolutionShape
    let sources: [ConvolutionInput]
    /// The project's own kernels for it; nil if oneDNN's are used.
    let builtIn: BuiltInConvolution?
    /// The convolution's output, before normalisation.
    let values: Tensor
    let scaleShift: ScaleShift
    /// The merged up-convolution whose result is added to it; nil if none is merged.
    let fused: FusedUpConvolution?

    init(
        _ node: GraphNode, normName: String, shape: ConvolutionShape, sources: [ConvolutionInput],
        builtIn: BuiltInConvolution?, values: Tensor, scaleShift: ScaleShift, fused: FusedUpConvolution? = nil
    ) {
        self.node = node
        self.normName = normName
        self.shape = shape
        self.sources = sources
        self.builtIn = builtIn
        self.values = values
        self.scaleShift = scaleShift
        self.fused = fused
    }

    /// The same with another tensor of its values, or with other sources.
    func with(values: Tensor? = nil, sources: [ConvolutionInput]? = nil) -> PlannedConvolution {
        PlannedConvolution(
            node, normName: normName, shape: shape, sources: sources ?? self.sources, builtIn: builtIn,
            values: values ?? self.values, scaleShift: scaleShift, fused: fused)
    }

    /// Its activation, computed by the operations that read it.
    var activation: ConvolutionInput { ConvolutionInput(values, scaleShift: scaleShift) }
}

extension Plan {
    /// A source's activation as a tensor of its own, for operations that can't compute it while they read.
    func materialise(_ source: ConvolutionInput, for name: String, engine: Engine) -> Tensor {
        var tensor = source.tensor
        if let scaleShift = source.scaleShift {
            tensor = Tensor(source.tensor.shape, .blocked, in: arena, engine: engine)
            append(name, Activation(of: source.tensor, scaleShift: scaleShift, into: tensor, engine: engine))
        }
        guard source.extent != tensor.shape.extent else { return tensor }
        let small = Tensor(source.shape, .blocked, in: arena, engine: engine)
        append(name, Crop(large: tensor, small: small, .forward, engine: engine))
        return small
    }
}
