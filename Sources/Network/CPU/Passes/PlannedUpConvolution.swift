internal import Tensors

/// One up-convolution of the network, as planned.
struct PlannedUpConvolution {
    let node: GraphNode
    let shape: ConvolutionShape
    let source: ConvolutionInput
    /// The project's own kernels for it; nil where oneDNN's are used.
    let builtIn: BuiltInUpsampling?
}
