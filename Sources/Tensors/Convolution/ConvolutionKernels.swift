/// Which kernels compute convolutions.
package enum ConvolutionKernels: String, Sendable {
    /// The project's own for every shape that they support, merged with up-convolutions where that is faster.
    case automatic
    /// The same, merged wherever they can be.
    case own
    case oneDNN
}
