internal import Tensors

/// One convolution of the network with its normalisation, as planned.
final class ConvolutionNode {
    /// The path of its tensors, "encoder.0".
    let path: String
    /// 0 or 1 within its level.
    let index: Int
    let shape: ConvolutionShape
    let sources: [Source]
    /// The project's own kernels for it; nil where oneDNN's are used.
    let fast: FastConvolution?
    /// The convolution's output, before normalisation.
    let values: Tensor
    let affine: Affine
    /// What is added to it from an up-convolution's source, without that being up-convolved.
    let merged: MergedUpsampling?

    init(
        path: String, index: Int, shape: ConvolutionShape, sources: [Source], fast: FastConvolution?, values: Tensor,
        affine: Affine, merged: MergedUpsampling? = nil
    ) {
        self.path = path
        self.index = index
        self.shape = shape
        self.sources = sources
        self.fast = fast
        self.values = values
        self.affine = affine
        self.merged = merged
    }

    var name: String { "\(path).conv\(index)" }
    var weightName: String { "\(path).conv\(index).weight" }
    var biasName: String { "\(path).conv\(index).bias" }
    var normName: String { "\(path).norm\(index)" }

    /// Its activation, to be computed by whoever reads it.
    var activation: Source { Source(values, affine: affine) }
}

extension Plan {
    /// The values of a source as a tensor of their own, for operations that cannot compute them while they read.
    func materialise(_ source: Source, for name: String, engine: Engine) -> Tensor {
        var tensor = source.tensor
        if let affine = source.affine {
            tensor = Tensor(source.tensor.shape, .blocked, in: arena, engine: engine)
            append(name, Activation(of: source.tensor, affine: affine, into: tensor, engine: engine))
        }
        guard source.extent != tensor.shape.extent else { return tensor }
        let small = Tensor(source.shape, .blocked, in: arena, engine: engine)
        append(name, Crop(large: tensor, small: small, .forward, engine: engine))
        return small
    }
}
