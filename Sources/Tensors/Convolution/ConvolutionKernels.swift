/// Which kernels compute convolutions.
package enum ConvolutionKernels: String, Sendable {
    /// The project's own where they are faster, oneDNN's elsewhere.
    case automatic
    /// The project's own wherever they can.
    case own
    case oneDNN
}
