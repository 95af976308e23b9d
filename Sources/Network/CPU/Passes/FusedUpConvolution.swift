internal import Tensors

/// A planned up-convolution that is computed together with the convolution after it.
struct FusedUpConvolution {
    let node: GraphNode
    let source: ConvolutionInput
    let fusion: UpsamplingFusion
}
