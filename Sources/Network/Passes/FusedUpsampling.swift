internal import Tensors

/// An up-convolution of the network that is computed together with the convolution after it, as planned.
struct FusedUpsampling {
    /// The path of its tensors, "decoder.0.up".
    let name: String
    let source: ConvolutionInput
    let fusion: UpsamplingFusion
    let weights: FusedUpsamplingWeights

    var weightName: String { "\(name).weight" }
}
