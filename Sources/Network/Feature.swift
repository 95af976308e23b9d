internal import Tensors

/// What a convolution reads: a tensor that stays, or an activation that can be computed again from what stays.
struct Feature {
    /// The values during the forward pass.
    let tensor: Tensor
    /// The convolution whose activation it is; nil where `tensor` itself is kept for the backward pass.
    let origin: ConvolutionNode?
}

/// One convolution of the network with its normalisation, as planned.
final class ConvolutionNode {
    /// The path of its tensors, "encoder.0".
    let path: String
    /// 0 or 1 within its level.
    let index: Int
    let shape: ConvolutionShape
    let sources: [Feature]
    /// The convolution's output, before normalisation.
    let values: Tensor
    let affine: Affine

    init(path: String, index: Int, shape: ConvolutionShape, sources: [Feature], values: Tensor, affine: Affine) {
        self.path = path
        self.index = index
        self.shape = shape
        self.sources = sources
        self.values = values
        self.affine = affine
    }

    var name: String { "\(path).conv\(index)" }
    var weightName: String { "\(path).conv\(index).weight" }
    var biasName: String { "\(path).conv\(index).bias" }
    var normName: String { "\(path).norm\(index)" }
}
