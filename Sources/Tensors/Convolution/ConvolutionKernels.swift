/// Which kernels compute convolutions.
package enum ConvolutionKernels: String, Sendable {
    /// The project's own where they are faster, else oneDNN's.
    case automatic
    /// The project's own for every shape that they support.
    case own
    case oneDNN
}
