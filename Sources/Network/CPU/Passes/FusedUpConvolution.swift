internal import Tensors

/// An up-convolution of the network that is computed together with the convolution after it, as planned.
struct FusedUpConvolution {
    let node: GraphNode
    let source: ConvolutionInput
    let fusion: UpsamplingFusion
    let weights: FusedUpsamplingWeights
}
