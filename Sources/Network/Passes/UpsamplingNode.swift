internal import Tensors

/// One up-convolution of the network, as planned.
struct UpsamplingNode {
    /// The path of its tensors, "decoder.0.up".
    let name: String
    let shape: ConvolutionShape
    let source: ConvolutionInput
    /// The project's own kernels for it; nil where oneDNN's are used.
    let builtIn: BuiltInUpsampling?

    var weightName: String { "\(name).weight" }
}
