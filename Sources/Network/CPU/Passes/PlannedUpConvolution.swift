internal import Tensors

/// A planned up-convolution of the network.
struct PlannedUpConvolution {
    let node: GraphNode
    let shape: ConvolutionShape
    let source: ConvolutionInput
    /// The project's own kernels for it; nil if oneDNN's are used.
    let builtIn: BuiltInUpsampling?
}
