internal import Tensors

/// An up-convolution of the network that is computed together with the convolution after it, as planned.
struct MergedUpsampling {
    /// The path of its tensors, "decoder.0.up".
    let name: String
    let source: Source
    let merging: Merging
    let weights: MergedWeights

    var weightName: String { "\(name).weight" }
}
